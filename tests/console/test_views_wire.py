"""What the views beside the board cost on the wire: the real program on a real pseudo-terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsconsole.base.paths import home_place
from tests.console.test_wire import FULL_PAINT, IDLE_MINUTE, ONE_CELL, REDRAW, console, publish
from tests.fakes.scripted_engine import ScriptedEngine

# A move also brings another row's facts into the lower pane, or another look's phases.
ONE_MOVE = 1_500


@pytest.fixture
def live(tmp_path: Path) -> Iterator[ScriptedEngine]:
    """An engine with a heartbeat, in the machine's own time."""
    with ScriptedEngine(home_place(tmp_path), beats=True, now=datetime.now(UTC)) as engine:
        yield engine


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [("7", "presensi"), ("6", "host does not resolve"), (":opd bapenda\r", "APPLICATIONS 4"),
     ("2", "docs/rb-17.md"), ("2\r", "TIMELINE"), ("H", "SHIFT HAND-OVER"),
     (":app e-sppt\r", "available"), (":app e-sppt\r\r", "RULE BY RULE"),
     ("3", "Disnaker"), ("3\t\t", "[SK]"), ("3\t\t\r", "goes by kesiapan-admin"),
     ("4", "Smart Environment"), ("4/dimension:governance\r", "together"), ("4\r", "by stage")],
)  # fmt: skip
def test_the_budgets_hold_in_every_view(live: ScriptedEngine, keys: str, wanted: str) -> None:
    with console(live.place) as wire:
        wire.send(keys)
        wire.until(lambda: wire.shows(wanted))
        wire.settle(0.4)
        wire.send(REDRAW)
        assert 1_000 < wire.settle(0.4) < FULL_PAINT
        wire.send("j")
        assert wire.settle(0.4) < ONE_MOVE
        # Two heartbeats go by, and the clock's minute may.
        assert wire.settle(3.0, timeout=3.0) <= 60 < IDLE_MINUTE
        wire.send("q")
        assert wire.wait() == 0


def test_one_changed_cell_of_an_opds_page_costs_no_more_than_on_the_board(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.send(":opd bapenda\r")
        wire.until(lambda: wire.shows("APPLICATIONS 4"))
        wire.settle(0.6)
        publish(live, "e-sppt", reason="no_response", params={})
        assert wire.until(lambda: wire.shows("closed, no answer")) + wire.settle(0.6) < ONE_CELL


def test_one_changed_cell_of_the_incidents_costs_no_more_than_on_the_board(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.send("2")
        wire.until(lambda: wire.shows("docs/rb-17.md"))
        wire.send("G")
        wire.settle(1.2)
        live.set_incident(413, owner="wati")
        assert wire.until(lambda: wire.shows("wati")) + wire.settle(1.6) < ONE_CELL


def test_one_changed_level_costs_no_more_than_a_cell_of_the_board(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.send("3")
        wire.until(lambda: wire.shows("Disnaker"))
        wire.send("\t\t")
        wire.until(lambda: wire.shows("[SK]"))
        wire.settle(1.2)
        # Somebody else records something.
        live.readiness["DISNAKER"] = {"median": 4.0}
        live.beat(logged=1)
        assert wire.until(lambda: wire.shows("-   0   4  ")) + wire.settle(1.6) < ONE_CELL


def test_one_changed_stage_costs_its_cells_and_the_count_of_its_stage(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.send("4\r")
        wire.until(lambda: wire.shows("by stage"))
        wire.send("G")
        wire.settle(1.2)
        before = wire.received
        live.stages["ormas"] = 6
        publish(live, "ormas", version=99)
        wire.until(lambda: wire.shows("T6 1"))
        wire.settle(1.6)
        assert len(wire.received) - len(before) < 2 * ONE_CELL


def test_another_width_has_other_cells(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.send(":app e-sppt\r")
        wire.until(lambda: wire.shows("24 HOURS, one cell = 20 min"))
        wire.send("w")
        wire.until(lambda: wire.shows("7 DAYS, one cell = 3 h"))
        wire.resize(100, 30)
        wire.until(lambda: wire.shows("7 DAYS, one cell = 2 h"))
