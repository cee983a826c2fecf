"""What the console's tests share: an office that a scripted engine serves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsconsole.base.paths import Place, home_place
from tests.fakes.scripted_engine import ScriptedEngine


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home of its own."""
    return home_place(tmp_path)


@pytest.fixture
def engine(place: Place) -> Iterator[ScriptedEngine]:
    """The engine of `place`, at a quarter past two in the night."""
    with ScriptedEngine(place) as engine:
        yield engine
