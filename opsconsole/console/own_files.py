"""Files for the user alone: written whole or not at all, and never through a link that somebody laid."""

import os
from pathlib import Path

from opsconsole.base.new_file import create_file


def replace_file(path: Path, content: bytes, *, makes_folder: bool = True) -> None:
    """Write ``content`` beside ``path`` and put it in its place, mode 0600. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    if makes_folder:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside.unlink(missing_ok=True)
    create_file(beside, content)
    beside.replace(path)
