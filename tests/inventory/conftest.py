"""What the tests of the inventory share."""

from pathlib import Path

import pytest

from tests.inventory.offices import OPD, SETTINGS, MakeOffice


@pytest.fixture
def make_office(tmp_path: Path) -> MakeOffice:
    """Write an office of one agency; arguments, with ``__`` for ``/``, are other files of it."""

    def make(**files: str | bytes) -> Path:
        folder = tmp_path / "config"
        for name, content in {"settings": SETTINGS, "opd__dinkes": OPD, **files}.items():
            path = folder / (name.replace("__", "/") + ".toml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return make
