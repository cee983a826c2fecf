"""What a scripted engine answers when it is asked for its schedule, made up from its rows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from opsconsole.client.planned import Missed, Pause, PlannedProbe, Schedule
from opsconsole.client.shapes import Application, SelfCheck, State

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine

_VERDICTS = {State.UP: "up", State.WARN: "degraded", State.DOWN: "down", State.UNREACHABLE: "down"}
_UNSEEN = (State.PENDING, State.OFF, State.STALE)


def canned_planned(engine: "ScriptedEngine") -> dict[str, Callable[[Any], object]]:
    """The answers by the name of their query."""
    return {"schedule": lambda args: schedule(engine)}


def schedule(engine: "ScriptedEngine") -> Schedule:
    """One probe for each row; three of them run or wait, and those paused by the script are."""
    now, rows = engine.now, sorted(engine.board().applications, key=lambda row: row.id)
    probes = tuple(_planned(engine, row, number) for number, row in enumerate(rows))
    return Schedule(
        at=now,
        run=engine.run,
        started_at=now - timedelta(days=3),
        day_began=now.replace(hour=17, minute=0, second=0),
        probes=probes,
        running=sum(probe.lane in ("fast", "slow") for probe in probes),
        waiting=sum(probe.lane in ("host", "place") for probe in probes),
        bound=200,
        per_host=2,
        slow_lane=1,
        soon=sum(probe.due_s is not None and probe.due_s < 60 for probe in probes),
        paused=sum(probe.pause is not None for probe in probes),
        missed=2,
        overrun=3,
        missed_today=2,
        overrun_today=3,
        periods=(
            _period(now - timedelta(minutes=5), 70, "overrun", 1, 3, "simrs"),
            _period(now.replace(hour=18, minute=1, second=55), 8, "stopped", 2, 0),
        ),
        lag_ms=3.2,
        self_check=SelfCheck("ok", now - timedelta(days=3)),
    )


def _period(since: datetime, seconds: int, cause: Any, missed: int, overrun: int, row_id: str = "") -> Missed:
    until = since + timedelta(seconds=seconds)
    return Missed(
        since=since, until=until, first_at=since + timedelta(seconds=5), cause=cause, missed=missed,
        overrun=overrun, application=row_id, probe="http" if row_id else "",
    )  # fmt: skip


_AT_WORK = {1: ("fast", 0.3), 4: ("slow", 3.1), 7: ("host", 1.2)}


def _planned(engine: "ScriptedEngine", row: Application, number: int) -> PlannedProbe:
    now, pause = engine.now, engine.pauses.get(row.id)
    lane, ago = ("", 0.0) if pause else _AT_WORK.get(number, ("", 0.0))
    ahead = None if pause or lane else 1.0 + number * 7 % 60
    seen = row.state not in _UNSEEN
    return PlannedProbe(
        application=row.id, name=row.name, opd=row.opd, opd_short=row.opd_short, probe="http", kind="http",
        state=row.state, every_s=60.0, retry_s=15.0, timeout_s=10.0, due_s=ahead, lane=lane,  # type: ignore[arg-type]
        next_at=None if ahead is None else now + timedelta(seconds=ahead),
        work_since=now - timedelta(seconds=ago) if lane else None,
        last_at=now - timedelta(seconds=16) if seen else None,
        verdict=_VERDICTS.get(row.state, "unknown") if seen else "", reason=row.reason if seen else "",
        params=row.params, status=row.status, took_ms=row.latency_ms or 41.0, looks=1334 - number % 3,
        missed_today=int(row.id == "simrs"), overrun_today=3 * (row.id == "simrs"), pause=pause,
    )  # fmt: skip


def pause_of(engine: "ScriptedEngine", why: str) -> Pause:
    """A pause of four hours from now."""
    return Pause(by="budi", since=engine.now, until=engine.now + timedelta(hours=4), why=why)
