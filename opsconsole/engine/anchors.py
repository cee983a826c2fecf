"""The head of the event chain, written where the chain's writer can not change it afterwards.

Anybody who can write the store can make a new chain that is whole. What they can not change is what was
told elsewhere: the engine's log and the system's journal here, exports and hand-overs with whoever has them.
"""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TextIO

from opsconsole.base.clock import Clock, utc
from opsconsole.engine.log import Logger
from opsconsole.engine.record import Recorder
from opsconsole.inventory.shifts import Shifts
from opsconsole.store import events
from opsconsole.store.database import Store
from opsconsole.store.drafts import own_event

# syslog's "notice", as systemd reads it off a line (sd-daemon(3)).
_NOTICE = "<5>"


class Anchors:
    """Writes the head at the start, when a shift begins, and at the end.

    ``shifts()`` are those of the office. ``journal`` is where systemd listens, None where it does not.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        recorder: Recorder,
        log: Logger,
        *,
        shifts: Callable[[], Shifts],
        journal: TextIO | None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._recorder = recorder
        self._log = log
        self._shifts = shifts
        self._journal = journal
        self._shift: datetime | None = None

    def anchor(self, why: str) -> None:
        """Write the head now. It reads the store: not for the loop that makes the looks."""
        with self._store.reader() as conn:
            seq, sealed = events.head(conn)
        at = utc(self._clock.now()).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._log.info("audit.head", why=why, store=self._store.uuid, seq=seq, hash=sealed.hex(), at=at)
        if self._journal is not None:
            line = f"audit head: store={self._store.uuid} seq={seq} hash={sealed.hex()} at={at}"
            print(f"{_NOTICE}{line}", file=self._journal, flush=True)
        if why == "shift":
            body = {"seq": seq, "hash": sealed.hex()}
            self._recorder.event(own_event("audit.anchored", "audit", self._clock.now(), body))

    def is_due(self) -> bool:
        """Whether a shift has begun since this was asked last."""
        before = self._shift
        self._shift = self._shifts().at(utc(self._clock.now())).start
        return before is not None and before != self._shift


def journal(environ: Mapping[str, str] = os.environ) -> TextIO | None:
    """Standard error, where it is the system's journal (systemd.exec(5), JOURNAL_STREAM)."""
    device, _, inode = environ.get("JOURNAL_STREAM", "").partition(":")
    try:
        found = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return None
    return sys.stderr if (device, inode) == (str(found.st_dev), str(found.st_ino)) else None
