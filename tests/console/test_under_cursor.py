"""A key is about the row that was seen when it was pressed, whatever news did to the rows."""

from opsconsole.client import incident_commands as commands
from opsconsole.client.incidents import Severity, Status
from opsconsole.client.shapes import State
from opsconsole.console.screens.table_page import HELD_FOR_S
from tests.console.driving import Story, story
from tests.fakes.scripted_engine import ScriptedEngine


def sent(engine: ScriptedEngine) -> list[object]:
    """The arguments of the commands that were sent."""
    return [args for _name, args, _caller in engine.commands]


async def newest_first(console: Story) -> None:
    """List what failed last at the top of the board."""
    await console.sees("gw-satu +6")
    await console.press("s")
    await console.until(lambda: console.line("presensi").startswith(">"))


async def new_down_on_top(engine: ScriptedEngine, console: Story) -> None:
    """Let another one fail that stands above all others, with an incident of its own."""
    engine.set_incident(414, subject="izin", severity=Severity.CRITICAL, reason="no_response")
    engine.set_state("izin", State.DOWN, "no_response", hard=True, attempt=3)
    await console.sees("izin")
    await console.until(lambda: console.line("#414") != "")


async def test_a_down_that_lands_on_top_is_not_acknowledged_for_what_was_seen_there(
    engine: ScriptedEngine,
) -> None:
    engine.set_incident(415, subject="presensi", reason="no_response")
    async with story(engine.place) as console:
        await newest_first(console)
        assert console.line("presensi").startswith(">")
        await new_down_on_top(engine, console)
        await console.until(lambda: console.line("izin").startswith(">"))
        await console.press("a")
        await console.sees("a: news put izin where presensi was; again means izin")
        assert not sent(engine)
        await console.press("a")
        await console.sees("ack #414: acknowledged")
        assert sent(engine) == [commands.Acknowledge(414)]


async def test_what_stands_there_for_long_enough_to_be_seen_is_meant(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await newest_first(console)
        await new_down_on_top(engine, console)
        await console.until(lambda: console.line("izin").startswith(">"))
        console.clock.seconds += HELD_FOR_S
        await console.press("a")
        await console.sees("ack #414: acknowledged")


async def test_a_cursor_that_was_moved_goes_with_its_row_until_it_is_sent_to_the_top(
    engine: ScriptedEngine,
) -> None:
    engine.set_incident(415, subject="presensi", reason="no_response")
    async with story(engine.place) as console:
        await newest_first(console)
        await console.press("j", "k")
        assert console.line("presensi").startswith(">")
        await new_down_on_top(engine, console)
        assert console.line("presensi").startswith(">")
        await console.press("a")
        await console.sees("ack #415: acknowledged")
        await console.press("g")
        assert console.line("izin").startswith(">")
        engine.set_state("izin", State.UP)
        await console.until(lambda: console.line("presensi").startswith(">"))
        engine.set_state("izin", State.DOWN, "no_response", hard=True, attempt=3)
        await console.until(lambda: console.line("izin").startswith(">"))


async def test_a_move_over_rows_that_news_have_just_moved_is_no_sight_of_them(engine: ScriptedEngine) -> None:
    engine.set_incident(415, subject="presensi", reason="no_response")
    async with story(engine.place) as console:
        await newest_first(console)
        await new_down_on_top(engine, console)
        await console.until(lambda: console.line("izin").startswith(">"))
        await console.press("j", "a")
        await console.sees("a: news moved the rows just now; again means presensi")
        assert not sent(engine)


async def test_the_menu_is_about_the_row_for_which_it_was_opened(engine: ScriptedEngine) -> None:
    engine.set_incident(415, subject="presensi", reason="no_response")
    async with story(engine.place, size=(100, 40)) as console:
        await newest_first(console)
        await console.press(".")
        await console.sees("say that you have seen it")
        await new_down_on_top(engine, console)
        assert console.line("presensi").startswith(">")
        engine.set_state("presensi", State.UP)
        await console.until(lambda: not console.line("presensi").startswith(">"))
        console.clock.seconds += 3600
        await console.press("a")
        await console.sees(" where presensi was; again means ")
        assert not sent(engine)


async def test_a_line_that_names_nothing_is_about_the_row_for_which_it_was_begun(
    engine: ScriptedEngine,
) -> None:
    engine.set_incident(415, subject="presensi", reason="no_response")
    async with story(engine.place) as console:
        await newest_first(console)
        await console.press(":")
        await console.type("recheck")
        engine.set_state("presensi", State.UP)
        await console.until(lambda: not console.line("presensi").startswith(">"))
        await console.press("enter")
        await console.sees("recheck: news put ", " where presensi was")
        assert not sent(engine)
        await console.press(":")
        await console.type("ack 413")
        await console.press("enter")
        await console.sees("ack #413: acknowledged")


async def test_in_the_list_of_incidents_another_one_under_the_cursor_waits(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("2")
        await console.sees("#412", "docs/rb-17.md")
        await console.press("!")
        await console.misses("#410")
        assert console.line(">").startswith(">#412")
        await new_down_on_top(engine, console)
        assert console.line(">").startswith(">#412"), "here the cursor goes with its row always"
        engine.set_incident(412, status=Status.RESOLVED)
        await console.until(lambda: not console.line(">").startswith(">#412"))
        await console.press("a")
        await console.sees("where #412 was; again means #4")
        assert not sent(engine)
