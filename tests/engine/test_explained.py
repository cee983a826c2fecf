"""What an engine says of why a row is as it is, over looks that it recorded."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from opsconsole.base.errors import NotFound
from opsconsole.client.explained import AskExplain, Explained, Led
from opsconsole.client.shapes import Caller, Role
from opsconsole.engine.asked import Asked
from opsconsole.engine.explained import answer_explain
from probes.observation import Verdict
from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.offices import application

FAILED = observation(Verdict.DOWN, "connect_refused")
UNKNOWN = observation(Verdict.UNKNOWN, "credential_missing")
PASSED = observation()
KEYS = {"every": "60s", "retry": "10s", "attempts": 3, "recoveries": 2}


@pytest.fixture
async def inside(home: Path) -> Iterator[Inside]:
    url = "http://127.0.0.1:9/"
    made = Inside(
        home,
        application("induk", url, probe=KEYS),
        application("kembar", url, probe=KEYS),
        application("satu", url, probe=KEYS, lines=['depends_on = [{ any = ["induk", "kembar"] }]']),
        application("mati", url, lines=["active = false"]),
    )
    made.fit("unset")
    yield made
    made.close()


async def explained(inside: Inside, row_id: str) -> Explained:
    await inside.written()
    caller = Caller(0, "uji", "test", Role.VIEWER)
    asked = Asked(AskExplain(application=row_id), caller, inside.outset.office, inside.store, inside.clock)
    return await answer_explain(partial(inside.judge.checked_at), asked)


def looks(inside: Inside, row_id: str, *seen: object, **kwargs: float) -> None:
    for one in seen:
        inside.clock.advance(10)
        inside.look(row_id, one, **kwargs)  # type: ignore[arg-type]


def roles(led: Led) -> list[tuple[str, int, str]]:
    return [(one.role, one.number, one.uncounted) for one in led.looks]


async def test_a_down_is_told_with_the_looks_that_confirmed_it_and_those_that_did_not_count(
    inside: Inside,
) -> None:
    looks(inside, "satu", PASSED, PASSED, FAILED, UNKNOWN, FAILED)
    looks(inside, "satu", FAILED, lag=1.5)
    looks(inside, "satu", FAILED, FAILED)
    told = await explained(inside, "satu")
    assert [line.code for line in told.lines] == [
        "group_works", "down", "self_unset", "changes", "told_down", "told_same",
    ]  # fmt: skip
    [led] = told.led
    assert roles(led) == [
        ("before", 0, ""), ("first", 1, ""), ("", 0, "unknown"), ("", 2, ""), ("", 3, "suspect"),
        ("confirming", 4, ""), ("", 5, ""),
    ]  # fmt: skip


async def test_a_state_that_lasts_for_long_is_told_by_its_beginning_and_its_newest_look(
    inside: Inside,
) -> None:
    looks(inside, "satu", *[PASSED] * 40)
    [led] = (await explained(inside, "satu")).led
    assert len(led.looks) == 13 and led.left_out == 27
    assert led.looks[0].role == "first" and led.looks[-1].role == "last"
    assert led.looks[-1].look.at > led.looks[-2].look.at


async def test_while_it_recovers_passes_are_told_as_not_yet_enough(inside: Inside) -> None:
    looks(inside, "satu", PASSED, FAILED, FAILED, FAILED, PASSED)
    told = await explained(inside, "satu")
    assert "recovering" in [line.code for line in told.lines]
    assert roles(told.led[0])[-1] == ("", 0, "other")
    looks(inside, "satu", PASSED)
    told = await explained(inside, "satu")
    assert told.row.state == "up"
    assert roles(told.led[0]) == [("before", 0, ""), ("first", 1, ""), ("confirming", 2, "")]


async def test_what_happens_while_we_are_offline_does_not_count(inside: Inside) -> None:
    looks(inside, "satu", PASSED)
    inside.fit("offline")
    looks(inside, "satu", FAILED)
    told = await explained(inside, "satu")
    assert [line.code for line in told.lines][-1] == "told_unknown"
    assert roles(told.led[0])[-1][2] == "offline"


async def test_rows_that_nobody_looks_at_are_explained_too(inside: Inside) -> None:
    off = await explained(inside, "mati")
    assert [line.code for line in off.lines][:2] == ["off", "no_probe"] and off.led == ()
    waiting = await explained(inside, "induk")
    assert [line.code for line in waiting.lines] == ["pending", "told_nothing", "told_unknown"]
    assert waiting.led == (Led(probe="http"),)


async def test_a_row_that_is_not_there_is_said_to_be_none(inside: Inside) -> None:
    with pytest.raises(NotFound):
        await explained(inside, "nihil")
