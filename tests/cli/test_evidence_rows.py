"""Which rows the sources of evidence give, of an engine that answers by script."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from opsconsole.cli.evidence.asking import Asking, Found, Lacking, Piece, Span
from opsconsole.cli.evidence.sources import SOURCES, made
from opsconsole.client.availability import AvailabilityPage, Month
from opsconsole.client.calls import Client
from opsconsole.client.expiries import AskExpiries, ExpiriesPage, Expiry
from opsconsole.client.findings import InventoryPage, Registered
from opsconsole.client.incident_pages import IncidentsPage
from opsconsole.client.incidents import Clock, Incident
from opsconsole.client.indices import Indicator, IndicesPage
from opsconsole.client.instructions import InstructionsPage
from opsconsole.client.logbook import AskLog, Entry, LogPage
from opsconsole.client.problem_register import ProblemsPage
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from tests.fakes.canned_road import instruction, problem
from tests.fakes.scripted_engine import ScriptedEngine

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.fixture
def asking(engine: ScriptedEngine) -> Iterator[Asking]:
    """This year, of an office with two applications of two OPD."""
    engine.answers["inventory"] = InventoryPage(
        rev=1,
        entries=(
            Registered(id="satu", name="Satu", opd="RSUD", owner="", note="hub. 0812"),
            Registered(id="dua", name="Dua", opd="DISDIKBUD"),
        ),
    )
    with Client(engine.place) as client:
        yield asked(client, 2026)


def asked(client: Client, year: int, since: datetime | None = None) -> Asking:
    page = IndicesPage(at=NOW, today=TODAY, rev=1, register_since=since)
    return Asking(client, View(1000, 24, NOW, Times("Asia/Jakarta")), page, Span(year, TODAY))


def found(asking: Asking, source: str) -> dict[str, Found]:
    """What a source gives, by the names of its files, or by what is lacking."""
    return {one.name if isinstance(one, Piece) else one.what: one for one in SOURCES[source].make(asking)}


def rows(asking: Asking, source: str, name: str = "") -> list[dict[str, Any]]:
    piece = found(asking, source)[name or source]
    assert isinstance(piece, Piece)
    keys = [column.key for column in piece.columns]
    return [dict(zip(keys, row, strict=True)) for row in piece.rows]


def incident(number: int, opened: datetime, *clocks: Clock, subject: str = "satu", **more: Any) -> Incident:
    times = {"happened_at": opened, "opened_at": opened, "changed_at": opened}
    return Incident(number=number, opd="RSUD", subject=subject, clocks=clocks, **times, **more)


def listed(engine: ScriptedEngine, *incidents: Incident, total: int = 0) -> None:
    page = IncidentsPage(at=NOW, incidents=incidents, total=total or len(incidents))
    engine.answers["incidents"] = page


def test_incidents_are_of_the_year_by_the_office_s_clock(engine: ScriptedEngine, asking: Asking) -> None:
    new_year = datetime(2025, 12, 31, 17, tzinfo=UTC)  # midnight in Jakarta
    listed(engine, incident(2, new_year), incident(1, new_year - timedelta(seconds=1)))
    assert [one["code"] for one in rows(asking, "incidents")] == [f"INS-{new_year:%Y}-000002"]
    assert [one["code"][-1] for one in rows(asked(asking.client, 2025), "incidents")] == ["1"]
    assert isinstance(found(asked(asking.client, 2024), "incidents")["Log of incidents"], Lacking)


def test_an_incident_tells_nothing_of_who_dealt_with_it(engine: ScriptedEngine, asking: Asking) -> None:
    who = dict.fromkeys(("acknowledged_by", "owner", "reporter", "note", "note_by"), "SIAPA")
    listed(engine, incident(1, NOW, source="call", acknowledged_at=NOW, **who))
    for source in ("incidents", "response", "requests"):
        assert "SIAPA" not in str(found(asking, source))


def test_each_clock_has_its_verdict_and_each_month_its_sum(engine: ScriptedEngine, asking: Asking) -> None:
    hour = timedelta(hours=1)
    listed(
        engine,
        incident(
            1, NOW - 2 * hour, Clock(id="respond", started_at=NOW - 2 * hour, due_at=NOW, met_at=NOW - hour),
            Clock(id="recover", started_at=NOW - 2 * hour, due_at=NOW - hour, met_at=NOW),
            Clock(id="bssn", started_at=NOW, source="bssn-1-2024-15"),
            answered_at=NOW - hour, recovered_at=NOW,
        ),
        incident(
            2, NOW - 2 * hour, Clock(id="respond", started_at=NOW - 2 * hour, due_at=NOW - hour),
            Clock(id="recover", started_at=NOW - 2 * hour, due_at=NOW + hour),
        ),
        incident(3, NOW - timedelta(days=40), false_alarm=True),
    )  # fmt: skip
    told = [(one["clock"], one["verdict"], one["seconds"]) for one in rows(asking, "response")]
    assert told == [
        ("respond", "in_time", 3600), ("recover", "late", 7200), ("bssn", "no_limit", None),
        ("respond", "overdue", None), ("recover", "running", None),
    ]  # fmt: skip
    first, second = rows(asking, "response", "recap")
    assert (first["month"], first["opened"], first["false_alarms"], first["in_time"]) == ("2026-10", 1, 1, 0)
    assert (second["opened"], second["answered"], second["answer_seconds"]) == (2, 1, 3600)
    assert (second["recover_seconds"], second["in_time"], second["late"]) == (7200, 1, 2)


def test_requests_are_what_people_told_of(engine: ScriptedEngine, asking: Asking) -> None:
    listed(engine, incident(1, NOW), incident(2, NOW, source="complaint", title="SAMBAT lambat"))
    [one] = rows(asking, "requests")
    assert (one["source"], one["title"]) == ("complaint", "SAMBAT lambat")
    listed(engine, incident(1, NOW))
    [lacking] = found(asked(asking.client, 2026), "requests").values()
    assert isinstance(lacking, Lacking) and "requests that are no incident are not kept here" in lacking.why


def test_what_could_not_all_be_read_is_said(engine: ScriptedEngine, asking: Asking) -> None:
    listed(engine, incident(1, NOW), total=20_000)
    told = list(SOURCES["incidents"].make(asking))
    assert Lacking("Log of incidents", "of 20000 incidents ever, only 1 could be read") in told
    assert len(rows(asking, "incidents")) == 1


def test_an_indicator_s_applications_narrow_what_is_of_an_opd_too(
    engine: ScriptedEngine, asking: Asking
) -> None:
    listed(engine, incident(1, NOW), incident(2, NOW, subject="dua"))
    engine.answers["instructions"] = InstructionsPage(
        at=NOW, today=TODAY, instructions=(instruction(), replace(instruction(), number=4, opd="RSUD"))
    )
    narrow = asking.of(["dua"])
    assert [one["app"] for one in rows(narrow, "incidents")] == ["dua"]
    assert [one["number"] for one in rows(narrow, "instructions")] == [3]
    assert [one["number"] for one in rows(asking, "instructions")] == [3, 4]
    assert "Ani" not in str(found(asking, "instructions"))
    assert [one["app"] for one in rows(narrow, "services")] == ["dua"]


def test_a_problem_of_an_earlier_year_is_there_once_somebody_worked_on_it(
    engine: ScriptedEngine, asking: Asking
) -> None:
    old = replace(problem(), number=1, day=date(2020, 2, 26))
    engine.answers["problems"] = ProblemsPage(at=NOW, today=TODAY, problems=(problem(), old))
    engine.answers["log"] = LogPage()
    assert [one["number"] for one in rows(asking, "problems")] == [8]
    assert "sari" not in str(found(asking, "problems"))
    entry = Entry(id="e7", at=NOW, kind="problem.noted", subject="problem:1", body={"text": "rapat"})
    engine.answers["log"] = LogPage(entries=(entry,))
    assert [one["number"] for one in rows(asked(asking.client, 2026), "problems")] == [1, 8]


def test_changes_are_read_page_after_page_and_told_whole(engine: ScriptedEngine, asking: Asking) -> None:
    subjects = [f"changed app-{number}" for number in range(9)]
    body = {"changes": 9, "subjects": subjects}
    asks: list[AskLog] = []

    def page(args: AskLog) -> LogPage:
        asks.append(args)
        number = 1 if args.before else 2
        entry = Entry(
            id=f"e{number}", at=NOW, kind="config.accepted", subject="config", body=body, person="root"
        )
        other = replace(entry, id="e9", kind="engine.config.accepted")
        return LogPage(entries=(entry, other), more=not args.before, oldest="2.0")

    engine.answers["log"] = page
    told = rows(asking, "changes")
    assert [one["event"] for one in told] == [1, 2]
    assert all(subject in told[0]["what"] for subject in subjects)
    assert "root" not in str(told)
    assert [one.before for one in asks] == ["", "2.0"]
    assert asks[0].since == datetime(2025, 12, 31, 17, tzinfo=UTC)
    assert asks[0].until == datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_the_register_of_a_year_that_is_over_is_there_while_nothing_changed(
    engine: ScriptedEngine, asking: Asking
) -> None:
    of_2025 = asked(asking.client, 2025, datetime(2025, 12, 31, 16, 59, tzinfo=UTC))
    assert [one["app"] for one in rows(of_2025, "register")] == ["satu", "dua"]
    later = asked(asking.client, 2025, datetime(2025, 12, 31, 17, tzinfo=UTC))
    for source in ("register", "services", "expiries"):
        [lacking] = found(later, source).values()
        assert isinstance(lacking, Lacking) and "2025 is over" in lacking.why


def test_a_month_tells_how_much_of_it_was_watched(engine: ScriptedEngine, asking: Asking) -> None:
    day = 86_400.0
    month = Month(
        application="satu", name="Satu", opd="RSUD", first=date(2026, 11, 1), up_s=2 * day, unknown_s=day,
        low_pct=66.66666, high_pct=100.0, coverage_pct=66.66666,
    )  # fmt: skip
    engine.answers["availability"] = AvailabilityPage(at=NOW, year=2026, months=(month,))
    [one] = rows(asking, "availability")
    assert (one["month"], one["watched"], one["low"], one["high"]) == ("2026-11", 10.0, 66.667, 100.0)


def test_what_ends_after_the_year_is_not_of_it(engine: ScriptedEngine, asking: Asking) -> None:
    asks: list[AskExpiries] = []

    def page(args: AskExpiries) -> ExpiriesPage:
        asks.append(args)
        ends = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
        told = tuple(Expiry(kind="tls", day=one, left=0, name="x", who="SIAPA") for one in ends)
        return ExpiriesPage(at=NOW, today=TODAY, days=args.days, expiries=told)

    engine.answers["expiries"] = page
    assert [one["day"] for one in rows(asking, "expiries")] == ["2026-01-01", "2026-12-31"]
    assert asks[0].days == 37
    assert "SIAPA" not in str(found(asking, "expiries"))


def test_a_source_that_this_command_does_not_know_is_told(asking: Asking) -> None:
    [(code, [lacking])] = made(asking, Indicator(number=1, name="x", evidence=("baru", "baru")))
    assert (code, lacking) == ("baru", Lacking("baru", "this opsconsole does not know it"))
