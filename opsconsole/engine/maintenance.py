"""Maintenance by command: planned, ended before its time, listed."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.commands import EndMaintenance, PlanMaintenance
from opsconsole.client.maintenance import (
    MOST_AHEAD_DAYS,
    MOST_MAINTENANCE_DAYS,
    AskMaintenance,
    Maintenance,
    MaintenancePage,
)
from opsconsole.engine import until
from opsconsole.engine.asked import Asked
from opsconsole.engine.batch import Command
from opsconsole.engine.board import BoardKeeper
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.inventory import known_code
from opsconsole.engine.office import Office
from opsconsole.engine.record import Recorder
from opsconsole.engine.watched import WatchedRow
from opsconsole.engine.windows import FILE, Windows, moment, number, subject
from opsconsole.health.maintenance import EVERYTHING, OPD, Kind, Window
from opsconsole.store import maintenance as stored
from opsconsole.store.maintenance import StoredMaintenance
from probes.spec import parse_duration

_DAY_SECONDS = 86_400
# What a clock that differs a little from ours may call now.
_NOW_SECONDS = 60.0


class Planner:
    """Commits what is planned and what is ended, then puts it in force. Called in the loop.

    ``office()`` is the one in force.
    """

    def __init__(
        self, windows: Windows, board: BoardKeeper, recorder: Recorder, office: Callable[[], Office]
    ) -> None:
        self._windows = windows
        self._board = board
        self._recorder = recorder
        self._office = office

    def handlers(self) -> Mapping[str, Handler]:
        """What carries out the commands of maintenance, by name."""
        return {"maintenance": self._plan, "maintenance-end": self._end}

    async def _plan(self, request: Request) -> Outcome:
        """Plan one window. The result is the window."""
        one = _wanted(request, self._office())
        body = {
            "kind": one.kind,
            "start": moment(one.start),
            "end": moment(one.end),
            "lasts": round(one.lasts),
            "parent": one.parent,
            "reason": one.reason,
        }
        event = request.event("maintenance.added", one.subject, body)
        command = Command(request.command_id, (event,), partial(stored.add, one=one))
        self._recorder.command(command)
        written = await asyncio.wrap_future(command.done)
        self._windows.put(replace(one, number=written.value))
        await self._in_force()
        window = next((w for w in self._windows.listed if number(w) == written.value), None)
        return Outcome(result=None if window is None else shown(window), seq=written.seq)

    async def _end(self, request: Request) -> Outcome:
        """End windows that run, or call off one that is to come. The result is their numbers."""
        ending = self._ending(request.args)
        numbers = [one.number for one in ending]
        events = tuple(
            request.event(
                "maintenance.cancelled" if one.began is None else "maintenance.ended",
                one.subject,
                {"by": request.caller.person, "reason": one.reason, "why": "asked"},
            )
            for one in ending
        )

        def write(conn: Connection) -> None:
            stored.remove(conn, numbers)

        command = Command(request.command_id, events, write)
        self._recorder.command(command)
        written = await asyncio.wrap_future(command.done)
        self._windows.drop(numbers)
        await self._in_force()
        return Outcome(result=numbers, seq=written.seq)

    async def _in_force(self) -> None:
        self._board.edge()
        # Whoever asked finds it on the board.
        await asyncio.wrap_future(self._recorder.flush())

    def _ending(self, args: EndMaintenance) -> list[StoredMaintenance]:
        if args.number:
            found = self._windows.find(args.number)
            if found is None:
                raise NotFound(N_("There is no maintenance {number}."), _LISTS, number=args.number)
            return [found]
        name = _subject(args.application, self._office())
        planned = self._windows.of(name)
        running = [one for one in planned if one.began is not None]
        if running or len(planned) == 1:
            return running or planned
        if planned:
            raise Conflict(N_("{id} has several maintenances to come; say which one."), _LISTS, id=name)
        window = self._windows.covers.get(name)
        if window is None:
            raise Conflict(N_("No maintenance of {id} was planned by command."), _LISTS, id=name)
        if number(window):
            raise Conflict(
                N_("The maintenance of {id} is that of {subject}."),
                N_("`opsconsole maintenance end {subject}` ends it for all that it covers."),
                id=name,
                subject=window.subjects[0],
            )
        raise Conflict(
            N_("The maintenance of {id} is declared in {file}: {name}."),
            N_("Change it there and reload."),
            id=name,
            file=FILE,
            name=window.why,
        )


_LISTS = N_("`opsconsole maintenance list` shows what there is.")


async def answer_maintenance(windows: Windows, asked: Asked) -> MaintenancePage:
    """What runs and what is to come. Raises NotFound for an application that is not there."""
    args: AskMaintenance = asked.args
    row = asked.office.rows.get(args.application)
    if args.application and row is None:
        raise NotFound(N_("There is no application {id}."), id=args.application)
    return MaintenancePage(at=utc(asked.clock.now()), windows=listed(windows, row))


def listed(windows: Windows, row: WatchedRow | None) -> tuple[Maintenance, ...]:
    """All windows, or those that cover a row: what runs first, then the soonest."""
    found = [one for one in windows.listed if row is None or one.covers(subject(row))]
    return tuple(shown(one) for one in sorted(found, key=lambda one: (not one.runs, one.start, one.key)))


def shown(window: Window) -> Maintenance:
    """A window as it crosses the socket."""
    return Maintenance(
        number=number(window),
        subjects=window.subjects,
        kind=window.kind.value,
        start=utc(window.start),
        end=utc(window.end),
        lasts_s=window.lasts,
        parent=window.parent.id,
        began=None if window.began is None else utc(window.began),
        until=utc(window.ends) if window.runs else None,
        by=window.by,
        why=window.why,
    )


def _wanted(request: Request, office: Office) -> StoredMaintenance:
    """The window that is asked for. Raises `Invalid` and `NotFound`."""
    args: PlanMaintenance = request.args
    zone, reason = office.inventory.settings.office.zone, args.reason.strip()
    name = _subject(args.application, office)
    start = until.moment(args.start, request.at, zone) if args.start else request.at
    if not request.at - _NOW_SECONDS <= start <= request.at + MOST_AHEAD_DAYS * _DAY_SECONDS:
        raise Invalid(
            N_("Maintenance begins between now and {days} days from now, not {text}."),
            days=MOST_AHEAD_DAYS,
            text=args.start,
        )
    end = until.moment(args.until, start, zone)
    if not start < end <= start + MOST_MAINTENANCE_DAYS * _DAY_SECONDS:
        raise Invalid(
            N_("Maintenance ends within {days} days of its start, not {text}."),
            N_(
                "Give an end that lies after the start; "
                "what is gone for longer is `active = false` in the files."
            ),
            days=MOST_MAINTENANCE_DAYS,
            text=args.until,
        )
    if not reason:
        raise Invalid(N_("Maintenance needs a reason."), N_("Say in a few words what is done."))
    parent = _parent(args.parent, name, office)
    lasts = _lasts(args.lasts)
    return StoredMaintenance(
        subject=name,
        kind=Kind.TRIGGERED if parent else Kind.FLEXIBLE if lasts else Kind.FIXED,
        start=round(max(start, request.at), 3),
        end=round(end, 3),
        lasts=lasts,
        parent=parent,
        uid=request.caller.uid,
        person=request.caller.person,
        reason=reason,
        added=round(request.at, 3),
    )


def _subject(text: str, office: Office) -> str:
    """What a command names: a row, an agency by its code however it is typed, or everything."""
    if text.startswith(OPD):
        return OPD + known_code(office, text.removeprefix(OPD) or "?")
    if text != EVERYTHING and text not in office.rows:
        raise NotFound(
            N_("There is no application {id}."),
            N_("Name an application, service:ID, opd:CODE, or * for everything."),
            id=text or "?",
        )
    return text


def _parent(text: str, name: str, office: Office) -> str:
    if text and (text == name or text not in office.rows):
        raise Invalid(
            N_("{parent} can not begin the maintenance of {id}."),
            N_("Name another application or service:ID that is there."),
            parent=text,
            id=name,
        )
    return text


def _lasts(text: str) -> float:
    try:
        lasts = parse_duration(text) if text else 0.0
    except ValueError:
        lasts = -1.0
    if not 0 <= lasts <= MOST_MAINTENANCE_DAYS * _DAY_SECONDS or (text and not lasts):
        raise Invalid(
            N_("{text} is not how long maintenance lasts."),
            N_("Write 30m, 2h or 3d, at most {days} days."),
            text=text,
            days=MOST_MAINTENANCE_DAYS,
        )
    return lasts
