"""The budgets of every screen in every theme of sixteen colours: the real program on a real pseudo-terminal.

A minute is pressed into a few seconds: the engine tells in it what it would tell in sixty.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from opsconsole.base.paths import home_place
from opsconsole.client.shapes import State
from tests.console.test_wire import FULL_PAINT, IDLE_MINUTE, ONE_CELL, REDRAW, console, publish
from tests.console.wire import Wire
from tests.fakes.scripted_engine import ScriptedEngine

# Keys to every screen from the board, what stands there then, and the keys back to the board.
SCREENS: dict[str, tuple[str, str, str]] = {
    "board": ("1", "PROBLEMS", ""),
    "problems only": ("!", "PROBLEMS", "!"),
    "row menu": (".", "look at it now", "."),
    "command line": (":", "enter runs", "\x1b"),
    "columns": ("c", "[x]", "c"),
    "filter": ("/a", "esc does not", "\x1b"),
    "saving": ("e", "Format", "h"),
    "help": ("?", "MOVE", "h"),
    "application": (":app e-sppt\r", "LAST LOOK", "h"),
    "application, a week": (":app e-sppt\rw", "7 DAYS", "h"),
    "explanation": (":explain\r", "RULE BY RULE", "h"),
    "agency": (":opd bapenda\r", "APPLICATIONS 4", "h"),
    "schedule": ("5", "5*", "1"),
    "missed": ("5\t", "MISSED", "h1"),
    "inventory": ("6", "does not resolve", "1"),
    "register": ("6!", "REGISTER", "!1"),
    "log": ("7", "presensi", "1"),
    "all of the log": ("7w", "7*Log", "www1"),
}
# The hour, at most. What is told together is drawn together, so that more would be more in a real minute.
CLOCK = 30
THEMES = ("ansi", "high-contrast")


@pytest.fixture
def still(tmp_path: Path) -> Iterator[ScriptedEngine]:
    """An engine whose clock stands at the machine's time, and that says nothing by itself."""
    with ScriptedEngine(home_place(tmp_path), now=datetime.now(UTC)) as engine:
        yield engine


def visit(wire: Wire, keys: str, wanted: str) -> None:
    """Go to a screen and let it come to rest."""
    wire.send(keys)
    wire.until(lambda: wire.shows(wanted))
    wire.settle(0.15, timeout=3)


@pytest.mark.parametrize("theme", [*THEMES, "no colour"])
def test_no_screen_costs_more_than_a_full_paint_may(still: ScriptedEngine, theme: str) -> None:
    env = {"NO_COLOR": "1"} if theme == "no colour" else {}
    with console(still.place, TERM="xterm", COLORTERM="", **env) as wire:
        if theme in THEMES[1:]:
            visit(wire, f":theme {theme}\r", f"theme {theme}")
        costs: dict[str, int] = {}
        for name, (keys, wanted, back) in SCREENS.items():
            visit(wire, keys, wanted)
            if name not in ("command line", "filter", "row menu", "columns"):  # there it is no key
                before = wire.text()
                wire.send(REDRAW)
                costs[name] = wire.settle(0.2, timeout=3)
                # The clock's minute may have changed.
                assert wire.text().splitlines()[1:] == before.splitlines()[1:]
                assert costs[name] > 500, name
            wire.received = b""
            wire.send(back)
            wire.until(lambda: wire.shows("gw-satu +6"))
            wire.settle(0.15, timeout=3)
            costs[f"back from {name}"] = len(wire.received)
        assert {name: cost for name, cost in costs.items() if cost > FULL_PAINT} == {}


def minute(engine: ScriptedEngine, watched: str) -> None:
    """What an engine tells in a minute: its heartbeats, changes out of sight, a look at every application.

    In parts, because what comes together is drawn together.
    """
    begun = engine.now
    for part in range(2):
        for beat in range(15):
            told = begun + timedelta(seconds=(part * 15 + beat) * 2)
            engine.beat(looks=558_231 + part * 400 + beat * 40, heartbeat_at=told, lag_ms=0.4 + beat / 10)
        for row_id in ("tata-ruang", "terminal", "perda"):
            publish(engine, row_id, latency_ms=120.0 + part, version=part + 5)
        publish(engine, "anjab", attempt=1 - part, state=State.UP)
        time.sleep(1.1)  # the console draws at most once a second
    last = engine.looks_of.get(watched, [None])[0]
    fields = {} if last is None else msgspec.structs.asdict(last)
    engine.look(watched, **(fields | {"at": engine.now + timedelta(seconds=44)}))


@pytest.mark.parametrize("name", ["board", "application", "agency", "schedule", "log"])
def test_an_idle_minute_is_silent_on_every_screen(still: ScriptedEngine, name: str) -> None:
    keys, wanted, _back = SCREENS[name]
    with console(still.place, TERM="xterm", COLORTERM="") as wire:
        visit(wire, keys, wanted)
        wire.settle(0.6)
        wire.received = b""
        minute(still, "e-sppt")
        wire.settle(1.3, timeout=5)
        # A look at what is shown is drawn, once a minute; of all the rest nothing but the clock's minute.
        most = IDLE_MINUTE if name == "application" else CLOCK
        assert len(wire.received) <= most, wire.received


def test_one_changed_cell_costs_no_more_wherever_it_is_shown(still: ScriptedEngine) -> None:
    shown = {"board": "1", "agency": ":opd bapenda\r"}
    with console(still.place, TERM="xterm", COLORTERM="") as wire:
        for number, (name, keys) in enumerate(shown.items()):
            visit(wire, keys, SCREENS[name][1])
            wire.settle(1.2)
            publish(still, "e-sppt", reason="slow", params={"seen": f"{number + 5}.1 s", "want": "3 s"})
            seen = f"{number + 5}.1 s"
            assert wire.until(lambda seen=seen: wire.shows(seen)) + wire.settle(0.4) <= ONE_CELL, name  # type: ignore[misc]


def test_one_changed_cell_of_what_is_asked_for_costs_no_more(still: ScriptedEngine) -> None:
    schedule = still.answers["schedule"]
    with console(still.place, TERM="xterm", COLORTERM="") as wire:
        visit(wire, "5/simrs\r", "1 of 119")
        wire.settle(0.5)
        answer = schedule(None)
        probes = [
            msgspec.structs.replace(one, took_ms=6789.0) if one.application == "simrs" else one
            for one in answer.probes
        ]
        still.answers["schedule"] = msgspec.structs.replace(answer, probes=tuple(probes))
        publish(still, "anjab", version=9)
        wire.received = b""
        wire.until(lambda: wire.shows("6.8s"))
        wire.settle(0.3)
        assert len(wire.received) <= ONE_CELL, wire.received
