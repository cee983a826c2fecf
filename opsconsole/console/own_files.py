"""Files for the user alone: written whole or not at all, and never through a link that somebody laid."""

import os
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


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
    descriptor = os.open(path, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
