"""A clock that is put wrong, or a machine that slept, makes nobody stale by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.offices import application

KEYS = {"every": "60s", "retry": "10s", "timeout": "10s"}


@pytest.fixture
async def inside(home: Path) -> Iterator[Inside]:
    made = Inside(home, application("satu", "http://127.0.0.1:9/", probe=KEYS))
    made.fit("unset")
    made.look("satu", observation())
    yield made
    made.close()


def swept(inside: Inside) -> str:
    inside.judge.sweep()
    inside.board.settle()
    shown = inside.row("satu").shown
    assert shown is not None
    return shown.state


async def test_a_clock_put_forward_makes_nobody_stale_until_three_intervals_went_by(inside: Inside) -> None:
    inside.clock.wall += 3600
    inside.judge.stepped(3600.0)
    assert swept(inside) == "up"
    inside.clock.advance(179)
    assert swept(inside) == "up"
    inside.clock.advance(2)
    assert swept(inside) == "stale"


async def test_once_it_is_put_right_again_looks_that_stop_are_noticed_as_ever(inside: Inside) -> None:
    inside.clock.wall += 3600
    inside.judge.stepped(3600.0)
    inside.clock.wall -= 3600
    inside.judge.stepped(-3600.0)
    inside.clock.advance(181)
    assert swept(inside) == "stale"


async def test_without_a_step_nothing_is_forgiven(inside: Inside) -> None:
    inside.clock.advance(181)
    assert swept(inside) == "stale"
