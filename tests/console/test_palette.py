"""What is offered after ``:`` while it is typed, and what becomes of a message that was read."""

import pytest

from opsconsole.client.shapes import Role, State
from opsconsole.console.palette import (
    Go,
    Names,
    Press,
    Under,
    Wrong,
    application_in,
    is_exact,
    meaning,
    suggestions,
)
from opsconsole.console.screens.copying import _within
from tests.console.driving import story
from tests.console.rows import app, opd
from tests.fakes.scripted_engine import ScriptedEngine

NAMES = Names(
    {row.id: row for row in (app("siak"), app("simrs", State.DOWN), app("service:pdn", kind="service"))},
    {row.code: row for row in (opd("RSUD", name="Rumah Sakit"), opd("DINKES", name="Dinas Kesehatan"))},
    {"siak": ("http", "tls-443")},
)


def lines(text: str, role: Role = Role.ADMIN, scope: str | None = None) -> list[str]:
    return [one.line for one in suggestions(text, NAMES, role, 20, scope=scope)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("the", ["theme "]),
        ("theme ", ["theme ansi", "theme dark", "theme light", "theme high-contrast"]),
        ("theme h", ["theme high-contrast"]),
        ("app si", ["app simrs", "app siak"]),
        ("opd din", ["opd dinkes"]),
        ("recheck si", ["recheck simrs", "recheck siak"]),
        ("recheck siak ", ["recheck siak http", "recheck siak tls-443"]),
        ("recheck siak t", ["recheck siak tls-443"]),
        ("recheck siak probe=h", ["recheck siak probe=http"]),
        ("recheck application=sia", ["recheck application=siak"]),
        ("add x N http://x rs", ["add x N http://x RSUD"]),
        ("add x N http://x opd=din", ["add x N http://x opd=DINKES"]),
    ],
)
def test_each_word_is_completed_by_what_may_stand_there(typed: str, wanted: list[str]) -> None:
    assert lines(typed) == wanted


def test_a_name_alone_is_enough_to_find_it() -> None:
    assert lines("simr") == ["app simrs"]
    assert lines("rsu") == ["opd rsud"]
    assert lines("kesehatan") == ["opd dinkes"]


def test_where_nothing_can_be_known_it_says_what_the_command_wants() -> None:
    (one,) = suggestions("add x", NAMES, Role.ADMIN, 9)
    assert one.help == "add ID NAME URL [OPD] [NOTE]"
    assert not one.complete
    (one,) = suggestions("recheck siak http more", NAMES, Role.ADMIN, 9)
    assert "APPLICATION" in one.help


def test_what_can_not_be_done_says_why() -> None:
    assert suggestions("stop", NAMES, Role.VIEWER, 1)[0].refused == "needs admin"
    assert suggestions("recheck siak ", NAMES, Role.VIEWER, 1)[0].refused == "needs operator"
    assert suggestions("problems", NAMES, Role.VIEWER, 1, scope="detail")[0].refused == "not in this view"
    assert suggestions("problems", NAMES, Role.VIEWER, 1, scope="board")[0].refused == ""


def test_probes_are_asked_for_once_an_application_stands_there() -> None:
    assert application_in("recheck siak ") == "siak"
    assert application_in("recheck application=siak h") == "siak"
    assert application_in("recheck siak") == ""
    assert application_in("app siak ") == ""
    assert application_in("add siak x") == ""


def test_themes_can_be_typed() -> None:
    assert meaning("theme dark", Under()) == Go("theme", "dark")
    assert meaning("theme", Under()) == Go("theme", "")
    assert is_exact("theme dark", NAMES)
    assert not is_exact("theme da", NAMES)
    assert isinstance(meaning("bell", Under()), Press)
    assert isinstance(meaning("nothing", Under()), Wrong)


async def test_probes_of_an_application_are_completed_while_it_is_typed(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"recheck ws-nik ")
        await console.sees(":recheck ws-nik http")
        await console.press("tab")
        await console.sees(" : recheck ws-nik http")


async def test_a_command_of_another_view_is_refused_in_words(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("enter")
        await console.sees("LOOKS")
        await console.press(":", *"problems", "enter")
        await console.sees("problems: not in this view")


async def test_an_answer_to_a_line_does_not_stay_under_the_next_menu(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"fly", "enter")
        await console.sees("no command fly")
        await console.press(".")
        await console.sees("look at it now")
        await console.misses("no command fly")


async def test_where_nothing_lies_deeper_the_menu_does_not_offer_it(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "enter", ".")
        await console.sees("> r ")
        assert "open the row" not in console.text()


@pytest.mark.parametrize(
    ("path", "room", "shown"),
    [
        ("/home/sari/opsconsole/card.txt", 60, "~/opsconsole/card.txt"),
        ("/srv/offices/kota/exports/card.txt", 20, "…ta/exports/card.txt"),
        ("/home/sarinah/card.txt", 60, "/home/sarinah/card.txt"),
    ],
)
def test_a_path_that_is_told_keeps_its_end(
    path: str, room: int, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/sari")
    assert _within(path, room) == shown


async def test_explain_is_about_the_application_that_is_named(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu")
        await console.press(":", *"explain ws-n")
        await console.sees(":explain ws-nik")
        await console.press("tab", "enter")
        await console.sees("ws-nik > Why")
        await console.press("escape", ":", *"explain tiada", "enter")
        await console.sees("there is no application tiada")
