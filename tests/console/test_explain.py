"""Why an application is so, on a page of its own and as lines."""

from datetime import timedelta

import pytest

from opsconsole.base.text import RULE_TEMPLATES, WHY_TEMPLATES
from opsconsole.client.explained import AskExplain, Explained, Led, LedLook
from opsconsole.client.shapes import State, Why
from opsconsole.console.draw.explained import explained_lines
from opsconsole.console.draw.lines import plain, width_of
from tests.console.driving import story
from tests.console.rows import NIGHT, app, look, view
from tests.fakes.scripted_engine import ScriptedEngine

LANGUAGES = pytest.mark.parametrize("lang", ["en", "id"])


@LANGUAGES
async def test_enter_goes_deeper_into_the_reasons(engine: ScriptedEngine, lang: str) -> None:
    async with story(engine.place, lang=lang) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "enter")
        await console.sees("0800-0000-0601")
        await console.press("enter")
        await console.sees("1.", "15 ")
        await console.is_screen(f"explain-{lang}")
        await console.press("escape")
        await console.sees("0800-0000-0601")


async def test_the_menu_of_a_row_lists_it_and_a_command_does_it(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j", ".")
        await console.sees("why it shows this")
        await console.press("escape", ":", *"explain", "enter")
        await console.sees("WHY, RULE BY RULE")
        await console.press("y")
        await console.sees("copied")
        assert console.written


async def test_it_is_read_again_when_the_row_becomes_another_one(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "enter")
        await console.sees("0800-0000-0601")
        await console.press("enter")
        await console.sees("DOWN is confirmed")
        row_id = console.app.page.selected().id  # type: ignore[union-attr]
        engine.set_state(row_id, State.UP)
        await console.sees("the last look passed", "94 looks between them")


@pytest.mark.parametrize("width", [38, 60, 80, 132])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    wide = Explained(
        row=app("siak", State.DOWN, name="n" * 200),
        at=NIGHT,
        lines=tuple(Why(code, {}) for code in (*WHY_TEMPLATES, *RULE_TEMPLATES)),
        led=(
            Led(
                probe="p" * 90,
                looks=(LedLook(look=look(verdict="down", reason="tls_failed", params={"seen": "x" * 300})),),
            ),
        ),
    )
    for line in explained_lines(wide, view(width)):
        assert width_of(line) <= width


def test_looks_say_what_they_were_for_and_why_they_did_not_count() -> None:
    led = Led(
        probe="http",
        looks=(
            LedLook(look=look(), role="before"),
            LedLook(look=look(verdict="down", reason="connect_refused"), role="first", number=1),
            LedLook(look=look(offline=True, verdict="down", reason="connect_refused"), uncounted="offline"),
            LedLook(look=look(at=NIGHT + timedelta(minutes=9)), role="last", number=7),
        ),
        left_out=1,
    )
    lines = [
        plain(line)
        for line in explained_lines(Explained(row=app("a", State.DOWN), at=NIGHT, led=(led,)), view(100))
    ]
    text = "\n".join(lines)
    for wanted in ("before", "first", "we were offline", "1 look between them", "newest", " 7 "):
        assert wanted in text


def test_what_is_asked_is_one_row() -> None:
    assert AskExplain(application="satu").application == "satu"
