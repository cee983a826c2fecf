"""The query `handover`: the shift that runs, one that was, and times that mean none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.client.incident_pages import AskHandover, Handover
from opsconsole.client.shapes import Caller, Role
from opsconsole.engine.asked import Asked
from opsconsole.engine.handover import answer_handover
from opsconsole.store import events
from opsconsole.store.drafts import EventDraft
from probes.observation import utc
from tests.engine.inside import NOON, Inside
from tests.engine.offices import application

ME = Caller(uid=1000, person="rina", via="console", role=Role.VIEWER)


class Watched(Inside):
    """An engine that is asked for a hand-over."""

    async def ask(self, args: AskHandover) -> Handover:
        return await answer_handover(Asked(args, ME, self.outset.office, self.store, self.clock))


@asynccontextmanager
async def past(home: Path) -> AsyncIterator[Watched]:
    inside = Watched(home, application("satu", "http://127.0.0.1:9/"))
    try:
        yield inside
    finally:
        await asyncio.to_thread(inside.close)


async def wrote(office: Watched, at: float, person: str) -> None:
    with office.store.writer() as conn:
        events.append(
            conn, at=at, uid=1, person=person, via="console", command_id=None, kind="probe.resumed",
            subject="satu", body={"probes": ["http"]},
        )  # fmt: skip


async def test_without_a_time_it_is_the_shift_that_runs(tmp_path: Path):
    async with past(tmp_path) as office:
        await wrote(office, NOON - 7200, "rina")
        office.recorder.event(EventDraft("probe.paused", "satu", NOON, 1, "budi", "console", {"reason": "x"}))
        await office.written()
        told = await office.ask(AskHandover())
        with office.store.reader() as conn:
            head = events.head(conn)
    assert told.at == utc(NOON)
    assert told.start <= utc(NOON) < told.end
    assert (told.head_seq, told.head_hash) == (head[0], head[1].hex())
    assert [change.person for change in told.changes] == ["rina", "budi"]
    assert told.open == told.ended == told.drills == ()


async def test_an_earlier_shift_has_what_was_done_in_it(tmp_path: Path):
    async with past(tmp_path) as office:
        before = (await office.ask(AskHandover())).start.timestamp() - 60
        await wrote(office, before, "rina")
        told = await office.ask(AskHandover(at=utc(before)))
    assert told.start <= utc(before) < told.end <= utc(NOON)
    assert [change.person for change in told.changes] == ["rina"]
    assert told.changes_total == 1


@pytest.mark.parametrize(
    "at", [utc(NOON + 1), datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]
)
async def test_a_time_of_no_shift_is_refused(tmp_path: Path, at: datetime):
    async with past(tmp_path) as office:
        with pytest.raises(Invalid):
            await office.ask(AskHandover(at=at))


async def test_drills_that_run_are_handed_over_with_the_shift_that_runs(tmp_path: Path):
    async with past(tmp_path) as office:
        with office.store.writer() as conn:
            conn.exec_driver_sql(
                "INSERT INTO drill (seq, person, opd, application, tier, hours, meant, asked_at, due_at, "
                "uid, \"by\", result) VALUES (1, 'rina', 'UJI', 'satu', 1, 'inside', 0, ?, ?, 1, 'budi', '')",
                (round(NOON * 1000), round(NOON * 1000) + 900_000),
            )
        running = await office.ask(AskHandover())
        before = await office.ask(AskHandover(at=utc(running.start.timestamp() - 60)))
    assert [(one.person, one.due_at) for one in running.drills] == [("rina", utc(NOON + 900))]
    assert before.drills == ()
