"""Maintenance in the console: planned with one key and a typed line, seen on the board and on the page."""

from datetime import timedelta

import msgspec
import pytest

from opsconsole.base.text import choose_language
from opsconsole.client.commands import EndMaintenance, PlanMaintenance
from opsconsole.client.maintenance import Maintenance
from opsconsole.client.shapes import CommandResult, Role, State
from opsconsole.console.draw.detail import head_lines
from opsconsole.console.draw.lines import plain
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.results import result_line
from opsconsole.console.draw.words import word
from opsconsole.console.palette import Send, Under, Wrong, is_exact, meaning
from tests.console.driving import story
from tests.console.rows import NIGHT, VIEW, app
from tests.console.test_detail import detail
from tests.console.test_palette import NAMES
from tests.fakes.scripted_engine import ScriptedEngine

PARAMS = {"until": "2026-11-23T21:14:00Z", "by": "budi", "why": "ganti disk"}


def window(**changed: object) -> Maintenance:
    kept = {"number": 3, "subjects": ("simrs",), "by": "budi", "why": "ganti disk"}
    times = {"start": NIGHT, "end": NIGHT + timedelta(hours=2)}
    return msgspec.convert({**kept, **times, **changed}, Maintenance)


RUNNING = {"began": NIGHT, "until": NIGHT + timedelta(hours=2)}


async def test_m_begins_a_line_for_the_row_and_what_is_typed_is_its_reason(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("simrs")
        await console.press("/", *"simrs", "enter", "m")
        await console.sees(": maintenance simrs 2h ")
        await console.press(*"ganti disk", "enter")
        await console.until(lambda: bool(engine.commands))
        await console.sees("= MAINT", "until 04:14 budi: gant")
        await console.press(".")
        await console.sees("end its maintenance before its time")
    name, args, _version = engine.commands[-1]
    assert (name, args) == ("maintenance", PlanMaintenance("simrs", "2h", "ganti disk"))


async def test_a_viewer_is_told_why_there_is_none(engine: ScriptedEngine) -> None:
    engine.role = Role.VIEWER
    async with story(engine.place) as console:
        await console.sees("simrs")
        await console.press("m")
        await console.sees("this needs operator")
    assert engine.commands == []


def test_a_line_takes_everything_a_command_takes() -> None:
    meant = meaning("maintenance opd:rsud 06:00 start=22:00 lasts=1h pindah gedung", Under("simrs"))
    assert isinstance(meant, Send)
    assert meant.args == PlanMaintenance("opd:rsud", "06:00", "pindah gedung", start="22:00", lasts="1h")
    meant = meaning("maintenance-end number=3", Under("simrs"))
    assert isinstance(meant, Send)
    assert meant.args == EndMaintenance("simrs", 3)
    assert isinstance(meaning("maintenance simrs 2h", Under()), Wrong)


@pytest.mark.parametrize(
    ("line", "exact"),
    [("maintenance * 2h x", True), ("maintenance opd:x 2h x", True), ("maintenance tiada 2h x", False)],
)
def test_more_than_one_row_can_be_named_in_full(line: str, exact: bool) -> None:
    assert is_exact(line, NAMES) is exact


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, "02:14 - 04:14 budi: ganti disk"),
        (RUNNING, "until 04:14 budi: ganti disk"),
        (
            {"kind": "flexible", "lasts_s": 3600.0},
            "02:14 - 04:14 (begins with the first trouble, lasts 1h) budi: ganti disk",
        ),
        (
            {"kind": "triggered", "parent": "induk"},
            "02:14 - 04:14 (begins and ends with induk) budi: ganti disk",
        ),
        (
            {"kind": "triggered", "parent": "induk", "lasts_s": 60.0},
            "02:14 - 04:14 (begins with induk, lasts 1m) budi: ganti disk",
        ),
    ],
)
def test_what_came_of_it_is_said_on_one_line(changed: dict[str, object], text: str) -> None:
    result = CommandResult(command_id="a", result=msgspec.Raw(msgspec.json.encode(window(**changed))))
    assert result_line("maintenance", "simrs", result, VIEW) == f"maintenance simrs: no. 3 {text}"
    ended = CommandResult(command_id="a", result=msgspec.Raw(b"[3, 4]"))
    assert result_line("maintenance-end", "simrs", ended, VIEW) == "maintenance-end simrs: ended: no. 3, 4"


@pytest.mark.parametrize("lang", ["en", "id"])
def test_the_why_of_a_row_says_until_when_who_and_what_for(lang: str) -> None:
    choose_language(lang)
    row = app("simrs", State.MAINT, reason="maint", params=PARAMS)
    for short in (False, True):
        text = why_text(row, VIEW, short=short)
        assert all(part in text for part in ("04:14", "budi", "ganti disk"))
    choose_language("en")
    assert why_text(row, VIEW) == "maintenance until 04:14 by budi: ganti disk"


def test_the_page_lists_what_is_to_come_beside_what_the_state_tells_of() -> None:
    row = app("simrs", State.MAINT, reason="maint", params=PARAMS)
    night = NIGHT + timedelta(days=5)
    times = {"start": night, "end": night + timedelta(hours=2)}
    other = window(number=0, why="cadangan", by="calendar.toml", **times)
    inner = window(number=4, why="uji", began=NIGHT, until=NIGHT + timedelta(hours=1))
    page = detail(row=row, maintenance=(window(**RUNNING), inner, other))
    lines = [plain(line).rstrip() for line in head_lines(page, page.probes[0], VIEW, 20)]
    (why,) = [line for line in lines if line.startswith(" WHY")]
    assert why.endswith("maintenance until 04:14 by budi: ganti disk")
    planned = [line for line in lines if line.startswith(" PLANNED")]
    assert planned == [" PLANNED until 03:14 budi: uji"]
    assert lines[lines.index(planned[0]) + 1] == "         Sun 29 Nov 02:14 - 04:14 calendar.toml: cadangan"
    assert word(State.MAINT) in lines[0]
