"""A new file for its owner alone: there whole or not at all, never over another one, never through a link."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PART_ENDING = ".part"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, mode 0600; on disk under its name when the block ends, and not before.

    Until then it is ``NAME.part`` beside it, so that a writer that is killed leaves nothing that could be
    taken for the whole. Where that fails on the way, or the block does, nothing of it stays. Raises
    FileExistsError where anything has one of the two names already, OSError for the rest.
    """
    part = path.with_name(path.name + PART_ENDING)
    descriptor = os.open(part, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            yield file
            file.flush()
            os.fsync(file.fileno())
        # Whatever came to be there meanwhile is not written over.
        os.close(os.open(path, _NEW, 0o600))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def create_file(path: Path, content: bytes) -> None:
    """Write a new file whole, as `new_file` does. Raises as that does."""
    with new_file(path) as file:
        file.write(content)
