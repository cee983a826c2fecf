"""Bimtek by command: sessions, and who was there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.attendance import AttendanceLine, AttendanceReport
from opsconsole.client.readiness_commands import ImportAttendance, PlanBimtek, RecordAttendance
from opsconsole.inventory.office import PersonEntry
from opsconsole.readiness.asking import Asking, Decision, split, words
from opsconsole.readiness.attendance import match
from opsconsole.readiness.project import PREFIX, Recorded
from opsconsole.store.drafts import Decided

_SESSIONS = """
SELECT code, title, at, applications, "by" FROM bimtek WHERE cancelled_at IS NULL ORDER BY at DESC, code
"""
_ATTENDED = "SELECT person, variant FROM evidence WHERE kind = 'BT' AND voided_by IS NULL ORDER BY id"
_LONGEST_CODE = 40


class Planned(NamedTuple):
    """A session as it is stored."""

    code: str
    title: str
    at: float
    applications: tuple[str, ...]
    by: str


def plan(ask: Asking, conn: Connection) -> Decided:
    """A session, with a code that no other has."""
    args: PlanBimtek = ask.args
    code = words(args.code, "code")
    if len(code) > _LONGEST_CODE or not code.replace("-", "").replace(".", "").isalnum():
        raise Invalid(N_("{code} is no code of a session."), N_("Write it as BT-2026-03."), code=code)
    if any(one.code.casefold() == code.casefold() for one in sessions(conn)):
        raise Conflict(N_("There is a session {code} already."), N_("Choose another code."), code=code)
    applications = list(split(args.applications))
    for row_id in applications:
        ask.application(row_id)
    body = {
        "code": code,
        "title": words(args.title, "title"),
        "at": _when(ask, args.at).isoformat(timespec="milliseconds"),
        "applications": applications,
    }
    return Decided((ask.event(PREFIX + "session_planned", "readiness", body),), body)


def attend(ask: Asking, conn: Connection) -> Decided:
    """People were at a session; who is recorded already is passed over."""
    args: RecordAttendance = ask.args
    session = find(conn, args.session)
    there = attended(conn).get(session.code, [])
    people = [one for one in ask.people(args.people) if one.id not in there]
    if not people:
        raise Conflict(N_("All of them are recorded for {session} already."), session=session.code)
    certificate = words(args.certificate)
    own = {one.id: {"certificate": certificate} for one in people if certificate}
    return _attended(ask, session, people, own, "seen")


def from_list(ask: Asking, conn: Connection) -> Decided:
    """Whoever of a list can be known was at a session. The result is the report."""
    args: ImportAttendance = ask.args
    session = find(conn, args.session)
    report = check(ask, conn, session.code, args.lines)
    if not report.attended:
        raise Conflict(
            N_("Nobody of the list is recorded."), N_("`--dry-run` says what was not understood of it.")
        )
    certificates = {line.line: words(line.certificate) for line in args.lines if line.certificate}
    own = {
        one.person: {"certificate": certificates[one.line]}
        for one in report.attended
        if one.line in certificates
    }
    people = [ask.inventory.people[one.person] for one in report.attended]
    return _attended(ask, session, people, own, "imported")._replace(value=report)


def check(ask: Asking, conn: Connection, code: str, lines: Iterable[AttendanceLine]) -> AttendanceReport:
    """What a list comes to. Raises NotFound for a session that is none."""
    session = find(conn, code)
    there = attended(conn).get(session.code, [])
    return match(session.code, lines, ask.inventory.people, ask.inventory.opds, there)


def _attended(
    ask: Asking, session: Planned, people: list[PersonEntry], own: dict[str, dict[str, str]], source: str
) -> Decided:
    if session.at > ask.at:
        raise Conflict(N_("The session {session} has not been yet."), session=session.code)
    said = Recorded(
        kind="BT",
        at=utc(session.at),
        application=",".join(session.applications),
        source=source,
        variant=session.code,
        own={person: dict(params) for person, params in own.items()},
    )
    return ask.recorded("attended", said, people)


def sessions(conn: Connection) -> list[Planned]:
    """All that were not called off, the newest first."""
    return [
        Planned(code, title, at / 1000, tuple(split(applications)), by)
        for code, title, at, applications, by in conn.exec_driver_sql(_SESSIONS)
    ]


def find(conn: Connection, code: str) -> Planned:
    """One by its code, in whatever case. Raises NotFound."""
    known = sessions(conn)
    for one in known:
        if one.code.casefold() == code.strip().casefold():
            return one
    raise NotFound(
        N_("There is no Bimtek {code}."),
        N_("There are: {codes}. `opsconsole readiness bimtek CODE TITLE` plans one."),
        code=code or "?",
        codes=", ".join(one.code for one in known[:5]) or "-",
    )


def attended(conn: Connection) -> Mapping[str, list[str]]:
    """Who was at each session, by its code."""
    found: dict[str, list[str]] = {}
    for person, code in conn.exec_driver_sql(_ATTENDED):
        found.setdefault(code, []).append(person)
    return found


def _when(ask: Asking, text: str) -> datetime:
    """When a session is or was: now, a day, or a day with a time, in the office's zone."""
    if not text.strip():
        return utc(ask.at)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(
            N_("{text} is no time."), N_("Write it as 2026-11-24 or 2026-11-24T09:00."), text=text
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ask.inventory.calendar.zone)


DECISIONS: Mapping[str, Decision] = {"bimtek": plan, "attend": attend, "attendance": from_list}
"""By the name of their command."""
