"""The list of incidents, and the page of one: its timeline, what it may belong to, whom to call."""

from pathlib import Path

import pytest

from opsconsole.base.clock import utc
from opsconsole.base.errors import NotFound
from opsconsole.base.paths import home_place
from opsconsole.client.incident_commands import Acknowledge, Close, Merge, Note, ReportIncident, Resolve
from opsconsole.client.incident_pages import AskIncidents, IncidentDetail, IncidentsPage
from opsconsole.incidents import queries
from opsconsole.store.drafts import own_event
from tests.engine.nights import Night, app

PEOPLE = """
[[people]]
id = "rina"
name = "Rina S."
duty = "admin"
phone = "0812-0000-0001"
applications = ["satu"]

[[people]]
id = "contoh"
name = "PT Contoh"
duty = "vendor"
applications = ["satu", "dua"]
"""


def office(home: Path) -> Night:
    people = home_place(home).config / "people"
    people.mkdir(parents=True)
    (people / "uji.toml").write_text(PEOPLE)
    lines = ("tier = 1", 'hosting = "commercial"', 'runbook = "RB-17"')
    return Night(home, app("satu", *lines), app("dua", "tier = 3"), app("tiga"))


async def page(night: Night, **asked: object) -> IncidentsPage:
    await night.written()
    with night.store.reader() as conn:
        return queries.page(conn, AskIncidents(**asked), utc(night.clock.now()))  # type: ignore[arg-type]


async def detail(night: Night, number: int = 1) -> IncidentDetail:
    await night.written()
    with night.store.reader() as conn:
        inventory = night.outset.office.inventory
        return queries.detail(conn, number, inventory, night.incidents.ground)


def numbers(found: IncidentsPage) -> list[int]:
    return [one.number for one in found.incidents]


async def test_what_is_open_comes_first_the_worst_and_oldest_of_it_first(home: Path):
    night = office(home)
    for row in ("dua", "satu", "tiga"):
        night.see(row, "status_unexpected")
        night.clock.advance(200)
    night.see("tiga")
    await night.pass_by(400)
    await night.do(ReportIncident("telepon", severity="low"))
    found = await page(night)
    assert numbers(found) == [2, 1, 4, 3]
    assert (found.total, found.figures.open) == (4, 3)
    assert numbers(await page(night, window="open")) == [2, 1, 4]
    assert numbers(await page(night, application="tiga")) == [3]
    assert numbers(await page(night, opd="uji")) == [2, 1, 3]
    limited = await page(night, limit=1)
    assert (numbers(limited), limited.total) == ([2], 4)
    night.clock.advance(2 * 86_400)
    assert numbers(await page(night)) == [2, 1, 4]
    assert numbers(await page(night, window="7d")) == [2, 1, 4, 3]
    night.clock.advance(90 * 86_400)
    assert numbers(await page(night, window="30d")) == [2, 1, 4]
    assert numbers(await page(night, window="all")) == [2, 1, 4, 3]
    night.close()


async def test_the_figures_say_how_long_it_takes_until_somebody_sees_it_and_it_is_over(home: Path):
    night = office(home)
    night.see("satu", "status_unexpected")
    night.clock.advance(100)
    await night.do(Acknowledge(1))
    night.clock.advance(200)
    night.see("satu")
    found = (await page(night)).figures
    # The looks themselves take a tenth of a second.
    assert (found.mtta_s, found.mtta_n) == (pytest.approx(100, abs=0.2), 1)
    assert (found.mttr_s, found.mttr_n) == (pytest.approx(300, abs=0.4), 1)
    night.close()


async def test_a_page_holds_all_that_is_needed_to_act(home: Path):
    night = office(home)
    night.see("satu", "status_unexpected", seen=503)
    night.clock.advance(3)
    night.recorder.event(own_event("probe.rechecked", "satu", night.clock.now(), {"probes": ["http"]}))
    night.recorder.event(own_event("probe.rechecked", "tiga", night.clock.now(), {"probes": ["http"]}))
    await night.do(Note(1, "sudah ditelepon"))
    night.see("dua", "status_unexpected")
    night.clock.advance(5)
    await night.do(Merge(2, 1))
    found = await detail(night)
    assert [entry.kind for entry in found.timeline] == [
        "incident.opened", "probe.rechecked", "incident.noted", "application.announced",
        "incident.member_joined",
    ]  # fmt: skip
    opened, _, note, *_ = found.timeline
    assert (opened.params["reason"], opened.params["seen"]) == ("status_unexpected", 503)
    assert opened.params["members"] == "satu"
    assert (note.person, note.text, note.subject) == ("sari", "sudah ditelepon", "incident:1")
    assert (found.name, found.opd_name, found.hosting) == ("Aplikasi satu", "Dinas Uji", "commercial")
    assert (found.runbook, found.vendor, found.merged) == ("RB-17", "PT Contoh", (2,))
    assert [contact.name for contact in found.contacts] == ["Rina S.", "PT Contoh"]
    night.see("tiga", "status_unexpected")
    assert [one.shares for one in (await detail(night)).related] == [("time",)]
    with pytest.raises(NotFound):
        await detail(night, 9)
    night.close()


async def test_earlier_ones_of_the_same_application_say_what_helped(home: Path):
    night = office(home)
    night.see("satu", "status_unexpected")
    night.clock.advance(500)
    night.see("satu")
    await night.written()
    await night.do(Resolve(1, cause="database", note="koneksi dinaikkan"))
    await night.do(Close(1))
    night.clock.advance(86_400)
    night.see("satu", "status_unexpected")
    [past] = (await detail(night, 2)).past
    assert (past.number, past.cause, past.note) == (1, "database", "koneksi dinaikkan")
    assert past.lasted_s == pytest.approx(500, abs=0.4)
    night.close()


async def test_a_timeline_ends_with_its_incident(home: Path):
    night = office(home)
    night.see("satu", "status_unexpected")
    night.see("satu")
    await night.pass_by(400)
    night.clock.advance(9000)
    night.see("satu", "status_unexpected")
    kinds = [entry.kind for entry in (await detail(night)).timeline]
    assert kinds == [f"incident.{kind}" for kind in ("opened", "member_recovered", "recovered", "resolved")]
    night.close()
