"""The store of an office whose engine does not run: checked, verified, put back from a backup.

Each holds the engine's lock, so that none starts meanwhile and no other process has the store open.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from opsconsole.base.errors import Conflict, NotFound, Problem, Refused
from opsconsole.base.paths import Place
from opsconsole.base.text import N_
from opsconsole.client.backups import StoreState
from opsconsole.client.verified import Verified
from opsconsole.engine.lock import Lock
from opsconsole.engine.store_child import VerifyTask, verify
from opsconsole.engine.store_state import state_of
from opsconsole.store import events, files
from opsconsole.store.backup import sync
from opsconsole.store.check import check_file, check_store
from opsconsole.store.database import open_store
from opsconsole.store.drafts import own_event

_MODE = 0o640


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """What putting a backup back takes away.

    ``seq`` is the newest event of the store in place, None where that can not be read or is not there;
    ``store`` its uuid. ``backup`` is what the file holds.
    """

    file: str
    backup: StoreState
    store: str = ""
    seq: int | None = None
    is_there: bool = True

    @property
    def events(self) -> int:
        """How many events are lost, as far as they can be counted."""
        return max(0, (self.seq or 0) - self.backup.seq)


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: where the former store lies now, and what was lost with it."""

    loss: Loss
    aside: str = ""


@contextmanager
def locked(place: Place, now: float) -> Iterator[None]:
    """Hold the engine's lock. Raises `LockHeld` while one runs, `Refused` where the office is not ours."""
    if not place.store.is_dir():
        raise NotFound(N_("There is no store in {folder}."), folder=str(place.store))
    if place.store.stat().st_uid != os.geteuid():
        raise Refused(
            N_("The store in {folder} is another account's."),
            N_("Do this as the account that its engine runs as."),
            folder=str(place.store),
        )
    lock = Lock.take(place.lock, now)
    try:
        yield
    finally:
        lock.release()


def check_offline(place: Place) -> StoreState:
    """Whether the store is whole. The lock is held by the caller."""
    return state_of(check_store(_there(place)))


def verify_offline(
    place: Place, wanted: tuple[int, ...], told: Callable[[Verified], None], seconds: float = 0.5
) -> Verified:
    """Verify the chain, and tell each step. The lock is held by the caller."""
    path, found, events_seen, marks = _there(place), None, 0, dict[int, str]()
    while found is None or not found.ended:
        task = VerifyTask(
            database=str(path), after=found.seq if found else 0, prev=found.hash if found else "",
            wanted=wanted, seconds=seconds,
        )  # fmt: skip
        found = verify(task)
        events_seen += found.events
        marks.update(found.marks)
        told(found)
    return msgspec.structs.replace(found, events=events_seen, marks=marks)


def _there(place: Place) -> Path:
    if not place.database.is_file():
        raise NotFound(N_("There is no store in {folder}."), folder=str(place.store))
    return place.database


def check_backup(path: Path) -> StoreState:
    """What a backup holds. Raises Problem for a file that is none."""
    return state_of(check_file(path))


def check_anchored(path: Path, wanted: Iterable[int]) -> tuple[StoreState, Mapping[int, str]]:
    """The same, with the hashes in hexadecimal of those ``wanted`` events that it holds."""
    found = check_file(path, frozenset(wanted))
    return state_of(found), {seq: sealed.hex() for seq, sealed in found.chain.marks.items()}


def loss_of(place: Place, backup: Path) -> Loss:
    """What putting ``backup`` back would take away. The lock is held by the caller.

    Raises Problem when the backup is not whole, and `Conflict` when it is of another store.
    """
    state = check_backup(backup)
    if not state.whole:
        raise Problem(
            N_("The backup {path} is not whole, so it is not put back."),
            N_("`opsconsole store verify {path}` says what is wrong; take another one."),
            path=str(backup),
        )
    if not place.database.exists():
        return Loss(file=str(backup), backup=state, is_there=False)
    try:
        present = state_of(check_store(place.database))
    except Exception:  # whatever is wrong with it is why it is replaced
        return Loss(file=str(backup), backup=state)
    if present.store and present.store != state.store:
        raise Conflict(
            N_("{path} is a backup of another store ({other}, here is {store})."),
            N_("To use it all the same, move the store here away first."),
            path=str(backup),
            other=state.store,
            store=present.store,
        )
    return Loss(file=str(backup), backup=state, store=present.store, seq=present.seq)


def restore(place: Place, loss: Loss) -> Restored:
    """Put the backup in the place of the store, which is set aside and not deleted. The lock is held.

    Raises Problem when it can not be copied: then nothing has changed.
    """
    part = place.database.with_name(f"{place.database.name}.restoring")
    try:
        _copy(Path(loss.file), part)
        # The copy, not the file it came from: that is what will be used.
        if not check_backup(part).whole:
            raise Problem(N_("The copy of the backup is not whole."), N_("Look at the disk of the store."))
        aside = files.set_aside(place.database, "replaced") if place.database.exists() else None
        part.rename(place.database)
        sync(place.database.parent)
    except OSError as error:
        raise Problem(
            N_("The backup can not be copied to {path}: {error}."),
            N_("Look at the disk of the store and at its owner."),
            path=str(part),
            error=error.strerror or str(error),
        ) from error
    finally:
        with suppress(OSError):
            part.unlink()
    _record(place, loss, aside)
    return Restored(loss=loss, aside=str(aside or ""))


def _copy(source: Path, part: Path) -> None:
    with suppress(FileNotFoundError):
        part.unlink()
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, _MODE)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        shutil.copyfileobj(reading, writing, 2**20)
    sync(part)


def _record(place: Place, loss: Loss, aside: Path | None) -> None:
    """Leave the event that says so: what is lost must not go unseen."""
    body = {
        "file": loss.file,
        "seq": loss.backup.seq,
        "hash": loss.backup.hash,
        "lost": loss.events,
        "aside": aside.name if aside else "",
    }
    draft = own_event("store.restored", "store", time.time(), body)
    store = open_store(place.database)
    try:
        with store.writer() as conn:
            events.append(
                conn, at=draft.at, uid=draft.uid, person="", via="command", command_id=None, kind=draft.kind,
                subject=draft.subject, body=draft.body,
            )  # fmt: skip
    finally:
        store.close()
