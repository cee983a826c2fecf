"""What looks mean, on a clock that is moved by hand; the store is real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsconsole.engine.quiet import load_states
from probes.observation import Verdict
from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.offices import application

FAILED = observation(Verdict.DOWN, "connect_refused", address="127.0.0.1")
PASSED = observation()
KEYS = {"every": "60s", "retry": "10s", "attempts": 2, "recoveries": 1}


@pytest.fixture
async def inside(home: Path) -> Iterator[Inside]:
    made = Inside(
        home,
        application("satu", "http://127.0.0.1:9/", probe=KEYS),
        application("dua", "http://127.0.0.1:9/", probe=KEYS, lines=['depends_on = ["satu"]']),
    )
    yield made
    made.close()


async def test_down_waits_for_a_check_that_began_after_the_failing_look(inside: Inside):
    inside.fit("ok", passed_at=inside.clock.now())
    inside.clock.advance(5)
    inside.look("satu", FAILED)
    inside.look("satu", FAILED)
    shown = inside.row("satu").shown
    assert shown is not None and (shown.state, shown.hard, shown.reason) == ("down", False, "unconfirmed")
    assert inside.judge.troubled and inside.hurried == 2
    # One that began before the failing look proves nothing.
    inside.fit("ok", passed_at=inside.clock.now() - 1)
    assert not inside.row("satu").shown.hard
    inside.fit("ok", passed_at=inside.clock.now())
    inside.board.settle()
    shown = inside.row("satu").shown
    assert (shown.state, shown.hard, shown.reason) == ("down", True, "connect_refused")
    assert not inside.judge.troubled
    await inside.written()
    assert inside.query("SELECT count(*) FROM event WHERE kind = 'application.announced'") == [(1,)]


async def test_without_canaries_down_waits_for_nothing(inside: Inside):
    inside.fit("unset")
    inside.look("satu", FAILED)
    inside.look("satu", FAILED)
    assert inside.row("satu").shown.hard


async def test_a_look_taken_while_we_lagged_confirms_nothing(inside: Inside):
    inside.fit("unset")
    inside.look("satu", FAILED)
    inside.look("satu", FAILED, lag=1.5)
    assert not inside.row("satu").shown.hard
    inside.look("satu", FAILED, lag=0.5)
    assert inside.row("satu").shown.hard
    await inside.written()
    assert inside.query("SELECT sum(result >> 13 & 1) FROM look") == [(1,)]


async def test_a_look_while_we_are_offline_is_unknown(inside: Inside):
    inside.fit("offline")
    for _ in range(3):
        inside.look("satu", FAILED)
    shown = inside.row("satu").shown
    assert (shown.state, shown.reason) == ("unknown", "offline")


async def test_an_application_is_stale_when_looks_stop_and_fresh_with_the_next(inside: Inside):
    inside.fit("unset")
    inside.look("satu", PASSED)
    inside.clock.advance(179)
    inside.judge.sweep()
    inside.board.settle()
    assert inside.row("satu").shown.state == "up"
    inside.clock.advance(2)
    inside.judge.sweep()
    inside.board.settle()
    assert inside.row("satu").shown.state == "stale"
    inside.look("satu", PASSED)
    assert inside.row("satu").shown.state == "up"


async def test_a_child_that_fails_with_its_parent_is_cut_off_at_once_and_back_in_one_step(inside: Inside):
    inside.fit("unset")
    for row_id in ("satu", "dua"):
        inside.look(row_id, PASSED)
    for _ in range(2):
        inside.look("satu", FAILED)
    inside.look("dua", FAILED)
    assert (inside.row("dua").shown.state, inside.row("dua").shown.via) == ("unreachable", "satu")
    inside.look("satu", PASSED)
    assert inside.row("dua").shown.state == "down"
    await inside.written()
    seen = inside.query("SELECT to_state FROM transition WHERE entity_id = 'dua' ORDER BY id")
    assert seen == [("up",), ("unreachable",), ("down",)]


async def test_looks_that_change_nothing_shown_publish_nothing(inside: Inside):
    inside.fit("unset")
    inside.look("satu", PASSED)
    await inside.written()
    before = inside.hub.seq
    stored = inside.query("SELECT memory FROM state WHERE entity = 'probe'")
    for _ in range(5):
        inside.clock.advance(60)
        inside.look("satu", PASSED)
    await inside.written()
    assert inside.hub.seq == before
    assert inside.query("SELECT count(*) FROM look") == [(6,)]
    # Nor are their states written; a start finds the same all the same.
    assert stored == inside.query("SELECT memory FROM state WHERE entity = 'probe'")

    with inside.store.reader() as conn:
        found = load_states(conn).probes[inside.probe("satu").id]
    state = inside.probe("satu").state
    assert (found.looked_at, found.good_at, found.word) == (state.looked_at, state.good_at, "up")
