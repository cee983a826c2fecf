"""What the tests of the store share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsconsole.store.database import Store, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of the test lies."""
    return tmp_path / "store" / "opsconsole.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A new store."""
    opened = open_store(path)
    yield opened
    opened.close()
