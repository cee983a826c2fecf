"""What a scripted engine answers when it is asked why, made up from its rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from opsconsole.client.explained import AskExplain, Explained, Led, LedLook
from opsconsole.client.replayed import Alarm, AskReplay, Counted, Replay, ReplayedRow
from opsconsole.client.shapes import Look, State, Why

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine


def canned_why(engine: "ScriptedEngine") -> dict[str, Callable[[Any], object]]:
    """The answers by the name of their query."""
    return {
        "explain": lambda args: _explained(engine, args),
        "replay": lambda args: _replay(engine, args),
    }


def _replay(engine: "ScriptedEngine", args: AskReplay) -> Replay:
    """Two alarms, one of which more attempts would have avoided."""
    first = Alarm(
        level="down", reason="no_response", at=args.since + timedelta(hours=1),
        would_at=args.since + timedelta(hours=1, minutes=2) if args.sets else args.since + timedelta(hours=1),
    )  # fmt: skip
    counted = Counted(recorded=2, alarms=2, would=2, delay_median_s=0.0, delay_most_s=0.0)
    if args.sets:
        counted = Counted(
            recorded=2, alarms=2, would=1, avoided=1, recovered=1, delay_median_s=120.0, delay_most_s=7_500.0,
            untold_s=200.0,
        )  # fmt: skip
    return Replay(
        since=args.since, until=args.until or engine.now, sets=args.sets, asked=130, looks=1_310_400,
        seconds=9.84,
        total=counted, applications=(ReplayedRow(application="simrs", counted=counted, alarms=(first,)),),
        notes=(Why("clock_back", {"count": 1}), Why("config_changed", {"count": 40})),
    )  # fmt: skip


def _explained(engine: "ScriptedEngine", args: AskExplain) -> Explained:
    row = engine._known(args.application)
    told = {"at": f"{row.since + timedelta(seconds=38):%Y-%m-%dT%H:%M:%SZ}"}
    if row.state is State.UP:
        lines = (Why("passed", {"probe": "http"}), Why("told_up_first"), Why("told_same"))
    else:
        lines = (
            Why("group_works", {"names": "gerbang-dc, gerbang-cadangan", "down": 1, "count": 2}),
            Why("decides", {"probe": "http", "count": 2}),
            Why("down", {"probe": "http", "want": 3}),
            Why("self_checked"),
            Why("passed", {"probe": "database"}),
            Why("changes", {"probe": "http", "seen": 11.5}),
            Why("told_down", told),
            Why("told_same"),
        )
    return Explained(row=row, at=engine.now, lines=lines, led=(_led(engine, row),))


def _led(engine: "ScriptedEngine", row: Any) -> Led:
    def look(seconds: float, **fields: Any) -> Look:
        usual: dict[str, Any] = {"probe": "http", "at": row.since + timedelta(seconds=seconds)}
        return Look(**(usual | {"duration_ms": 812.3} | fields))

    passed = {"verdict": "up", "reason": "ok"}
    if row.state is State.UP:
        newest = look((engine.now - row.since).total_seconds() - 16, **passed)
        return Led(
            probe="http",
            looks=(
                LedLook(look=look(0, **passed), role="first", number=1),
                LedLook(look=newest, role="last"),
            ),
            left_out=94,
        )
    bad = {"verdict": "down", "reason": row.reason, "params": row.params}
    return Led(
        probe="http",
        looks=(
            LedLook(look=look(-60, **passed), role="before"),
            LedLook(look=look(0, **bad), role="first", number=1),
            LedLook(
                look=look(15, verdict="unknown", reason="credential_missing", params={"name": "cred:ws-nik"}),
                uncounted="unknown",
            ),
            LedLook(look=look(30, suspect=True, **bad), number=2, uncounted="suspect"),
            LedLook(look=look(45, **bad), role="confirming", number=3),
            LedLook(look=look(600, **bad), role="last"),
        ),
        left_out=8,
    )
