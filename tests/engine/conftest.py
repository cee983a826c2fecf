"""An office and servers to look at, for each test; engines come from one process for all."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.city import City
from tests.engine.offices import Office
from tests.engine.zygote import Zygote


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A client that calls a dying engine leaves its socket to the collector: httpcore does not close it."""
    for item in items:
        if "/tests/engine/" in str(item.path):
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    parent = Zygote()
    yield parent
    parent.close()


@pytest.fixture
def office(zygote: Zygote, city: City) -> Iterator[Office]:
    # The city is there for longer, so that no engine is left looking at servers that close.
    with tempfile.TemporaryDirectory(prefix="ops-") as home:
        made = Office(Path(home), zygote)
        yield made
        if made.engine:
            made.send(signal.SIGCONT)
            made.kill()


@pytest.fixture
def city() -> Iterator[City]:
    with City() as made:
        yield made


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ops-") as folder:
        yield Path(folder)
