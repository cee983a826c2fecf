"""Values of references as looks ask for them: read in a thread of their own, and kept for minutes.

A keyring may hang, and a disk too. Nothing here ever blocks an event loop, and a read that does not end
holds up nobody but those who want that very secret, for seconds.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from opsconsole.base.secrets.reading import read
from probes.masking import Mask
from probes.secrets import Secret, SecretFault

KEEP_SECONDS = 600.0
# What fails is asked again soon, and yet not by each of a thousand looks.
KEEP_FAULT_SECONDS = 10.0
TIMEOUT_SECONDS = 5.0
# So many values are kept out of the log, those that were replaced meanwhile too.
_HIDDEN = 4096

Outcome = Secret | SecretFault


@dataclass(slots=True)
class _Entry:
    """One reference: what it came to and until when that holds, or the read that is under way."""

    outcome: Outcome | None = None
    until: float = 0.0
    reading: "Future[Outcome] | None" = None
    since: float = 0.0


class SecretStore:
    """Called from any loop and thread. ``monotonic`` gives seconds; ``read_one`` may block."""

    def __init__(
        self,
        read_one: Callable[[str], Secret] = read,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._read_one = read_one
        self._monotonic = monotonic
        self._timeout = timeout
        self._guard = threading.Lock()
        self._entries: dict[str, _Entry] = {}
        self._given_out: dict[Secret, None] = {}
        self._mask: Mask | None = Mask(())

    async def value(self, ref: str) -> Secret:
        """What ``ref`` gives; at most ten minutes old. Raises SecretFault."""
        with self._guard:
            entry = self._entries.setdefault(ref, _Entry())
            if entry.outcome is not None and self._monotonic() < entry.until:
                return _given(entry.outcome)
            reading = self._begin(ref, entry)
        return await self._await(ref, entry, reading)

    async def fresh(self, ref: str) -> Secret:
        """What ``ref`` gives now; from here on everybody gets that. Raises SecretFault."""
        with self._guard:
            entry = self._entries.setdefault(ref, _Entry())
            entry.until = 0.0
            reading = self._begin(ref, entry)
        return await self._await(ref, entry, reading)

    def clear(self) -> None:
        """Forget every value."""
        with self._guard:
            self._entries.clear()

    def hide(self, text: str) -> str:
        """``text`` without any value that was given out since the start."""
        with self._guard:
            if self._mask is None:
                self._mask = Mask(one.reveal() for one in self._given_out)
            mask = self._mask
        return mask.text(text)

    def _begin(self, ref: str, entry: _Entry) -> "Future[Outcome]":
        """The read that is under way, or a new one."""
        if entry.reading is None:
            entry.reading, entry.since = Future(), self._monotonic()
            threading.Thread(
                target=self._read, args=(ref, entry, entry.reading), name="secret", daemon=True
            ).start()
        return entry.reading

    async def _await(self, ref: str, entry: _Entry, reading: "Future[Outcome]") -> Secret:
        left = max(entry.since + self._timeout - self._monotonic(), 0.0)
        try:
            outcome = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(reading)), left)
        except TimeoutError:
            raise SecretFault(ref, "timeout", want=f"{self._timeout:g} s") from None
        return _given(outcome)

    def _read(self, ref: str, entry: _Entry, reading: "Future[Outcome]") -> None:
        outcome: Outcome
        try:
            outcome = self._read_one(ref)
        except SecretFault as fault:
            outcome = fault.with_traceback(None)
        except Exception as error:  # whoever waits must hear of it, and nothing of the value
            outcome = SecretFault(ref, "failed", seen=type(error).__name__)
        with self._guard:
            kept = KEEP_SECONDS if isinstance(outcome, Secret) else KEEP_FAULT_SECONDS
            entry.outcome, entry.until, entry.reading = outcome, self._monotonic() + kept, None
            if isinstance(outcome, Secret) and outcome not in self._given_out:
                self._remember(outcome)
        reading.set_result(outcome)

    def _remember(self, secret: Secret) -> None:
        while len(self._given_out) >= _HIDDEN:
            del self._given_out[next(iter(self._given_out))]
        self._given_out[secret] = None
        self._mask = None


def _given(outcome: Outcome) -> Secret:
    if isinstance(outcome, Secret):
        return outcome
    # Another one for each who waits: a traceback that is raised again and again grows.
    raise outcome.again()
