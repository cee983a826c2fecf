"""Recorded looks judged again: as configured now and under other thresholds, side by side."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from opsconsole.base.clock import utc
from opsconsole.client.replayed import Alarm, Counted, Replay, ReplayedRow
from opsconsole.client.shapes import Why
from opsconsole.engine.counting import alarms_of, counted, paired, spans_of, untold
from opsconsole.engine.notebook import Said
from opsconsole.engine.tape import Outside, Recorded, read_looks, read_recorded
from opsconsole.engine.thresholds import read_thresholds
from opsconsole.engine.world import World
from opsconsole.health.states import Changed
from opsconsole.inventory.office import Inventory
from opsconsole.store.database import Store
from opsconsole.store.looks import TapeLook

# So many looks before the stretch are judged as well, so that every count stands where it stood.
_LEAD_LOOKS = 40
_MOST_LEAD_MS = 86_400_000
# Reason, verdict, and the two flags of `store.looks`; which turn it was for says nothing.
_SAID = 0x3FF | 3 << 13
_MOST_ALARMS = 500
_NOT_SAID = -1


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be replayed: rows, from when to when (milliseconds), under which changed thresholds.

    ``probes`` are (row id, name, number), as of configuration revision ``rev``.
    """

    rev: int
    start: int
    end: int
    rows: tuple[str, ...]
    probes: tuple[tuple[str, str, int], ...]
    sets: dict[str, str] = {}


class _Slot:
    """A probe in every world. ``said`` is what its last look said, `_NOT_SAID` when the next may matter."""

    __slots__ = ("limit", "number", "row", "said", "skipped")

    def __init__(self, number: int, row: str, limit: float | None) -> None:
        self.number = number
        self.row = row
        # In the unit of `TapeLook.took`.
        self.limit = None if limit is None else limit * 10_000
        self.said = _NOT_SAID
        self.skipped: TapeLook | None = None


class Replaying:
    """Worlds that see the same looks, one after the other."""

    def __init__(self, worlds: Sequence[World], numbers: Iterable[int]) -> None:
        self._worlds = worlds
        probes = worlds[0].probes
        self._slots = {
            number: _Slot(number, probes[number].row_id, worlds[-1].slow_over(probes[number].row_id))
            for number in numbers
        }
        self._beside: dict[str, list[_Slot]] = {}
        for slot in self._slots.values():
            self._beside.setdefault(slot.row, []).append(slot)
        self.looks = self.of_others = 0

    def run(self, pages: Iterable[list[TapeLook]], outside: Sequence[Outside], job: Job) -> None:
        """Play them all. Those of the stretch are counted, ``of_others`` under another configuration."""
        waiting = [one for one in reversed(outside) if one.probe in self._slots]
        slots, since, rev = self._slots, job.start, job.rev
        wake = 0.0
        for page in pages:
            for look in page:
                if look.at >= since:
                    self.looks += 1
                    self.of_others += look.rev != rev
                if look.ended > wake:
                    # What is due in the millisecond in which a look ends comes after it.
                    wake = self._wake_up(look.ended - 1, waiting)
                slot = slots[look.probe]
                if slot.said == _said(look, slot):
                    slot.skipped = look
                else:
                    self._judge(slot, look)
                    wake = self._next_wake(waiting)
        self._wake_up(job.end, waiting)

    def _judge(self, slot: _Slot, look: TapeLook) -> None:
        self._catch_up(slot.row)
        calm = True
        for world in self._worlds:
            world.look(slot.number, look)
            calm = calm and world.is_calm(slot.number)
        self._stir()
        slot.said = _said(look, slot) if calm else _NOT_SAID

    def _wake_up(self, at: int, waiting: list[Outside]) -> float:
        """Let happen, up to ``at``, what needs no look."""
        while waiting and waiting[-1].at <= at:
            moment = waiting[-1].at
            # What became of several probes at once is settled at once.
            while waiting and waiting[-1].at == moment:
                one = waiting.pop()
                self._catch_up(self._slots[one.probe].row)
                self._slots[one.probe].said = _NOT_SAID
                for world in self._worlds:
                    world.outside(one)
            for world in self._worlds:
                world.loop.run_soon()
        for world in self._worlds:
            world.loop.run_until(at / 1000)
        self._stir()
        return self._next_wake(waiting)

    def _next_wake(self, waiting: Sequence[Outside]) -> float:
        timers = min(world.loop.wake for world in self._worlds) * 1000
        return min(timers, waiting[-1].at) if waiting else timers

    def _stir(self) -> None:
        """Look closely again at the rows that changed."""
        for world in self._worlds:
            for row in world.notes.moved:
                for slot in self._beside.get(row, ()):
                    slot.said = _NOT_SAID
            world.notes.moved.clear()

    def _catch_up(self, row: str) -> None:
        """Let every world know of the looks at this row that were passed over."""
        for slot in self._beside[row]:
            if slot.skipped is not None:
                for world in self._worlds:
                    world.passed_over(slot.number, slot.skipped)
                slot.skipped = None


def replay(
    store: Store,
    inventory: Inventory,
    job: Job,
    *,
    turned: Callable[[Changed], None] = lambda changed: None,
    say: Callable[[float], None] = lambda share: None,
) -> Replay:
    """Replay ``job``. ``turned`` hears every transition as configured now; ``say`` how far it is, 0 to 1."""
    began = time.monotonic()
    numbers = {(row, name): number for row, name, number in job.probes}
    every = {
        numbers[probe.row_id, probe.name]: probe.spec.every
        for row in inventory.rows()
        for probe in row.probes
        if (probe.row_id, probe.name) in numbers
    }
    needed = _with_parents(inventory, job.rows)
    asked = {
        number: every[number] for (row, _name), number in numbers.items() if row in needed and number in every
    }
    lead = min(round(_LEAD_LOOKS * max(asked.values(), default=0.0) * 1000), _MOST_LEAD_MS)
    first = job.start - lead
    with store.reader() as conn:
        recorded = read_recorded(conn, list(asked), sorted(needed), first, job.end)
    as_is = World(inventory, numbers, recorded, first / 1000, rev=job.rev, turned=turned)
    worlds = [as_is]
    if job.sets:
        thresholds = read_thresholds(job.sets)
        changed = frozenset(job.rows)
        worlds.append(
            World(
                inventory,
                numbers,
                recorded,
                first / 1000,
                rev=job.rev,
                thresholds=thresholds,
                changed=changed,
            )
        )
    playing = Replaying(worlds, asked)
    pages = _telling(read_looks(store, asked, first, job.end), job, say)
    playing.run(pages, recorded.outside, job)
    rows = _rows(job, recorded, as_is.notes.said, worlds[-1].notes.said)
    total = _total(rows)
    return Replay(
        since=utc(job.start / 1000),
        until=utc(job.end / 1000),
        sets=job.sets,
        asked=len(job.rows),
        looks=playing.looks,
        seconds=round(time.monotonic() - began, 3),
        total=total,
        applications=tuple(rows),
        notes=tuple(_notes(recorded, worlds, playing.of_others, total)),
    )


def _said(look: TapeLook, slot: _Slot) -> int:
    said = look.result & _SAID
    return said if slot.limit is None else said | (look.took > slot.limit) << 15


def _telling(
    pages: Iterable[list[TapeLook]], job: Job, say: Callable[[float], None]
) -> Iterable[list[TapeLook]]:
    for page in pages:
        yield page
        if page:
            say(min(max((page[-1].ended - job.start) / max(job.end - job.start, 1), 0.0), 1.0))


def _with_parents(inventory: Inventory, rows: Iterable[str]) -> set[str]:
    """The rows, and everything that they depend on."""
    depends = {row.id: [one for group in row.depends_on for one in group.any] for row in inventory.rows()}
    found: set[str] = set()
    ahead = [row for row in rows if row in depends]
    while ahead:
        row = ahead.pop()
        if row not in found:
            found.add(row)
            ahead += [one for one in depends[row] if one in depends]
    return found


def _rows(job: Job, recorded: Recorded, now: Iterable[Said], then: Iterable[Said]) -> list[ReplayedRow]:
    """Those that have anything to tell, the loudest first."""
    since, until = job.start / 1000, job.end / 1000
    said_now, said_then = _by_row(now), _by_row(then)
    were: dict[str, int] = {}
    for one in recorded.announced:
        if one.after in ("down", "warn") and one.at >= job.start:
            were[one.row] = were.get(one.row, 0) + 1
    rows = []
    for row in job.rows:
        are, would = spans_of(said_now.get(row, []), until), spans_of(said_then.get(row, []), until)
        alarms = alarms_of(paired(are, would, since))
        if alarms or row in were:
            sums = counted(alarms, were.get(row, 0), untold(are, would, since))
            rows.append(ReplayedRow(application=row, counted=sums, alarms=tuple(alarms[:_MOST_ALARMS])))
    return sorted(rows, key=lambda one: (-one.counted.alarms, -one.counted.would, one.application))


def _by_row(said: Iterable[Said]) -> Mapping[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for one in said:
        found.setdefault(one.row, []).append(one)
    return found


def _total(rows: Sequence[ReplayedRow]) -> Counted:
    alarms: list[Alarm] = [one for row in rows for one in row.alarms]
    return counted(
        alarms, sum(row.counted.recorded for row in rows), sum(row.counted.untold_s for row in rows)
    )


def _notes(recorded: Recorded, worlds: Sequence[World], of_others: int, total: Counted) -> Iterable[Why]:
    """What was not as it is replayed."""
    if of_others:
        yield Why("config_changed", {"count": of_others})
    if recorded.stepped_back:
        yield Why("clock_back", {"count": recorded.stepped_back})
    if any(world.assumed for world in worlds):
        yield Why("assumed_checks", {"count": max(world.assumed for world in worlds)})
    if total.recorded != total.alarms:
        yield Why("differs", {"recorded": total.recorded, "alarms": total.alarms})
