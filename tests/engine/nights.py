"""A night of an office inside the test's process: looks are given, incidents come of them."""

import uuid
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from opsconsole.client.commands import COMMANDS
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Caller, CommandBody, CommandResult, Role
from opsconsole.engine.commands import Commands
from opsconsole.engine.incident_clock import IncidentClock
from opsconsole.engine.incidents import Incidents
from opsconsole.incidents import stored
from opsconsole.incidents.projection import KINDS, apply
from opsconsole.store.drafts import Reaction
from opsconsole.store.events import StoredEvent, of_kinds
from probes.observation import Observation, Verdict
from tests.engine.inside import HandClock, Inside
from tests.engine.looking import observation
from tests.engine.offices import application

ONCE = {"every": "60s", "attempts": 1, "recoveries": 1}
_SHAPES = {shape.args: shape for shape in COMMANDS.values()}


def app(row_id: str, *lines: str, **keys: Any) -> str:
    """An application whose first failure confirms."""
    return application(row_id, "http://127.0.0.1:9/", lines=lines, probe={**ONCE, **keys})


class Night(Inside):
    """An engine's parts with incidents. ``told`` are the events of incidents, as (kind, subject)."""

    def __init__(
        self, home: Path, *files: str, clock: HandClock | None = None, settings: str = "", calm: bool = True
    ) -> None:
        self.in_mass = False
        super().__init__(
            home,
            *files,
            clock=clock,
            settings=settings,
            subscribers=(lambda conn, event: self._react(conn, event),),
        )
        self.incidents = Incidents(self.outset.office)
        self.ticking = IncidentClock(
            self.clock, self.hub, self.store, self.recorder, self.incidents, in_mass=lambda: self.in_mass
        )
        self._commands = Commands(
            self.incidents.handlers(), self.store, self.recorder, self.clock.now, lambda _row: None
        )
        if calm:
            self.fit("unset")

    def _react(self, conn: Any, event: StoredEvent) -> Reaction:
        return self.incidents.keeper(conn, event)

    def see(self, row_id: str, reason: str = "ok", **more: Any) -> None:
        """A look at a row: ``ok``, a reason that is a warning (``slow``, ``cert_expiring``), or a failure."""
        warns = reason in ("slow", "cert_expiring")
        verdict = Verdict.UP if reason == "ok" else Verdict.DEGRADED if warns else Verdict.DOWN
        address, print_ = more.pop("address", ""), more.pop("fingerprint", "")
        seen: Observation = observation(verdict, reason, **more)
        probe = self.probe(row_id)
        if print_:
            probe.state = replace(probe.state, fingerprint=print_)
        self.look(row_id, replace(seen, address=address or f"127.9.0.{probe.id}"))

    async def pass_by(self, seconds: float) -> None:
        """Let time pass, and what is due be done."""
        await self.written()
        self.clock.advance(seconds)
        self.ticking.second()
        self.ticking.sweep()
        await self.written()

    async def one(self, number: int = 1) -> Incident:
        """An incident as it is stored now."""
        await self.written()
        with self.store.reader() as conn:
            found = stored.load(conn, number)
        assert found is not None
        return found

    async def all(self) -> list[Incident]:
        """All of them, by their number."""
        await self.written()
        [(most,)] = self.query("SELECT ifnull(max(number), 0) FROM incident")
        return [await self.one(number) for number in range(1, int(str(most)) + 1)]

    async def told(self) -> list[tuple[str, str]]:
        """The events of incidents, in their order."""
        await self.written()
        rows = self.query("SELECT kind, subject FROM event WHERE kind LIKE 'incident.%' ORDER BY seq")
        return [(str(kind).removeprefix("incident."), str(subject)) for kind, subject in rows]

    async def do(
        self,
        args: msgspec.Struct,
        person: str = "sari",
        *,
        version: int | None = None,
        command_id: str = "",
    ) -> CommandResult:
        """Send a command, as this person."""
        shape = _SHAPES[type(args)]
        caller = Caller(1000, person, "command", Role.OPERATOR)
        body = CommandBody(command_id=command_id or uuid.uuid4().hex, version=version)
        return await self._commands.execute(shape, args, caller, body)

    async def check(self) -> None:
        """The rows are what their events make of them, and each open one alone holds its claims."""
        await self.written()
        made: dict[str, Incident] = {}
        with self.store.reader() as conn:
            for event in of_kinds(conn, sorted(KINDS), 0, 1e11):
                made[event.subject] = apply(made.get(event.subject), event)
        found = {f"incident:{one.number}": one for one in await self.all()}
        assert made == found
        assert self.writer.stumbled == 0
