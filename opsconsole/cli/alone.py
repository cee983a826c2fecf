"""What a command does with the store itself while no engine runs: under the engine's lock."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opsconsole.base.errors import Problem, Unreachable
from opsconsole.base.paths import Place
from opsconsole.base.text import _
from opsconsole.cli.session import Session
from opsconsole.console.draw.times import Times


@contextmanager
def alone(session: Session, problem: Unreachable) -> Iterator[Place]:
    """The office, locked. Raises ``problem``, which says that no engine answers, where there is no store
    of ours, and `LockHeld` where an engine runs that does not answer.
    """
    from opsconsole.engine.offline import locked

    found = session.found()
    if found.why == "none" or not found.place.database.exists():
        raise problem
    with locked(found.place, time.time()):
        print(_("No engine runs: the store is read under its lock."), file=sys.stderr)
        yield found.place


def own_times(place: Place) -> Times:
    """Times in the office's zone as its files have it, for no engine can be asked; UTC if they are broken."""
    from opsconsole.inventory.load import load

    try:
        return Times(load(place.config).settings.office.zone)
    except Problem:
        return Times("UTC")
