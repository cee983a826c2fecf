"""Backups: whole while the store is written to, and nothing left behind where one can not be made."""

import os
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from opsconsole.base.errors import Conflict, Problem
from opsconsole.store import check, files, sqlite
from opsconsole.store.backup import NoRoom, back_up
from opsconsole.store.check import check_file, check_store
from opsconsole.store.database import Store, open_store
from opsconsole.store.events import append


def add_events(store: Store, count: int) -> None:
    with store.writer() as conn:
        for number in range(count):
            append(
                conn, at=1_795_000_000 + number, uid=0, person="", via="engine", command_id=None,
                kind="engine.online", subject="engine", body={"filler": "x" * 500},
            )  # fmt: skip


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "one.db"


def test_a_backup_is_one_file_for_its_owner_with_all_that_was_committed(store, path, target):
    add_events(store, 300)
    seen = []
    made = back_up(path, target, lambda done, total: seen.append((done, total)))
    assert made.checked.whole
    assert (made.checked.chain.seq, made.checked.counts["event"], made.checked.store) == (
        300,
        300,
        store.uuid,
    )
    assert seen[-1][0] == seen[-1][1] > 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [one.name for one in target.parent.iterdir()] == ["one.db"]
    assert check_file(target).chain.head == made.checked.chain.head


def test_writing_goes_on_meanwhile_and_none_of_it_spoils_the_copy(store, path, target):
    add_events(store, 500)
    begun, ended = threading.Event(), threading.Event()

    def write():
        while not ended.is_set():
            add_events(store, 5)
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(20)
        made = [back_up(path, target.with_name(f"{number}.db")) for number in range(5)]
    finally:
        ended.set()
        writer.join()
    seqs = [one.checked.chain.seq for one in made]
    assert all(one.checked.whole for one in made)
    assert seqs == sorted(seqs)
    assert seqs[-1] > seqs[0], "writing went on"


def test_a_backup_can_be_opened_as_a_store_that_goes_on(store, path, target):
    add_events(store, 3)
    back_up(path, target)
    again = open_store(target)
    add_events(again, 1)
    again.close()
    assert check_store(target).chain.seq == 4


def test_nothing_is_overwritten_and_a_cut_off_copy_is_no_hindrance(store, path, target):
    target.with_name("one.db.part").write_text("of a copy that was cut off")
    back_up(path, target)
    before = target.read_bytes()
    with pytest.raises(Conflict, match="overwrites nothing"):
        back_up(path, target)
    assert target.read_bytes() == before
    link = target.with_name("link.db")
    link.symlink_to(target.with_name("elsewhere.db"))
    with pytest.raises(Conflict):
        back_up(path, link)


def test_a_store_that_is_not_whole_makes_no_backup(store, path, target):
    add_events(store, 5)
    store.close()
    with closing(sqlite.dbapi.connect(str(path))) as connection:
        connection.execute("DROP TRIGGER event_is_never_changed")
        connection.execute("UPDATE event SET person = 'budi' WHERE seq = 3")
        connection.commit()
    with pytest.raises(Problem, match="not whole"):
        back_up(path, target)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("folder", ["/proc", "/proc/nowhere", "/dev/null"])
def test_a_place_that_takes_no_file_is_told(store, path, folder):
    with pytest.raises(Problem, match="can not be written"):
        back_up(path, Path(folder) / "one.db")


def test_a_disk_without_room_is_told_before_anything_is_written(store, path, target):
    # The smallest store that no disk has room for: SQLite believes the size that its header says.
    add_events(store, 5)
    free = files.free_bytes(target.parent)
    with closing(sqlite.dbapi.connect(str(path))) as connection:
        [size] = connection.execute("PRAGMA page_size").fetchone()
    store.close()
    os.truncate(path, (free // size + 10) * size)
    with path.open("r+b") as file:
        file.seek(28)
        file.write((free // size + 10).to_bytes(4, "big"))
    with pytest.raises(NoRoom, match="too little space"):
        back_up(path, target)
    assert list(target.parent.iterdir()) == []


def test_a_disk_that_takes_no_more_in_the_middle_leaves_nothing_behind(store, path, target):
    add_events(store, 500)
    script = f"""
import resource, signal, sys
from pathlib import Path
from opsconsole.base.errors import Problem
from opsconsole.store.backup import back_up
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    back_up(Path({str(path)!r}), Path({str(target)!r}))
except Problem as problem:
    print(problem)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "can not be written" in done.stdout
    assert list(target.parent.iterdir()) == []


def test_what_somebody_took_out_of_a_store_is_missed(store, path):
    store.close()
    with closing(sqlite.dbapi.connect(str(path))) as connection:
        connection.execute("DROP TRIGGER event_is_never_changed")
        connection.execute("DROP TABLE look_detail")
    found = check_store(path)
    assert (found.whole, found.missing) == (False, ("event_is_never_changed", "look_detail"))


def test_damage_of_pages_is_told_with_the_librarys_own_words(store, path):
    add_events(store, 400)
    store.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 300)
    found = check_store(path)
    assert not found.whole
    assert found.faults
    assert len(found.faults) <= 5


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "can not be read"), (b"", "no store"), (b"x" * 5000, "no store"), ("other", "no store")],
)
def test_a_file_that_is_no_store_is_told(tmp_path, content, said):
    path = tmp_path / "x.db"
    if content == "other":
        with closing(sqlite.dbapi.connect(str(path))) as connection:
            connection.execute("CREATE TABLE t (x)")
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(Problem, match=said):
        check_file(path)


def test_a_store_of_a_newer_version_is_for_that_to_check(store, path):
    store.close()
    with closing(sqlite.dbapi.connect(str(path))) as connection:
        connection.execute(f"PRAGMA user_version = {check.SCHEMA + 1}")
    with pytest.raises(Problem, match="newer opsconsole"):
        check_file(path)
