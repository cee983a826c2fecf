"""A configuration of Gatus (YAML) as applications."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from opsconsole.inventory.imports.document import read_yaml
from opsconsole.inventory.imports.gatus_conditions import take_condition
from opsconsole.inventory.imports.probe import lost_whole, put_headers, reference, sound
from opsconsole.inventory.imports.source import Imported, Loss, Names, Source, rhythm
from opsconsole.inventory.imports.words import go_duration

_TOP = (
    "alerting", "security", "web", "storage", "ui", "metrics", "debug", "concurrency", "maintenance",
    "remote", "external-endpoints", "suites", "tunneling", "announcements", "connectivity",
    "disable-monitoring-lock",
    "skip-invalid-config-update",
)  # fmt: skip
_ENDPOINT = ("alerts", "ui", "ssh", "maintenance-windows", "graphql", "extra-labels", "always-run", "store")
_CLIENT = (
    "dns-resolver",
    "oauth2",
    "identity-aware-proxy",
    "tls",
    "network",
    "proxy-url",
    "tunnel",
    "timeout",
)
_TLS_PORT = 443


def from_gatus(text: str, taken: Names) -> Imported:
    """Read a configuration. Raises ValueError for what is no YAML or has no endpoints."""
    document = read_yaml(text)
    if not isinstance(document.get("endpoints"), list):
        raise ValueError("no endpoints")
    losses: list[Loss] = []
    source = Source(document, "", losses, _TOP)
    endpoints = source.each("endpoints", _ENDPOINT)
    found = [one for endpoint in endpoints if (one := _endpoint(endpoint, taken, losses))]
    source.finish()
    return Imported(tuple(found), tuple(losses))


def _endpoint(source: Source, taken: Names, losses: list[Loss]) -> dict[str, Any] | None:
    url = source.text("url")
    scheme = "dns" if "dns" in source else urlsplit(url).scheme
    if scheme not in ("http", "https", "tcp", "tls", "icmp", "dns"):
        lost_whole(source, scheme, losses)
        return None
    name, group = source.text("name"), source.text("group")
    id_ = taken.give(f"{group} {name}" if group else name)
    application: dict[str, Any] = {"id": id_, "name": name or id_}
    if group:
        application["note"] = group
    if source.take("enabled", default=True) is False:
        application["active"] = False
    probe = _target(source, scheme, url, id_)
    client = source.below("client", _CLIENT)
    _client(client, probe)
    rhythm(probe, every=go_duration(source.text("interval") or "60s"), timeout=_timeout(client))
    for path, condition in source.strings("conditions"):
        take_condition(condition, path, probe, source)
    client.finish()
    whole = sound(probe, source)
    source.finish()
    return {**application, "probes": [whole]} if whole else None


def _target(source: Source, scheme: str, url: str, id_: str) -> dict[str, Any]:
    if scheme in ("http", "https"):
        return _web(source, url, id_)
    if scheme == "dns":
        dns = source.below("dns")
        host = url.removeprefix("tcp://").removeprefix("udp://")
        probe = {
            "kind": "dns",
            "server": host if host.rpartition(":")[2].isdigit() else f"{host}:53",
            "name": dns.text("query-name"),
            "type": dns.text("query-type") or "A",
        }
        dns.finish()
        return probe
    parts = urlsplit(url)
    if scheme == "icmp":
        return {"kind": "ping", "host": parts.hostname or ""}
    if scheme == "tls":
        return {"kind": "tls", "host": parts.hostname or "", "port": parts.port or _TLS_PORT}
    return {"kind": "tcp", "host": parts.hostname or "", "port": parts.port or 0}


def _web(source: Source, url: str, id_: str) -> dict[str, Any]:
    # The conditions say which statuses are good; without one, any is.
    probe: dict[str, Any] = {"kind": "http", "url": url, "status": ["100-599"]}
    if (method := source.text("method").upper()) not in ("", "GET"):
        probe["method"] = method
    if body := source.text("body"):
        probe["body"] = body
    headers = source.take("headers", {})
    if isinstance(headers, Mapping):
        put_headers(probe, headers, source, source.at("headers"), id_)
    return probe


def _client(client: Source, probe: dict[str, Any]) -> None:
    if client.take("insecure", default=False) is True:
        probe["tls"] = {"verify": False}
    if client.take("ignore-redirect", default=False) is True and probe["kind"] == "http":
        probe["follow_redirects"] = False
    tls = client.below("tls", ("renegotiation",))
    for key in ("certificate-file", "private-key-file"):
        tls.lose(key, "secret", reference("client-cert"))
    tls.finish()


def _timeout(client: Source) -> float | None:
    return go_duration(client.text("timeout") or "10s")
