"""One parcel on its way: worded, sent through its channel, and what came of it written down."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from opsconsole.base.clock import Clock
from opsconsole.base.errors import Problem
from opsconsole.incidents.bodies import PREFIX
from opsconsole.inventory.notify import Notify, Smtp
from opsconsole.notify import leases, queries
from opsconsole.notify.leases import Parcel
from opsconsole.notify.mail import send_mail
from opsconsole.notify.rules import Failure, retry_at
from opsconsole.notify.sending import Draft, Surroundings
from opsconsole.notify.texts import Speech, digest_values, values
from opsconsole.notify.webhook import send_webhook
from opsconsole.store.drafts import Decide, Decided, EventDraft, own_event

# After the store took nothing.
PAUSE_SECONDS = 1.0

Write = Callable[[Connection], object]


class Commit(Protocol):
    """Has something written by the one who writes: ``write``, then the events that ``decide`` gives.

    The future gives what ``write`` returned, where there is no ``decide``.
    """

    def __call__(self, write: Write | None, decide: Decide | None = None) -> "Future[Any]":
        """It is done once it is committed; Problem where it was not."""
        ...


class Log(Protocol):
    """The engine's log, as far as it is needed here."""

    def warning(self, event: str, **told: Any) -> object:
        """Something went wrong outside."""
        ...

    def exception(self, event: str, **told: Any) -> object:
        """Something went wrong here."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send by: the office's channels, and how it speaks."""

    notify: Notify
    speech: Speech


class Courier:
    """Delivers parcels. ``jitter()`` is from 0 to 1, another one each time."""

    def __init__(
        self,
        around: Surroundings,
        clock: Clock,
        log: Log,
        *,
        commit: Commit,
        jitter: Callable[[], float],
    ) -> None:
        self._around = around
        self._commit = commit
        self._clock = clock
        self._log = log
        self._jitter = jitter

    async def deliver(self, parcel: Parcel, plan: Plan) -> None:
        """Send it and write down what came of that, however long the store takes nothing."""
        try:
            failure = await self._send(parcel, plan)
        except Exception as error:  # a mistake of ours must not be made again and again at once
            self._log.exception("notify.send", channel=parcel.channel)
            failure = Failure("internal_error", {"seen": type(error).__name__})
        if failure is not None:
            self._log.warning(
                "notify.failed", channel=parcel.channel, why=failure.code, params=failure.params
            )
        while not await self._marked(parcel, failure):  # noqa: ASYNC110 - a disk gives no sign
            await asyncio.sleep(PAUSE_SECONDS)

    async def _send(self, parcel: Parcel, plan: Plan) -> Failure | None:
        channel = plan.notify.channels.get(parcel.channel)
        if channel is None:
            return Failure("channel_missing", {}, permanent=True)
        draft = Draft(parcel.recipient, parcel.key, told(parcel, plan.speech))
        if isinstance(channel, Smtp):
            return await send_mail(channel, draft, self._around)
        return await send_webhook(channel, draft, self._around)

    async def _marked(self, parcel: Parcel, failure: Failure | None) -> bool:
        """Write down what came of it; False when the store did not take that."""
        now = self._clock.now()
        if failure is None:
            event = _event("notify.sent", parcel, now)
            done = self._commit(
                lambda conn: leases.mark_sent(conn, parcel.ids, now), lambda _conn: Decided((event,))
            )
        else:
            attempts = max(one.attempts for one in parcel.messages)
            due = retry_at(failure, attempts, now, self._jitter())
            done = self._commit(
                lambda conn: leases.mark_failed(conn, parcel.ids, failure, due),
                lambda conn: Decided(_failed(conn, parcel, failure, now)),
            )
        try:
            await asyncio.wrap_future(done)
        except Problem:
            return False
        return True


def told(parcel: Parcel, speech: Speech) -> dict[str, str]:
    """What fills the templates for a parcel."""
    if len(parcel.messages) == 1:
        one = parcel.messages[0]
        return values(one.kind, one.facts, speech)
    return digest_values([(one.kind, one.facts) for one in parcel.messages], speech)


def _event(kind: str, parcel: Parcel, at: float, **more: object) -> EventDraft:
    first = parcel.messages[0]
    alone = first.incident and all(one.incident == first.incident for one in parcel.messages)
    body = {
        "channel": parcel.channel,
        "to": parcel.recipient,
        "what": first.kind if len(parcel.messages) == 1 else "digest",
        "messages": list(parcel.ids),
        **more,
    }
    return own_event(kind, f"{PREFIX}{first.incident}" if alone else f"channel:{parcel.channel}", at, body)


def _failed(conn: Connection, parcel: Parcel, failure: Failure, at: float) -> tuple[EventDraft, ...]:
    """The event of a failure: of one that is new, and of the last; not the same one again and again."""
    # An event holds no floats.
    params = {key: str(one) if isinstance(one, float) else one for key, one in failure.params.items()}
    why = {"reason": failure.code, "params": params}
    if queries.any_dead(conn, parcel.ids):
        return (_event("notify.dead", parcel, at, **why),)
    if all(one.error == failure.code for one in parcel.messages):
        return ()
    return (_event("notify.failed", parcel, at, **why),)
