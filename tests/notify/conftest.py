"""Receivers, and offices that are woken."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import city, office, zygote
from tests.engine.inside import HandClock
from tests.fakes.receiver import Receiver
from tests.notify.awake import Awake

__all__ = ["city", "office", "zygote"]

Wake = Callable[..., Awake]
HOOK = """
[[channels]]
name = "hook"
kind = "webhook"
url = "{url}"
to = ["rina"]
text = "{{event}} {{incident}} {{to}} {{key}}"
"""
RULE = """
[[rules]]
name = "piket"
severities = ["critical"]
channels = ["hook"]
"""


@pytest.fixture
def taker() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
async def wake(tmp_path: Path, taker: Receiver) -> AsyncIterator[Wake]:
    """Make an office whose channel ``hook`` leads to the taker; more of its notify.toml is given."""
    made: list[Awake] = []

    def make(more: str = RULE, *, clock: HandClock | None = None, hook: str = HOOK) -> Awake:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        made.append(Awake(home, hook.format(url=taker.url) + more, clock))
        return made[-1]

    yield make
    for one in made:
        await one.end()
