"""Maintenance in the engine: looks go on, nobody is told, exact moments count, a restart changes nothing."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opsconsole.base.clock import SystemClock
from opsconsole.base.errors import Conflict, Invalid, NotFound, Problem
from opsconsole.base.paths import home_place
from opsconsole.base.secrets.store import SecretStore
from opsconsole.base.text import notice_text, reason_text
from opsconsole.client.calls import AsyncClient
from opsconsole.client.commands import EndMaintenance, PlanMaintenance, Reload
from opsconsole.client.history import AskHistory
from opsconsole.client.maintenance import AskMaintenance, Maintenance
from opsconsole.client.shapes import Application, CommandResult
from opsconsole.engine.core import Core
from opsconsole.engine.log import EngineLog
from opsconsole.engine.outset import begin
from opsconsole.inventory.load import load
from opsconsole.store.database import open_store
from probes.observation import Verdict, utc
from tests.engine.city import City
from tests.engine.inside import NOON, HandClock, Inside
from tests.engine.looking import observation
from tests.engine.offices import Office, application, until

KEYS = {"every": "1m", "retry": "1m", "timeout": "1s", "attempts": 2, "recoveries": 1}
QUICK = {"every": "300ms", "retry": "100ms", "attempts": 2}
PASSED, FAILED = observation(), observation(Verdict.DOWN, "connect_refused")
# NOON is 18:33:20 on a Tuesday in Jakarta.
WEEKLY = """
[[maintenance]]
name = "tambal"
applies_to = ["satu"]
days = "tue"
start = "19:00"
lasts = "30h"
"""
BEGINS = NOON + 1600
HOUR = 3600.0


def send(office: Office, args: PlanMaintenance | EndMaintenance | Reload) -> CommandResult:
    with office.client() as client:
        return client.command(args)


def listed(office: Office, row_id: str = "") -> list[Maintenance]:
    with office.client() as client:
        return list(client.query(AskMaintenance(application=row_id)).windows)


def inside(home: Path, calendar: str = "", clock: HandClock | None = None) -> Inside:
    """Two applications that are looked at by hand."""
    config = home_place(home).config
    config.mkdir(parents=True, exist_ok=True)
    (config / "calendar.toml").write_text(calendar)
    names = ("satu", "dua")
    made = Inside(
        home, *(application(name, "http://127.0.0.1:9/", probe=KEYS) for name in names), clock=clock
    )
    made.fit("unset")
    return made


def state(made: Inside, row_id: str = "satu") -> str:
    shown = made.row(row_id).shown
    assert shown is not None
    return shown.state.value


def at(made: Inside, when: float) -> str:
    """What is shown of the first application once the clock says so."""
    made.clock.advance(when - made.clock.now())
    made.board.edge()
    return state(made)


def kinds(made: Inside) -> list[tuple[object, ...]]:
    return made.query("SELECT kind, subject FROM event WHERE kind LIKE 'maintenance.%' ORDER BY seq")


async def test_a_declared_window_covers_from_its_start_to_its_end_more_than_a_day_later(home: Path):
    made = inside(home, WEEKLY)
    made.look("satu", PASSED)
    assert at(made, BEGINS - 0.001) == "up"
    assert at(made, BEGINS) == at(made, BEGINS + 24 * HOUR) == "maint"
    assert state(made, "dua") == "pending"
    shown = made.row("satu").shown
    assert shown is not None
    assert shown.params == {"until": "2026-11-25T18:00:00Z", "by": "calendar.toml", "why": "tambal"}
    assert shown.since == BEGINS
    # Looks go on beneath it.
    made.look("satu", FAILED)
    assert (state(made), made.row("satu").shown.health) == ("maint", "down")  # type: ignore[union-attr]
    made.look("satu", PASSED)
    assert at(made, BEGINS + 30 * HOUR - 0.001) == "maint"
    assert at(made, BEGINS + 30 * HOUR) == "up"
    await made.written()
    assert kinds(made) == [("maintenance.begun", "satu"), ("maintenance.ended", "satu")]
    made.close()


async def test_nobody_is_told_what_happens_in_it_and_the_look_after_it_decides(home: Path):
    made = inside(home, WEEKLY)
    made.look("satu", PASSED)
    at(made, BEGINS)
    for seen in (FAILED, FAILED, FAILED):
        made.look("satu", seen)
    at(made, BEGINS + 30 * HOUR)
    await made.written()
    announced = "SELECT body FROM event WHERE kind = 'application.announced'"
    assert made.query(announced) == []
    assert (state(made), made.soon) == ("down", ["satu"])
    made.clock.advance(1)
    made.look("satu", FAILED)
    await made.written()
    ((body,),) = made.query(announced)
    assert json.loads(bytes(body))["held"] == "maint"  # type: ignore[arg-type]
    made.close()


async def test_after_a_restart_inside_a_window_it_goes_on_and_is_not_told_again(home: Path):
    made = inside(home, WEEKLY)
    made.look("satu", PASSED)
    at(made, BEGINS + HOUR)
    await made.written()
    made.close()
    again = inside(home, WEEKLY, made.clock)
    assert state(again) == "maint"
    assert at(again, BEGINS + 30 * HOUR) != "maint"
    await again.written()
    assert [kind for kind, _ in kinds(again)] == ["maintenance.begun", "maintenance.ended"]
    again.close()


async def test_a_clock_that_is_set_back_before_the_start_takes_it_away(home: Path):
    made = inside(home, WEEKLY)
    assert at(made, BEGINS + 60) == "maint"
    made.clock.wall -= HOUR
    made.board.edge()
    assert state(made) == "pending"
    made.close()


class MovedClock(SystemClock):
    """The machine's clock, off by ``moved`` seconds."""

    moved = 0.0

    def now(self) -> float:
        return super().now() + self.moved


class Whole:
    """A whole engine inside the test."""

    def __init__(self, home: Path, clock: MovedClock) -> None:
        place = home_place(home)
        self.clock, self.log, self.store = clock, EngineLog(place.engine_log), open_store(place.database)
        outset = begin(place, self.store, load(place.config), clock.now(), demo=False)
        self.core = Core(
            outset, self.store, clock, self.log.logger, SecretStore(),
            stop=lambda: None, alive=lambda: None, on_clients=lambda _n: None,
        )  # fmt: skip
        self.client = AsyncClient(place)

    async def row(self, row_id: str = "satu") -> Application:
        return next(row for row in (await self.client.board()).applications if row.id == row_id)

    async def shows(self, wanted: str) -> Application:
        async with asyncio.timeout(20):
            while (row := await self.row()).state != wanted:
                await asyncio.sleep(0.01)
        return row

    async def __aenter__(self) -> "Whole":
        await self.core.start()
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.__aexit__(*error)  # type: ignore[arg-type]
        await self.core.stop("test")
        self.store.close()
        self.log.close()


@pytest.fixture
def one(home: Path, city: City) -> Path:
    """A home with one application that is looked at once an hour."""
    Office(home, None).write(  # type: ignore[arg-type]
        application("satu", city.site().url, probe={"every": "1h", "retry": "1m"})
    )
    return home


async def test_what_is_planned_begins_and_ends_at_its_own_moments(one: Path):
    async with Whole(one, MovedClock()) as engine:
        await engine.shows("up")
        start = engine.clock.now() + 0.3
        window = [utc(start), utc(start + 0.4)]
        await engine.client.command(
            PlanMaintenance("satu", window[1].isoformat(), "ganti disk", start=window[0].isoformat())
        )
        begun, ended = await engine.shows("maint"), await engine.shows("up")
        # Not at a sweep that comes by every five seconds: at that moment, kept to the millisecond.
        for row, moment in zip((begun, ended), window, strict=True):
            assert timedelta(milliseconds=-1) <= row.since - moment < timedelta(seconds=2)


async def test_a_step_of_the_clock_is_followed_at_once(one: Path):
    async with Whole(one, MovedClock()) as engine:
        await engine.shows("up")
        await engine.client.command(PlanMaintenance("satu", "2h", "ganti disk", start="3h"))
        engine.clock.moved = 3 * HOUR + 60
        await engine.shows("maint")
        engine.clock.moved = 6 * HOUR
        await engine.shows("up")


async def test_service_hours_that_begin_do_so_at_their_moment(one: Path):
    clock = MovedClock()
    now = datetime.fromtimestamp(clock.now(), UTC)
    opens = (now + timedelta(minutes=2)).replace(second=0, microsecond=0)
    # A minute of the clock on the wall is near for whoever moves the clock.
    clock.moved = (opens - now).total_seconds() - 1.5
    closes = opens + timedelta(minutes=5)
    config = home_place(one).config
    (config / "calendar.toml").write_text(
        f'[[hours]]\nname = "nanti"\nzone = "UTC"\nholidays = "open"\n'
        f'week = [{{ days = "mon-sun", open = ["{opens:%H:%M}-{closes:%H:%M}"] }}]\n'
    )
    opd = config / "opd" / "uji.toml"
    opd.write_text(opd.read_text().replace('id = "satu"', 'id = "satu"\nservice_hours = "nanti"'))
    async with Whole(one, clock) as engine:
        row = await engine.shows("up")
        assert timedelta() <= row.since - opens < timedelta(seconds=0.5)


def test_a_year_that_the_calendar_does_not_know_is_told_where_service_hours_go_by_it(
    office: Office, city: City
):
    site = city.site()
    office.write(application("satu", site.url, lines=['service_hours = "kantor"'], probe=QUICK))
    hours = '[[hours]]\nname = "kantor"\nweek = [{ days = "fri", open = ["08:00-09:00"] }]\n'
    calendar = office.place.config / "calendar.toml"
    calendar.write_text(hours)
    office.start()
    year = datetime.now(ZoneInfo("Asia/Jakarta")).year
    notices = [(one.code, one.params) for one in office.board().engine.notices]
    assert ("year_missing", {"year": year}) in notices
    assert str(year) in notice_text("year_missing", {"year": year})
    calendar.write_text(
        f"{hours}[holidays]\n{year}-08-17 = 'Kemerdekaan'\n{year + 1}-08-17 = 'Kemerdekaan'\n"
    )
    send(office, Reload())
    assert office.board().engine.notices == ()
    calendar.write_text(hours)
    office.write(application("satu", site.url, probe=QUICK))
    send(office, Reload())
    assert office.board().engine.notices == (), "nothing goes by the calendar"


def test_an_operator_plans_maintenance_and_ends_it(office: Office, city: City):
    site = city.site("fail")
    office.write(application("satu", site.url, probe=QUICK), application("dua", city.site().url, probe=QUICK))
    office.start()
    until(lambda: office.confirmed_down("satu"))
    planned = json.loads(bytes(send(office, PlanMaintenance("satu", "2h", "ganti disk")).result))
    # By the time of the answer the board says so.
    row = office.row("satu")
    assert (row.state, row.reason, row.params["why"]) == ("maint", "maint", "ganti disk")
    assert reason_text(row.reason, row.params).startswith(f"maintenance until {row.params['until']} by ")
    (window,) = listed(office, "satu")
    assert (window.number, window.kind, window.subjects) == (planned["number"], "fixed", ("satu",))
    assert window.until == window.end == window.start + timedelta(hours=2)
    assert listed(office, "dua") == []
    hits = len(site.hits)
    until(lambda: len(site.hits) > hits + 2)
    send(office, EndMaintenance("satu"))
    assert (office.row("satu").state, listed(office)) == ("down", [])
    with office.client() as client:
        history = client.query(AskHistory(application="satu", window="1h"))
    assert history.excluded_s > 0
    office.stop()
    for kind, subject in (("added", "satu"), ("begun", "satu"), ("ended", "satu")):
        assert [body["reason"] for body in office.events(f"maintenance.{kind}")] == ["ganti disk"]
        assert office.query("SELECT subject FROM event WHERE kind = ?", f"maintenance.{kind}") == [(subject,)]
    assert office.query("SELECT * FROM maintenance") == []


def test_a_flexible_one_that_began_outlives_a_kill_and_one_that_waits_goes_on_waiting(
    office: Office, city: City
):
    good, bad = city.site(), city.site()
    office.write(application("satu", bad.url, probe=QUICK), application("dua", good.url, probe=QUICK))
    office.start()
    until(lambda: {row.state.value for row in office.board().applications} == {"up"})
    send(office, PlanMaintenance("satu", "1h", "uji coba", lasts="3h"))
    send(office, PlanMaintenance("dua", "1h", "uji coba", lasts="3h"))
    assert office.row("satu").state == "up"
    bad.behaviour = "fail"
    # One failure is enough, confirmed or not.
    until(lambda: office.row("satu").state == "maint")
    before = {one.subjects[0]: one for one in listed(office)}
    began = before["satu"].began
    assert began is not None
    assert (before["satu"].until, before["dua"].began) == (began + timedelta(hours=3), None)
    office.kill()
    office.start()
    assert {one.subjects[0]: one for one in listed(office)} == before
    assert office.row("satu").state == "maint"
    until(lambda: office.row("dua").state == "up")
    office.stop()
    assert len(office.events("maintenance.begun")) == 1


def test_one_that_follows_its_parent_begins_and_ends_with_it_also_over_a_restart(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=QUICK), application("induk", site.url, probe=QUICK))
    office.start()
    until(lambda: {row.state.value for row in office.board().applications} == {"up"})
    send(office, PlanMaintenance("satu", "1d", "ikut induk", parent="induk"))
    assert office.row("satu").state == "up"
    send(office, PlanMaintenance("induk", "2h", "ganti disk"))
    assert (office.row("satu").state, office.row("satu").params["why"]) == ("maint", "ikut induk")
    office.kill()
    office.start()
    assert office.row("satu").state == "maint"
    send(office, EndMaintenance("induk"))
    until(lambda: office.row("satu").state == "up")
    assert listed(office) == []


def test_one_that_ended_while_no_engine_ran_is_told_as_over_at_the_start(office: Office, city: City):
    office.write(application("satu", city.site().url, probe=QUICK))
    office.start()
    send(office, PlanMaintenance("satu", "500ms", "sebentar"))
    office.kill()
    office.start()
    until(lambda: office.row("satu").state == "up")
    office.stop()
    assert [body["why"] for body in office.events("maintenance.ended")] == ["over"]


def test_an_agency_or_everything_can_be_worked_on_and_an_end_names_what_was_planned(
    office: Office, city: City
):
    site = city.site()
    office.write(application("satu", site.url, probe=QUICK), application("dua", site.url, probe=QUICK))
    office.start()
    send(office, PlanMaintenance("opd:uji", "2h", "pindah gedung"))
    send(office, PlanMaintenance("*", "1h", "listrik padam"))
    rows = office.board().applications
    assert {(row.state.value, row.params["why"]) for row in rows} == {("maint", "pindah gedung")}
    assert [one.subjects for one in listed(office, "dua")] == [("opd:UJI",), ("*",)]
    with pytest.raises(Conflict, match=r"is that of opd:UJI.*maintenance end opd:UJI"):
        send(office, EndMaintenance("satu"))
    send(office, EndMaintenance("opd:uji"))
    assert {row.params["why"] for row in office.board().applications} == {"listrik padam"}


def test_several_to_come_are_told_apart_by_their_number(office: Office, city: City):
    office.write(application("satu", city.site().url, probe=QUICK))
    office.start()
    for start in ("2h", "1d"):
        send(office, PlanMaintenance("satu", "1h", "uji", start=start))
    with pytest.raises(Conflict, match="several"):
        send(office, EndMaintenance("satu"))
    first, second = listed(office)
    assert first.start < second.start
    send(office, EndMaintenance(number=first.number))
    assert [one.number for one in listed(office)] == [second.number]
    # The only one that is left needs no number.
    send(office, EndMaintenance("satu"))
    with pytest.raises(NotFound, match="no maintenance"):
        send(office, EndMaintenance(number=first.number))
    office.stop()
    assert len(office.events("maintenance.cancelled")) == 2
    assert office.events("maintenance.begun") == []


def test_what_is_declared_is_changed_in_its_file(office: Office, city: City):
    office.write(application("satu", city.site().url, probe=QUICK))
    calendar = office.place.config / "calendar.toml"
    calendar.write_text(WEEKLY.replace('days = "tue"', 'days = "mon-sun"').replace("30h", "3d"))
    office.start()
    assert office.row("satu").params["why"] == "tambal"
    assert {(one.number, one.by) for one in listed(office)} == {(0, "calendar.toml")}
    with pytest.raises(Conflict, match=r"declared in calendar\.toml: tambal"):
        send(office, EndMaintenance("satu"))
    calendar.write_text("")
    send(office, Reload())
    until(lambda: office.row("satu").state == "up")
    assert listed(office) == []


def test_what_can_not_be_planned_is_refused_with_the_reason(office: Office, city: City):
    office.write(application("satu", city.site().url, probe=QUICK))
    office.start()
    refused: list[tuple[PlanMaintenance, type[Problem], str]] = [
        (PlanMaintenance("satu", "31d", "lama"), Invalid, "within 30 days"),
        (PlanMaintenance("satu", "2020-01-01", "lewat"), Invalid, "within 30 days"),
        (PlanMaintenance("satu", "2h", "lewat", start="2020-01-01"), Invalid, "between now and 366 days"),
        (PlanMaintenance("satu", "besok", "uji"), Invalid, "neither a time nor how long"),
        (PlanMaintenance("satu", "2h", "  "), Invalid, "needs a reason"),
        (PlanMaintenance("satu", "2h", "uji", lasts="lama"), Invalid, "not how long"),
        (PlanMaintenance("satu", "2h", "uji", lasts="31d"), Invalid, "not how long"),
        (PlanMaintenance("satu", "2h", "uji", lasts="0s"), Invalid, "not how long"),
        (PlanMaintenance("satu", "2h", "uji", parent="satu"), Invalid, "can not begin the maintenance"),
        (PlanMaintenance("satu", "2h", "uji", parent="tiada"), Invalid, "can not begin the maintenance"),
        (PlanMaintenance("tiada", "2h", "uji"), NotFound, "no application"),
        (PlanMaintenance("opd:tiada", "2h", "uji"), NotFound, "no OPD"),
    ]
    for args, kind, words in refused:
        with pytest.raises(kind, match=words):
            send(office, args)
    with pytest.raises(Conflict, match="No maintenance of satu"):
        send(office, EndMaintenance("satu"))
    with pytest.raises(NotFound):
        listed(office, "tiada")
    office.stop()
    assert office.events("maintenance.added") == []
