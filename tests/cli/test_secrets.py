"""`opsconsole secrets`: stored without being shown, listed and tried by whoever looks."""

import json
import os
import pty
import select
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Site

CANARY = "CANARY-8c2e61f0a7"
OPSCONSOLE = (sys.executable, "-m", "opsconsole")
OFFICE = """\
code = "UJI"
name = "Dinas Uji"
short = "Uji"

[[applications]]
id = "situs"
name = "Situs"

[[applications.probes]]
kind = "http"
url = "{url}"
auth = {{ bearer = "{bearer}" }}

[[applications.probes]]
kind = "http"
id = "lain"
url = "{url}"
auth = {{ header = "X-Kunci", value = "env:OPSCONSOLE_TEST_GONE" }}
"""
keyring_programs = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="gnome-keyring and dbus-run-session are not installed",
)


def write_office(home: Path, url: str, bearer: str) -> None:
    (home / "config" / "opd").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text('[office]\nname = "Kominfo Uji"\n')
    (home / "config" / "opd" / "uji.toml").write_text(OFFICE.format(url=url, bearer=bearer))


def piped(
    *arguments: str, given: str = "", env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*OPSCONSOLE, *arguments],
        check=False,
        input=given,
        capture_output=True,
        text=True,
        env={**os.environ, "LANG": "C.UTF-8", "LANGUAGE": "en", **(env or {})},
        timeout=50,
    )


def test_a_file_is_set_from_a_pipe_and_never_repeated(tmp_path: Path, home: Path) -> None:
    ref = f"file:{tmp_path / 'token'}"
    done = piped("--home", str(home), "secrets", "set", ref, given=CANARY + "\n")
    assert done.returncode == 0, done.stderr
    assert "is stored with mode 0600" in done.stdout
    assert f"secrets test {ref}" in done.stdout
    assert CANARY not in done.stdout + done.stderr
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
    assert piped("--home", str(home), "secrets", "test", ref).returncode == 0


@pytest.mark.parametrize(
    ("ref", "code", "says"),
    [
        ("env:TOKEN", 2, "whatever starts the engine"),
        ("cred:token", 2, "systemd-creds encrypt --name=token"),
        (CANARY, 2, "That is no reference to a secret"),
        ("file:relative", 2, "That is no reference to a secret"),
        ("file:/nowhere/token", 1, "can not be written"),
    ],
)
def test_what_can_not_be_set_says_what_to_do_instead(ref: str, code: int, says: str) -> None:
    done = piped("secrets", "set", ref, given=CANARY)
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_nothing_given_is_nothing_stored(tmp_path: Path) -> None:
    done = piped("secrets", "set", f"file:{tmp_path / 'token'}", given="\n")
    assert done.returncode == 1
    assert "nothing was stored" in done.stderr
    assert not (tmp_path / "token").exists()


class Terminal:
    """A command on a terminal of its own. ``shown`` is all that it has written there."""

    def __init__(self, *arguments: str) -> None:
        self.shown = ""
        self._pid, self._master = pty.fork()
        if self._pid == 0:
            os.environ.update(LANG="C.UTF-8", LANGUAGE="en")
            os.execv(sys.executable, [*OPSCONSOLE, *arguments])

    def sees(self, text: str) -> None:
        end = time.monotonic() + 30
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self._master], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self._master, 4096).decode()
                except OSError:
                    assert text in self.shown, self.shown

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def ended(self) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        os.close(self._master)
        return code


@pytest.mark.filterwarnings("ignore:This process.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("again", [CANARY, "something else"])
def test_on_a_terminal_it_is_typed_twice_and_not_shown(tmp_path: Path, again: str) -> None:
    terminal = Terminal("secrets", "set", f"file:{tmp_path / 'token'}")
    terminal.sees("(not shown): ")
    terminal.type(CANARY + "\n")
    terminal.sees("The same again: ")
    terminal.type(again + "\n")
    terminal.sees("is stored" if again == CANARY else "nothing was stored")
    assert terminal.ended() == (0 if again == CANARY else 1)
    assert CANARY not in terminal.shown
    assert (tmp_path / "token").exists() == (again == CANARY)


def test_without_an_engine_the_command_resolves_and_says_so(
    command: Command, home: Path, site: Site, tmp_path: Path
) -> None:
    ref = f"file:{tmp_path / 'token'}"
    write_office(home, site.url, ref)
    done = command("--home", str(home), "secrets", "list")
    assert done.code == 0
    assert "No engine answers: resolved by this command" in done.out
    assert f"? {ref}: there is no such file" in done.out
    assert f"opsconsole secrets set {ref}" in done.out
    assert "used by situs/http auth.bearer" in done.out
    assert command("--home", str(home), "secrets", "test").code == 1
    (tmp_path / "token").write_text(CANARY)
    (tmp_path / "token").chmod(0o600)
    assert command("--home", str(home), "secrets", "test", ref).code == 0
    listed = json.loads(command("--home", str(home), "secrets", "list", "--json").out)
    assert listed["resolved_by"] == "command"
    assert [(one["ref"], one["ok"]) for one in listed["secrets"]] == [
        (ref, True),
        ("env:OPSCONSOLE_TEST_GONE", False),
    ]
    assert CANARY not in json.dumps(listed)


def test_where_an_engine_answers_it_is_the_one_that_resolves(
    home: Path, site: Site, tmp_path: Path, command: Command, engines: None
) -> None:
    ref = f"file:{tmp_path / 'token'}"
    write_office(home, site.url, ref)
    subprocess.run(
        [sys.executable, "-c", _START, str(home)],
        check=True,
        env={**os.environ, "OPSCONSOLE_TEST_ONLY_ENGINE": CANARY},
    )
    done = command("--home", str(home), "secrets", "test", "env:OPSCONSOLE_TEST_ONLY_ENGINE")
    assert done.code == 0, done.out + done.err
    assert "Resolved by the engine, as " in done.out
    assert "used by nothing in the configuration" in done.out
    asked = command("--home", str(home), "secrets", "test", "--json", ref)
    assert asked.code == 1
    assert json.loads(asked.out)["secrets"][0]["why"] == "file_missing"
    (tmp_path / "token").write_text(CANARY)
    (tmp_path / "token").chmod(0o600)
    # A fresh try: nobody waits for what the engine remembers.
    assert command("--home", str(home), "secrets", "test", ref).code == 0
    assert command("--home", str(home), "secrets", "test", CANARY).code == 2


def test_a_secret_given_as_an_argument_is_refused_and_not_repeated(command, tmp_path: Path) -> None:
    done = command("--home", str(tmp_path / "home"), "secrets", "set", f"file:{tmp_path}/token", CANARY)
    assert done.code != 0
    assert "never an argument" in done.err
    assert CANARY not in done.out + done.err
    assert not (tmp_path / "token").exists()


_START = """
import sys
from pathlib import Path
from opsconsole.client.locate import locate
from opsconsole.client.start import ensure_engine
ensure_engine(locate(Path(sys.argv[1])))
"""

_SESSION = """
printf %s "$PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
# It returns before it is on the bus; whoever asked too early would have another, locked one started.
owned="org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets"
asked="dbus-send --session --print-reply --dest=org.freedesktop.DBus / $owned"
for _ in $(seq 100); do $asked | grep -q true && break; sleep 0.1; done
exec "$@"
"""
_LOCK = """
import secretstorage
secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
"""
_STORY = """
import subprocess, sys
opsconsole, spec, lock = [sys.executable, "-m", "opsconsole"], sys.argv[1], sys.argv[2]
def run(*words, given=""):
    done = subprocess.run([*opsconsole, *words], input=given, capture_output=True, text=True)
    print("$", *words, "->", done.returncode, done.stdout, done.stderr, sep="\\n")
run("secrets", "test", "keyring:opsconsole/uji")
run("secrets", "set", "keyring:opsconsole/uji", given=sys.stdin.read())
run("secrets", "test", "keyring:opsconsole/uji")
run("probe", "--spec", spec)
subprocess.run([sys.executable, "-c", lock], check=True)
run("secrets", "test", "keyring:opsconsole/uji")
run("secrets", "set", "keyring:opsconsole/uji", given="another")
run("probe", "--spec", spec)
"""


def in_session(*program: str, given: str = "") -> str:
    """What a program prints in a D-Bus session with an unlocked keyring that is its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS", "XDG"))}
    # A short path: the keyring's own socket lies below, and no socket's path has more than 107 bytes.
    with tempfile.TemporaryDirectory(prefix="ok-") as home:
        done = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", _SESSION, "sh", *program],
            check=False,
            input=given,
            capture_output=True,
            text=True,
            env={**kept, "HOME": home, "PASSWORD": "uji", "LANG": "C.UTF-8", "LANGUAGE": "en"},
            timeout=55,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


@keyring_programs
def test_a_real_keyring_gives_its_secrets_while_it_is_unlocked(tmp_path: Path, site: Site) -> None:
    spec = tmp_path / "probe.toml"
    spec.write_text(f'kind = "http"\nurl = "{site.url}"\nauth = {{ bearer = "keyring:opsconsole/uji" }}\n')
    said = in_session(sys.executable, "-c", _STORY, str(spec), _LOCK, given=CANARY)
    missing, stored, found, looked, locked, refused, blind = said.split("$\n")[1:]
    assert "->\n1" in missing
    assert "keyring:opsconsole/uji is not in the keyring" in missing
    assert "is stored in the keyring of" in stored
    assert "->\n0" in found
    assert "->\n0" in looked
    assert "->\n1" in locked
    assert "keyring:opsconsole/uji: the keyring is locked" in locked
    assert "the keyring is locked. Unlock it in the session" in refused
    assert "->\n3" in blind
    assert "UNKNOWN  keyring:opsconsole/uji: the keyring is locked" in blind
    assert "Unlock it in the session that the engine was started from" in blind
    assert CANARY not in said


def test_without_a_session_there_is_no_keyring_whatever_variables_and_files_say(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".config" / "python_keyring").mkdir(parents=True)
    (home / ".config" / "python_keyring" / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyring.backends.null.Keyring\n"
    )
    environ = {
        "HOME": str(home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nothing",
    }
    tried = piped("secrets", "test", "keyring:a/b", env=environ)
    assert tried.returncode == 1
    assert "keyring:a/b: no desktop keyring can be reached here" in tried.stdout
    assert "Use cred: (systemd) or file: (mode 0600) instead" in tried.stdout
    stored = piped("secrets", "set", "keyring:a/b", given=CANARY, env=environ)
    assert stored.returncode == 1
    assert "no desktop keyring" in stored.stderr
