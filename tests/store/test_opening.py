"""What is made, refused, and set aside when a store is opened."""

import os
import stat
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from opsconsole.base.errors import Problem
from opsconsole.store import database, files, sqlite
from opsconsole.store.database import Store, StoreFull, open_store
from opsconsole.store.migrate import SCHEMA


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _run(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """Run statements on a database no store has open; the last one's rows."""
    rows: list[tuple[object, ...]] = []
    with closing(sqlite.dbapi.connect(str(path))) as connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
        connection.commit()
    return rows


def test_a_new_store_and_its_companions_are_closed_to_others(store: Store, path: Path) -> None:
    with store.writer() as conn:
        conn.exec_driver_sql("UPDATE store SET uuid = uuid")
        companions = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        assert [_mode(one) for one in companions] == [0o640] * 3
    assert _mode(path.parent) == 0o750
    assert _mode(files.reserve_of(path)) == 0o640


def test_a_store_says_whose_it_is(store: Store, path: Path) -> None:
    store.close()
    assert path.read_bytes()[68:72] == b"OPSC"
    assert _run(path, "PRAGMA user_version") == [(SCHEMA,)]


def test_a_store_opened_again_is_the_same(store: Store, path: Path) -> None:
    store.close()
    again = open_store(path)
    assert again.uuid == store.uuid
    again.close()


def test_two_stores_differ(store: Store, tmp_path: Path) -> None:
    other = open_store(tmp_path / "other" / "opsconsole.db")
    assert other.uuid != store.uuid
    other.close()


def test_a_commit_outlives_a_power_cut_and_readers_do_not_wait(store: Store) -> None:
    for connection in (store.writer(), store.reader()):
        with connection as conn:
            settings = {
                name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
            }
            assert settings == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "trusted_schema": 0,
            }


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError, match="readonly"), store.reader() as conn:
        conn.exec_driver_sql("DELETE FROM look")


def test_a_reader_sees_only_what_is_committed(store: Store) -> None:
    with store.writer() as conn:
        conn.exec_driver_sql("INSERT INTO look_detail VALUES (1, 1, x'00')")
        with store.reader() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM look_detail").scalar() == 0
    with store.reader() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM look_detail").scalar() == 1


def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writer() as conn:
        conn.exec_driver_sql("INSERT INTO look_detail VALUES (1, 1, x'00')")
        raise ZeroDivisionError
    with store.reader() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM look_detail").scalar() == 0


def test_a_store_of_a_newer_version_is_left_alone(store: Store, path: Path) -> None:
    store.close()
    _run(path, f"PRAGMA user_version = {SCHEMA + 7}")
    before = path.read_bytes()
    with pytest.raises(Problem, match=rf"newer opsconsole \(schema {SCHEMA + 7}, this one knows {SCHEMA}\)"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    _run(path, "CREATE TABLE mine (x)")
    before = path.read_bytes()
    with pytest.raises(Problem, match="database of another program"):
        open_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_a_link_is_refused(store: Store, path: Path, tmp_path: Path, link) -> None:
    store.close()
    elsewhere = tmp_path / "elsewhere.db"
    link(elsewhere, path)
    with pytest.raises(Problem, match="is a link"):
        open_store(elsewhere)


def test_a_folder_in_the_store_s_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(Problem, match="no regular file"):
        open_store(path)


def test_what_cannot_be_opened_says_what_was_seen_and_is_left_alone(store: Store, path: Path) -> None:
    store.close()
    path.with_name(path.name + "-wal").mkdir()
    with pytest.raises(Problem, match=r"cannot be opened: .*\. Look whether"):
        open_store(path)
    assert path.exists()


MOUNTS = """\
21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
36 21 0:41 / /srv rw,relatime shared:1 - nfs4 10.0.0.9:/srv rw,vers=4.2
37 36 0:42 / /srv/local\\040disk rw - ext4 /dev/vdb rw
38 21 0:43 / /home/sari/drive rw - fuse.sshfs sari@host rw
39 21 0:44 / /data rw - ext4 /dev/vdc rw
40 39 0:45 / /data rw - cifs //nas/data rw
a line of another kernel
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/opsconsole", "ext4"),
        ("/srv/opsconsole", "nfs4"),
        ("/srvother", "ext4"),
        ("/srv/local disk/store", "ext4"),
        ("/home/sari/drive/store", "fuse.sshfs"),
        ("/data/store", "cifs"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_its_nearest_and_last_mount(folder: str, kind: str) -> None:
    assert files.file_system(Path(folder), MOUNTS) == kind


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_file_system_is_refused_before_anything_is_made(path: Path, kind: str) -> None:
    with pytest.raises(Problem, match=kind):
        files.prepare(path, f"21 1 254:0 / / rw - {kind} somewhere rw\n")
    assert not path.exists()


def test_a_machine_that_does_not_tell_its_mounts_is_trusted(path: Path) -> None:
    files.prepare(path, "")
    assert path.exists()


def _damage_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for offset in range(4096, len(content), 4096):
        content[offset : offset + 200] = b"\xa5" * 200
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        _damage_pages,
        lambda path: path.write_bytes(b"\0" * 100 + path.read_bytes()[100:]),
        lambda path: path.write_text("not a database at all, but a letter of some length " * 20),
    ],
    ids=["pages", "header", "a letter"],
)
def test_a_damaged_store_is_set_aside_whole_and_the_next_start_begins_anew(
    store: Store, path: Path, damage
) -> None:
    store.close()
    damage(path)
    before = path.read_bytes()
    with pytest.raises(Problem, match=r"is damaged .* set aside as .*corrupt-\d{8}T\d{6}Z"):
        open_store(path)
    [aside] = path.parent.glob("opsconsole.db.corrupt-*")
    assert aside.read_bytes() == before
    assert not path.exists()
    again = open_store(path)
    assert again.uuid != store.uuid
    assert files.aside(path) == [aside]
    again.close()


def test_what_is_set_aside_never_lands_on_what_was(store: Store, path: Path) -> None:
    store.close()
    for content in ("first", "second", "third"):
        path.write_text(content * 300)
        os.utime(path, (1_700_000_000, 1_700_000_000))
        with pytest.raises(Problem, match="set aside"):
            open_store(path)
    aside = sorted(path.parent.glob("opsconsole.db.corrupt-*"))
    assert [one.name.partition("corrupt-")[2] for one in aside] == [
        "20231114T221320Z",
        "20231114T221320Z-2",
        "20231114T221320Z-3",
    ]
    assert [one.read_text()[:5] for one in aside] == ["first", "secon", "third"]


def test_a_start_that_broke_off_in_the_middle_is_taken_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = database.upgrade

    def broken(conn) -> None:
        upgrade(conn)
        raise ZeroDivisionError

    monkeypatch.setattr(database, "upgrade", broken)
    with pytest.raises(ZeroDivisionError):
        open_store(path)
    monkeypatch.undo()
    assert _run(path, "SELECT count(*) FROM sqlite_schema") == [(0,)]
    open_store(path).close()


def test_what_is_opened_by_python_is_never_the_database() -> None:
    """Closing any descriptor of it would drop SQLite's locks, and then acknowledged writes are lost."""
    script = """
import sys, tempfile
from pathlib import Path
from opsconsole.store import events
from opsconsole.store.database import open_store
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "opsconsole.db"
    opened = []
    sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
    for _ in range(2):
        store = open_store(path)
        with store.writer() as conn:
            who = dict(uid=0, person="", via="", command_id=None)
            events.append(conn, at=1.0, kind="k", subject="", body={}, **who)
        with store.reader() as conn:
            assert events.verify(conn).whole
        store.free_reserve()
        store.keep_reserve()
        store.close()
    print(sum(name.startswith(str(path)) for name in opened))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # Once: when it is made, before any connection.
    assert done.stdout == "1\n"


def test_a_writer_that_has_only_read_already_holds_the_store(store: Store, path: Path) -> None:
    with store.writer() as conn:
        conn.exec_driver_sql("SELECT uuid FROM store")
        with closing(sqlite.connect(path, writes=True)) as other:
            other.execute("PRAGMA busy_timeout = 0")
            with pytest.raises(sqlite.dbapi.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")


def test_writers_that_read_first_lose_no_update(store: Store) -> None:
    from threading import Thread

    with store.writer() as conn:
        conn.exec_driver_sql("INSERT INTO look_detail VALUES (1, 1, x'00')")

    def count() -> None:
        for _ in range(50):
            with store.writer() as conn:
                seen = conn.exec_driver_sql("SELECT at FROM look_detail").scalar_one()
                conn.exec_driver_sql("UPDATE look_detail SET at = ?", (seen + 1,))

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reader() as conn:
        assert conn.exec_driver_sql("SELECT at FROM look_detail").scalar_one() == 201


def _fill(store: Store) -> None:
    with store.writer() as conn:
        conn.exec_driver_sql(
            "INSERT INTO look_detail SELECT 2, coalesce(max(at), 0) + 1, zeroblob(50000) FROM look_detail"
        )


def test_a_full_disk_has_an_error_of_its_own_and_loses_nothing(store: Store) -> None:
    with store.writer() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 30}")
    _fill(store)
    with pytest.raises(StoreFull, match=r"disk of the store .* is full"):
        for _ in range(9):
            _fill(store)
    with store.reader() as conn:
        kept = conn.exec_driver_sql("SELECT count(*) FROM look_detail").scalar_one()
    assert kept >= 1
    with store.writer() as conn:
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3000}")
    _fill(store)
    with store.reader() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM look_detail").scalar_one() == kept + 1


def test_the_reserve_is_given_back_and_taken_again(store: Store, path: Path) -> None:
    reserve = files.reserve_of(path)
    assert reserve.stat().st_size == files.RESERVE_BYTES
    assert reserve.stat().st_blocks * 512 >= files.RESERVE_BYTES
    assert store.free_reserve()
    assert not store.free_reserve()
    assert store.keep_reserve()
    assert store.keep_reserve()
    assert reserve.exists()


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of 40 MiB of its own; the test is left out where that is not allowed."""
    point = tmp_path / "disk"
    point.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(point)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield point
    subprocess.run(["umount", str(point)], check=True)


def _fill_disk(folder: Path, name: str = "filler") -> None:
    free = os.statvfs(folder)
    filler = os.open(folder / name, os.O_CREAT | os.O_WRONLY)
    os.posix_fallocate(filler, 0, free.f_bavail * free.f_frsize)
    os.close(filler)


@pytest.mark.root
def test_on_a_full_disk_events_are_written_from_the_reserve(small_disk: Path) -> None:
    store = open_store(small_disk / "opsconsole.db")
    _fill_disk(small_disk)
    with pytest.raises(StoreFull):
        for _ in range(200):
            _fill(store)
    assert store.free_reserve()
    for _ in range(20):
        _fill(store)
    assert not store.keep_reserve()
    (small_disk / "filler").unlink()
    store.close()


@pytest.mark.root
def test_a_store_opens_on_a_disk_already_full_by_its_reserve_and_says_so_without(small_disk: Path) -> None:
    open_store(small_disk / "opsconsole.db").close()
    _fill_disk(small_disk)
    store = open_store(small_disk / "opsconsole.db")
    _fill(store)
    store.close()
    _fill_disk(small_disk, "more")
    with pytest.raises(StoreFull):
        open_store(small_disk / "opsconsole.db")


@pytest.mark.parametrize(
    ("lost", "told"), [("DROP TABLE look", "no table look"), ("DELETE FROM store", "no row in store")]
)
def test_a_store_out_of_which_something_was_taken_is_set_aside_as_damaged(
    store: Store, path: Path, lost: str, told: str
) -> None:
    store.close()
    _run(path, lost)
    with pytest.raises(Problem, match=rf"damaged \({told}\)"):
        open_store(path)
    assert len(files.aside(path)) == 1


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def test_a_question_that_reads_for_too_long_is_ended_and_the_next_is_answered(store: Store) -> None:
    with pytest.raises(Problem, match="too long"), store.answering(0.05) as conn:
        conn.exec_driver_sql(ENDLESS)
    assert _count(store) == 1


def _count(store: Store) -> int:
    with store.answering() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM store").scalar_one())


def test_questions_take_no_reader_from_commands(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(store.answering())
        with store.reader() as conn:
            assert conn.exec_driver_sql("SELECT count(*) FROM store").scalar_one() == 1
        monkeypatch.setattr(store._answering.pool, "_timeout", 0.05)
        with pytest.raises(Problem, match="too long"):
            _count(store)


def test_a_reserve_that_can_not_be_made_or_removed_is_no_error(store: Store, path: Path) -> None:
    reserve = files.reserve_of(path)
    assert store.free_reserve()
    path.with_name("reserve.part").mkdir()
    assert not store.keep_reserve()
    path.with_name("reserve.part").rmdir()
    reserve.mkdir()
    assert not store.free_reserve()
