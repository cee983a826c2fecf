"""What becomes of incidents without anybody's doing: by the clock, and as rows are seen to be."""

import asyncio
from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from opsconsole.api.hub import Hub
from opsconsole.base.clock import Clock, utc
from opsconsole.client.incidents import Incident
from opsconsole.engine.batch import Command
from opsconsole.engine.incidents import Incidents
from opsconsole.engine.record import Recorder
from opsconsole.engine.tellings import exact
from opsconsole.engine.watched import WatchedRow
from opsconsole.health.model import Health, Overlay, ShownState
from opsconsole.incidents import due, rules, stored
from opsconsole.incidents.claims import MASS, row_claim
from opsconsole.incidents.ledger import Ledger, Next, Seen
from opsconsole.incidents.mass import mass_ended
from opsconsole.incidents.moves import member_of, recovers
from opsconsole.incidents.subscriber import drafts
from opsconsole.store.database import Store
from opsconsole.store.drafts import Decided

Finding = Callable[[Connection], list[Next]]


class IncidentClock:
    """Watches the incidents that are shown. Everything is called in the loop, `start` first.

    What is found is found again from what is stored, in the transaction that writes it. ``in_mass()`` says
    whether most hosts fail now.
    """

    def __init__(
        self,
        clock: Clock,
        hub: Hub,
        store: Store,
        recorder: Recorder,
        incidents: Incidents,
        *,
        in_mass: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._hub = hub
        self._store = store
        self._recorder = recorder
        self._incidents = incidents
        self._in_mass = in_mass
        self._under_way: dict[object, Command] = {}

    async def start(self) -> None:
        """Show what is open, and open what should be: rows told to be down by an engine without incidents."""
        now = utc(self._clock.now())

        def read() -> list[Incident]:
            with self._store.reader() as conn:
                return [one for one in stored.recent(conn, now - due.SHOWN_AFTER) if due.is_shown(one, now)]

        shown = await asyncio.to_thread(read)
        self._hub.publish([("incident", str(one.number), one) for one in shown])
        for row in self._incidents.office.rows.values():
            seen = None if row.shown is None else _told_down(row, row.shown, self._clock.now())
            if seen is not None:
                self._write(seen.row, self._opening(seen))
        await asyncio.wrap_future(self._recorder.flush())

    def second(self) -> None:
        """Do what is due."""
        now = utc(self._clock.now())
        ground = self._incidents.ground
        for incident in self._hub.incidents():
            if due.due(incident, now, ground):
                self._write(
                    incident.number,
                    _of(incident.number, lambda stands: due.due(stands, now, ground)),
                )
            elif not due.is_shown(incident, now):
                self._recorder.publish(("incident", str(incident.number), None))

    def sweep(self) -> None:
        """Find members that are up, or gone, and were told of by no event; and a mass failure that is over.

        A row that was only cut off is told to be up by nobody: people never heard that it was down.
        """
        for incident in self._hub.incidents():
            if not incident.status.is_open:
                continue
            for row_id in self._up_again(incident):
                self._write((incident.number, row_id), _of(incident.number, _recovery(row_id)))
            if MASS in incident.claims and incident.state and not self._in_mass():
                self._write(incident.number, _mass_over)

    def _up_again(self, incident: Incident) -> Iterator[str]:
        rows = self._incidents.office.rows
        for member in incident.members:
            row = rows.get(member.id)
            if member.recovered_at is None and (row is None or _is_up(row, incident)):
                yield member.id

    def _opening(self, seen: Seen) -> Finding:
        ground = self._incidents.ground

        def find(conn: Connection) -> list[Next]:
            ledger = stored.StoredLedger(conn)
            return [] if _known(seen, ledger) else rules.failed(seen, ledger, ground)

        return find

    def _write(self, key: object, find: Finding) -> None:
        """Have it found and written once; what is under way is left to that."""
        under_way = self._under_way.get(key)
        if under_way is not None and not under_way.done.done():
            return
        at = self._clock.now()
        command = Command(None, (), decide=lambda conn: Decided(drafts(find(conn), at)))
        self._under_way[key] = command
        command.done.add_done_callback(lambda _done: self._under_way.pop(key, None))
        self._recorder.command(command)


def _of(number: int, find: Callable[[Incident], list[Next]]) -> Finding:
    def found(conn: Connection) -> list[Next]:
        incident = stored.load(conn, number)
        return [] if incident is None else find(incident)

    return found


def _mass_over(conn: Connection) -> list[Next]:
    """It ended while no engine ran."""
    return mass_ended({"failed": 0, "hosts": 0, "why": "restart"}, stored.StoredLedger(conn))


def _recovery(row_id: str) -> Callable[[Incident], list[Next]]:
    return lambda incident: recovers(incident, row_id) if incident.status.is_open else []


def _is_up(row: WatchedRow, incident: Incident) -> bool:
    """Whether nothing of it fails, and nothing is to be told of it; or it is switched off."""
    shown = row.shown
    if shown is None:
        return False
    if not row.entry.active:
        return True
    told_up = shown.told.announced in (Health.UP, Health.PENDING) and not shown.told.held
    return shown.health is Health.UP and shown.hard and shown.overlay is not Overlay.UNREACHABLE and told_up


def _told_down(row: WatchedRow, shown: ShownState, now: float) -> Seen | None:
    """The row as it was told to be down, None for any other."""
    if shown.told.announced is not Health.DOWN or not row.entry.active:
        return None
    probe = next((one for one in row.probes if one.name == shown.probe), None)
    fails = shown.health is Health.DOWN
    return Seen(
        row=row.id,
        state="down",
        reason=shown.reason if fails and shown.overlay is Overlay.NONE else "",
        params=exact(shown.params),
        probe=shown.probe,
        address=probe.state.address if probe else "",
        fingerprint=probe.state.fingerprint if probe else "",
        happened_at=utc(round(min(shown.since, now), 3)),
        at=utc(round(now, 3)),
    )


def _known(seen: Seen, ledger: Ledger) -> bool:
    """Whether there is an incident of it that is open, or was resolved although it fails on."""
    if ledger.holder(row_claim(seen.row)) is not None:
        return True
    members = (member_of(over, seen.row) for over in ledger.over(seen.row))
    return any(member is not None and member.recovered_at is None for member in members)
