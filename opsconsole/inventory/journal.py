"""Several files of an office changed as one: all of them or, after a kill at any moment, none.

Before the first file is touched a journal beside them says what each holds and is to hold. It goes once the
store has the change. One that is still there tells of a change that was cut short: `settle` ends it, and
until then `shown` gives the files as they were.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.inventory.write import FOLDER_MODE, create, remove, replace, unwritten

# Begins with a dot, so that it is no file of the office.
JOURNAL = ".change.journal"
_BESIDE = ".change.journal.new"


class Change(msgspec.Struct, frozen=True):
    """What is to become of each file, by its relative path; ``before`` is None for one that is new.

    ``command`` is the id under which the store has the change, if it has it.
    """

    command: str
    before: dict[str, bytes | None]
    after: dict[str, bytes]


class Settled(msgspec.Struct, frozen=True):
    """What became of a change that was cut short: ``done`` or undone, in these files."""

    done: bool
    files: tuple[str, ...]


def cut_short(config_dir: Path) -> Change | None:
    """The change that a journal tells of. Raises Invalid for a journal that can not be read."""
    try:
        return msgspec.json.decode((config_dir / JOURNAL).read_bytes(), type=Change)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise Invalid(
            N_("{file} can not be read: {error}."),
            N_("Look at the files of the office, then remove it."),
            file=JOURNAL,
            error=str(error),
        ) from error


def write(config_dir: Path, command: str, files: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
    """Put ``files`` in the place of those that are there; `settle` is to follow, whatever happens.

    ``before`` are the files of the office as they are. Raises Invalid for one that can not be written.
    """
    change = Change(command, {name: before.get(name) for name in files}, dict(files))
    _put(config_dir, _BESIDE, msgspec.json.encode(change))
    try:
        (config_dir / _BESIDE).replace(config_dir / JOURNAL)
    except OSError as error:
        raise unwritten(JOURNAL, error) from error
    for name, content in files.items():
        _put(config_dir, name, content)


def settle(config_dir: Path, stored: Callable[[str], bool]) -> Settled | None:
    """End a change that a journal tells of, if one does: undo it where it is not ``stored``.

    A file that somebody has edited since is left as it is. Raises Invalid for what can not be written; the
    journal is still there then.
    """
    change = cut_short(config_dir)
    if change is None:
        if (config_dir / _BESIDE).exists():  # the kill came before the journal was whole
            (config_dir / _BESIDE).unlink()
        return None
    done = stored(change.command)
    if not done:
        for name in change.after:
            _undo(config_dir, name, change)
    try:
        remove(config_dir / JOURNAL)
    except OSError as error:
        raise unwritten(JOURNAL, error) from error
    return Settled(done, tuple(sorted(change.after)))


def shown(files: Mapping[str, bytes], change: Change | None) -> dict[str, bytes]:
    """The files of a folder as they were before ``change``, save those that were edited since."""
    if change is None:
        return dict(files)
    found = {}
    for name, content in files.items():
        was = change.before[name] if _is_ours(name, content, change) else content
        if was is not None:
            found[name] = was
    return found


def _is_ours(name: str, content: bytes, change: Change) -> bool:
    """Whether a file holds what the change wrote; a new one may have been written by half."""
    after = change.after.get(name)
    if after is None:
        return False
    return content == after or (change.before[name] is None and after.startswith(content))


def _undo(config_dir: Path, name: str, change: Change) -> None:
    path, old = (config_dir / name).resolve(), change.before[name]
    try:
        path.with_name(f".{path.name}.new").unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            if _is_ours(name, path.read_bytes(), change):
                if old is None:
                    remove(path)
                elif old != change.after[name]:
                    replace(path, old)
    except OSError as error:
        raise unwritten(name, error) from error


def _put(config_dir: Path, name: str, content: bytes) -> None:
    path = config_dir / name
    try:
        path.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        (replace if path.exists() else create)(path, content)
    except OSError as error:
        raise unwritten(name, error) from error
