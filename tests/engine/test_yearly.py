"""What a year is told to have been, asked in it and after it, on a clock that the test moves."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.base.paths import home_place
from opsconsole.client.indices import AskIndices
from opsconsole.client.shapes import Caller, Role
from opsconsole.client.yearly import AskPeopleYear, AskStagesYear, PeopleYear, StagesYear
from opsconsole.engine.asked import Asked
from opsconsole.engine.indices import answer_indices
from opsconsole.engine.yearly import answer_people_year, answer_stages_year
from opsconsole.integration.subscriber import subscriber
from opsconsole.readiness.project import project
from opsconsole.store.drafts import own_event
from probes.observation import Verdict
from tests.engine.inside import HandClock, Inside
from tests.engine.looking import observation
from tests.engine.offices import application

DAY = 86_400.0
KEYS = {"every": "1h", "retry": "1m", "timeout": "1s", "attempts": 1, "recoveries": 1}
API = {"kind": "http", "url": "http://127.0.0.1:9/", "id": "api", **KEYS}
PEOPLE = '[[people]]\nid = "rina"\nname = "Rina"\nphone = "0812-0000-0001"\n'
ROAD = """
[[history]]
date = 2020-02-03
applications = ["satu"]
stage = 2

[[proofs]]
application = "satu"
proof = "agreement"
date = 2021-05-01
document = "PKS 1/2021"
valid_to = 2026-06-30
"""
INDEX = """
id = "kota"
name = "Indeks"
first = 2020
source = "satu"
[scales]
s = ["a", "b", "c", "d", "e"]
[[domains]]
id = "d"
name = "Bagian"
[[aspects]]
id = "a"
domain = "d"
name = "Aspek"
[[indicators]]
number = 1
aspect = "a"
name = "Satu"
levels = "s"
evidence = ["stages"]
applications = ["satu"]
"""


@pytest.fixture
def clock() -> HandClock:
    """Noon of 30 December 2025, as the office's clock has it."""
    clock = HandClock()
    clock.wall = datetime(2025, 12, 30, 5, tzinfo=UTC).timestamp()
    return clock


def made(home: Path, clock: HandClock) -> Inside:
    config = home_place(home).config
    for folder in ("people", "indices"):
        (config / folder).mkdir(parents=True, exist_ok=True)
    (config / "road.toml").write_text(ROAD)
    (config / "people" / "uji.toml").write_text(PEOPLE)
    (config / "indices" / "kota.toml").write_text(INDEX)
    inside = Inside(home, application("satu", probe=API), subscribers=(subscriber, project), clock=clock)
    inside.fit("unset")
    return inside


def asked(inside: Inside, args: Any) -> Asked:
    caller = Caller(uid=0, person="uji", role=Role.VIEWER, via="test")
    return Asked(args, caller, inside.outset.office, inside.store, inside.clock)


async def people(inside: Inside, year: int) -> PeopleYear:
    return await answer_people_year(asked(inside, AskPeopleYear(year=year)))


async def stages(inside: Inside, year: int) -> StagesYear:
    return await answer_stages_year(asked(inside, AskStagesYear(year=year)))


async def recorded(inside: Inside, kind: str, code: str, **more: object) -> None:
    now = inside.clock.now()
    body = {
        "kind": code, "at": datetime.fromtimestamp(now, UTC).isoformat(), "people": ["rina"], "opds": ["UJI"],
        **more,
    }  # fmt: skip
    inside.recorder.event(own_event(kind, "readiness", now, body))
    await inside.written()


async def test_a_level_of_a_year_is_by_what_was_there_on_its_last_day(home: Path, clock: HandClock):
    inside = made(home, clock)
    until = datetime(2026, 12, 31, tzinfo=UTC).isoformat()
    await recorded(inside, "readiness.decreed", "SK", until=until)
    await recorded(inside, "readiness.contacted", "KT", result="answered", variant="wa")
    before = await people(inside, 2025)
    assert [one.kind for one in before.rows] == ["SK", "KT"]
    assert before.names == {"rina": "Rina"}
    [level] = before.opds
    assert (level.proven, before.as_of) == (2, date(2025, 12, 30))
    # In the next year a transfer takes it all away: what the old one was, it stays.
    inside.clock.advance(40 * DAY)
    await recorded(
        inside, "readiness.changed", "CH", variant="transfer", params={"voids": ["SK", "KT"], "duties": []}
    )
    after = await people(inside, 2025)
    assert after.as_of == date(2025, 12, 31)
    assert [one.proven for one in after.opds] == [2]
    assert [one.kind for one in after.rows] == ["SK", "KT"]
    now = await people(inside, 2026)
    assert [one.kind for one in now.rows] == ["CH"]
    assert [one.proven for one in now.opds] == [1]
    inside.close()


async def test_what_was_taken_back_is_no_evidence(home: Path, clock: HandClock):
    inside = made(home, clock)
    await recorded(inside, "readiness.contacted", "KT", result="answered", variant="wa")
    [row] = (await people(inside, 2025)).rows
    await recorded(
        inside, "readiness.voided", "VO", people=[], opds=[], opd="UJI", rows=[row.number], undone=1
    )
    assert (await people(inside, 2025)).rows == ()
    inside.close()


async def test_a_year_begins_and_ends_by_the_office_s_clock(home: Path, clock: HandClock):
    inside = made(home, clock)
    # 23:30 of 31 December in Jakarta, and half an hour into the new year; in UTC both are of the old one.
    clock.wall = datetime(2025, 12, 31, 16, 30, tzinfo=UTC).timestamp()
    await recorded(inside, "readiness.contacted", "KT", result="answered", variant="wa")
    clock.advance(3600)
    await recorded(inside, "readiness.contacted", "KT", result="answered", variant="phone")
    assert [one.variant for one in (await people(inside, 2025)).rows] == ["wa"]
    assert [one.variant for one in (await people(inside, 2026)).rows] == ["phone"]
    inside.close()


async def test_stages_of_a_year_are_those_of_its_last_day_with_what_proved_them(home: Path, clock: HandClock):
    inside = made(home, clock)
    now = inside.clock.now()
    body = {"stage": 3, "was": 2, "day": "2025-12-30", "missing": ["sso"]}
    inside.recorder.event(own_event("integration.stage_reached", "satu", now, body))
    summary = {"day": "2025-12-30", "applications": 1, "begun": {"satu": ["reachable"]}, "stopped": {},
               "opds_stopped": {}, "opds_back": {}}  # fmt: skip
    inside.recorder.event(own_event("integration.evaluated", "road", now, summary))
    await inside.written()
    first, last, this = [await stages(inside, year) for year in (2020, 2024, 2025)]
    assert [(one.stage, one.since) for one in first.applications] == [(2, date(2020, 2, 3))]
    assert [(one.stage, one.was, one.seq) for one in first.moves] == [(2, None, 0)]
    assert (last.applications, last.moves) == (first.applications, ())
    assert [one.stage for one in this.applications] == [3]
    [move] = this.moves
    assert (move.day, move.was, move.stage, move.missing) == (date(2025, 12, 30), 2, 3, ("sso",))
    assert inside.query(f"SELECT kind FROM event WHERE seq = {move.seq}") == [("integration.stage_reached",)]
    assert {(one.proof, one.by) for one in last.proofs if one.stage == 2} == {("reachable", "told")}
    told = {one.proof: (one.by, one.since) for one in this.proofs}
    assert told["reachable"] == ("seen", date(2025, 12, 30))
    assert told["owner_signed"] == ("told", date(2020, 2, 3))
    assert told["agreement"] == ("paper", date(2021, 5, 1))
    assert "agreement" not in {one.proof for one in first.proofs}
    inside.clock.advance(200 * DAY)
    assert "agreement" not in {one.proof for one in (await stages(inside, 2026)).proofs}
    assert "agreement" in {one.proof for one in (await stages(inside, 2025)).proofs}
    inside.close()


async def test_an_exchange_tells_when_it_last_worked_in_the_year(home: Path, clock: HandClock):
    inside = made(home, clock)
    inside.look("satu", observation())
    worked = inside.clock.now()
    inside.clock.advance(3600)
    inside.look("satu", observation(Verdict.DOWN, "connect_refused"))
    await inside.written()
    [one] = (await stages(inside, 2025)).exchanges
    assert (one.application, one.probe, one.proof, one.kind) == ("satu", "api", "api", "http")
    assert one.last_good is not None and abs(one.last_good.timestamp() - worked) < 1
    inside.clock.advance(5 * DAY)
    assert [one.last_good for one in (await stages(inside, 2026)).exchanges] == [None]
    inside.close()


async def test_no_year_that_none_could_be_of(home: Path, clock: HandClock):
    inside = made(home, clock)
    for year in (2026, 1999, 2101, -1, 10**30):
        for ask in (people, stages):
            with pytest.raises(Invalid):
                await ask(inside, year)
    inside.close()


async def test_an_index_is_told_with_the_names_of_its_parts(home: Path, clock: HandClock):
    inside = made(home, clock)
    page = await answer_indices(asked(inside, AskIndices()))
    [index] = page.indices
    [indicator] = index.indicators
    assert (index.id, index.source, index.valid_in(2019), index.valid_in(2050)) == (
        "kota",
        "satu",
        False,
        True,
    )
    assert (indicator.domain, indicator.aspect, indicator.levels) == ("Bagian", "Aspek", tuple("abcde"))
    assert (indicator.evidence, indicator.applications) == (("stages",), ("satu",))
    assert (page.today, page.rev) == (date(2025, 12, 30), 1)
    assert page.register_since is not None
    assert page.register_since.timestamp() == inside.clock.now()
    # Files that came back have their old number; since when they are in force, the event says.
    inside.clock.advance(DAY)
    inside.recorder.event(
        own_event("config.accepted", "config", inside.clock.now(), {"changes": 0, "subjects": []})
    )
    await inside.written()
    again = await answer_indices(asked(inside, AskIndices()))
    assert again.register_since is not None
    assert again.register_since.timestamp() == inside.clock.now()
    inside.close()
