"""What takes evidence away: people who go, a new number, an acting head, a new version, a reorganisation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.readiness_commands import RecordChange, Transfer
from opsconsole.inventory.office import PersonEntry
from opsconsole.inventory.readiness import ReadinessRules
from opsconsole.readiness.asking import Asking, note_of
from opsconsole.readiness.evidence import CHANGE
from opsconsole.readiness.project import Recorded
from opsconsole.store.drafts import Decided


def transfer(ask: Asking, conn: Connection) -> Decided:
    """People go elsewhere, many at once."""
    args: Transfer = ask.args
    return _changed(ask, "transfer", ask.people(args.people), note_of(args.note))


def change(ask: Asking, conn: Connection) -> Decided:
    """Something else takes evidence away."""
    args: RecordChange = ask.args
    note = note_of(args.note)
    match args.what:
        case "retirement" | "number":
            return _changed(ask, args.what, ask.people(args.people), note)
        case "version":
            row = ask.application(args.application)
            if row is None:
                raise Invalid(N_("Say which application has a new major version."))
            return _changed(ask, args.what, (), note, opd=row.opd, application=row.id)
    return _changed(ask, args.what, (), note, opd=ask.opd(args.opd))


def _changed(
    ask: Asking,
    what: str,
    people: Sequence[PersonEntry],
    note: Mapping[str, object],
    *,
    opd: str = "",
    application: str = "",
) -> Decided:
    """A change with the kinds that it takes away, as the rules are now: later ones change nothing of it."""
    said = Recorded(
        kind=CHANGE,
        at=utc(ask.at),
        opd=opd,
        application=application,
        variant=what,
        params={"voids": _voids(ask.inventory.readiness, what), **note},
        own={one.id: {"duties": list(one.duties)} for one in people},
    )
    return ask.recorded("changed", said, people)


def reorganised(rules: ReadinessRules, body: Mapping[str, Any], at: datetime) -> dict[str, object]:
    """The body of ``readiness.changed`` for whom a reorganisation moves; empty where it moves nobody.

    ``body`` is that of ``integration.reorganised``: its ``people`` are ids with the OPD before and after.
    """
    moved: Mapping[str, Sequence[str]] = body.get("people", {})
    if not moved:
        return {}
    return {
        "kind": CHANGE,
        "at": at.isoformat(timespec="milliseconds"),
        "people": list(moved),
        "opds": [to for _was, to in moved.values()],
        "variant": "reorganisation",
        "params": {"voids": _voids(rules, "reorganisation")},
    }


def _voids(rules: ReadinessRules, what: str) -> list[str]:
    return [one.code for one in rules.evidence.values() if what in one.voided_by]
