"""`status`: for scripts, for people, for screen readers."""

import json

import pytest

from opsconsole.cli.status import verdict, worst
from opsconsole.client.shapes import Application, Board, Engine, SelfCheck, State
from tests.fakes.scripted_engine import NIGHT

TROUBLE = (State.DOWN, State.UNREACHABLE, State.WARN, State.STALE, State.UNKNOWN)


def all_well(engine):
    for row in engine.board().applications:
        engine.set_state(row.id, State.UP)


def test_json_is_the_engine_the_counts_and_every_application(command, home, engine):
    engine.set_state("portal", State.DOWN, "status_unexpected", {"seen": 503, "want": "200-299"})
    done = command("--home", str(home), "--lang", "en", "status", "--json")
    document = json.loads(done.out)
    assert set(document) == {"engine", "counts", "applications"}
    assert document["engine"]["run"] == engine.run
    assert document["counts"]["total"] == sum(
        number for state, number in document["counts"].items() if state != "total"
    )
    assert len(document["applications"]) == len(engine.board().applications)
    (portal,) = (row for row in document["applications"] if row["app"] == "portal")
    assert portal == {
        "opd": "KOMINFO",
        "app": "portal",
        "state": "down",
        "since": "2026-11-23T19:14:00Z",
        "reason": "status_unexpected",
        "detail": "status 503, want 200-299",
    }


def test_the_text_has_the_problems_first_and_a_word_beside_every_glyph(command, home, engine):
    engine.set_state("portal", State.DOWN, "status_unexpected", {"seen": 503, "want": "200-299"})
    lines = command("--home", str(home), "--lang", "en", "status").out.splitlines()
    assert lines[0].startswith("Kominfo Kota Contoh")
    problems, opds = (
        next(n for n, line in enumerate(lines) if line.startswith(word)) for word in ("PROBLEMS", "WORST")
    )
    assert problems < opds
    (portal,) = (line for line in lines[problems:opds] if " portal " in line)
    assert portal.split()[:2] == ["!", "DOWN"]
    assert "status 503, want 200-299" in portal
    assert not any(line != line.rstrip() for line in lines)


def test_what_is_cut_off_stands_with_its_cause(command, home, engine):
    all_well(engine)
    engine.set_state("service:dukcapil-pusat", State.DOWN, "connect_timeout")
    engine.set_state("ws-nik", State.UNREACHABLE, "unreachable", parent="service:dukcapil-pusat")
    out = command("--home", str(home), "--lang", "en", "status").out
    assert "cuts off ws-nik" in out
    assert [
        line.split()[1] for line in out.partition("WHY")[2].partition("WORST")[0].splitlines() if line
    ] == ["DOWN"]


def test_it_speaks_the_language_of_the_office(command, home, engine):
    engine.set_state("portal", State.DOWN, "no_response")
    out = command("--home", str(home), "status").out
    assert "GANGGUAN" in out
    assert "DOWN" not in out


def test_it_says_when_we_are_offline_and_when_files_have_mistakes(command, home, engine):
    engine.beat(
        self_check=SelfCheck("offline", NIGHT, ("gateway 10.0.0.1:80",)),
        config_errors=("opd/a.toml:3: tier: found 9, want at most 4",),
        store="full",
    )
    out = command("--home", str(home), "--lang", "en", "status").out
    assert "WE ARE OFFLINE: gateway 10.0.0.1:80" in out
    assert "opd/a.toml:3: tier: found 9, want at most 4" in out
    assert "THE STORE CAN NOT BE WRITTEN" in out


def test_nothing_from_outside_is_markup_or_an_escape(command, home, engine):
    engine.set_state("portal", State.DOWN, "body_unexpected", {"want": "[/b][red]", "seen": "[link=x]"})
    out = command("--home", str(home), "--lang", "en", "status").out
    assert "[/b][red]; seen [link=x]" in out
    assert "\x1b" not in out


@pytest.mark.parametrize("state", State)
def test_the_exit_code_is_the_worst_that_is_on_the_board(state):
    row = Application(id="a", name="A", since=NIGHT, state=state)
    wanted = 2 if state in (State.DOWN, State.UNREACHABLE) else 1 if state in TROUBLE else 0
    assert worst([row]) == wanted
    assert worst([row, Application(id="b", name="B", since=NIGHT, state=State.UP)]) == wanted


def test_a_failure_that_is_not_confirmed_is_a_warning():
    assert worst([Application(id="a", name="A", since=NIGHT, state=State.DOWN, hard=False)]) == 1


def test_the_command_ends_with_that_code(command, home, engine):
    all_well(engine)
    assert command("--home", str(home), "status").code == 0
    engine.set_state("portal", State.WARN, "slow")
    assert command("--home", str(home), "status", "--json").code == 1
    engine.set_state("portal", State.DOWN, "no_response")
    assert command("--home", str(home), "status", "--json").code == 2


@pytest.mark.parametrize("office", [True, False])
def test_without_an_engine_it_says_so_and_ends_with_3(command, home, office):
    if office:
        (home / "config").mkdir(parents=True)
        (home / "config" / "settings.toml").touch()
    done = command("--home", str(home), "status", "--json")
    assert (done.code, done.out) == (3, "")
    assert "opsconsole" in done.err


@pytest.mark.parametrize(
    ("sickness", "code"),
    [({}, 0), ({"store": "full"}, 1), ({"store": "failing"}, 1), ({"self_check": SelfCheck("offline")}, 1)],
)
def test_what_ails_us_is_not_told_as_all_well(sickness, code):
    engine = Engine(
        run=1, version="0", office="o", started_at=NIGHT, heartbeat_at=NIGHT, config_rev=1, **sickness
    )
    row = Application(id="a", name="A", since=NIGHT, state=State.UP, reason="ok")
    assert verdict(Board(run=1, seq=1, engine=engine, applications=(row,), opds=())) == code
