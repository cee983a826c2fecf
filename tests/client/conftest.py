"""An office's place, and a scripted engine in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsconsole.base.paths import Place, home_place
from tests.fakes.scripted_engine import ScriptedEngine


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return home_place(tmp_path)


@pytest.fixture
def engine(place: Place) -> Iterator[ScriptedEngine]:
    with ScriptedEngine(place) as running:
        yield running
