"""The next start goes on where the last one ended."""

import stat

import pytest

from opsconsole.base.paths import system_place
from opsconsole.console.memory import Kept, Memory
from opsconsole.console.tables.table import TableState
from tests.console.driving import story
from tests.fakes.scripted_engine import ScriptedEngine


async def test_view_filter_order_columns_and_problems_only_are_as_they_were(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("tab", "s", "tab")
        await console.press("/", *"opd:rsud", "enter", "s", "s", "s", "S", "c", "j", " ", "escape", "!")
        await console.press("7")
        await console.sees("7*Log")
        await console.press("w", ":", *"rech")
    kept = Memory(engine.place)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    async with story(engine.place) as console:
        await console.sees("7*Log", "  7d ")
        assert not console.app.page.drawer.is_open  # type: ignore[union-attr]
        await console.press("1")
        await console.sees("/opd:rsud", "MATCHES", "sort: application ^")
        assert "SINCE" not in console.text()
        await console.press("escape")
        assert "115 applications" not in console.text()
        await console.press("!")
        await console.sees("sort: worst first")


async def test_an_application_that_was_open_is_not(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("enter")
        await console.sees("> simda")
    async with story(engine.place) as console:
        await console.sees("PROBLEMS 15")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"view": 5}', b'{"version": 99, "view": "log"}', b'{"view": "gone"}', b"\xff"],
)
async def test_a_memory_that_is_broken_or_of_another_version_is_ignored(
    engine: ScriptedEngine, content: bytes
) -> None:
    memory = Memory(engine.place)
    memory.path.parent.mkdir(parents=True, exist_ok=True)
    memory.path.write_bytes(content)
    async with story(engine.place) as console:
        await console.sees("PROBLEMS 15")


def test_it_lies_with_the_user_where_the_office_is_not_theirs(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    memory = Memory(system_place(tmp_path))
    memory.keep(Kept("log", {"board": TableState(filter="down")}))
    assert memory.path == tmp_path / "state" / "opsconsole" / "console-system.json"
    assert memory.recall() == Kept("log", {"board": TableState(filter="down")})


def test_where_it_can_not_be_kept_nothing_happens(engine: ScriptedEngine) -> None:
    memory = Memory(engine.place)
    memory.path = engine.place.settings / "no" / "folder"
    memory.keep(Kept())
    assert memory.recall() == Kept()
