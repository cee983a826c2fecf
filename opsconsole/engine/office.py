"""The accepted configuration as it runs: rows, OPDs and probes with their states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from opsconsole.engine.watched import ProbeKey, WatchedOpd, WatchedProbe, WatchedRow
from opsconsole.health.model import Graph, ProbeState
from opsconsole.health.reach import graph
from opsconsole.health.states import States
from opsconsole.inventory.office import ConfiguredProbe, Inventory
from opsconsole.inventory.register import Registered


@dataclass(frozen=True, slots=True)
class Office:
    """One revision of the configuration with everything that runs under it. Replaced as a whole."""

    inventory: Inventory
    rev: int
    rows: Mapping[str, WatchedRow]
    opds: Mapping[str, WatchedOpd]
    probes: Mapping[ProbeKey, WatchedProbe]
    graph: Graph


@dataclass(frozen=True, slots=True)
class Changes:
    """How a new office differs from the one before: whose schedule is to be made, whose forgotten."""

    planned: tuple[WatchedProbe, ...] = ()
    dropped: tuple[WatchedProbe, ...] = ()
    retired_rows: tuple[str, ...] = ()
    retired_opds: tuple[str, ...] = ()


@dataclass
class _Assembly:
    registered: Registered
    states: States
    now: float
    before: Office | None
    planned: list[WatchedProbe] = field(default_factory=list)
    probes: dict[ProbeKey, WatchedProbe] = field(default_factory=dict)

    @cached_property
    def _running(self) -> Mapping[int, WatchedProbe]:
        return {probe.id: probe for probe in self.before.probes.values()} if self.before else {}

    def _state(self, number: int) -> ProbeState:
        """That of the probe which ran under another name: looks may have come since the store was read."""
        running = self._running.get(number)
        return running.state if running else self.states.probes.get(number) or ProbeState(since=self.now)

    def probe(self, configured: ConfiguredProbe) -> WatchedProbe:
        """The probe as it ran before, or a new one with the state that there is of it."""
        key = (configured.row_id, configured.name)
        number = self.registered.probe_ids[key]
        probe = self.before.probes.get(key) if self.before else None
        if probe is None or probe.id != number:
            probe = WatchedProbe(number, *key, self._state(number), configured)
            running = self._running.get(number)
            probe.last = running.last if running else None
            self.planned.append(probe)
        else:
            if probe.configured.spec != configured.spec:
                self.planned.append(probe)
            probe.configure(configured)
        self.probes[key] = probe
        return probe


def assemble(
    inventory: Inventory, registered: Registered, states: States, now: float, before: Office | None = None
) -> tuple[Office, Changes]:
    """The office that ``inventory`` describes, taking over from ``before`` what goes on unchanged.

    ``states`` are the stored ones; those of what runs already are newer and stay.
    """
    assembly = _Assembly(registered, states, now, before)
    rows: dict[str, WatchedRow] = {}
    for entry in inventory.rows():
        row = before.rows.get(entry.id) if before else None
        if row is None:
            row = WatchedRow(entry.id, entry, shown=states.applications.get(entry.id))
        row.entry = entry
        row.probes = tuple(assembly.probe(one) for one in entry.probes) if entry.active else ()
        rows[entry.id] = row
    opds: dict[str, WatchedOpd] = {}
    for code, opd_entry in inventory.opds.items():
        opd = before.opds.get(code) if before else None
        if opd is None:
            opd = WatchedOpd(opd_entry, shown=states.opds.get(code))
        opd.entry = opd_entry
        opd.rows = tuple(row for row in rows.values() if row.entry.opd == code)
        opds[code] = opd
    depends = {id_: [one.any for one in row.entry.depends_on] for id_, row in rows.items()}
    office = Office(inventory, registered.rev, rows, opds, assembly.probes, graph(depends))
    return office, _changes(before, office, assembly.planned)


def _changes(before: Office | None, after: Office, planned: list[WatchedProbe]) -> Changes:
    if before is None:
        return Changes(planned=tuple(planned))
    kept = set(after.probes.values())
    return Changes(
        planned=tuple(planned),
        dropped=tuple(probe for probe in before.probes.values() if probe not in kept),
        retired_rows=tuple(id_ for id_ in before.rows if id_ not in after.rows),
        retired_opds=tuple(code for code in before.opds if code not in after.opds),
    )
