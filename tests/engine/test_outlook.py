"""What ends, the dimensions and the briefing, in a running engine."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from opsconsole.base.errors import Invalid
from opsconsole.client.availability import AskAvailability
from opsconsole.client.briefing import AskBriefing
from opsconsole.client.dimensions import AskDimensions
from opsconsole.client.expiries import AskExpiries
from opsconsole.client.integration import AskRoad
from opsconsole.console.draw.briefing import briefing_lines, briefing_markdown
from opsconsole.console.draw.road import road_lines
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from tests.engine.city import City
from tests.engine.offices import Office, application, until

TODAY = datetime.now(UTC).date()
SOON, LATER, OVER = (TODAY + timedelta(days=days) for days in (20, 200, -5))
REFERENCES = f"""
[[references]]
id = "ttis"
kind = "certificate"
number = "TTIS-1"
title = "Registrasi TTIS"
until = {OVER}
"""
ROAD = """
[gate]
reachable_percent = 100
integrated_percent = 50
"""


@pytest.fixture
def running(office: Office, city: City) -> Office:
    """Two applications that answer, whose domain and hosting end, of an office with a paper that is over."""
    office.write(
        application("satu", city.site().url, lines=['dimension = "governance"', f"domain_until = {SOON}"]),
        application("dua", city.site().url, lines=['dimension = "society"', f"hosting_until = {LATER}"]),
    )
    (office.place.config / "references.toml").write_text(REFERENCES)
    (office.place.config / "road.toml").write_text(ROAD)
    office.start()
    until(lambda: office.row("satu").state == "up" and office.row("dua").state == "up")
    return office


def test_what_ends_is_listed_by_day_with_who_must_act(running):
    with running.client() as client:
        page = client.query(AskExpiries())
        whole = client.query(AskExpiries(days=365))
        with pytest.raises(Invalid):
            client.query(AskExpiries(days=-1))
    assert [(one.kind, one.day, one.who) for one in page.expiries] == [
        ("certificate", OVER, ""),
        ("domain", SOON, "Uji"),
    ]
    assert page.over == 1
    assert [one.application for one in whole.expiries] == ["", "satu", "dua"]


def test_only_the_first_dimension_is_counted_before_its_gate_is_passed(running):
    with running.client() as client:
        page = client.query(AskDimensions())
    first, second, *rest = page.dimensions
    assert (first.dimension, first.reachable, first.integrated, first.counted) == ("governance", 1, 0, True)
    assert (second.dimension, second.applications, second.reachable, second.counted) == (
        "society", 1, 0, False,
    )  # fmt: skip
    assert not page.gate_met
    assert len(rest) == 4


def test_the_briefing_fits_a_page_and_names_what_ends(running):
    with running.client() as client:
        page = client.query(AskBriefing())
        past = client.query(AskBriefing(at=TODAY - timedelta(days=40)))
        with pytest.raises(Invalid):
            client.query(AskBriefing(at=date(2099, 1, 1)))
    view = View(80, 24, datetime.now(UTC), Times("Asia/Jakarta"))
    lines = briefing_lines(page, view)
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 80
    assert any("domain Aplikasi satu" in line for line in lines)
    assert "  0 of 2 watched are down" in lines
    assert len(briefing_markdown(page, view)) <= 60
    assert (past.past, past.down, past.dimensions) == (True, None, None)


def test_a_day_before_the_first_engine_is_not_told_as_a_quiet_one(running):
    with running.client() as client:
        past = client.query(AskBriefing(at=TODAY - timedelta(days=40)))
        now = client.query(AskBriefing())
    view = View(80, 24, datetime.now(UTC), Times("Asia/Jakarta"))
    told = "\n".join(briefing_lines(past, view))
    assert "nothing was recorded: the first engine ran on" in told
    assert "no incident is open" not in told
    assert "no engine ran that day" in "\n".join(
        briefing_lines(replace(past, recorded_since=past.at - timedelta(days=90)), view)
    )
    assert "no incident is open" in "\n".join(briefing_lines(now, view))


def test_a_day_before_anything_was_recorded_is_not_told_as_nobody_connected(running):
    with running.client() as client:
        before, since = client.query(AskRoad(at=date(2001, 1, 1))), client.query(AskRoad()).recorded_since
        page = client.query(AskBriefing(at=date(2001, 1, 1)))
    view = View(80, 24, datetime.now(UTC), Times("Asia/Jakarta"))
    assert since is not None and since == before.recorded_since > date(2001, 1, 1)
    for told in (road_lines(before, view), briefing_lines(page, view)):
        text = "\n".join(told)
        assert "Nothing was recorded on" in text
        assert "Connected 0" not in text and "Actual pace" not in text


def test_the_months_of_a_year_add_up_to_the_time_that_was_watched(running):
    with running.client() as client:
        months = client.query(AskAvailability(year=TODAY.year)).months
        with pytest.raises(Invalid):
            client.query(AskAvailability(year=1))
    assert {one.application for one in months} == {"satu", "dua"}
    assert all(one.up_s > 0 for one in months)
