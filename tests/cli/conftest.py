"""A command as a user runs it: its exit code, what it printed, and an empty home around it."""

import gettext
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from opsconsole.base.errors import Unreachable
from opsconsole.base.paths import home_place
from opsconsole.base.text import choose_language
from opsconsole.cli.main import main
from opsconsole.client.start import stop_engine
from tests.fakes.scripted_engine import ScriptedEngine


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for one office, not yet made."""
    return tmp_path / "office"


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Run ``opsconsole`` with arguments in an empty home, in English unless it is told otherwise."""
    (tmp_path / "home").mkdir()
    for name, value in {"HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "LANGUAGE": "en"}.items():
        monkeypatch.setenv(name, value)
    for name in ("OPSCONSOLE_HOME", "LC_ALL", "LC_MESSAGES", "XDG_RUNTIME_DIR", "OPSCONSOLE_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    yield run
    choose_language("en")
    gettext.textdomain("messages")


@pytest.fixture
def engine(home: Path) -> Iterator[ScriptedEngine]:
    """An engine of the office in ``home`` that probes nothing and does as it is told."""
    with ScriptedEngine(home_place(home)) as scripted:
        yield scripted


@dataclass(frozen=True)
class Site:
    """A web server with one page, and the CA that signed its certificate where it has one."""

    url: str
    ca_file: Path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A page over http."""
    with _serve(None) as port:
        yield Site(f"http://127.0.0.1:{port}/", tmp_path)


@pytest.fixture
def secure_site(tmp_path: Path) -> Iterator[Site]:
    """The same page over https, with a certificate that is good until 2031-05-06."""
    authority = trustme.CA()
    expires = datetime(2031, 5, 6, tzinfo=UTC)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", not_after=expires).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with _serve(context) as port:
        yield Site(f"https://127.0.0.1:{port}/", tmp_path / "ca.pem")


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<html><title>Layanan \x1b[31mKota [/]</title><p>selamat datang</html>"
        status = 503 if self.path == "/broken" else 200
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests read what the command prints."""


@contextmanager
def _serve(context: ssl.SSLContext | None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def engines(home: Path) -> Iterator[None]:
    """End whatever engine a test has left running in ``home``."""
    yield
    with suppress(Unreachable):
        stop_engine(home_place(home))


@pytest.fixture
def own_office(home: Path, site: Site, command: Command, engines: None) -> None:
    """An office in ``home`` whose engine watches the site as ``situs``."""
    assert command("--home", str(home), "add", site.url, "--id", "situs").code == 0


@dataclass(frozen=True)
class Office:
    """An office that tests share and leave as it is: its home, and the site it watches as ``situs``."""

    home: str
    site: str


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office with its engine for every test that changes nothing in it."""
    home = tmp_path_factory.mktemp("shared") / "office"
    with _serve(None) as port:
        site = f"http://127.0.0.1:{port}/"
        adding = (sys.executable, "-m", "opsconsole", "--home", str(home), "add", site, "--id", "situs")
        subprocess.run(adding, check=True, stdout=subprocess.DEVNULL)
        yield Office(str(home), site)
        stop_engine(home_place(home))
