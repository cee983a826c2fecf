"""An application's key edited in the console: from the menu, completed by what there is."""

from opsconsole.client.importing import EditApplication
from opsconsole.client.shapes import Role
from opsconsole.console.palette import Names, Send, Under, edited_in, meaning, suggestions
from tests.console.driving import story
from tests.console.rows import app
from tests.fakes.scripted_engine import ScriptedEngine

NAMES = Names(
    {"siak": app("siak")}, {}, keys={"siak": (("name", "SIAK"), ("tier", "1"), ("http.timeout", "5s"))}
)


def lines(text: str) -> list[str]:
    return [one.line for one in suggestions(text, NAMES, Role.ADMIN, 20)]


def test_keys_are_offered_and_of_a_key_what_stands_there() -> None:
    assert lines("edit siak ") == ["edit siak name", "edit siak tier", "edit siak http.timeout"]
    assert lines("edit siak ti") == ["edit siak tier", "edit siak http.timeout"]
    assert lines("edit siak tier ") == ["edit siak tier 1"]
    assert lines("edit siak tier 2") == ["edit siak tier 2"]


def test_the_keys_are_asked_for_once_an_application_stands_there() -> None:
    assert edited_in("edit siak t") == "siak"
    assert (edited_in("edit siak"), edited_in("pause siak x")) == ("", "")


def test_a_sentence_needs_no_quotes() -> None:
    sent = meaning("edit siak note Jum'at libur", Under())
    assert isinstance(sent, Send)
    assert sent.args == EditApplication("siak", "note", "Jum'at libur")


async def test_the_menu_begins_the_line_and_the_engine_is_asked_to_write(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"edit ws-nik ti")
        await console.sees(": edit ws-nik ti", "http.timeout")
        await console.press("tab")
        await console.sees(" : edit ws-nik tier")
        await console.press(*" 2", "enter")
        await console.sees("edit ws-nik:")
    assert [args for name, args, _caller in engine.commands if name == "edit"] == [
        EditApplication("ws-nik", "tier", "2")
    ]


async def test_who_may_not_write_is_not_led_to_it(engine: ScriptedEngine) -> None:
    engine.role = Role.OPERATOR
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"edit ws-nik tier 2", "enter")
        await console.sees("this needs admin")
    assert engine.commands == []
