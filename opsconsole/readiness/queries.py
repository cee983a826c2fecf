"""What is asked of readiness, answered from the store and the files. Each takes a connection that reads."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.readiness import (
    Evidence,
    MeansReadiness,
    OpdReadiness,
    OpdReadinessPage,
    PersonPage,
    ReadinessPage,
    Reminder,
    RemindersPage,
    RunningDrill,
)
from opsconsole.inventory.office import Inventory, OpdEntry, PersonEntry
from opsconsole.readiness import drilling, levels, shown
from opsconsole.readiness.duties import NO_TIER, Ground, Post, backups, holders
from opsconsole.readiness.evidence import CHANGE
from opsconsole.readiness.grounds import Grounds
from opsconsole.readiness.levels import OpdFound
from opsconsole.readiness.naming import somebody
from opsconsole.readiness.rules import Asked, kind_of
from opsconsole.readiness.shown import Prove
from probes.observation import Param

_ROWS = """
SELECT id, seq, kind, person, opd, application, at, until, result, source, variant, params, uid, "by", via,
recorded, voided_by FROM evidence WHERE {which} ORDER BY id DESC LIMIT ?
"""
_grounds = Grounds()
_params = msgspec.json.Decoder(dict[str, Any])


class Known(NamedTuple):
    """An office with its evidence at a time, and what is seen of its rows now."""

    inventory: Inventory
    ground: Ground
    prove: Prove
    now: float
    drills: tuple[RunningDrill, ...]


def read(
    conn: Connection, inventory: Inventory, prove: Prove, now: float, late: frozenset[str] = frozenset()
) -> Known:
    """Everything that answers are made of. ``late`` are OPD with an action after an incident late."""
    ground = replace(_grounds.of(conn, inventory), late=late)
    return Known(inventory, ground, prove, now, tuple(drilling.running(conn, inventory)))


def page(known: Known, code: str = "") -> ReadinessPage:
    """Every OPD in being, or one."""
    rules = known.inventory.readiness
    return ReadinessPage(
        at=utc(known.now),
        opds=tuple(
            _line(known, opd, levels.of_opd(known.ground, opd, known.now))
            for opd in in_being(known)
            if code in ("", opd.code)
        ),
        levels=shown.level_words(rules),
        evidence=shown.rule_words(rules),
        drills=tuple(one for one in known.drills if code in ("", one.opd)),
    )


def standing(known: Known, code: str) -> tuple[OpdReadiness | None, tuple[MeansReadiness, ...]]:
    """The line of one OPD and its means; None where it does not exist today."""
    opd = known.inventory.opds[code]
    means = tuple(shown.means_shown(known.ground, opd, known.prove, known.now))
    if opd not in in_being(known):
        return None, means
    return _line(known, opd, levels.of_opd(known.ground, opd, known.now)), means


def in_being(known: Known) -> Iterable[OpdEntry]:
    """The OPD that exist today."""
    today = utc(known.now).astimezone(known.inventory.calendar.zone).date()
    return (opd for opd in known.inventory.opds.values() if opd.active_on(today))


def _line(known: Known, opd: OpdEntry, found: OpdFound) -> OpdReadiness:
    means = shown.means_shown(known.ground, opd, known.prove, known.now)
    line = shown.opd_shown(known.ground, opd, found, means, known.now)
    running = sum(one.opd == opd.code for one in known.drills)
    return msgspec.structs.replace(line, running_drills=running) if running else line


def opd_page(
    conn: Connection, known: Known, code: str, rows: int, kinds: Sequence[str] = ()
) -> OpdReadinessPage:
    """One OPD with everybody who answers for it, and its newest recordings, of ``kinds`` or of all."""
    opd, ground = known.inventory.opds[code], known.ground
    found = levels.of_opd(ground, opd, known.now)
    named = {row.id: row for row in ground.applications.get(code, ())}
    return OpdReadinessPage(
        at=utc(known.now),
        readiness=_line(known, opd, found),
        people=tuple((one.id, one.name) for one in known.inventory.people.values() if one.opd == code),
        applications=tuple(
            shown.application_shown(
                ground,
                part,
                named[part.id].name if part.id else opd.name,
                named[part.id].claimed if part.id else opd.claimed,
                known.now,
            )
            for part in found.parts
        ),
        means=tuple(shown.means_shown(ground, opd, known.prove, known.now)),
        drills=tuple(one for one in known.drills if one.opd == code),
        reminder=shown.reminder_of(ground, opd, found, known.now),
        rows=tuple(_recorded(conn, ground, ("opd", code), rows, kinds)),
        levels=shown.level_words(known.inventory.readiness),
        evidence=shown.rule_words(known.inventory.readiness),
        sources=shown.source_words(known.inventory),
    )


def person_page(conn: Connection, known: Known, person_id: str, rows: int = 200) -> PersonPage:
    """One person, by id or name, with every duty of theirs. Raises NotFound and Invalid."""
    ground, person = known.ground, somebody(known.inventory.people, person_id)
    posts = _posts(known, person)
    main = posts[0][1] if posts else Post(person.opd)
    return PersonPage(
        at=utc(known.now),
        person=person.id,
        name=person.name,
        opd=person.opd,
        opd_short=known.inventory.opds[person.opd].short,
        duties=person.duties,
        applications=tuple(dict.fromkeys(post.application for _duty, post in posts if post.application)),
        phone=person.phone,
        whatsapp=person.whatsapp,
        email=person.email,
        backups=tuple(one.id for one in backups(ground, person, main)),
        backup_of=person.backup_of,
        held=tuple(
            shown.duty_shown(
                ground,
                duty,
                post,
                levels.of_person(Asked(ground, person, duty, post), (), known.now),
                known.now,
            )
            for duty, post in posts
        ),
        drill=next((one for one in known.drills if one.person == person.id), None),
        rows=tuple(_recorded(conn, ground, ("person", person.id), rows)),
        levels=shown.level_words(known.inventory.readiness),
        evidence=shown.rule_words(known.inventory.readiness),
    )


def _posts(known: Known, person: PersonEntry) -> list[tuple[str, Post]]:
    """Each duty that somebody holds, for each application; without one, for the OPD as a whole."""
    ground = known.ground
    posts: list[tuple[str, Post]] = [
        (duty, Post(opd, row.id, row.tier))
        for opd, rows in ground.applications.items()
        for row in rows
        for duty in person.duties
        if person in holders(ground, duty, Post(opd, row.id, row.tier))
    ]
    return posts or [(duty, Post(person.opd, "", NO_TIER)) for duty in person.duties]


def reminders(known: Known, code: str, *, due: bool) -> RemindersPage:
    """Of whom something is gone, the longest first."""
    found: list[Reminder] = []
    for opd in in_being(known):
        if code in ("", opd.code):
            seen = levels.of_opd(known.ground, opd, known.now)
            one = shown.reminder_of(known.ground, opd, seen, known.now)
            if one is not None and (one.due or not due):
                found.append(one)
    return RemindersPage(
        at=utc(known.now),
        office=known.inventory.settings.office.name,
        reminders=tuple(sorted(found, key=lambda one: one.since)),
    )


def _recorded(
    conn: Connection, ground: Ground, about: tuple[str, str], limit: int, kinds: Sequence[str] = ()
) -> Iterable[Evidence]:
    """What was recorded about a column's value, the newest first, what was taken back included."""
    column, value = about
    which = f"{column} = ?" + (f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else "")
    for row in conn.exec_driver_sql(_ROWS.format(which=which), (value, *kinds, limit)):
        taken = "undone" if row.voided_by is not None else _taken(ground, row)
        params = _params.decode(row.params)
        yield Evidence(
            number=row.id,
            kind=row.kind,
            person=row.person,
            opd=row.opd,
            application=row.application,
            at=utc(row.at / 1000),
            until=None if row.until is None else utc(row.until / 1000),
            result=row.result,
            source=row.source,
            variant=row.variant,
            params={name: value for name, value in params.items() if isinstance(value, Param)},
            by=row.by,
            uid=row.uid,
            via=row.via,
            recorded_at=utc(row.recorded / 1000),
            voided=bool(taken),
            why_void=taken,
        )


def _taken(ground: Ground, row: Any) -> str:
    """The change that took a row away; empty for none."""
    if row.kind == CHANGE or not row.person:
        return ""
    for change in ground.book.changes(row.person, row.opd, row.application):
        if row.kind in change.voids and change.id > row.id:
            return change.variant
    return ""


def in_date(ground: Ground, opd: str, at: float) -> list[float]:
    """Of everything that was asked of the people of an OPD at a time, what was there: 1, or 0."""
    found = levels.of_opd(ground, ground.opds[opd], at)
    # A hand-over does not end: it is only ever missing.
    dated = set(ground.rules.evidence) - {"ST"}
    seen: dict[tuple[str, str], float] = {}
    for part in found.parts:
        for role in part.roles if part.counts else ():
            for held in role.held:
                for need in held.needs:
                    if kind_of(need.what) in dated:
                        seen[held.person, need.what] = 0.0 if need.standing.why else 1.0
    return list(seen.values())
