"""What answers the query ``explain``: the rules of a row, and the looks that led to what it shows."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_
from opsconsole.client.explained import AskExplain, Explained, Led, LedLook, LedRole, Uncounted
from opsconsole.client.shapes import Look, State
from opsconsole.engine.asked import Asked
from opsconsole.engine.watched import WatchedProbe, WatchedRow
from opsconsole.health.model import Health, ProbeState, ShownState
from opsconsole.health.reasoning import Answered, reason
from opsconsole.store import looks
from opsconsole.store.database import Store

# As many as tell how it began; of a state that lasts for long the newest ends the list.
_FIRST_LOOKS = 12
# Of when a look began two clocks tell.
_SAME_SECONDS = 0.02
_KINDS = {Health.DOWN: ("down",), Health.WARN: ("down", "degraded"), Health.UP: ("up",)}
_LAST_TOLD = """
SELECT at FROM event WHERE kind = 'application.announced' AND subject = ? ORDER BY seq DESC LIMIT 1
"""


async def answer_explain(checked_at: Callable[[], float | None], asked: Asked) -> Explained:
    """Why it shows what it shows. Raises `NotFound`. ``checked_at`` is when our self-check last passed."""
    args: AskExplain = asked.args
    rows = asked.office.rows
    row = rows.get(args.application)
    if row is None or row.shown is None or row.published is None:
        raise NotFound(
            N_("There is no application {id}."), N_("`opsconsole status` lists them."), id=args.application
        )
    state, published, views = row.shown, row.published, row.views
    told_at, led = await asyncio.to_thread(_read, asked.store, row, state)
    parents = [{id_: rows[id_].shown for id_ in group.any if id_ in rows} for group in row.entry.depends_on]
    answered = Answered(state.told.announced, told_at)
    return Explained(
        row=published,
        at=utc(asked.clock.now()),
        lines=reason(state, views, parents, checked_at(), answered),
        led=tuple(led),
    )


def _read(store: Store, row: WatchedRow, shown: ShownState) -> tuple[float | None, list[Led]]:
    """When people were last told, and the looks: of the probe that decides, then of those in trouble."""
    probes = sorted(row.probes, key=lambda probe: probe.name != shown.probe)
    wanted = [one for one in probes if one.name == shown.probe or one.state.word is not State.UP]
    with store.answering() as conn:
        told = conn.exec_driver_sql(_LAST_TOLD, (row.id,)).scalar()
        return None if told is None else told / 1000, [_led(conn, probe) for probe in wanted]


def _led(conn: Connection, probe: WatchedProbe) -> Led:
    """From the last look before it began up to now."""
    state = probe.state
    since = state.since - _SAME_SECONDS
    before = looks.recent(conn, probe.id, probe.name, limit=1, before=since)
    first = looks.following(conn, probe.id, probe.name, since=since, limit=_FIRST_LOOKS)
    there = looks.count(conn, probe.id, since)
    newest = looks.recent(conn, probe.id, probe.name, limit=1) if there > len(first) else []
    led = [LedLook(look=look, role="before") for look in before]
    led += _told(first, state)
    if newest:
        led.append(LedLook(look=newest[0], role="last", uncounted=_uncounted(newest[0], state)))
    return Led(probe=probe.name, looks=tuple(led), left_out=max(there - len(first) - len(newest), 0))


def _told(first: Sequence[Look], state: ProbeState) -> list[LedLook]:
    """The first looks with what each of them did."""
    confirming = _confirming(first, state)
    number, led = 0, []
    for place, look in enumerate(first):
        uncounted = _uncounted(look, state)
        counts = uncounted in ("", "suspect")
        number += counts
        role: LedRole = "first" if place == 0 else "confirming" if look is confirming else ""
        led.append(LedLook(look=look, role=role, number=number * counts, uncounted=uncounted))
    return led


def _confirming(first: Sequence[Look], state: ProbeState) -> Look | None:
    """The look after which it was confirmed."""
    if state.confirmed is not state.health or state.confirmed_at is None:
        return None
    until = utc(state.confirmed_at + _SAME_SECONDS)
    ended = [look for look in first if look.at + timedelta(milliseconds=look.duration_ms) <= until]
    return ended[-1] if ended and not _uncounted(ended[-1], state) else None


def _uncounted(look: Look, state: ProbeState) -> Uncounted:
    if look.offline:
        return "offline"
    if look.verdict == "unknown":
        return "unknown"
    if look.suspect and look.verdict != "up":
        return "suspect"
    kinds = _KINDS.get(state.health, ("up", "down", "degraded"))
    return "" if look.verdict in kinds else "other"
