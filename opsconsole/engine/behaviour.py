"""What people did around a Bimtek, gathered from the rooms that know: drills, incidents, maintenance."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.readiness import Behaviour, BimtekPage, Session
from opsconsole.engine.staging import firsts
from opsconsole.inventory.office import Inventory
from opsconsole.readiness import bimtek
from opsconsole.readiness.bimtek import Planned
from opsconsole.readiness.figures import (
    ACKNOWLEDGED,
    ANNOUNCED,
    DRILL_SECONDS,
    IN_DATE,
    REGISTERED,
    Case,
    figures,
)
from opsconsole.readiness.queries import Known, in_date
from opsconsole.store import events, runs

_DAY_SECONDS = 86_400
# Work that is planned so much before it begins was announced; what is told later is a notice of what goes on.
_AHEAD_SECONDS = 3600
_DRILLS = """
SELECT opd, asked_at, ended_at FROM drill
WHERE result IN ('pass', 'late') AND asked_at >= ? AND asked_at < ?
"""
_ANSWERS = ("incident.acknowledged", "incident.taken", "incident.assigned")

Cases = dict[str, dict[str, list[Case]]]
"""By OPD and figure."""


def bimtek_page(conn: Connection, known: Known, code: str) -> BimtekPage:
    """All sessions, or one with what its OPD did before and after. Raises NotFound."""
    attended = bimtek.attended(conn)
    planned = [bimtek.find(conn, code)] if code else bimtek.sessions(conn)
    return BimtekPage(
        at=utc(known.now),
        sessions=tuple(
            _session(conn, known, one, attended.get(one.code, ()), figured=bool(code)) for one in planned
        ),
    )


def _session(
    conn: Connection, known: Known, one: Planned, people: Iterable[str], *, figured: bool
) -> Session:
    there = tuple(people)
    persons = known.inventory.people
    opds = tuple(sorted({persons[person].opd for person in there if person in persons}))
    return Session(
        code=one.code,
        title=one.title,
        at=utc(one.at),
        applications=one.applications,
        by=one.by,
        attended=there,
        opds=opds,
        behaviour=tuple(_behaviour(conn, known, one, opds)) if figured else (),
    )


def _behaviour(conn: Connection, known: Known, one: Planned, opds: Iterable[str]) -> Iterable[Behaviour]:
    rules = known.inventory.readiness.behaviour
    start = one.at - rules.days * _DAY_SECONDS
    end = min(one.at + rules.days * _DAY_SECONDS, known.now)
    cases: Cases = defaultdict(lambda: defaultdict(list))
    _drills(conn, cases, start, end)
    _incidents(conn, known.inventory, cases, start, end)
    _maintenance(conn, known.inventory, cases, start, end)
    for opd, case in registered(conn, known.inventory, end):
        cases[opd][REGISTERED].append(case)
    for opd in opds:
        own = cases[opd]
        # As it was the moment before, and as it is at the end of the days after it.
        own[IN_DATE] = [
            Case(at, value)
            for at in (one.at - 1, max(one.at, end - 1))
            for value in in_date(known.ground, opd, at)
        ]
        yield Behaviour(
            opd=opd,
            days=rules.days,
            least=rules.least,
            after_days=max(0, int((end - one.at) // _DAY_SECONDS)),
            figures=figures(own, one.at, rules.days, rules.least),
        )


def _drills(conn: Connection, cases: Cases, start: float, end: float) -> None:
    for opd, asked, ended in conn.exec_driver_sql(_DRILLS, (round(start * 1000), round(end * 1000))):
        cases[opd][DRILL_SECONDS].append(Case(asked / 1000, (ended - asked) / 1000))


def _incidents(conn: Connection, inventory: Inventory, cases: Cases, start: float, end: float) -> None:
    """Of each incident, whether somebody of its OPD was the first to answer for it."""
    answered: dict[str, str] = {}
    for event in events.of_kinds(conn, _ANSWERS, start, end):
        answered.setdefault(event.subject, event.person)
    for event in events.of_kinds(conn, ("incident.opened",), start, end):
        opd, first = str(event.body.get("opd", "")), answered.get(event.subject)
        if opd and first is not None:
            person = inventory.people.get(first)
            cases[opd][ACKNOWLEDGED].append(Case(event.at, float(person is not None and person.opd == opd)))


def _maintenance(conn: Connection, inventory: Inventory, cases: Cases, start: float, end: float) -> None:
    """Of each planned work, whether it was announced before it began."""
    for event in events.of_kinds(conn, ("maintenance.added",), start, end):
        opd = _opd_of(event.subject, inventory)
        if opd:
            begins = datetime.fromisoformat(str(event.body["start"])).timestamp()
            cases[opd][ANNOUNCED].append(Case(event.at, float(begins - event.at >= _AHEAD_SECONDS)))


def registered(conn: Connection, inventory: Inventory, until: float) -> Iterable[tuple[str, Case]]:
    """Of each application that went live while there was a register, whether it was in there by that day.

    With the OPD that ran it then; ``until``, seconds since the epoch, is the last moment that counts.
    """
    zone = inventory.calendar.zone
    begun = utc(runs.first_start(conn)).astimezone(zone).date()
    first_seen = firsts(conn)
    for entry in inventory.applications.values():
        day = entry.live_since
        if day is None or day < begun or entry.id not in first_seen:
            continue
        at = datetime.combine(day, time(), zone).timestamp()
        if at <= until:
            known = utc(first_seen[entry.id] / 1000).astimezone(zone).date()
            yield entry.opd_on(day), Case(at, float(known <= day))


def _opd_of(subject: str, inventory: Inventory) -> str:
    if subject.startswith("opd:"):
        return subject.removeprefix("opd:")
    row = inventory.applications.get(subject)
    return row.opd if row else ""
