"""What an event means for the outbox, in the transaction that stores the event."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.incidents import Incident
from opsconsole.incidents.bodies import PREFIX
from opsconsole.inventory.notify import Notify
from opsconsole.notify import outbox, rules
from opsconsole.notify.facts import Facts, facts_of
from opsconsole.notify.rules import Planned
from opsconsole.store.drafts import Decided, Reaction, own_event
from opsconsole.store.events import StoredEvent

_CANCELLED = "notify.cancelled"

Load = Callable[[Connection, int], Incident | None]
ShiftAt = Callable[[datetime], str]
"""The name of the shift that has duty at a time."""


class Outbox:
    """Subscribes to events, after whoever keeps incidents: it reads them as the event has left them.

    ``load`` reads an incident, ``wake()`` is called from the writer's thread when there may be something to
    send once the transaction is committed.
    """

    def __init__(self, load: Load, notify: Notify, shift_at: ShiftAt, wake: Callable[[], None]) -> None:
        self._load = load
        self._plan = notify, shift_at
        self._wake = wake

    def take(self, notify: Notify, shift_at: ShiftAt) -> None:
        """Go by these rules from now on."""
        self._plan = notify, shift_at

    def replan(self, conn: Connection, at: float) -> Decided:
        """After the rules have changed: what waits goes to whom they name now. Its events say so."""
        notify, _shift_at = self._plan
        called_off: dict[int, int] = {}
        for id_, waits, number, opening in outbox.calls_that_wait(conn):
            if rules.still_asked(waits, notify):
                continue
            outbox.cancel(conn, id_)
            called_off[number] = called_off.get(number, 0) + 1
            incident = self._load(conn, number)
            if incident is not None:
                planned = rules.readdressed(incident, waits, notify, at, self._on_duty)
                self._add(conn, planned, facts_of(incident), opening, opening)
        bodies = ({"number": one, "count": off, "because": "config"} for one, off in called_off.items())
        return Decided(tuple(own_event(_CANCELLED, f"{PREFIX}{body['number']}", at, body) for body in bodies))

    def __call__(self, conn: Connection, event: StoredEvent) -> Reaction:
        """Write, call off or change messages as the event asks for."""
        if event.subject.startswith(PREFIX) and event.kind.startswith("incident."):
            return self._incident(conn, event, int(event.subject.removeprefix(PREFIX)))
        match event.kind:
            case "notify.sent":
                self._follow(conn, event)
            case "notify.tested":
                self._test(conn, event)
            case "notify.retried":
                outbox.revive(conn, _message(event), event.at)
                self._wake()
            case "notify.dismissed":
                outbox.dismiss(conn, _message(event))
                self._wake()
        return Reaction()

    def _incident(self, conn: Connection, event: StoredEvent, number: int) -> Reaction:
        incident = self._load(conn, number)
        if incident is None:
            return Reaction()
        if not rules.needs_somebody(incident):
            return self._settle(conn, event, incident)
        notify, _shift_at = self._plan
        planned = rules.openings(incident, notify, event.at, self._on_duty)
        opens = event.kind in rules.OPENS
        if event.kind == rules.FAILED_AGAIN:
            opens = not outbox.is_known(conn, number, outbox.opening_of(conn, number))
        if opens:
            self._add(conn, planned, facts_of(incident), event.seq, event.seq)
        elif "severity" in event.body:
            asked = {one.name for one in notify.rules if incident.severity.value in one.severities}
            off = outbox.call_off(conn, number, asked)
            opening = outbox.opening_of(conn, number) or event.seq
            self._add(conn, planned, facts_of(incident), event.seq, opening)
            return _told_of(off, event, number)
        return Reaction()

    def _settle(self, conn: Connection, event: StoredEvent, incident: Incident) -> Reaction:
        """Nobody is called any more; who was told of its beginning is told what became of it."""
        off = outbox.call_off(conn, incident.number)
        opening = outbox.opening_of(conn, incident.number)
        told = outbox.told(conn, incident.number, opening)
        into = None
        if event.kind == rules.MERGED:
            into = self._load(conn, incident.merged_into)
            news = rules.merges(incident, told, event.at)
        else:
            news = rules.missing_ends(incident, told, event.at)
        self._add(conn, news, facts_of(incident, into), event.seq, opening)
        return _told_of(off, event, incident.number)

    def _follow(self, conn: Connection, event: StoredEvent) -> None:
        """What is planned after messages have left."""
        notify, _shift_at = self._plan
        ids = event.body.get("messages")
        for sent, number, opening in outbox.read(conn, ids if isinstance(ids, list) else []):
            incident = self._load(conn, number) if number else None
            planned = rules.after_sent(incident, sent, notify, event.at, self._on_duty)
            if incident is not None and planned:
                self._add(conn, planned, facts_of(incident), event.seq, opening)

    def _test(self, conn: Connection, event: StoredEvent) -> None:
        notify, _shift_at = self._plan
        name = str(event.body.get("channel"))
        if name in notify.channels:
            recipients = rules.own_recipients(notify.channels[name])
            planned = [Planned("test", "", name, recipient, event.at) for recipient in recipients]
            self._add(conn, planned, Facts(), event.seq, event.seq)

    def _add(self, conn: Connection, planned: list[Planned], facts: Facts, seq: int, opening: int) -> None:
        if planned and outbox.add(conn, planned, facts, seq=seq, opening=opening):
            self._wake()

    def _on_duty(self, shift: str, at: float) -> bool:
        return self._plan[1](utc(at)) == shift


def _message(event: StoredEvent) -> int:
    found = event.body.get("message")
    return found if isinstance(found, int) else 0


def _told_of(off: int, event: StoredEvent, number: int) -> Reaction:
    """The event that messages were called off, where any were."""
    if not off:
        return Reaction()
    body = {"number": number, "count": off, "because": event.kind}
    return Reaction((own_event(_CANCELLED, f"{PREFIX}{number}", event.at, body),))
