"""Each screen as it is: readable text files in both languages. UPDATE_SCREENS=1 writes them anew."""

import random
import re
from collections.abc import Callable

import msgspec
import pytest

from opsconsole.client.shapes import SelfCheck, State
from opsconsole.client.status import Folded
from opsconsole.console.draw.detail import head_lines
from opsconsole.console.draw.looks import look_line
from opsconsole.console.draw.panes import problem_lines
from opsconsole.console.feed.inbox import Link
from opsconsole.console.feed.model import Model
from opsconsole.console.tables.board import SPEC
from opsconsole.console.tables.table import TableView
from opsconsole.console.terminal.grid import Grid, difference
from opsconsole.console.widgets.painting import strip_of
from tests.console.driving import Story, story
from tests.console.rows import NIGHT, VIEW, app, look
from tests.console.test_detail import detail
from tests.fakes.scripted_city import opd_row
from tests.fakes.scripted_engine import ScriptedEngine

LANGUAGES = pytest.mark.parametrize("lang", ["en", "id"])


def everything_up(engine: ScriptedEngine) -> None:
    """A quiet night."""
    for application in engine.board().applications:
        engine._city.applications[application.id] = msgspec.structs.replace(
            application, state=State.UP, reason="ok", params={}, flapping=False, parent=""
        )
    for code, row in engine._city.opds.items():
        engine._city.opds[code] = opd_row(row, engine._city.applications.values())


# name: size, what happened before, keys, what is waited for
SCREENS: dict[str, tuple[tuple[int, int], tuple[str, ...], str]] = {
    "board": ((80, 24), (), "gw-satu +6"),
    "board-60x15": ((60, 15), (), "gw-satu +6"),
    "board-160x45": ((160, 45), (), "gw-satu +6"),
    "phone": ((38, 9), (), "gw-satu +6"),
    "phone-detail": ((38, 12), ("j", "enter"), "0800-0000-0601"),
    "detail": ((80, 24), ("j", "enter"), "0800-0000-0601"),
    "menu": ((80, 24), ("j", "."), " m "),
    "command": ((80, 24), (":", *"opd rs"), "rsud"),
    "filter": ((80, 24), ("/", *"opd:rsud -up"), "simrs"),
    "opd": ((80, 24), ("/", *"opd:kominfo", "enter"), "/opd:kominfo"),
    "help": ((80, 24), ("?",), "PgDn PgUp"),
}


@LANGUAGES
@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_is_as_it_was_agreed(engine: ScriptedEngine, name: str, lang: str) -> None:
    size, keys, wanted = SCREENS[name]
    async with story(engine.place, size=size, lang=lang) as console:
        await console.sees("gw-satu +6")
        await console.press(*keys)
        await console.sees(wanted)
        await settled(console)
        await console.is_screen(f"{name}-{lang}")


async def settled(console: Story) -> None:
    """Wait until nothing moves."""
    before = ""
    while before != console.text():
        before = console.text()
        await console.rest()


TROUBLES: dict[str, Callable[[ScriptedEngine], object]] = {
    "engine-down": lambda engine: engine.die(),
    "offline": lambda engine: engine.beat(
        self_check=SelfCheck("offline", engine.now, ("gateway", "canary 127.0.0.1:7"))
    ),
    "config-refused": lambda engine: engine.beat(
        config_errors=("opd/rsud.toml:12: applications[0].tier: want 1 to 4",)
    ),
}


@LANGUAGES
@pytest.mark.parametrize("name", TROUBLES)
async def test_trouble_of_our_own_stands_on_top(engine: ScriptedEngine, name: str, lang: str) -> None:
    async with story(engine.place, lang=lang) as console:
        await console.sees("gw-satu +6")
        TROUBLES[name](engine)
        await console.sees("***")
        await settled(console)
        await console.is_screen(f"{name}-{lang}")


@LANGUAGES
async def test_a_quiet_night_says_that_it_is_one(engine: ScriptedEngine, lang: str) -> None:
    engine.stop()
    everything_up(engine)
    engine.come_back()
    async with story(engine.place, lang=lang) as console:
        await console.sees("115", "UP 115" if lang == "en" else "+115")
        await settled(console)
        await console.is_screen(f"quiet-{lang}")


def test_ten_thousand_hostile_strings_leave_no_trace_on_the_wire() -> None:
    chance = random.Random(112)
    alphabet = (
        [chr(code) for code in range(256)]
        + list("\u202e\u200b\u2028漢é\u0301\U0001f600[]{}\\")
        + ["\x1b["] * 40
    )

    def hostile() -> str:
        return "".join(chance.choices(alphabet, k=chance.randrange(1, 60)))

    blank = Grid(80, 24)
    grid = blank.copy()
    model = Model(Link("live", NIGHT))
    columns = TableView(SPEC).columns(80)
    for number in range(1_250):  # eight strings each
        named = {"name": hostile(), "opd_short": hostile(), "params": {"seen": hostile()}}
        row = app(hostile(), State.DOWN, reason="tls_failed", **named)
        seen = look(verdict="down", reason="tls_failed", params={"seen": hostile()}, excerpt=hostile())
        page = detail(row=row, note=hostile(), hosting=hostile())
        lines = [line for _key, line in problem_lines([Folded(row)], model, VIEW, columns)]
        lines += [look_line(seen, VIEW), *head_lines(page, page.probes[0], VIEW, 20)]
        drawn = "".join(segment.text for line in lines for segment in strip_of(line, 80))
        grid.feed(f"\x1b[{number % 24 + 1};1H{drawn}")
    sent = re.sub(r"\x1b\[[0-9;]*[HGmK]", "", difference(blank, grid))
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]", sent)
