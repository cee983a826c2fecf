"""The schedule view: what runs, is due, is paused, was missed; a picture that nobody polls for."""

import asyncio
import time
from datetime import timedelta

import pytest

from opsconsole.client.commands import PauseProbes
from opsconsole.client.shapes import Role, State
from opsconsole.console.palette import Send, Under, Wrong, meaning
from opsconsole.console.screens import schedule as screen
from tests.console.driving import Story, story
from tests.fakes.scripted_engine import ScriptedEngine

LANGUAGES = pytest.mark.parametrize("lang", ["en", "id"])


def asked(engine: ScriptedEngine) -> int:
    """How often the schedule was asked for."""
    return engine.requests.count("query schedule")


async def settled(console: Story) -> None:
    """Wait until nothing moves."""
    before = ""
    while before != console.text():
        before = console.text()
        await console.rest()


@LANGUAGES
@pytest.mark.parametrize("size", [(80, 24), (132, 30)])
async def test_the_schedule_is_as_it_was_agreed(
    engine: ScriptedEngine, lang: str, size: tuple[int, int]
) -> None:
    async with story(engine.place, size=size, lang=lang) as console:
        await console.sees("gw-satu +6")
        await console.press("5")
        await console.sees("02:14:0")
        await settled(console)
        name = "schedule" if size == (80, 24) else "schedule-132x30"
        await console.is_screen(f"{name}-{lang}")


@LANGUAGES
async def test_what_was_missed_is_the_other_pane(engine: ScriptedEngine, lang: str) -> None:
    async with story(engine.place, lang=lang) as console:
        await console.press("5", "tab")
        await console.sees("simrs", "01:0")
        await settled(console)
        await console.is_screen(f"missed-{lang}")
        await console.press("tab")
        await console.sees("anjab")


async def test_what_runs_stands_first_then_what_waits_then_what_is_due_next(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.press("5")
        await console.sees("runs", "waits")
        listed = [line for line in console.text().splitlines() if "http" in line and "1m" in line]
        marks = [line.split()[1] for line in listed]
        assert marks[:3] == ["runs", "runs", "waits"]
        assert marks[3:] == sorted(marks[3:])


async def test_enter_opens_the_application_and_a_filter_narrows_the_list(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.press("5")
        await console.sees("running")
        await console.press("/", *"simrs", "enter")
        await console.sees("1 of ")
        await console.press("enter")
        await console.sees("RSUD > simrs", "CALL")


async def test_an_idle_minute_asks_for_nothing_and_moves_nothing(
    engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "FRESH_SECONDS", 0.05)
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("5")
        await console.sees("as of 02:14")
        await settled(console)
        before, questions = console.text().splitlines(), len(engine.requests)
        for _ in range(30):
            engine.advance(2)
            engine.beat(looks=558_300, running=3, lag_ms=1.0)
            await console.rest()
        console.clock.seconds += 60
        console.draw()
        await settled(console)
        # The clock in the title is all that moved.
        after = console.text().splitlines()
        assert [number for number, line in enumerate(after) if line != before[number]] == [0]
        assert len(engine.requests) == questions


async def test_it_is_read_again_when_a_state_changes_but_not_for_each(
    engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "FRESH_SECONDS", 0.5)
    async with story(engine.place) as console:
        await console.press("5")
        await console.sees("as of 02:14:00")
        await settled(console)
        before, begun = asked(engine), time.monotonic()
        for number in range(20):
            engine.advance(1)
            engine.set_state("simrs", State.UP if number % 2 else State.DOWN, "connect_refused")
            await asyncio.sleep(0.02)
        await console.until(lambda: asked(engine) > before)
        await console.sees("as of 02:14:20")
        most = (time.monotonic() - begun) / 0.5 + 1
        assert asked(engine) - before <= most


async def test_it_is_read_again_when_something_was_missed(
    engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "FRESH_SECONDS", 0.1)
    async with story(engine.place) as console:
        await console.press("5")
        await console.sees("as of 02:14:00")
        engine.advance(7)
        engine.beat(missed=3)
        await console.sees("as of 02:14:07")


async def test_a_key_on_an_old_picture_reads_it_again(
    engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "FRESH_SECONDS", 0.2)
    async with story(engine.place) as console:
        await console.press("5")
        await console.sees("as of 02:14:00")
        engine.advance(9)
        await asyncio.sleep(0.25)
        await console.press("j")
        await console.sees("as of 02:14:09")


async def test_a_pause_is_typed_from_the_row_menu_and_ends_from_there(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.press("5", "/", *"simrs", "enter")
        await console.sees("1 of ")
        await console.press(".")
        await console.sees("make no looks until a time")
        await choose(console, "make no looks until a time")
        await console.sees(": pause simrs")
        await console.press(*"2h pindah server malam ini", "enter")
        await console.sees("paused by budi since 02:14 until 06:14: pindah server malam ini")
        assert engine.row("simrs").state is State.OFF
        await console.press(".")
        await choose(console, "look again before the pause is over")
        await console.sees("resume simrs: http")
        await console.until(lambda: "paused by budi" not in console.text())
    name, args, _caller = engine.commands[0]
    assert (name, args) == ("pause", PauseProbes("simrs", "2h", "pindah server malam ini"))


async def choose(console: Story, text: str) -> None:
    """Go down the open menu to the line with this text, and take it."""
    for _ in range(20):
        if next((line for line in console.text().splitlines() if text in line), "").startswith(">"):
            break
        await console.press("j")
    await console.press("enter")


async def test_a_viewer_is_told_why_there_is_no_pause(engine: ScriptedEngine) -> None:
    engine.role = Role.VIEWER
    async with story(engine.place) as console:
        await console.press("5", "/", *"simrs", "enter", ".")
        await console.sees("make no looks until a time", "needs operator")


def test_what_is_left_of_a_line_is_the_reason() -> None:
    meant = meaning("pause simrs 2h pindah server malam ini", Under())
    assert isinstance(meant, Send)
    assert meant.args == PauseProbes("simrs", "2h", "pindah server malam ini")
    meant = meaning("pause simrs 06:00 probe=dns ganti kabel", Under())
    assert isinstance(meant, Send)
    assert meant.args == PauseProbes("simrs", "06:00", "ganti kabel", "dns")
    assert isinstance(meaning("pause simrs 2h", Under("simrs")), Wrong)


def test_the_reason_of_a_pause_of_a_day_is_in_the_export(engine: ScriptedEngine) -> None:
    from opsconsole.console.draw.times import Times
    from opsconsole.console.draw.view import View
    from opsconsole.console.tables.files import sheet_of
    from opsconsole.console.tables.registry import spec_of
    from opsconsole.console.tables.table import TableView
    from opsconsole.exports.formats import written
    from tests.fakes.canned_planned import pause_of, schedule

    engine.pauses["simrs"] = pause_of(engine, "=cmd()")
    view = View(80, 24, engine.now, Times("Asia/Jakarta"))
    table = TableView(spec_of("schedule"))
    plan = schedule(engine)
    table.load(table.spec.rows(plan, view))
    assert table.rows[-1].value("until") == engine.now + timedelta(hours=4)
    csv = written("csv", sheet_of(table, table.rows, view, everything=True)).decode()
    assert "'=cmd()" in csv.splitlines()[-1]
    missed = TableView(spec_of("missed"))
    missed.load(missed.spec.rows(plan, view))
    assert [row.value("cause") for row in missed.rows] == ["overrun", "stopped"]
    assert missed.spec.total(plan) == 2
