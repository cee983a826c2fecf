"""Backups by the clock and by command, made by a child of a real engine's parts."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from opsconsole.base.errors import Conflict, Invalid
from opsconsole.client.backups import AskStoreCheck, Backup, BackUpStore
from opsconsole.client.verified import AskVerify
from opsconsole.engine.backups import RETRY_SECONDS, Backups
from opsconsole.inventory.model import BackupSettings
from opsconsole.store.check import check_file
from tests.engine.inside import NOON, Inside
from tests.engine.offices import Office

DAY = 86_400.0


def backups(inside: Inside, **settings: object) -> Backups:
    given = BackupSettings(**settings)  # type: ignore[arg-type]
    return Backups(
        inside.store.path, inside.clock, inside.recorder, inside.log.logger, given, born=inside.clock.now()
    )


async def tend(one: Backups) -> None:
    """Let what is due be done."""
    one.look()
    while one._task is not None:
        await asyncio.wait([one._task])
        await asyncio.sleep(0)


def made(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "store" / "backups").glob("*"))


def stamp(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%SZ}"


async def test_the_first_is_made_a_day_after_the_office_first_ran_and_then_one_each_day(tmp_path):
    inside = Inside(tmp_path)
    one = backups(inside, keep=2)
    await tend(one)
    assert not (tmp_path / "store" / "backups").exists()
    names = []
    for day in range(1, 5):
        inside.clock.advance(DAY)
        await tend(one)
        await tend(one)
        names.append(f"auto-{stamp(NOON + day * DAY)}.db")
        assert made(tmp_path) == names[-2:], "the oldest give way"
    await inside.written()
    bodies = inside.query("SELECT json_extract(body, '$.file') FROM event WHERE kind = 'store.backed_up'")
    assert [Path(str(file)).name for (file,) in bodies] == names
    assert one.notices() == ()
    # The next engine goes on from what it finds.
    assert backups(inside).due() == NOON + 5 * DAY
    inside.close()


async def test_what_was_put_beside_them_is_never_removed(tmp_path):
    inside = Inside(tmp_path)
    one = backups(inside, keep=1)
    folder = tmp_path / "store" / "backups"
    folder.mkdir()
    for name in ("hand-20260101T000000Z.db", "auto-mine.db", "notes.txt"):
        (folder / name).touch()
    for _day in range(2):
        inside.clock.advance(DAY)
        await tend(one)
    assert {"hand-20260101T000000Z.db", "auto-mine.db", "notes.txt"} < set(made(tmp_path))
    assert len(made(tmp_path)) == 4
    inside.close()


async def test_none_is_made_where_that_is_switched_off(tmp_path):
    inside = Inside(tmp_path)
    one = backups(inside)
    one.take(BackupSettings(active=False))
    inside.clock.advance(2 * DAY)
    await tend(one)
    assert not (tmp_path / "store" / "backups").exists()
    inside.close()


async def test_one_that_fails_is_a_notice_until_one_is_made_and_is_tried_again_within_the_hour(tmp_path):
    inside = Inside(tmp_path)
    folder = tmp_path / "elsewhere"
    folder.write_text("no folder")
    one = backups(inside, dir=str(folder))
    inside.clock.advance(DAY)
    await tend(one)
    [notice] = one.notices()
    assert (notice.code, notice.params["folder"]) == ("backup_failed", str(folder))
    folder.unlink()
    await tend(one)
    assert one.notices() == (notice,), "not again at once"
    inside.clock.advance(RETRY_SECONDS)
    await tend(one)
    assert one.notices() == ()
    assert len(list(folder.iterdir())) == 1
    await inside.written()
    kinds = [
        kind for (kind,) in inside.query("SELECT kind FROM event WHERE kind LIKE 'store.%' ORDER BY seq")
    ]
    assert kinds == ["store.backup_failed", "store.backed_up"]
    inside.close()


def test_a_backup_by_command_is_made_by_a_running_engine_and_told_in_its_log(office: Office, tmp_path):
    office.write()
    office.start()
    target = tmp_path / "one.db"
    with office.client() as client:
        result = client.command(BackUpStore(str(target)), "backup-0001")
        again = client.command(BackUpStore(str(target)), "backup-0001")
        with pytest.raises(Conflict):
            client.command(BackUpStore(str(target)))
        with pytest.raises(Invalid, match="whole path"):
            client.command(BackUpStore("one.db"))
        own = msgspec.json.decode(client.command(BackUpStore()).result, type=Backup)
    backup = msgspec.json.decode(result.result, type=Backup)
    assert again.repeated
    assert (backup.file, backup.state.whole) == (str(target), True)
    assert backup.state.seq < result.seq
    assert check_file(target).chain.head.hex() == backup.state.hash
    assert Path(own.file).parent == office.place.store / "backups"
    assert os.stat(Path(own.file).parent).st_mode & 0o777 == 0o700
    office.stop()
    bodies = office.events("store.backed_up")
    assert [(one["file"], one["seq"]) for one in bodies] == [
        (backup.file, backup.state.seq), (own.file, own.state.seq)
    ]  # fmt: skip
    assert office.chain().whole


def test_a_running_engine_has_its_store_verified_and_checked(office: Office):
    office.write()
    office.start()
    with office.client() as client:
        found = client.query(AskVerify(wanted=(1,)))
        assert (found.broken_at, found.ended, found.seq, found.newest) == (
            None,
            True,
            found.newest,
            found.seq,
        )
        again = client.query(AskVerify(after=1, hash=found.marks[1]))
        assert (again.events, again.hash) == (found.seq - 1, found.hash)
        for wrong in (AskVerify(after=1), AskVerify(after=-1, hash="0" * 64), AskVerify(after=1, hash="x")):
            with pytest.raises(Invalid):
                client.query(wrong)
        state = client.query(AskStoreCheck())
    assert (state.whole, state.store, state.hash) == (True, found.store, found.hash)
    office.stop()
    heads = [line for line in office.place.engine_log.read_text().splitlines() if '"audit.head"' in line]
    assert ['"why": "start"' in heads[0], '"why": "end"' in heads[-1]] == [True, True]
    assert office.chain().head.hex() in heads[-1]
