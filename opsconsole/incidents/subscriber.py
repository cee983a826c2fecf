"""What the engine tells becomes incidents, in the transaction that tells it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.incidents import bodies, mass, rules, stored
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.ledger import CutOff, Ledger, Next, Seen
from opsconsole.incidents.projection import KINDS, apply
from opsconsole.store.drafts import EventDraft, NotApplied, Reaction, own_event
from opsconsole.store.events import StoredEvent

_TROUBLE = ("down", "warn")


class IncidentKeeper:
    """A `store.drafts.Subscriber`: opens incidents, and keeps their tables by their own events.

    ``ground()`` is the office in force; it is read from the writer's thread.
    """

    def __init__(self, ground: Callable[[], Ground]) -> None:
        self._ground = ground

    def __call__(self, conn: Connection, event: StoredEvent) -> Reaction:
        """Raises `NotApplied` where an event of an incident does not fit what is stored."""
        if event.kind in KINDS:
            return _project(conn, event)
        follow = _FOLLOWS.get(event.kind)
        if follow is None:
            return Reaction()
        return Reaction(drafts(follow(event, stored.StoredLedger(conn), self._ground()), event.at))


def drafts(following: Iterable[Next], at: float) -> tuple[EventDraft, ...]:
    """What follows, as events of the engine's own doing."""
    return tuple(own_event(one.kind, bodies.subject(one.number), at, one.body) for one in following)


def seen_in(row_id: str, body: Mapping[str, Any], at: float) -> Seen:
    """A row that fails, as ``application.announced`` tells of it."""
    return Seen(
        row=row_id,
        state=body["after"],
        reason=body["reason"],
        params=body["params"],
        probe=body["probe"],
        address=body.get("address", ""),
        fingerprint=body.get("fingerprint", ""),
        happened_at=_moment(body),
        at=utc(at),
    )


def _project(conn: Connection, event: StoredEvent) -> Reaction:
    number = int(event.subject.removeprefix(bodies.PREFIX))
    before = stored.load(conn, number)
    try:
        after = apply(before, event)
    except (KeyError, ValueError, TypeError) as error:
        raise NotApplied(f"{event.kind} of {event.subject}: {error}") from error
    stored.put(conn, before, after)
    return Reaction(published=(("incident", str(number), after),))


def _announced(event: StoredEvent, ledger: Ledger, ground: Ground) -> list[Next]:
    if event.body["after"] in _TROUBLE:
        return rules.failed(seen_in(event.subject, event.body, event.at), ledger, ground)
    return rules.up(event.subject, ledger)


def _cut_off(event: StoredEvent, ledger: Ledger, ground: Ground) -> list[Next]:
    cut = CutOff(event.subject, str(event.body["via"]), _moment(event.body))
    return rules.cut_off(cut, utc(event.at), ledger, ground)


def _cut_off_ended(event: StoredEvent, ledger: Ledger, ground: Ground) -> list[Next]:
    state, told = str(event.body["state"]), str(event.body["told"])
    return rules.cut_off_ended(event.subject, state, told, ledger)


def _mass_failed(event: StoredEvent, ledger: Ledger, ground: Ground) -> list[Next]:
    return mass.mass_failed(_counts(event), _moment(event.body), utc(event.at), ledger, ground)


def _mass_ended(event: StoredEvent, ledger: Ledger, ground: Ground) -> list[Next]:
    return mass.mass_ended({**_counts(event), "why": str(event.body["why"])}, ledger)


def _counts(event: StoredEvent) -> dict[str, Any]:
    return {name: event.body[name] for name in ("failed", "hosts")}


def _moment(body: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(body["happened_at"])


_FOLLOWS: Mapping[str, Callable[[StoredEvent, Ledger, Ground], list[Next]]] = {
    "application.announced": _announced,
    "application.cut_off": _cut_off,
    "application.cut_off_ended": _cut_off_ended,
    "engine.mass_failure": _mass_failed,
    "engine.mass_failure_ended": _mass_ended,
}
