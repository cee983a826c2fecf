"""A folder of files that belong together, or the same as one ZIP: whole or not there, with their hashes."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from opsconsole.base.errors import Problem
from opsconsole.base.new_file import create_file, new_file
from opsconsole.base.text import N_
from opsconsole.exports.saving import make_folder, saying_why

SUMS = "SHA256SUMS"
_MOST_OF_A_MINUTE = 99
_BLOCK = 1 << 16


def free_path(folder: Path, name: str) -> Path:
    """A path in ``folder`` that is not taken; the second one of a minute is numbered. Raises Problem."""
    with saying_why(folder / name):
        make_folder(folder)
    for number in range(1, _MOST_OF_A_MINUTE + 1):
        path = folder / (name if number == 1 else f"{name}-{number}")
        if not os.path.lexists(path):
            return path
    raise taken(folder / name)


def taken(path: Path) -> Problem:
    """What there is to say of a path at which something is already."""
    return Problem(
        N_("{path} exists already."),
        N_("Name another place with -o, or move it away: nothing is written over."),
        path=str(path),
    )


@contextmanager
def new_pack(path: Path) -> Iterator[Path]:
    """A folder to fill, for its owner alone. Its files are hashed, and it gets its name, when the block ends.

    A ``path`` that ends in ``.zip`` becomes one file of it. Until it is whole it has a hidden name that
    begins with a dot and ends in ``.part``; where the block fails nothing of it stays. Raises Problem.
    """
    if os.path.lexists(path):
        raise taken(path)
    with saying_why(path):
        hidden = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.absolute().parent))
    try:
        with saying_why(path):
            # Inside a ZIP all stands in a folder, so that unpacking it litters nowhere.
            inner = hidden / path.stem if _is_zip(path) else hidden
            inner.mkdir(mode=0o700, exist_ok=True)
        yield inner
        with saying_why(path):
            _sum_up(inner)
            _name_zip(inner, path) if _is_zip(path) else _name_folder(inner, path)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _is_zip(path: Path) -> bool:
    return path.suffix.casefold() == ".zip"


def _sum_up(folder: Path) -> None:
    """The hashes of all files, as ``sha256sum -c`` reads them."""
    lines = [f"{_sha256(one)}  {one.name}\n" for one in sorted(folder.iterdir())]
    create_file(folder / SUMS, "".join(lines).encode())


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _name_folder(folder: Path, path: Path) -> None:
    # Takes the name, or fails where somebody was faster; an empty folder of ours is then replaced at once.
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        raise taken(path) from None
    folder.rename(path)


def _name_zip(folder: Path, path: Path) -> None:
    packed = folder.parent / "packed"
    with new_file(packed) as sink, ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        archive.write(folder, folder.name)
        for one in sorted(folder.iterdir()):
            archive.write(one, f"{folder.name}/{one.name}")
    try:
        create_file(path, b"")
    except FileExistsError:
        raise taken(path) from None
    packed.replace(path)
