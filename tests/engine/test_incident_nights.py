"""Incidents through kills, restarts and nights of chance: nothing is lost, and the chain makes them again."""

import contextlib
import random
from pathlib import Path

import msgspec
import pytest

from opsconsole.base.errors import Conflict, Invalid
from opsconsole.client.incident_commands import (
    Acknowledge,
    AnswerTriage,
    Close,
    Merge,
    Mitigate,
    Reopen,
    Resolve,
    SetSeverity,
    Split,
    Take,
    Unacknowledge,
    Unmerge,
)
from opsconsole.client.incident_pages import AskIncident, AskIncidents
from opsconsole.client.incidents import Incident, Severity
from opsconsole.client.shapes import Change, row_of
from opsconsole.health.model import Health
from tests.engine.city import City
from tests.engine.nights import Night, app
from tests.engine.offices import Office, application, until


def test_a_kill_leaves_no_announcement_without_its_incident(office: Office, city: City):
    sites = {f"app-{number}": city.site(address=f"127.8.0.{number + 1}") for number in range(4)}
    keys = {"every": "300ms", "retry": "100ms", "attempts": 2, "recoveries": 1}
    office.write(*(application(name, site.url, probe=keys) for name, site in sites.items()))
    for _life in range(4):
        office.start()
        for site in sites.values():
            site.behaviour = "fail"
        until(lambda: office.query("SELECT 1 FROM event WHERE kind = 'application.announced'"))
        office.kill()
        for site in sites.values():
            site.behaviour = "ok"
        told = {subject for (subject,) in office.query(_DOWN_NOW)}
        held = {claim.removeprefix("row:") for (claim,) in office.query(_HELD)}
        assert told == held
        assert office.chain().whole


_DOWN_NOW = """
SELECT id FROM state WHERE entity = 'application' AND announced = 'down'
"""
_HELD = """
SELECT row_id FROM incident_member JOIN incident_claim ON claim = 'row:' || row_id
WHERE incident_claim.incident = incident_member.incident AND row_id IN (
    SELECT id FROM state WHERE entity = 'application' AND announced = 'down')
"""


def test_a_restart_keeps_what_is_open_and_who_has_it(office: Office, city: City):
    site = city.site("fail")
    office.write(application("satu", site.url, probe={"every": "300ms", "retry": "100ms", "attempts": 2}))
    office.start()
    [one] = until(lambda: office.board().incidents)
    with office.client() as client:
        client.command(Acknowledge(one.number, note="sedang dilihat"))
    [before] = office.board().incidents
    assert before.status == "acknowledged"
    office.kill()
    office.start()
    [after] = office.board().incidents
    assert after == before
    with office.client() as client:
        page = client.query(AskIncidents())
        assert [incident.number for incident in page.incidents] == [one.number]
        assert (page.total, page.figures.open, page.figures.mtta_n) == (1, 1, 1)
        detail = client.query(AskIncident(number=one.number))
    assert [entry.kind for entry in detail.timeline][:2] == ["incident.opened", "incident.acknowledged"]
    assert detail.timeline[0].params["reason"] == "status_unexpected"
    assert (detail.opd_name, detail.why[0].code) == ("Dinas Uji", "down")


def chance_files() -> tuple[str, ...]:
    return (
        app("induk"),
        app("kembar", "personal_data = true", attempts=2),
        app("anak", 'depends_on = ["induk"]'),
        app("cucu", 'depends_on = ["anak"]', attempts=2),
        app("lain", recoveries=2),
        app("jauh", "personal_data = true"),
    )


@pytest.mark.parametrize("seed", range(6))
async def test_after_a_night_of_chance_the_chain_makes_the_same_incidents(home: Path, seed: int):
    chance, night = random.Random(seed), Night(home, *chance_files())
    rows = list(night.outset.office.rows)
    reasons = [
        "ok",
        "ok",
        "ok",
        "connect_refused",
        "connect_refused",
        "status_unexpected",
        "slow",
        "cert_expiring",
    ]
    for turn in range(250):
        night.clock.advance(chance.choice([0.5, 3.0, 20.0, 150.0, 700.0]))
        if chance.random() < 0.05:
            for row in rows:
                night.see(row, "connect_refused")
        row, reason = chance.choice(rows), chance.choice(reasons)
        night.see(row, reason, address=chance.choice(["", "127.9.9.9"]))
        night.in_mass = night.judge.in_mass
        if not turn % 5:
            await night.pass_by(1)
        if chance.random() < 0.1:
            await something(night, chance)
        if chance.random() < 0.02:
            await night.written()
            night.close()
            night = Night(home, *chance_files(), clock=night.clock)
            await night.ticking.start()
    await night.check()
    await every_failing_row_is_held(night)
    night.close()


async def something(night: Night, chance: random.Random) -> None:
    """One of the things that people do to an incident, allowed or not."""
    incidents = await night.all()
    if not incidents:
        return
    one = chance.choice(incidents)
    other, members = chance.choice(incidents), ",".join(member.id for member in one.members[1:])
    asked = chance.choice(
        [
            Acknowledge(one.number, until="30m"), Take(one.number), Unacknowledge(one.number),
            Merge(one.number, other.number), Unmerge(one.number), Split(one.number, members, "lain"),
            Resolve(one.number, cause="server", note="x", even_so=True), Close(one.number),
            Reopen(one.number, "belum"), SetSeverity(one.number, Severity.LOW, "x"),
            Mitigate(one.number, "x"), AnswerTriage(one.number, "personal_data", "yes"),
            AnswerTriage(one.number, "personal_data", "no"),
        ]
    )  # fmt: skip
    with contextlib.suppress(Conflict, Invalid):
        await night.do(asked)


async def every_failing_row_is_held(night: Night) -> None:
    """A row that was told to be down has an incident that is open, or was resolved although it fails."""
    incidents = await night.all()
    for row in night.outset.office.rows.values():
        assert row.shown is not None
        if row.shown.told.announced is Health.DOWN:
            fails = [
                one.number
                for one in incidents
                for member in one.members
                if member.id == row.id and member.recovered_at is None and one.status != "merged"
            ]
            assert fails, row.id


async def test_a_storm_of_members_is_one_change_of_the_incident(home: Path):
    night = Night(home, *(app(f"app-{number}") for number in range(4)))
    client = night.hub.subscribe(None, None, frozenset())
    with night.recorder.together():  # so that all of it is one batch
        for number in range(4):
            night.see(f"app-{number}", "connect_refused", address="127.9.9.9")
    await night.written()
    chunk = await anext(aiter(client))
    changes = [msgspec.json.decode(line, type=Change) for line in chunk.splitlines()]
    [incident] = [row_of(change) for change in changes if change.entity == "incident"]
    assert isinstance(incident, Incident)
    assert (incident.version, incident.down) == (4, 4)
    night.close()
