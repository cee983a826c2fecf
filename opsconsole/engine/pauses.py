"""Probes that operators have paused: no look is made, nothing is shown as if it were known, each has an end.

A pause is committed first and then put to work; at a start those of the store are put to work again. A
row whose probes are all paused is off; where some are, the others decide.
"""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy import Connection

from opsconsole.base.clock import Clock, utc
from opsconsole.client.planned import Pause
from opsconsole.engine.batch import Command
from opsconsole.engine.board import BoardKeeper
from opsconsole.engine.judge import Judge
from opsconsole.engine.office import Office
from opsconsole.engine.prober import Prober
from opsconsole.engine.record import Recorder
from opsconsole.engine.watched import WatchedProbe
from opsconsole.store import pauses as stored
from opsconsole.store.drafts import EventDraft, own_event
from opsconsole.store.pauses import StoredPause


class Pauses:
    """Holds the pauses in force. Everything is called in the loop, `take` first.

    ``kept`` are those of the store.
    """

    def __init__(
        self,
        clock: Clock,
        recorder: Recorder,
        judge: Judge,
        board: BoardKeeper,
        prober: Prober,
        *,
        kept: Iterable[StoredPause],
    ) -> None:
        self._clock = clock
        self._recorder = recorder
        self._judge = judge
        self._board = board
        self._prober = prober
        self._turn = asyncio.Lock()
        self._changing: frozenset[int] = frozenset()
        self._probes: list[WatchedProbe] = []
        self._held = {one.probe_id: one for one in kept}

    def take(self, office: Office) -> None:
        """Pause the probes of this office from now on, and no others."""
        self._probes = list(office.probes.values())
        self._put_to_work()

    async def begin(self, pauses: Iterable[StoredPause], event: EventDraft, command_id: str) -> int:
        """Pause, each in place of the pause that its probe had; the number of the event."""
        pauses = list(pauses)

        def write(conn: Connection) -> None:
            stored.put(conn, pauses)

        return await self._commit(Command(command_id, (event,), write), pauses, ())

    async def end(self, probe_ids: Iterable[int], event: EventDraft, command_id: str) -> int:
        """End pauses before their time; the number of the event."""
        numbers = list(probe_ids)

        def write(conn: Connection) -> None:
            stored.remove(conn, numbers)

        return await self._commit(Command(command_id, (event,), write), (), numbers)

    def expire(self) -> None:
        """End the pauses whose time is over. Called each second."""
        now = self._clock.now()
        # One that a command is about to end or replace is left to that.
        held = (one for number, one in self._held.items() if number not in self._changing)
        over = sorted((one for one in held if one.until <= now), key=lambda one: (one.row_id, one.probe))
        if not over:
            return
        numbers = [one.probe_id for one in over]
        events = tuple(
            own_event("probe.resumed", row_id, now, {"probes": [one.probe for one in group], "why": "over"})
            for row_id, group in groupby(over, key=lambda one: one.row_id)
        )
        # Looks go on whether or not that can be written: at the next start it is tried again.
        self._recorder.command(Command(None, events, lambda conn: stored.remove(conn, numbers)))
        for number in numbers:
            del self._held[number]
        self._put_to_work()

    async def _commit(self, command: Command, begun: Sequence[StoredPause], ended: Sequence[int]) -> int:
        async with self._turn:
            self._changing = frozenset((*ended, *(one.probe_id for one in begun)))
            try:
                self._recorder.command(command)
                written = await asyncio.wrap_future(command.done)
            finally:
                self._changing = frozenset()
            for number in ended:
                self._held.pop(number, None)
            self._held |= {one.probe_id: one for one in begun}
            self._put_to_work()
            self._board.settle()
            # Whoever asked finds it on the board.
            await asyncio.wrap_future(self._recorder.flush())
        return written.seq

    def _put_to_work(self) -> None:
        for probe in self._probes:
            held = self._held.get(probe.id)
            if held is not None and held != probe.pause:
                probe.pause = held
                self._prober.rest([probe])
                self._judge.pause(probe, _params(held))
            elif held is None and (probe.pause is not None or probe.state.paused):
                probe.pause = None
                self._judge.resume(probe)
                self._prober.plan([probe])


def shown(pause: StoredPause) -> Pause:
    """A pause as it crosses the socket."""
    return Pause(by=_by(pause), since=utc(pause.since), until=utc(pause.until), why=pause.reason)


def _params(pause: StoredPause) -> dict[str, str]:
    return {"by": _by(pause), "until": f"{utc(pause.until):%Y-%m-%dT%H:%M:%SZ}", "why": pause.reason}


def _by(pause: StoredPause) -> str:
    return pause.person or f"uid {pause.uid}"
