"""The demo's office: the example office, with the doors of the city in the place of its addresses.

Comments stay, so that what a curious user finds in the demo's home reads like a real office.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import tomlkit
from tomlkit import TOMLDocument

from opsconsole.base.secrets.reading import write
from opsconsole.demo.plan import CityOpened, Door, Form, Page, Protocol, path_of

# The demo's rhythm: quick enough to watch a story of four minutes.
EVERY, RETRY, TIMEOUT = "5s", "2s", "4s"
SLOW_OVER = "1500ms"
SECRETS = "secrets"
CHANNEL = "pesan-demo"


@dataclass(frozen=True, slots=True)
class _Watched:
    """One probe of the example office as it is written, and whose it is."""

    row: str
    name: str
    owner: str
    probe: dict[str, Any]
    token: str = ""

    @property
    def is_web(self) -> bool:
        return bool(self.probe["kind"] == "http")

    @property
    def has_door(self) -> bool:
        """Whether a server of the city must answer it: pings of loopback are the kernel's affair."""
        return bool(self.probe["kind"] != "ping")

    @property
    def is_dns(self) -> bool:
        return bool(self.probe["kind"] == "dns")

    @property
    def address(self) -> tuple[str, int]:
        if self.is_dns:
            host, _, port = str(self.probe["server"]).rpartition(":")
            return host, int(port)
        if not self.is_web:
            return str(self.probe["host"]), int(self.probe["port"])
        url = urlsplit(str(self.probe["url"]))
        return url.hostname or "", url.port or (443 if url.scheme == "https" else 80)

    @property
    def protocol(self) -> Protocol:
        if self.is_web:
            return "https" if str(self.probe["url"]).startswith("https:") else "http"
        if self.is_dns:
            return "dns"
        if "script" in self.probe:
            return "smtp"
        return "tls" if self.probe["kind"] == "tls" or "tls" in self.probe else "tcp"

    @property
    def page(self) -> Page:
        path = (urlsplit(str(self.probe["url"])).path or "/") if self.is_web else ""
        if self.is_dns:
            path = path_of(str(self.probe["name"]), str(self.probe.get("type", "A")))
        asks_json = any("json" in str(self.probe.get(key, "")) for key in ("headers", "header_must_match"))
        form: Form = "json" if "json" in self.probe or asks_json else "html"
        return Page(row=self.row, path=path, title=self.name, owner=self.owner, form=form, token=self.token)


class Office:
    """A set of configuration files, read from ``source`` and not yet written anywhere."""

    def __init__(self, source: Path) -> None:
        self._files: dict[Path, TOMLDocument] = {
            path.relative_to(source): tomlkit.parse(path.read_text("utf-8"))
            for path in sorted(source.rglob("*.toml"))
        }
        # The example office keeps these in a keyring. The demo has none, so it makes up some of its own.
        self._tokens = {
            watched.row: secrets.token_urlsafe(24) for watched in self._written() if "auth" in watched.probe
        }

    def doors(self) -> tuple[Door, ...]:
        """Every address that the office looks at, with all that is looked at there."""
        found: dict[tuple[str, int], list[_Watched]] = {}
        for watched in self._watched():
            if watched.has_door:
                found.setdefault(watched.address, []).append(watched)
        return tuple(_door(address, port, rows) for (address, port), rows in found.items())

    def rows(self) -> dict[str, int]:
        """How many applications and services there are."""
        applications = sum(len(file.get("applications", [])) for file in self._files.values())
        services = sum(len(file.get("services", [])) for file in self._files.values())
        return {"applications": applications, "services": services}

    def move_to(self, opened: CityOpened, ca_file: Path, language: str) -> None:
        """Point every probe at the city, in the demo's rhythm; trust its authority, speak ``language``."""
        for watched in self._watched():
            if watched.has_door:
                address, port = watched.address
                _retarget(watched, address, opened.ports[f"{address}:{port}"], ca_file)
            _set_rhythm(watched.probe)
        settings: dict[str, Any] = self._files[Path("settings.toml")]
        settings.setdefault("office", tomlkit.table())["language"] = language
        self_check = settings.setdefault("self_check", tomlkit.table())
        self_check["gateway"], self_check["dns"] = opened.gateway, opened.dns
        self_check["canaries"] = list(opened.canaries)
        if opened.receiver:
            self._tell(opened.receiver)

    def _tell(self, receiver: str) -> None:
        """Send what is urgent to the city's receiver, so that the outbox shows life."""
        notify: dict[str, Any] = self._files[Path("notify.toml")]
        channel = {"name": CHANNEL, "kind": "webhook", "url": f"http://{receiver}/pesan", "to": ["piket"]}
        message = tomlkit.inline_table()
        message.update({"to": "{to}", "text": "{text}"})
        notify["channels"] = tomlkit.aot()
        notify["channels"].append(tomlkit.item({**channel, "json": message}))
        rule = {"name": "piket", "severities": ["critical", "high"], "channels": [CHANNEL]}
        notify["rules"] = tomlkit.aot()
        notify["rules"].append(tomlkit.item(rule))

    def write(self, folder: Path) -> None:
        """Write every file below ``folder``, readable by their owner's group at most; secrets beside it."""
        self._write_tokens(folder.parent / SECRETS)
        for path, document in self._files.items():
            target = folder / path
            target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            target.write_text(tomlkit.dumps(document), "utf-8")
            target.chmod(0o640)

    def _write_tokens(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        for watched in self._watched():
            if watched.token:
                ref = f"file:{folder / watched.row}"
                write(ref, watched.token)
                watched.probe["auth"]["bearer"] = ref

    def _watched(self) -> Iterator[_Watched]:
        for watched in self._written():
            token = self._tokens[watched.row] if "auth" in watched.probe else ""
            yield replace(watched, token=token)

    def _written(self) -> Iterator[_Watched]:
        for document in self._files.values():
            file: dict[str, Any] = document
            for entry in file.get("applications", []):
                yield from _probes(entry, str(entry["id"]), str(file["name"]))
            for entry in file.get("services", []):
                yield from _probes(entry, f"service:{entry['id']}", str(entry["owner"]))


def _probes(entry: dict[str, Any], row: str, owner: str) -> Iterator[_Watched]:
    for probe in entry.get("probes", []):
        yield _Watched(row, str(entry["name"]), owner, probe)


def _door(address: str, port: int, rows: list[_Watched]) -> Door:
    # A plain connection to the port of a web or name server is a look at that server too.
    telling = [watched.protocol for watched in rows if watched.is_web or watched.is_dns]
    protocol = telling[0] if telling else rows[0].protocol
    pages = {watched.page for watched in rows if watched.is_web or protocol not in ("http", "https")}
    return Door(address=address, port=port, protocol=protocol, pages=tuple(sorted(pages, key=_row_and_path)))


def _row_and_path(page: Page) -> tuple[str, str]:
    return page.row, page.path


def _retarget(watched: _Watched, address: str, port: int, ca_file: Path) -> None:
    probe = watched.probe
    if watched.is_web:
        url = urlsplit(str(probe["url"]))
        probe["url"] = urlunsplit(url._replace(netloc=f"{address}:{port}"))
    elif watched.is_dns:
        probe["server"] = f"{address}:{port}"
    else:
        probe["port"] = port
    if watched.protocol in ("https", "tls", "smtp"):
        probe.setdefault("tls", tomlkit.inline_table())["ca_file"] = str(ca_file)


def _set_rhythm(probe: dict[str, Any]) -> None:
    probe["every"], probe["retry"], probe["timeout"] = EVERY, RETRY, TIMEOUT
    if "slow_over" in probe:
        probe["slow_over"] = SLOW_OVER
