"""Files for the user alone: written whole or not at all, and never through a link that somebody laid."""

import os
from pathlib import Path

from opsconsole.base.new_file import new_file


def replace_file(path: Path, content: bytes, *, makes_folder: bool = True) -> None:
    """Write ``content`` beside ``path`` and put it in its place, mode 0600. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    if makes_folder:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside.unlink(missing_ok=True)
    create_file(beside, content)
    beside.replace(path)


def create_file(path: Path, content: bytes) -> None:
    """Write a new file, mode 0600; where that fails on the way nothing of it stays.

    Raises FileExistsError where anything has the name already, OSError for the rest.
    """
    with new_file(path) as file:
        file.write(content)
