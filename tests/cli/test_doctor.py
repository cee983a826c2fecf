"""`doctor`: each check on real folders, files and environments, and all of them within seconds."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from opsconsole.base.clock import SystemClock
from opsconsole.base.errors import Refused
from opsconsole.base.paths import Place, home_place, system_place
from opsconsole.base.text import choose_language
from opsconsole.cli.doctor import engine as engine_checks
from opsconsole.cli.doctor import machine, office, program, terminal
from opsconsole.cli.doctor.check import Check, Finding, Patient, ok
from opsconsole.cli.doctor.run import CHECKS, examine
from opsconsole.client.calls import Client
from opsconsole.engine.lock import Holder
from tests.console.driving import FixedClock

SETTINGS = '[office]\nname = "Kominfo"\nzone = "Asia/Jakarta"\nlanguage = "id"\n'
OPD = 'code = "RSUD"\nname = "Rumah Sakit"\nshort = "RSUD"\nkind = "dinas"\nvalid_from = 2017-01-01\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An office of its own with one agency."""
    place = home_place(tmp_path / "office")
    for folder in (place.config, place.config / "opd", place.config / "people", place.store, place.run):
        folder.mkdir(parents=True, mode=0o750)
    place.settings.write_text(SETTINGS)
    (place.config / "opd" / "rsud.toml").write_text(OPD)
    for path in (place.settings, place.config / "opd" / "rsud.toml"):
        path.chmod(0o640)
    return place


@pytest.fixture
def patient(place: Place) -> Patient:
    """That office, seen by the account that owns it."""
    return Patient(place, "own", environ={"HOME": str(place.config.parent), "TERM": "xterm-256color"})


# The office


def test_a_folder_without_an_office_is_told_with_the_three_ways_to_begin(tmp_path: Path) -> None:
    found = office.office(Patient(home_place(tmp_path)))
    assert found.level == "warn"
    assert "opsconsole demo" in found.todo
    assert "opsconsole add URL" in found.todo


def test_why_no_office_can_be_settled_on_is_told() -> None:
    found = office.office(
        Patient(None, problem=Refused("Anybody may change {folder}.", "Do this.", folder="/x"))
    )
    assert found == Finding("fail", "Anybody may change /x.", "Do this.")


def test_an_office_in_order_has_nothing_to_tell(patient: Patient) -> None:
    for check in (office.office, office.owner, office.rights, office.people, office.config, office.store):
        assert check(patient).level == "ok", check


def test_what_anybody_may_change_is_a_failure(patient: Patient, place: Place) -> None:
    place.settings.chmod(0o666)
    found = office.rights(patient)
    assert (found.level, found.todo) == ("fail", f"chmod -R o-w {place.config}")
    place.settings.chmod(0o660)
    assert office.rights(patient).level == "warn", "the group is not everybody"


def test_a_folder_above_that_anybody_may_change_is_named(
    patient: Patient, place: Place, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    found = office.rights(patient)
    assert (found.level, found.todo) == ("fail", f"chmod o-w {tmp_path}")
    tmp_path.chmod(0o1777)
    assert office.rights(patient).level == "ok", "in a sticky folder nobody can replace it"


def test_a_file_of_telephone_numbers_is_not_for_everybody(patient: Patient, place: Place) -> None:
    numbers = place.config / "people" / "rsud.toml"
    numbers.touch(mode=0o640)
    numbers.chmod(0o644)
    found = office.people(patient)
    assert (found.level, found.todo) == ("warn", f"chmod 0640 {place.config}/people/*.toml")
    assert "644" in found.found
    numbers.chmod(0o600)
    assert office.people(patient).level == "ok"


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give files away")
def test_a_file_that_another_account_left_is_told_with_the_way_to_take_it_back(
    patient: Patient, place: Place
) -> None:
    os.chown(place.config / "opd" / "rsud.toml", 65534, -1)
    found = office.owner(patient)
    assert found.level == "fail"
    assert found.todo.startswith("chown -R ")
    assert "rsud.toml" in found.found


def test_mistakes_in_the_files_are_counted_and_the_first_one_shown(patient: Patient, place: Place) -> None:
    (place.config / "opd" / "rsud.toml").write_text(OPD + "colour = 1\nsize = 2\n")
    found = office.config(patient)
    assert found.level == "fail"
    assert found.found.startswith("mistakes: 2; the first: opd/rsud.toml:6: colour")
    assert "config check" in found.todo


def test_a_users_own_settings_beside_an_office_are_no_file_of_it(patient: Patient, place: Place) -> None:
    (place.config / "console.toml").write_text('theme = "dark"\n')
    assert office.config(patient).level == "ok"


@pytest.mark.parametrize(
    ("free", "inodes", "level"),
    [(10**12, 10**6, "ok"), (10**8, 10**6, "warn"), (10**7, 10**6, "fail"), (10**12, 10, "warn"),
     (10**12, 0, "fail"), (10**12, None, "ok")],
)  # fmt: skip
def test_room_on_the_disk(free: int, inodes: int | None, level: str) -> None:
    assert office.disk_verdict("/x", free, inodes).level == level


# The engine


def test_an_engine_that_answers_says_what_the_caller_is(command, home, engine) -> None:
    place = home_place(home)
    place.settings.write_text(SETTINGS)
    found = engine_checks.engine(Patient(place, "own"))
    assert found.level == "ok"
    assert "you are admin" in found.found
    with Client(place) as client:
        hello = client.hello()
    older = engine_checks.engine_verdict(msgspec.structs.replace(hello, version="0.0.1"))
    assert (older.level, "--replace" in older.todo) == ("warn", True)
    nobody = msgspec.structs.replace(hello.caller, role="none")
    unknown = msgspec.convert(msgspec.to_builtins(msgspec.structs.replace(hello, caller=nobody)), type(hello))
    assert "[access]" in engine_checks.engine_verdict(unknown).todo


def test_no_engine_is_no_failure_where_the_console_starts_one(patient: Patient) -> None:
    found = engine_checks.engine(patient)
    assert (found.level, found.found) == ("warn", "no engine runs")
    assert found.todo.startswith("opsconsole starts it")


def test_no_engine_of_the_machines_office_is_a_failure(tmp_path: Path) -> None:
    place = system_place(tmp_path)
    place.config.mkdir(parents=True)
    place.settings.touch()
    found = engine_checks.engine(Patient(place, "system", root=tmp_path))
    assert found.level == "fail"
    assert "systemctl start opsconsole" in found.todo


@contextlib.contextmanager
def holding(place: Place):
    """A process that holds the lock and never answers, as a hung engine does."""
    code = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'r+'); fcntl.flock(f, fcntl.LOCK_EX);"
        "print(flush=True); time.sleep(60)"
    )
    place.lock.touch()
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(place.lock), "opsconsole"], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        place.lock.write_bytes(msgspec.json.encode(Holder(process.pid, 7)))
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def test_who_holds_the_lock_is_named_and_the_lock_itself_left_alone(patient: Patient, place: Place) -> None:
    assert engine_checks.lock(patient).found == "never taken"
    with holding(place) as pid:
        assert engine_checks.lock(patient).found == f"process {pid}, run 7"
        assert f"process {pid} runs and does not answer" in engine_checks.engine(patient).found
    assert engine_checks.lock(patient).found == "free", "a dead engine holds nothing"
    with place.lock.open("r+") as ours:
        fcntl.flock(ours, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert engine_checks.lock(patient).found == "free"


def test_a_stopped_engine_is_told_as_such(patient: Patient, place: Place) -> None:
    with holding(place) as pid:
        os.kill(pid, signal.SIGSTOP)
        os.waitid(os.P_PID, pid, os.WSTOPPED)
        found = engine_checks.engine(patient)
        assert found.level == "fail"
        assert f"kill -CONT {pid}" in found.todo


def test_a_machine_with_an_office_and_no_service_is_told_how_to_make_one(
    tmp_path: Path, patient: Patient
) -> None:
    machines = Patient(system_place(tmp_path), "system", root=tmp_path)
    assert "engine unit" in engine_checks.unit(machines).todo
    unit = tmp_path / "etc/systemd/system/opsconsole.service"
    unit.parent.mkdir(parents=True)
    unit.touch()
    assert engine_checks.unit(machines) == ok(str(unit))
    assert engine_checks.unit(Patient(patient.place, "own", root=tmp_path / "none")).level == "ok"


@pytest.mark.parametrize(
    ("limit", "probes", "level"), [(1024, 20, "ok"), (1024, 1000, "warn"), (256, 200, "warn")]
)
def test_open_files_are_counted_against_probes(limit: int, probes: int, level: str) -> None:
    assert engine_checks.files_verdict(limit, probes).level == level


def test_the_limit_is_that_of_this_process_where_no_engine_runs(patient: Patient) -> None:
    import resource

    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert engine_checks.files(patient).found.startswith(f"{soft} files for 0 probes")


# The terminal


@pytest.mark.parametrize(
    ("environ", "size", "level", "holds"),
    [
        ({"TERM": "xterm"}, (80, 24), "ok", "TERM=xterm, 80x24"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/x,1,0"}, (120, 40), "ok", "tmux"),
        ({"TERM": "screen", "STY": "1.x"}, (80, 24), "ok", "screen"),
        ({"TERM": "dumb"}, (80, 24), "fail", "nothing can be drawn"),
        ({}, (80, 24), "fail", "nothing can be drawn"),
        ({"TERM": "xterm"}, (50, 24), "warn", "50x24"),
        ({"TERM": "xterm"}, (70, 24), "warn", "70x24"),
    ],
)
def test_terminals(environ: dict[str, str], size: tuple[int, int], level: str, holds: str) -> None:
    found = terminal.terminal_verdict(Patient(None, environ=environ), *size)
    assert found.level == level
    assert holds in found.found


@pytest.mark.parametrize(
    ("environ", "said"),
    [({"NO_COLOR": "1"}, "NO_COLOR"), ({"TERM": "xterm"}, "16 colours; the themes dark, light"),
     ({"TERM": "xterm-256color"}, "256 colours")],
)  # fmt: skip
def test_colours(environ: dict[str, str], said: str) -> None:
    assert said in terminal.colour(Patient(None, environ=environ)).found


def test_mistakes_and_clashes_of_the_users_own_settings_are_all_there(patient: Patient, place: Place) -> None:
    own = place.config.parent / "console.toml"
    own.write_text('theme = "drak"\n[keys]\nrecheck = "y"\nflying = "x"\n')
    found = terminal.personal(patient)
    assert found.level == "warn"
    assert found.found.startswith("3 mistakes: ")
    for part in ("nearest: dark", "y is copy's too", "keys.flying: no such action"):
        assert part in found.found
    own.write_text('theme = "dark"\n[keys]\nrecheck = "R"\n')
    assert terminal.personal(patient) == ok("theme dark, 1 actions with other keys")
    own.unlink()
    assert str(own.name) in terminal.personal(patient).found


def test_ssh_is_told_with_what_saves_bytes() -> None:
    assert "ssh -C" in terminal.ssh(Patient(None, environ={"SSH_CONNECTION": "x"})).found
    assert terminal.ssh(Patient(None, environ={})).found == "not over SSH"


# The machine


@pytest.mark.parametrize(
    ("year", "jump", "synchronised", "level"),
    [(2027, 0.0, True, "ok"), (2027, 0.0, None, "ok"), (2027, 0.0, False, "warn"), (1970, 0.0, True, "fail"),
     (2150, 0.0, True, "fail"), (2027, 3.0, True, "fail")],
)  # fmt: skip
def test_clocks(year: int, jump: float, synchronised: bool | None, level: str) -> None:
    clock = FixedClock((year - 1970) * 365.25 * 86400 + 86400)
    assert machine.clock_verdict(clock, -jump, synchronised).level == level


def test_our_own_clock_can_be_read_here() -> None:
    assert machine.clock(Patient(None)).found.startswith(str(time.gmtime(SystemClock().now()).tm_year))


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [("nameserver 127.0.0.53\nnameserver ::1\n", "ok", "127.0.0.53, ::1"),
     ("search x\n#nameserver 1\nnameserver\n", "warn", "no server"), (None, "warn", "no server")],
)  # fmt: skip
def test_resolvers(tmp_path: Path, text: str | None, level: str, said: str) -> None:
    if text is not None:
        (tmp_path / "etc").mkdir()
        (tmp_path / "etc/resolv.conf").write_text(text)
    found = machine.resolver(Patient(None, root=tmp_path))
    assert found.level == level
    assert said in found.found


@pytest.mark.parametrize(
    ("range_", "capabilities", "level"),
    [("0 2147483647", "0000000000000000", "ok"), ("1 0", "0000000000000000", "warn"),
     ("1 0", "0000000000002000", "ok"), ("", "", "warn")],
)  # fmt: skip
def test_ping(tmp_path: Path, range_: str, capabilities: str, level: str) -> None:
    (tmp_path / "proc/sys/net/ipv4").mkdir(parents=True)
    (tmp_path / "proc/self").mkdir()
    (tmp_path / "proc/sys/net/ipv4/ping_group_range").write_text(range_.replace(" ", "\t"))
    (tmp_path / "proc/self/status").write_text(f"Name:\tx\nCapEff:\t{capabilities}\n")
    found = machine.ping(Patient(None, root=tmp_path))
    assert found.level == level
    assert ("ping_group_range=" in found.todo) == (level == "warn")


@pytest.mark.parametrize(
    ("state", "wanted", "level"),
    [("keyring_missing", True, "ok"), ("keyring_none", False, "ok"), ("keyring_none", True, "fail"),
     ("keyring_locked", True, "fail"), ("keyring_locked", False, "ok")],
)  # fmt: skip
def test_a_keyring_matters_where_the_files_refer_to_it(state: str, wanted: bool, level: str) -> None:
    assert machine.keyring_verdict(state, wanted=wanted).level == level


def test_whether_the_files_refer_to_a_keyring_is_read_from_them(patient: Patient, place: Place) -> None:
    assert not machine._refers_to_keyring(patient)
    (place.config / "opd" / "rsud.toml").write_text(OPD + '# x = "keyring:opsconsole/x"\n')
    assert machine._refers_to_keyring(patient)


# The program


@pytest.mark.parametrize(
    ("version", "level"), [("3.51.3", "ok"), ("3.53.4", "ok"), ("3.40.1", "warn"), ("3.51.2", "warn")]
)
def test_sqlite_before_the_mend_is_told(version: str, level: str) -> None:
    assert program.sqlite_verdict(version, "sqlite3").level == level


def test_this_very_program_is_whole() -> None:
    for check in (program.python, program.packages, program.sqlite, program.zones):
        assert check(Patient(None)).level == "ok", check
    assert program._unlike("no-such-package>=1") == "no-such-package is missing"
    assert program._unlike("textual==0.1").startswith("textual ")


# All of them


def test_a_check_that_hangs_or_breaks_is_a_finding_and_holds_up_nobody() -> None:
    def hangs(patient: Patient) -> Finding:
        time.sleep(30)
        return ok("")

    def breaks(patient: Patient) -> Finding:
        raise ValueError("\x1b[31mx")

    checks = (Check("a", "a", hangs), Check("b", "b", breaks), Check("c", "c", lambda patient: ok("fine")))
    findings = examine(checks, Patient(None), 0.3)
    assert list(findings) == ["a", "b", "c"]
    assert (findings["a"].level, "no answer" in findings["a"].found) == ("warn", True)
    assert "\x1b" not in findings["b"].found
    assert findings["c"] == ok("fine")


def test_every_check_has_an_id_of_its_own_and_a_name() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.name for check in CHECKS)


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_check_says_something_in_both_languages(patient: Patient, language: str) -> None:
    choose_language(language)
    try:
        for check in CHECKS:
            finding = check.run(patient)
            assert finding.found
            assert finding.todo or finding.level == "ok"
    finally:
        choose_language("en")


def test_the_command_ends_with_the_worst_and_prints_all(command, home, place: Place) -> None:
    done = command("--home", str(place.config.parent), "--lang", "en", "doctor")
    assert done.code in (0, 1), done.out
    assert "+ OK" in done.out
    assert f"{len(CHECKS)} checks: " in done.out
    place.settings.chmod(0o666)
    done = command("--home", str(place.config.parent), "--lang", "en", "doctor", "--json")
    assert done.code == 2
    report = json.loads(done.out)
    assert report["worst"] == "fail"
    assert [row["id"] for row in report["checks"]] == [check.id for check in CHECKS]
    (rights,) = (row for row in report["checks"] if row["id"] == "rights")
    assert rights["level"] == "fail"
    assert rights["todo"].startswith("chmod")


def test_an_office_that_can_not_be_used_is_examined_all_the_same(command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = command("--home", str(tmp_path / "file"), "--lang", "en", "doctor")
    assert done.code == 2
    assert "is not a folder" in done.out


def test_a_stopped_engine_holds_up_neither_doctor_nor_status(command, home, own_office) -> None:
    pid = msgspec.json.decode(home_place(home).lock.read_bytes(), type=Holder).pid
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        done = command("--home", str(home), "--lang", "en", "doctor")
        examined = time.monotonic()
        status = command("--home", str(home), "--lang", "en", "status")
        told = time.monotonic()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert f"kill -CONT {pid}" in done.out
    assert done.code == 2
    assert status.code == 3
    assert "engine --replace" in status.err
    assert examined - began < 8
    assert told - examined < 8
