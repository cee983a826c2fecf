"""What is shown of rows and OPDs, worked out only when something below it changed.

Rows that may have changed are gathered and settled together once what happens now has happened: first
what their probes say, then who is cut off by whom, then what is shown and told, and their OPDs last.
"""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from opsconsole.base.clock import Clock, utc
from opsconsole.engine import shown, tellings
from opsconsole.engine.around import Covers, Notes, Timers
from opsconsole.engine.edges import Edges
from opsconsole.engine.office import Changes, Office
from opsconsole.engine.watched import WatchedOpd, WatchedRow
from opsconsole.health import maintenance
from opsconsole.health.announce import announce, standing
from opsconsole.health.model import TROUBLE, Health, Overlays, ShownState
from opsconsole.health.reach import may_fail, parents_failing, reachability
from opsconsole.health.rows import application_state, opd_state, settle
from opsconsole.health.states import Changed


class BoardKeeper:
    """Keeps the rows of one office. Everything is called in the loop, `take` first.

    ``look_soon(row)`` is called when a row may no longer be what its last look said: it was cut off, or
    something else that kept announcements back is over. ``windows`` is what is under maintenance. Both
    that and service hours begin and end at their exact moments.
    """

    def __init__(
        self,
        loop: Timers,
        clock: Clock,
        recorder: Notes,
        windows: Covers,
        look_soon: Callable[[WatchedRow], None],
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._recorder = recorder
        self._windows = windows
        self._look_soon = look_soon
        self._edges = Edges(loop, clock, self._next_edge, self.edge)
        self._office: Office | None = None
        self._via: Mapping[str, str] = {}
        self._parents_fail: frozenset[str] = frozenset()
        self._awaiting: set[str] = set()
        self._open: dict[str, bool] = {}
        self._changed: dict[str, None] = {}
        self._soon = False

    def take(self, office: Office, changes: Changes) -> None:
        """Show this office from now on: everything is settled and published, what left is taken away."""
        self._office = office
        self._windows.take(office)
        self._windows.turn(self._clock.now())
        self._open = self._hours_now()
        self._changed = dict.fromkeys(office.rows)
        self._awaiting &= office.rows.keys()
        for row_id in changes.retired_rows:
            self._recorder.publish(("application", row_id, None))
        for code in changes.retired_opds:
            self._recorder.publish(("opd", code, None))
        self.settle(everything=True)
        self._edges.plan()

    def stop(self) -> None:
        """Wait for no more moments."""
        self._edges.stop()

    def changed(self, row_id: str) -> None:
        """A probe of this row changed in what it shows; the row is settled a moment later."""
        self._changed[row_id] = None
        if not self._soon:
            self._soon = True
            self._loop.call_soon(self.settle)

    def looked(self, row_id: str) -> None:
        """A look at this row changed nothing in what it shows: it may still be what is told of it."""
        if row_id in self._awaiting:
            self.changed(row_id)

    def edge(self) -> None:
        """Settle the rows whose hours or maintenance began or ended; called whenever they may have."""
        now = self._hours_now()
        turned = {name for name, is_open in now.items() if self._open.get(name) is not is_open}
        self._open = now
        rows = self._known.rows.values()
        self._changed |= {row.id: None for row in rows if row.entry.service_hours in turned}
        self._changed |= dict.fromkeys(self._windows.turn(self._clock.now()))
        if self._changed:
            self.settle()
        self._edges.plan()

    def settle(self, *, everything: bool = False) -> None:
        """Work out and record what is shown of all that changed, in the order in which it changed."""
        with self._recorder.together():  # or an end in between would have people told twice, or never
            self._settle(everything=everything)

    def _settle(self, *, everything: bool) -> None:
        self._soon = False
        office, rows = self._known, self._known.rows
        changed = {row_id: rows[row_id] for row_id in self._changed if row_id in rows}
        self._changed.clear()
        now = self._clock.now()
        bare = {row_id: self._judged(row, now) for row_id, row in changed.items()}
        changed |= {row_id: rows[row_id] for row_id in self._begun_by(bare, now) if row_id in rows}
        if everything or any(_cuts(rows[row_id].shown) != _cuts(after) for row_id, after in bare.items()):
            for row_id in self._cut_off_anew(bare):
                changed.setdefault(row_id, rows[row_id])
        for row in changed.values():
            self._settle_row(row, now)
        codes = {row.entry.opd for row in changed.values()}
        for code, opd in office.opds.items():
            if everything or code in codes:
                self._settle_opd(opd, now)

    def _begun_by(self, bare: Mapping[str, ShownState], now: float) -> set[str]:
        """Begin maintenance that waits for trouble, given what rows show by themselves; the rows covered."""
        troubled = [row_id for row_id, after in bare.items() if after.health in TROUBLE]
        if not any(self._windows.awaits(self._known.rows[row_id]) for row_id in troubled):
            return set()
        covered = self._windows.turn(now, troubled)
        self._edges.plan()
        return covered

    def _cut_off_anew(self, bare: Mapping[str, ShownState]) -> list[str]:
        """Find whose parents fail, given what rows show by themselves; the rows for which that changed."""
        rows, graph = self._known.rows, self._known.graph
        shown_now = {row_id: row.shown for row_id, row in rows.items() if row.shown is not None}
        states = {**shown_now, **bare}
        before, self._via = self._via, reachability(graph, states)
        turned = self._parents_fail ^ (failing := parents_failing(graph, states))
        self._parents_fail = failing
        return [id_ for id_ in rows if id_ in turned or before.get(id_) != self._via.get(id_)]

    @property
    def _known(self) -> Office:
        assert self._office is not None
        return self._office

    def _hours_now(self) -> dict[str, bool]:
        office, when = self._known, utc(self._clock.now())
        return {name: office.inventory.calendar.open_at(name, when) for name in self._hour_names()}

    def _hour_names(self) -> set[str]:
        return {row.entry.service_hours for row in self._known.rows.values()}

    def _next_edge(self, now: float) -> float | None:
        calendar = self._known.inventory.calendar
        changes = [calendar.next_change(name, utc(now)) for name in self._hour_names()]
        edges = [self._windows.next_edge(now), *(change.timestamp() for change in changes if change)]
        return min((edge for edge in edges if edge is not None), default=None)

    def _judged(self, row: WatchedRow, now: float) -> ShownState:
        after = application_state(row.views, self._overlays(row), now)
        return after if row.shown is None else replace(after, told=row.shown.told)

    def _overlays(self, row: WatchedRow) -> Overlays:
        entry, window = row.entry, self._windows.covers.get(row.id)
        return Overlays(
            off=not entry.active,
            maintenance=window is not None,
            work=maintenance.params(window) if window else {},
            hours="" if self._open[entry.service_hours] else entry.service_hours,
            via=self._via.get(row.id, ""),
            parents_fail=row.id in self._parents_fail,
        )

    def _settle_row(self, row: WatchedRow, now: float) -> None:
        before, overlays = row.shown, self._overlays(row)
        after, transition = settle(before, self._judged(row, now), now)
        after = self._told(row, after, overlays, now)
        if after is not before:
            row.shown = after
            self._recorder.row(row.id, after)
        if transition is not None:
            self._recorder.change(
                self._known.rev, Changed(entity="application", id=row.id, transition=transition)
            )
        if via := tellings.cut_off(row.id, before, after, now):
            self._recorder.event(via)
            if not after.via and after.health is Health.DOWN:
                self._look_soon(row)
        opd = self._known.opds.get(row.entry.opd)
        published = shown.application(row, after, opd.entry.short if opd else "")
        if row.published is None or shown.differs(published, row.published):
            row.published = published
            self._recorder.publish(("application", row.id, published))

    def _told(self, row: WatchedRow, after: ShownState, overlays: Overlays, now: float) -> ShownState:
        """``after`` with what people know of it, once they were told what there is to tell."""
        told, announcement = announce(after.told, standing(row.views, overlays), now)
        if announcement is not None:
            self._recorder.event(tellings.announced(row.id, announcement))
        if not told.awaits_look:
            self._awaiting.discard(row.id)
        elif row.id not in self._awaiting:
            self._awaiting.add(row.id)
            self._look_soon(row)
        return after if told == after.told else replace(after, told=told)

    def _settle_opd(self, opd: WatchedOpd, now: float) -> None:
        states = [row.shown for row in opd.rows if row.shown is not None]
        after = opd_state(states, opd.shown, now)
        if after != opd.shown:
            opd.shown = after
            self._recorder.opd(opd.entry.code, after)
        published = shown.opd(opd, after)
        if published != opd.published:
            opd.published = published
            self._recorder.publish(("opd", opd.entry.code, published))


def _cuts(state: ShownState | None) -> tuple[bool, bool, bool]:
    """What decides who is cut off and whose parents fail: whether it fails, for certain, or may do so."""
    if state is None:
        return False, False, False
    failing = state.health is Health.DOWN
    return failing, failing and state.hard, may_fail(state)
