"""A canary in the place of every secret, targets that echo it, and then a look everywhere for it."""

import base64
import contextlib
import os
import re
import secrets
import select
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec
import psutil
import pytest
from cryptography.hazmat.primitives import serialization

from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place, home_place
from opsconsole.client.calls import Client
from opsconsole.client.logbook import AskLog
from opsconsole.client.secrets import AskSecrets
from tests.fakes.authority import ca_file, issue, root
from tests.fakes.echo_server import EchoServer

OPSCONSOLE = (sys.executable, "-W", "ignore", "-m", "opsconsole")
PROBE = """
[[applications]]
id = "{id}"
name = "Aplikasi {id}"

[[applications.probes]]
kind = "http"
url = "{url}"
every = "1s"
retry = "200ms"
{keys}
tls = {{ ca_file = "{ca}", client_cert = "{client}" }}
"""
KEYRING = bool(shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session"))
_SESSION = """
printf uji | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
printf %s "$IN_KEYRING" | "$@" secrets set keyring:opsconsole/uji >/dev/null || exit 1
unset IN_KEYRING
exec "$@" engine
"""
T = TypeVar("T")


def until(found: Callable[[], T]) -> T:
    end = time.monotonic() + 30
    while not (answer := found()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return answer


@dataclass
class Scene:
    """An office whose every secret is a canary, its engine, and what is to be searched."""

    place: Place
    server: EchoServer
    canaries: dict[str, str]
    specs: Path
    engine: "subprocess.Popen[bytes]"
    environ: dict[str, str]
    found: dict[str, bytes] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The applications."""
        return [
            name for name in ("berkas", "variabel", "titipan", "potong", "gembok") if name in self.canaries
        ]

    def command(self, *arguments: str) -> None:
        """Run a command and keep what it printed."""
        done = subprocess.run(
            [*OPSCONSOLE, "--home", str(self.place.config.parent), *arguments],
            check=False,
            capture_output=True,
            env=self.environ,
            timeout=40,
        )
        assert b"Traceback" not in done.stderr, done.stderr
        self.found[" ".join(arguments)] = done.stdout + done.stderr

    def keep_files(self, when: str) -> None:
        """Keep every file of the home: store with its WAL, log, config, exports."""
        for path in self.place.config.parent.rglob("*"):
            if path.is_file():
                self.found[f"{when} {path.relative_to(self.place.config.parent)}"] = path.read_bytes()

    def leaks(self) -> list[str]:
        """Where a part of any canary was found."""
        parts = {name: parts_of(canary) for name, canary in self.canaries.items()}
        plain = {where: content.lower() for where, content in self.found.items()}
        return [
            f"{name} in {where}: {part!r}"
            for where, content in plain.items()
            for name, its_parts in parts.items()
            for part in its_parts
            if part in content
        ]


def parts_of(canary: str) -> set[bytes]:
    """Some of these are in whatever has 14 characters in a row of a canary, as it is or encoded."""
    forms = {canary, quote(canary, safe="")}
    if ":" in canary:
        forms |= set(canary.split(":"))
    forms |= {base64.b64encode(form.encode()).decode().rstrip("=") for form in tuple(forms)}
    return {form[at : at + 10].lower().encode() for form in forms for at in range(0, len(form) - 9, 5)}


def client_pem(certificate_pem: str, key_pem: str) -> tuple[str, str]:
    """The PEM, and the line of the key that is its canary."""
    return certificate_pem + key_pem, key_pem.splitlines()[1]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    ca = root()
    issued = issue(by=ca, common_name="opsconsole")
    key_pem = issued.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    pem, key_line = client_pem(issued.pem.decode(), key_pem)
    canaries = {name: f"{name}/{secrets.token_urlsafe(24)}+&" for name in ("berkas", "titipan", "potong")}
    canaries |= {"variabel": f"pengelola:{secrets.token_urlsafe(24)}", "sertifikat": key_line}
    if KEYRING:
        canaries["gembok"] = secrets.token_urlsafe(24)
    context = issue("127.0.0.1", by=ca).server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca_file(tmp_path, ca))
    vault = tmp_path / "vault"
    vault.mkdir()
    held = {
        "berkas": canaries["berkas"],
        "potong": canaries["potong"],
        "titipan": canaries["titipan"],
        "client": pem,
    }
    for name, value in held.items():
        (vault / name).write_text(value)
        (vault / name).chmod(0o600)
    home = tmp_path / "office"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS", "XDG"))}
    environ |= {"HOME": str(tmp_path), "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    with EchoServer(context) as server:
        specs = write_office(home, server, vault, tmp_path / "authorities.pem", canaries)
        engine = start_engine(home, vault, canaries, environ)
        try:
            yield Scene(home_place(home), server, canaries, specs, engine, environ)
        finally:
            # Its session is its own: the engine, and the bus with its keyring.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(engine.pid, signal.SIGKILL)
            engine.wait(20)


def write_office(home: Path, server: EchoServer, vault: Path, ca: Path, canaries: dict[str, str]) -> Path:
    """The office, and a file of the same probes for `probe --spec`; the file."""
    auths = {
        "berkas": ("/ok", f'auth = {{ bearer = "file:{vault}/berkas" }}\nbody_must_match = ["bukan ini"]'),
        "variabel": ("/fail", 'auth = { basic = "env:OPSCONSOLE_CANARY" }'),
        "titipan": (
            "/redirect",
            'auth = { header = "X-Kunci", value = "cred:titipan" }\n'
            'header_must_match = [{ name = "X-Echo", pattern = "^bukan" }]',
        ),
        "potong": ("/cut", f'auth = {{ bearer = "file:{vault}/potong" }}\nstatus = ["404"]'),
        "gembok": ("/ok", 'auth = { bearer = "keyring:opsconsole/uji" }'),
    }
    probes = [
        PROBE.format(id=name, url=server.url(path), keys=keys, ca=ca, client=f"file:{vault}/client")
        for name, (path, keys) in auths.items()
        if name in canaries
    ]
    (home / "config" / "opd").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text('[office]\nname = "Kominfo Uji"\n')
    head = 'code = "UJI"\nname = "Dinas Uji"\nshort = "Uji"\n'
    (home / "config" / "opd" / "uji.toml").write_text(head + "".join(probes))
    spec = home.parent / "spec.toml"
    tables = [
        "[[probes]]" + probe.split("[[applications.probes]]")[1] for probe in probes if "keyring" not in probe
    ]
    spec.write_text("".join(tables))
    return spec


def start_engine(
    home: Path, vault: Path, canaries: dict[str, str], environ: dict[str, str]
) -> "subprocess.Popen[bytes]":
    own = {**environ, "OPSCONSOLE_CANARY": canaries["variabel"], "CREDENTIALS_DIRECTORY": str(vault)}
    command = [*OPSCONSOLE, "--home", str(home)]
    if not KEYRING:
        return subprocess.Popen([*command, "engine"], env=own, start_new_session=True)
    own["IN_KEYRING"] = canaries["gembok"]
    session = ["dbus-run-session", "--", "sh", "-c", _SESSION, "sh", *command]
    return subprocess.Popen(
        session, env=own, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def answers(place: Place) -> bool:
    try:
        with Client(place) as client:
            return bool(client.hello())
    except Problem:
        return False


def everything(place: Place, ids: list[str]) -> bytes:
    """Whatever the engine tells of its looks."""
    with Client(place) as client:
        told: list[object] = [client.board(), client.query(AskLog()), client.query(AskSecrets())]
        for name in ids:
            told += [client.detail(name), client.looks(name, limit=50)]
    return msgspec.json.encode(told)


def console_bytes(scene: Scene, application: str) -> bytes:
    """What the console writes to a terminal: board, page, card copied, help, and an end."""
    master, slave = os.openpty()
    console = subprocess.Popen(
        [*OPSCONSOLE, "--home", str(scene.place.config.parent)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=scene.environ,
        start_new_session=True,
    )
    os.close(slave)
    shown = b""
    try:
        for seen, keys in (
            (application.encode(), b"\r"),
            (b"WHY", b"y"),
            (b"", b"\x1b[B\r"),
            (b"", b"?"),
            (b"", b"q"),
            (b"", b"q"),
            (b"", b"q"),
        ):
            end = time.monotonic() + (20 if seen else 0.7)
            while (not seen or seen not in shown) and time.monotonic() < end:
                if select.select([master], [], [], 0.05)[0]:
                    try:
                        shown += os.read(master, 65536)
                    except OSError:
                        break
            assert seen in shown, shown[-2000:]
            if console.poll() is None:
                os.write(master, keys)
    finally:
        console.kill()
        console.wait()
        os.close(master)
    # A card is copied to the terminal as base64.
    copied = b"".join(base64.b64decode(one) for one in re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)", shown))
    return shown + copied


_CRASH = """
import asyncio, sys
from opsconsole.base.secrets.store import SecretStore
from opsconsole.console.terminal.textual_private import CarefulApp

class Crashing(CarefulApp):
    def on_mount(self):
        secret = asyncio.run_coroutine_threadsafe  # what is at hand when it fails
        held = SECRET
        revealed = held.reveal()
        raise RuntimeError(f"broke with {held} at hand")

SECRET = asyncio.run(SecretStore().value(sys.argv[1]))
Crashing().run(headless=True)
"""


def test_no_canary_is_found_anywhere(scene: Scene) -> None:
    place, ids = scene.place, scene.ids
    until(lambda: scene.engine.poll() is None and answers(place))

    def all_looked() -> bool:
        with Client(place) as client:
            return all(len(client.looks(name, limit=3)) == 3 for name in ids)

    until(all_looked)
    heard = repr([list(sent.values()) for sent in scene.server.heard])
    for name in set(ids) - {"variabel"}:
        assert scene.canaries[name] in heard, f"{name} was never sent"
    assert base64.b64encode(scene.canaries["variabel"].encode()).decode() in heard

    scene.found["told by the engine"] = everything(place, ids)
    for verb in (["status"], ["status", "--json"], ["secrets", "list"], ["secrets", "list", "--json"]):
        scene.command(*verb)
    scene.command("probe", ids[0])
    scene.command("probe", ids[2], "--json")
    own = {"OPSCONSOLE_CANARY": scene.canaries["variabel"]}
    scene.environ |= own | {"CREDENTIALS_DIRECTORY": str(scene.specs.parent / "vault")}
    scene.command("probe", "--spec", str(scene.specs), "--json")
    scene.command("probe", "--spec", str(scene.specs))
    assert b"***" in scene.found[f"probe --spec {scene.specs} --json"]
    scene.found["console"] = console_bytes(scene, ids[0])
    crash = subprocess.run(
        [sys.executable, "-c", _CRASH, "env:OPSCONSOLE_CANARY"],
        check=False,
        capture_output=True,
        env={**scene.environ, "OPSCONSOLE_TRACEBACK": "1"},
    )
    assert b"broke with <secret env:OPSCONSOLE_CANARY> at hand" in crash.stderr
    scene.found["crash"] = crash.stdout + crash.stderr
    keep_processes(scene)
    scene.keep_files("while it runs:")
    assert any(where.endswith("-wal") for where in scene.found), "the store has a WAL while it runs"
    scene.command("engine", "stop")
    assert scene.engine.wait(20) == 0
    scene.keep_files("afterwards:")
    told = scene.found["told by the engine"]
    for reason in (b"body_unexpected", b"status_unexpected", b"header_unexpected", b"***"):
        assert reason in told, "the canaries came back, and were masked"
    assert scene.leaks() == []


def keep_processes(scene: Scene) -> None:
    """Every command line of the machine, and the environment of whatever the engine has spawned."""
    for process in psutil.process_iter():
        try:
            scene.found[f"ps {process.pid}"] = " ".join(process.cmdline()).encode()
            if process.name().startswith("python") and "engine" in process.cmdline():
                for child in process.children(recursive=True):
                    scene.found[f"environ {child.pid}"] = repr(child.environ()).encode()
        except psutil.Error:
            continue


def test_the_search_finds_what_is_there(scene: Scene) -> None:
    for name, canary in scene.canaries.items():
        for content in (
            canary,
            canary[3:18],
            base64.b64encode(canary.encode()).decode(),
            quote(canary, safe=""),
        ):
            scene.found = {"here": f"x{content}x".encode()}
            assert any(leak.startswith(f"{name} ") for leak in scene.leaks()), (name, content)
