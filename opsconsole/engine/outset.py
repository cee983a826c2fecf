"""What an engine begins with, and what it says of that: to the log and to whoever greets it."""

import os
from dataclasses import dataclass

from opsconsole import __version__
from opsconsole.base.clock import utc
from opsconsole.base.paths import Place
from opsconsole.client.shapes import PROTOCOL, Caller, Hello, Role
from opsconsole.engine.misses import Gap
from opsconsole.engine.office import Office, assemble
from opsconsole.engine.quiet import load_states, recall_last
from opsconsole.inventory.journal import Settled
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.register import register
from opsconsole.store import maintenance, pauses, runs
from opsconsole.store.database import Store
from opsconsole.store.drafts import EventDraft, own_event
from opsconsole.store.maintenance import StoredMaintenance
from opsconsole.store.pauses import StoredPause


@dataclass(frozen=True, slots=True)
class Outset:
    """What an engine begins with: where, which run it is, and the office as the store knows it.

    ``last_sign`` is when the run before was last alive; ``cut_off`` is that run, where it did not end by
    itself: its number and its last sign. ``pauses`` and ``maintenance`` are those of the store. ``settled``
    is the change of files that an earlier run did not come to the end of.
    """

    place: Place
    run: int
    started: float
    office: Office
    demo: bool
    cut_off: tuple[int, float] | None = None
    last_sign: float | None = None
    pauses: tuple[StoredPause, ...] = ()
    maintenance: tuple[StoredMaintenance, ...] = ()
    settled: Settled | None = None


def begin(
    place: Place,
    store: Store,
    inventory: Inventory,
    now: float,
    *,
    demo: bool,
    settled: Settled | None = None,
) -> Outset:
    """Number this run and bring the store and the files together."""
    with store.writer() as conn:
        cut_off, last_sign = runs.cut_off_run(conn), runs.last_sign(conn)
        run = runs.begin_run(conn, now, os.getpid(), __version__)
        registered = register(conn, inventory, now)
        office, _changes = assemble(inventory, registered, load_states(conn), now)
        recall_last(conn, office.probes.values())
        paused, planned = tuple(pauses.load(conn)), tuple(maintenance.load(conn))
    return Outset(place, run, now, office, demo, cut_off, last_sign, paused, planned, settled)


def beginnings(outset: Outset, missed: Gap | None) -> tuple[EventDraft, ...]:
    """The events of a start; ``missed`` is what was not looked at since the run before."""
    facts: dict[str, object] = {
        "version": __version__,
        "pid": os.getpid(),
        "rev": outset.office.rev,
        "probes": len(outset.office.probes),
        **(missed.body() if missed else {}),
    }
    begun = [own_event("engine.started", "engine", outset.started, facts)]
    if outset.settled is not None and not outset.settled.done:
        files: dict[str, object] = {"files": list(outset.settled.files)}
        begun.insert(0, own_event("config.undone", "config", outset.started, files))
    if outset.cut_off is not None:
        run, last_sign = outset.cut_off
        body = {"run": run, "last_sign": utc(last_sign).isoformat(timespec="milliseconds")}
        begun.insert(0, own_event("engine.cut_off", "engine", outset.started, body))
    return tuple(begun)


def about(outset: Outset) -> Hello:
    """Who the engine is; the caller is filled in for each."""
    office = outset.office.inventory.settings.office
    return Hello(
        version=__version__,
        protocol=PROTOCOL,
        run=outset.run,
        started_at=utc(outset.started),
        office=office.name,
        zone=office.zone,
        language=office.language,
        opd_term=office.opd_term,
        demo=outset.demo,
        caller=Caller(os.getuid(), "", "engine", Role.ADMIN),
        shifts=tuple(start for start, _name in outset.office.inventory.calendar.shifts.starts),
    )
