"""A new file for its owner alone: there whole or not at all, never over another one, never through a link."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, mode 0600, under its name from the start; on disk when the block ends.

    Where that fails on the way, or the block does, nothing of it stays. Raises FileExistsError where
    anything has the name already, OSError for the rest.
    """
    descriptor = os.open(path, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def create_file(path: Path, content: bytes) -> None:
    """Write a new file whole, as `new_file` does. Raises as that does."""
    with new_file(path) as file:
        file.write(content)
