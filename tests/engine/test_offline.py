"""A store without its engine: put back from a backup, with nothing deleted and nothing hidden."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from opsconsole.base.errors import Conflict, NotFound, Problem
from opsconsole.base.paths import Place, home_place
from opsconsole.engine.lock import LockHeld
from opsconsole.engine.offline import check_anchored, check_offline, locked, loss_of, restore, verify_offline
from opsconsole.store import sqlite
from opsconsole.store.backup import back_up
from opsconsole.store.database import open_store
from opsconsole.store.events import append, verify

NOW = 1_795_000_000.0


def add_events(place: Place, count: int) -> None:
    store = open_store(place.database)
    with store.writer() as conn:
        for _number in range(count):
            append(
                conn, at=NOW, uid=0, person="", via="engine", command_id=None, kind="engine.online",
                subject="engine", body={},
            )  # fmt: skip
    store.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An office whose store has ten events."""
    place = home_place(tmp_path / "office")
    add_events(place, 10)
    return place


@pytest.fixture
def backup(place: Place, tmp_path: Path) -> Path:
    """A backup of it, made before five more events."""
    made = tmp_path / "one.db"
    back_up(place.database, made)
    add_events(place, 5)
    return made


def events_of(path: Path) -> list[tuple[int, str]]:
    store = open_store(path)
    with store.reader() as conn:
        rows = [(seq, kind) for seq, kind in conn.exec_driver_sql("SELECT seq, kind FROM event ORDER BY seq")]
        assert verify(conn).whole
    store.close()
    return rows


def test_a_backup_is_put_back_and_what_is_lost_by_it_is_told_and_kept(place, backup):
    with locked(place, NOW):
        loss = loss_of(place, backup)
        assert (loss.backup.seq, loss.seq, loss.events) == (10, 15, 5)
        assert len(events_of(place.database)) == 15, "asking changes nothing"
        done = restore(place, loss)
    assert events_of(place.database)[-1] == (11, "store.restored")
    assert len(events_of(place.database)) == 11
    aside = Path(done.aside)
    assert ".replaced-" in aside.name
    state, marks = check_anchored(aside, [11, 15])
    assert (state.whole, state.seq, sorted(marks)) == (True, 15, [11, 15])
    assert os.stat(place.database).st_mode & 0o777 == 0o640
    assert not list(place.store.glob("*.restoring"))
    assert backup.exists()


def test_a_store_that_is_damaged_or_gone_is_replaced_too(place, backup):
    place.database.write_bytes(b"\xff" * 4096)
    with locked(place, NOW):
        loss = loss_of(place, backup)
        assert (loss.is_there, loss.seq) == (True, None)
        assert restore(place, loss).aside
        place.database.unlink()
        loss = loss_of(place, backup)
        assert loss.is_there is False
        assert restore(place, loss).aside == ""
    assert len(events_of(place.database)) == 11


def test_a_backup_that_is_not_whole_is_not_put_back(place, backup):
    with closing(sqlite.dbapi.connect(str(backup))) as connection:
        connection.execute("DROP TRIGGER event_is_never_changed")
        connection.execute("UPDATE event SET person = 'budi' WHERE seq = 3")
        connection.commit()
    before = place.database.read_bytes()
    with locked(place, NOW), pytest.raises(Problem, match="not whole"):
        loss_of(place, backup)
    assert place.database.read_bytes() == before


def test_a_backup_of_another_store_is_refused(place, backup, tmp_path):
    other = home_place(tmp_path / "other")
    add_events(other, 1)
    with locked(other, NOW), pytest.raises(Conflict, match="another store"):
        loss_of(other, backup)


def test_nothing_of_it_is_done_while_an_engine_holds_the_lock_or_where_nothing_is(place, tmp_path):
    with locked(place, NOW), pytest.raises(LockHeld), locked(place, NOW):
        pass
    with pytest.raises(NotFound), locked(home_place(tmp_path / "nowhere"), NOW):
        pass
    empty = home_place(tmp_path / "empty")
    empty.store.mkdir(parents=True)
    with locked(empty, NOW), pytest.raises(NotFound):
        check_offline(empty)


def test_it_is_checked_and_verified_step_by_step(place):
    add_events(place, 2500)
    steps = []
    with locked(place, NOW):
        assert check_offline(place).whole
        found = verify_offline(place, (1, 2000), steps.append, seconds=0)
    assert [step.seq for step in steps] == [1000, 2000, 2510]
    assert (found.events, found.seq, sorted(found.marks)) == (2510, 2510, [1, 2000])
