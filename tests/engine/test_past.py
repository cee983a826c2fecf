"""The history, the log, the register and an OPD's page, answered from a real store."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from inspect import signature
from itertools import groupby
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import pytest

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid, NotFound
from opsconsole.client.agency import AskOpd, OpdPage
from opsconsole.client.findings import AskInventory, InventoryPage
from opsconsole.client.history import AskHistory, History
from opsconsole.client.logbook import STATE, AskLog, Entry, LogPage
from opsconsole.client.queries import QUERIES, shape_of
from opsconsole.client.shapes import Caller, Role, State
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.engine.questions import questions
from opsconsole.store import runs
from opsconsole.store.database import Store
from opsconsole.store.drafts import EventDraft, own_event
from probes.observation import Verdict
from tests.engine.inside import NOON, Inside
from tests.engine.looking import observation
from tests.engine.offices import application

HOUR = 3600.0
DUA = '[[applications]]\nid = "dua"\nname = "Dua"\n'
# What else their makers are given, these do not use.
_UNUSED = {name: Mock() for name in signature(questions).parameters}
ANSWERERS = cast(Any, questions)(**_UNUSED)
ME = Caller(1000, "sari", "console", Role.VIEWER)


class Past(Inside):
    """Parts of an engine, and the questions that are put to it."""

    async def ask(self, args: Any) -> Any:
        return await ask(self.outset.office, self.store, self.clock, args)

    def looks(self, row_id: str, number: int, verdict: Verdict = Verdict.UP, *, every: float = 60.0) -> None:
        """So many looks, one each ``every`` seconds."""
        reason = "ok" if verdict is Verdict.UP else "connect_refused"
        for _ in range(number):
            self.look(row_id, observation(verdict, reason))
            self.clock.advance(every - 0.1)


async def ask(office: Office, store: Store, clock: Any, args: Any) -> Any:
    return await ANSWERERS[shape_of(args).name](Asked(args, ME, office, store, clock))


@asynccontextmanager
async def past(home: Path, *files: str) -> AsyncIterator[Past]:
    inside = Past(home, *(files or (application("satu", "http://127.0.0.1:9/"),)))
    inside.fit("ok", math.inf)
    try:
        yield inside
    finally:
        await asyncio.to_thread(inside.close)


def test_every_query_has_an_answer() -> None:
    assert ANSWERERS.keys() == QUERIES.keys()


async def test_a_history_counts_from_the_first_failing_look_to_the_first_that_passed(home: Path) -> None:
    async with past(home) as office:
        office.looks("satu", 30)
        office.looks("satu", 10, Verdict.DOWN)
        office.looks("satu", 20)
        await office.written()
        found: History = await office.ask(AskHistory(application="satu", window="1h", stretches=True))
        assert (found.looks, found.failures) == (60, 10)
        assert found.up_s + found.down_s + found.unknown_s + found.excluded_s == HOUR
        assert (found.down_s, found.up_s, found.unknown_s) == (600.0, 3000.0, 0.0)
        assert round(found.low_pct or 0, 2) == round(found.high_pct or 0, 2) == 83.33
        held = [state for state, _group in groupby(found.stretches, key=lambda one: one.state)]
        assert held == [State.UP, State.DOWN, State.UP]
        assert [bucket.state for bucket in found.buckets].count(State.DOWN) == 10
        assert {bucket.looks for bucket in found.buckets} == {1}
        assert found.first_look_at == utc(NOON)
        probe: History = await office.ask(AskHistory(application="satu", probe="http", window="1h"))
        assert (probe.down_s, probe.looks, probe.stretches) == (600.0, 60, ())


async def test_time_without_the_engine_is_unknown_and_widens_the_interval(home: Path) -> None:
    async with past(home) as office:
        office.looks("satu", 60)
        await office.written()
        office.clock.advance(1.5 * HOUR)
        with office.store.writer() as conn:
            conn.exec_driver_sql("UPDATE engine_run SET ended_at = heartbeat_at")
            runs.begin_run(conn, office.clock.now(), 1, "0")
        office.clock.advance(HOUR / 2)
        found: History = await office.ask(AskHistory(application="satu"))
        known = found.up_s + found.down_s
        assert found.unknown_s == 86_400 - known
        assert found.low_pct == pytest.approx(known / 864)
        assert found.high_pct == pytest.approx(100)
        assert found.coverage_pct == pytest.approx(known / 864)
        earlier: History = await office.ask(
            AskHistory(application="satu", until=utc(NOON + HOUR), window="1h")
        )
        assert earlier.end == utc(NOON + HOUR)
        assert earlier.looks == 60


async def test_what_is_asked_wrongly_is_said(home: Path) -> None:
    async with past(home) as office:
        with pytest.raises(NotFound):
            await office.ask(AskHistory(application="dua"))
        with pytest.raises(NotFound):
            await office.ask(AskHistory(application="satu", probe="tcp"))
        with pytest.raises(Invalid):
            await office.ask(AskHistory(application="satu", until=utc(NOON + 1)))
        with pytest.raises(Invalid):
            await office.ask(AskLog(before="satu"))
        with pytest.raises(NotFound):
            await office.ask(AskOpd(code="TIADA"))


def said(page: LogPage) -> list[str]:
    return [one.kind if one.kind != STATE else str(one.after) for one in page.entries]


def told(office: Past, kind: str, subject: str, person: str = "", **body: object) -> None:
    via = "console" if person else "engine"
    office.recorder.event(EventDraft(kind, subject, office.clock.now(), 1000, person, via, body))


async def test_the_log_tells_events_and_changes_of_state_in_one_order_of_time(home: Path) -> None:
    async with past(home) as office:
        told(office, "engine.started", "engine", version="1", rev=1, probes=1)
        office.looks("satu", 2)
        await office.written()
        office.looks("satu", 4, Verdict.DOWN)
        told(office, "probe.rechecked", "satu", "sari", probes=["http"])
        await office.written()
        page: LogPage = await office.ask(AskLog())
        assert said(page) == ["probe.rechecked", "down", "down", "engine.started"], "a first UP is no news"
        assert (page.total, page.more) == (4, False)
        by_hand, confirmed, soft = page.entries[:3]
        assert (by_hand.person, by_hand.body, by_hand.opd) == ("sari", {"probes": ["http"]}, "Uji")
        assert (confirmed.hard, soft.hard, soft.reason) == (True, False, "connect_refused")
        assert office.writer.logged == 6  # the confirmed change stands in the chain as well


async def test_pages_of_the_log_go_on_where_the_one_before_ended(home: Path) -> None:
    async with past(home) as office:
        for number in range(25):
            told(office, "clock.stepped", "engine", seconds=str(number))
            if number % 3 == 0:
                office.look("satu", observation(Verdict.DOWN if number % 2 else Verdict.UP, "ok"))
            await office.written()
        whole: LogPage = await office.ask(AskLog())
        mark, found = "", []
        while True:
            page: LogPage = await office.ask(AskLog(before=mark, limit=4))
            assert page.total == (0 if mark else whole.total)
            found += page.entries
            if not page.more:
                break
            mark = page.oldest
        assert whole.total == len(whole.entries)
        assert [one.id for one in found] == [one.id for one in whole.entries]
        assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
        told(office, "clock.stepped", "engine", seconds="new")
        await office.written()
        news: LogPage = await office.ask(AskLog(after=whole.newest))
        assert [one.body for one in news.entries] == [{"seconds": "new"}]


async def test_the_log_can_be_asked_by_kind_application_person_and_time(home: Path) -> None:
    async with past(home, application("satu", "http://127.0.0.1:9/"), DUA) as office:
        office.looks("satu", 1, Verdict.DOWN)
        told(office, "config.refused", "config", mistakes=1, lines=["a"])
        told(office, "configured", "config")
        office.clock.advance(2 * HOUR)
        told(office, "probe.rechecked", "dua", "Sari")
        await office.written()

        async def kinds(**asked: Any) -> list[str]:
            return said(await office.ask(AskLog(**asked)))

        assert await kinds(kinds=("config.",)) == ["config.refused"]
        assert await kinds(kinds=("state",)) == ["down"]
        assert await kinds(kinds=("state", "probe")) == ["probe.rechecked", "down"]
        assert await kinds(applications=("satu",)) == ["down"]
        assert await kinds(about=("du",)) == ["probe.rechecked"]
        assert await kinds(who=("sar",)) == ["probe.rechecked"]
        assert await kinds(who=("engine",)) == ["configured", "config.refused", "down"]
        assert await kinds(window="1h") == ["probe.rechecked"]
        late = utc(office.clock.now()) - timedelta(minutes=1)
        assert await kinds(since=late) == ["probe.rechecked"]
        assert "probe.rechecked" not in await kinds(until=late)


async def test_the_register_tells_what_runs_and_what_the_looks_say_of_it(home: Path) -> None:
    lines = ("tier = 1", "personal_data = true")
    async with past(home, application("satu", "http://127.0.0.1:9/", lines=lines), DUA) as office:
        office.look("satu", observation(Verdict.DOWN, "dns_nxdomain", name="satu.example"))
        await office.written()
        page: InventoryPage = await office.ask(AskInventory())
        assert page.rev == 1
        assert page.accepted_at == utc(NOON)
        entry = page.entries[0]
        assert (entry.id, entry.tier, entry.personal_data, entry.file) == ("satu", 1, True, "opd/uji.toml")
        text = (home / "config" / "opd" / "uji.toml").read_text().splitlines()
        assert text[entry.line - 1] == "[[applications]]"
        assert [probe.target for probe in entry.probes] == ["http://127.0.0.1:9/"]
        found = {(one.code, one.application): one for one in page.findings}
        assert found["dns", "satu"].fixer == "dns"
        assert found["dns", "satu"].since == utc(NOON)
        assert {code for code, row_id in found if row_id == "satu"} == {"dns", "no_runbook", "plain_personal"}
        assert found["no_admin", ""].severity == "high"


async def test_a_refused_set_of_files_is_told_until_one_is_accepted(home: Path) -> None:
    async with past(home) as office:
        line = "opd/uji.toml:12: tier: want 1 to 4"
        told(office, "config.refused", "config", mistakes=1, lines=[line])
        await office.written()
        page: InventoryPage = await office.ask(AskInventory())
        refused = next(one for one in page.findings if one.code == "refused")
        assert (refused.severity, refused.file, refused.line) == ("high", "opd/uji.toml", 12)
        assert refused.params == {"text": "tier: want 1 to 4"}
        told(office, "config.accepted", "config")
        await office.written()
        page = await office.ask(AskInventory())
        assert all(one.code != "refused" for one in page.findings)


async def test_an_opd_is_told_with_its_applications_its_findings_and_its_log(home: Path) -> None:
    needing = ('depends_on = ["dua"]',)
    async with past(home, application("satu", "http://127.0.0.1:9/", lines=needing), DUA) as office:
        office.looks("satu", 1, Verdict.DOWN)
        office.recorder.event(own_event("engine.started", "engine", office.clock.now()))
        await office.written()
        page: OpdPage = await office.ask(AskOpd(code="uji"))
        assert (page.opd.code, page.opd.name) == ("UJI", "Dinas Uji")
        assert [one.id for one in page.applications] == ["satu", "dua"]
        assert page.services == ()
        assert {one.opd for one in page.findings} == {"UJI"}
        entries: list[Entry] = list(page.entries)
        assert [(one.subject, one.after) for one in entries] == [("satu", State.DOWN)]
        assert page.logged == 1
