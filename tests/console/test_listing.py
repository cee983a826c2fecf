"""The base of all lists, through keys: reading, sorting, columns, marks, the way back, and the views."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from opsconsole.base.errors import Problem
from opsconsole.client.shapes import Board, State
from opsconsole.console.screens.detail import DetailScreen
from tests.console.driving import Story, story
from tests.console.listed import ApplicationList
from tests.fakes.scripted_engine import ScriptedEngine


@asynccontextmanager
async def opened(engine: ScriptedEngine, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Story]:
    """A console with the list of applications over the board."""
    async with story(engine.place, size=size) as console:
        await console.sees("gw-satu +6")
        console.app.open_page(ApplicationList())
        await console.sees("CITY 119" if size[1] >= 15 else "simda")
        yield console


def reads(engine: ScriptedEngine) -> int:
    """How often the board was asked for: at the start, and for the list."""
    return engine.requests.count("board")


async def test_a_list_shows_its_rows_and_what_is_known_of_the_one_under_the_cursor(
    engine: ScriptedEngine,
) -> None:
    async with opened(engine) as console:
        assert console.line("SIMDA Keuangan")
        await console.press("j")
        await console.sees("Layanan web NIK", "--ws-nik ")
        await console.press("G", "k")
        assert "PgDn" in console.line("CITY")
        await console.press("enter")
        await console.sees("Board > Dishub > terminal")
        await console.press("escape")
        await console.sees("CITY 119")


async def test_a_filter_shows_in_title_and_count_and_says_what_it_does_not_understand(
    engine: ScriptedEngine,
) -> None:
    async with opened(engine) as console:
        await console.press("/", *"down tier:1")
        await console.sees("CITY 4 of 119", "/down tier:1")
        await console.press(*" last>9x")
        await console.sees("last>9x: want last>3s")
        await console.press("escape")
        await console.sees("CITY 119")
        await console.press(":", *"filter opd:rsud", "enter")
        await console.sees("CITY 4 of 119", "apotek")
        await console.press("!")
        await console.sees("CITY 1 of 119", "  !  /opd:rsud")


async def test_escape_takes_back_the_filter_then_the_marks_then_the_screen(engine: ScriptedEngine) -> None:
    async with opened(engine) as console:
        await console.press(" ", " ", "/", *"warn", "enter")
        await console.sees("2 marked", "CITY 3 of 119")
        await console.press("escape")
        await console.sees("2 marked", "CITY 119")
        await console.press("escape")
        await console.misses("2 marked")
        await console.press("escape")
        await console.sees("PROBLEMS 15")


async def test_sorting_goes_by_values_and_turns_round(engine: ScriptedEngine) -> None:
    async with opened(engine) as console:
        await console.press("s", "s", "s", "s")
        await console.sees("sort: app")
        assert "aduan-anak" in console.line(">+")
        await console.press("S")
        await console.sees("sort: app ^")
        assert "aduan-anak" not in console.text()


async def test_columns_are_hidden_moved_and_sorted_by_in_the_drawer(engine: ScriptedEngine) -> None:
    async with opened(engine) as console:
        await console.press("c")
        await console.sees("[x] STATE", "[ ] NAME", "space shows or hides")
        await console.press("j", " ")
        await console.misses("STATE   SINCE")
        await console.press("j", "left", "left", "s")
        await console.sees("sorted by this", "sort: opd", "\n OPD            STATE   APP ")
        await console.press("escape")
        await console.misses("[x]")


async def test_a_list_is_read_again_for_news_and_never_in_quiet(engine: ScriptedEngine) -> None:
    async with opened(engine) as console:
        before = reads(engine)
        engine.beat()
        await console.rest()
        assert reads(engine) == before
        engine.set_state("izin", State.DOWN, "tls_untrusted", {"seen": "x"})
        await console.until(lambda: reads(engine) == before + 1)
        await console.sees("izin")


async def test_a_burst_of_news_is_one_read_and_the_newest_is_seen(engine: ScriptedEngine) -> None:
    async with opened(engine) as console:
        before = reads(engine)
        for number in range(20):
            engine.set_state("izin", State.DOWN, "status_unexpected", {"seen": number, "want": "200"})
            await console.rest()
        await console.press("/", *"izin", "enter")
        await console.sees("19, want 200")
        assert reads(engine) - before <= 3


async def test_nothing_is_read_while_another_screen_is_on_top_and_all_of_it_after(
    engine: ScriptedEngine,
) -> None:
    async with opened(engine) as console:
        await console.press("enter")
        await console.sees("LAST LOOK")
        before = reads(engine)
        engine.set_state("izin", State.DOWN, "tls_untrusted", {"seen": "x"})
        await console.until(lambda: console.app.model.applications["izin"].state is State.DOWN)
        assert reads(engine) == before
        await console.press("escape")
        await console.until(lambda: reads(engine) == before + 1)


async def test_what_was_read_stays_and_is_marked_old_when_the_engine_is_lost(engine: ScriptedEngine) -> None:
    async with opened(engine) as console:
        before = reads(engine)
        engine.die()
        await console.sees("OLD", "ENGINE DOWN", "simda")
        engine.set_state("simda", State.UP)
        engine.come_back()
        await console.misses("ENGINE DOWN")
        await console.until(lambda: reads(engine) >= before + 2)
        await console.misses("no such name")


class Capped(ApplicationList, inherit_bindings=False):
    """A list that is longer than what an answer holds."""

    spec = replace(ApplicationList.spec, total=lambda answer: 12_873)


async def test_a_list_that_is_longer_than_what_was_read_says_so_also_when_it_is_saved(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        console.app.open_page(Capped())
        await console.sees("CITY 119 of 12 873")
        await console.press("e")
        await console.sees("only 119 of 12 873 were read")
        await console.press("enter")
        await console.sees("119 rows saved")
    [side] = engine.place.exports.glob("*.audit.json")
    assert json.loads(side.read_text())["unread"] == 12_873 - 119


class Failing(ApplicationList, inherit_bindings=False):
    """A list whose question is refused."""

    async def ask(self) -> Board:
        """Fail as an engine does that does not know the question."""
        raise Problem("There is no such question.", "Update the engine.")


async def test_a_question_that_fails_is_told_and_is_no_empty_list(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        console.app.open_page(Failing())
        await console.sees("could not be read", "There is no such question. Update the engine.")


async def test_marked_rows_are_acted_on_together(engine: ScriptedEngine) -> None:
    async with opened(engine) as console:
        await console.press("j", " ", " ", "r")
        await console.sees("recheck: 2 looked at, 2 not well")
        asked = [args.application for _name, args, _caller in engine.commands]  # type: ignore[attr-defined]
        assert sorted(asked) == ["simrs", "ws-nik"]
        await console.press("y")
        await console.sees("copied")
        card = (engine.place.exports / "card.txt").read_text()
        assert "ws-nik" in card
        assert "simrs" in card
        assert len(card.strip().splitlines()) == 3


async def test_rows_of_the_board_are_marked_and_its_columns_chosen(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(" ", "j", " ")
        await console.sees("2 marked")
        assert console.line("simda").startswith("*!")
        await console.press("r")
        await console.sees("recheck: 2 looked at, 2 not well")
        await console.press("c", "j", " ", "escape")
        await console.misses("SINCE")
        await console.press("escape")
        await console.misses("marked")
        await console.press("tab", " ")
        await console.sees("applications are marked, in the upper pane")


@pytest.mark.parametrize("size", [(60, 15), (200, 50), (38, 9)])
async def test_a_list_fits_any_screen(engine: ScriptedEngine, size: tuple[int, int]) -> None:
    async with opened(engine, size) as console:
        lines = console.text().splitlines()
        assert len(lines) == size[1]
        await console.press("j", "c")
        await console.press("escape", "G", "enter")
        await console.until(lambda: isinstance(console.app.page, DetailScreen))


async def test_views_keep_their_place_and_minus_goes_to_the_one_before(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("-")
        await console.sees("there is no last view yet")
        await console.press("j", "enter")
        await console.sees("Board > Disdukcapil > ws-nik")
        await console.press("7")
        await console.sees("7*Log")
        await console.press("-")
        await console.sees("Board > Disdukcapil > ws-nik")
        await console.press("-")
        await console.sees("7*Log")
        await console.press("1")
        await console.sees("Board > Disdukcapil > ws-nik")
        await console.press("1")
        await console.sees("1*Board")
        assert console.line(">!").startswith(">! DOWN    02:02")
        await console.press(":", *"log", "enter")
        await console.sees("7*Log")
        await console.press("escape")
        await console.sees("1*Board")
        await console.press("escape")
        await console.sees("1*Board")


async def test_minus_opens_the_application_that_was_left(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "enter")
        await console.sees("> ws-nik")
        await console.press("escape", "-")
        await console.sees("> ws-nik")
        await console.press("]")
        await console.sees("> simrs")
        await console.press("-")
        await console.sees("PROBLEMS 15")
