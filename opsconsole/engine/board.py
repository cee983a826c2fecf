"""What is shown of rows and OPDs, worked out only when something below it changed.

Rows that may have changed are gathered and settled together once what happens now has happened: first
what their probes say, then who is cut off by whom, then what is shown, and their OPDs last.
"""

import asyncio
from collections.abc import Mapping

from opsconsole.base.clock import Clock, utc
from opsconsole.client.shapes import State
from opsconsole.engine import shown
from opsconsole.engine.batch import own_event
from opsconsole.engine.office import Changes, Office
from opsconsole.engine.record import Recorder
from opsconsole.engine.watched import WatchedOpd, WatchedRow
from opsconsole.health import rules
from opsconsole.health.model import Health, Overlays, ShownState, Transition
from opsconsole.health.reach import reachability
from opsconsole.health.states import Changed
from probes.observation import Param

# Confirmed changes between these are worth an event each; the rest stand in the transitions alone.
_TOLD = frozenset({State.UP, State.WARN, State.DOWN, State.UNREACHABLE})


class BoardKeeper:
    """Keeps the rows of one office. Everything is called in the loop, `take` first."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock, recorder: Recorder) -> None:
        self._loop = loop
        self._clock = clock
        self._recorder = recorder
        self._office: Office | None = None
        self._via: Mapping[str, str] = {}
        self._open: dict[str, bool] = {}
        self._changed: dict[str, None] = {}
        self._soon = False

    def take(self, office: Office, changes: Changes) -> None:
        """Show this office from now on: everything is settled and published, what left is taken away."""
        self._office = office
        self._open = self._hours_now()
        self._changed = dict.fromkeys(office.rows)
        for row_id in changes.retired_rows:
            self._recorder.publish(("application", row_id, None))
        for code in changes.retired_opds:
            self._recorder.publish(("opd", code, None))
        self.settle(everything=True)

    def changed(self, row_id: str) -> None:
        """A probe of this row changed in what it shows; the row is settled a moment later."""
        self._changed[row_id] = None
        if not self._soon:
            self._soon = True
            self._loop.call_soon(self.settle)

    def hours(self) -> None:
        """Settle the rows whose service hours began or ended. Called every few seconds."""
        now = self._hours_now()
        turned = {name for name, is_open in now.items() if self._open.get(name) is not is_open}
        self._open = now
        if turned:
            rows = self._known.rows.values()
            self._changed |= {row.id: None for row in rows if row.entry.service_hours in turned}
            self.settle()

    def settle(self, *, everything: bool = False) -> None:
        """Work out and record what is shown of all that changed, in the order in which it changed."""
        self._soon = False
        office, rows = self._known, self._known.rows
        changed = {row_id: rows[row_id] for row_id in self._changed if row_id in rows}
        self._changed.clear()
        now = self._clock.now()
        bare = {row_id: self._judged(row, now) for row_id, row in changed.items()}
        if everything or any(_cuts(rows[row_id].shown) != _cuts(after) for row_id, after in bare.items()):
            for row_id in self._cut_off_anew(bare):
                changed.setdefault(row_id, rows[row_id])
        for row in changed.values():
            self._settle_row(row, now)
        codes = {row.entry.opd for row in changed.values()}
        for code, opd in office.opds.items():
            if everything or code in codes:
                self._settle_opd(opd, now)

    def _cut_off_anew(self, bare: Mapping[str, ShownState]) -> list[str]:
        """Find who is cut off, given what rows show by themselves; the rows for which that changed."""
        rows = self._known.rows
        shown_now = {row_id: row.shown for row_id, row in rows.items() if row.shown is not None}
        before, self._via = self._via, reachability(self._known.graph, {**shown_now, **bare})
        return [row_id for row_id in rows if before.get(row_id) != self._via.get(row_id)]

    @property
    def _known(self) -> Office:
        assert self._office is not None
        return self._office

    def _hours_now(self) -> dict[str, bool]:
        office, when = self._known, utc(self._clock.now())
        names = {row.entry.service_hours for row in office.rows.values()}
        return {name: office.inventory.calendar.open_at(name, when) for name in names}

    def _judged(self, row: WatchedRow, now: float) -> ShownState:
        entry = row.entry
        overlays = Overlays(
            off=not entry.active,
            hours="" if self._open[entry.service_hours] else entry.service_hours,
            via=self._via.get(row.id, ""),
        )
        return rules.application_state(row.views, overlays, now)

    def _settle_row(self, row: WatchedRow, now: float) -> None:
        before = row.shown
        after, transition = rules.settle(before, self._judged(row, now), now)
        if after is not before:
            row.shown = after
            self._recorder.row(row.id, after)
        if transition is not None:
            self._recorder.change(
                self._known.rev, Changed(entity="application", id=row.id, transition=transition)
            )
            self._tell(row, transition)
        elif row.settled is None and after.hard:
            row.settled = after.state
        opd = self._known.opds.get(row.entry.opd)
        published = shown.application(row, after, opd.entry.short if opd else "")
        if row.published is None or shown.differs(published, row.published):
            row.published = published
            self._recorder.publish(("application", row.id, published))

    def _tell(self, row: WatchedRow, transition: Transition) -> None:
        state = transition.after
        if not transition.hard or transition.flapping or state not in _TOLD or state is row.settled:
            return
        before, row.settled = row.settled or State.PENDING, state
        if before is State.PENDING and state is State.UP:
            return
        body: dict[str, object] = {
            "before": before.value,
            "after": state.value,
            "reason": transition.reason,
            "params": {name: _exact(value) for name, value in transition.params.items()},
            "happened_at": utc(transition.happened_at).isoformat(timespec="milliseconds"),
        }
        self._recorder.event(own_event("application.state", row.id, transition.noticed_at, body))

    def _settle_opd(self, opd: WatchedOpd, now: float) -> None:
        states = [row.shown for row in opd.rows if row.shown is not None]
        after = rules.opd_state(states, opd.shown, now)
        if after != opd.shown:
            opd.shown = after
            self._recorder.opd(opd.entry.code, after)
        published = shown.opd(opd, after)
        if published != opd.published:
            opd.published = published
            self._recorder.publish(("opd", opd.entry.code, published))


def _cuts(state: ShownState | None) -> tuple[bool, bool]:
    """What of a state decides who is cut off: whether it fails, and whether that is confirmed."""
    failing = state is not None and state.health is Health.DOWN
    return failing, failing and state is not None and state.hard


def _exact(value: Param) -> Param:
    # Floats have no one way to be written, so the chain takes none.
    return f"{value:g}" if isinstance(value, float) else value
