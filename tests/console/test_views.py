"""The views beside the board: log, inventory, an OPD's page, an application's past."""

from datetime import UTC, datetime, timedelta

import pytest

from opsconsole.client.logbook import Entry
from opsconsole.client.shapes import State
from opsconsole.console.feed.model import News
from opsconsole.console.screens.log import LogScreen
from tests.console.driving import story
from tests.console.test_screens import LANGUAGES, settled
from tests.fakes.canned_past import log_page
from tests.fakes.scripted_engine import NIGHT, ScriptedEngine

# name: keys, what is waited for
VIEWS: dict[str, tuple[tuple[str, ...], str]] = {
    "log": (("7",), "presensi"),
    "inventory": (("6",), "opd/bkad.toml:12"),
    "register": (("6", "!"), "services.toml"),
    "opd-page": ((":", *"opd kominfo", "enter"), "opd/kominfo.toml"),
    "past-7d": (("j", "enter", "w"), "3 "),
    "past-at": (("j", "enter", ":", *"at 01:30", "enter"), "01:29:44"),
}
WIDE = {"register": "G"}


@LANGUAGES
@pytest.mark.parametrize("name", VIEWS)
async def test_a_view_is_as_it_was_agreed(engine: ScriptedEngine, name: str, lang: str) -> None:
    keys, wanted = VIEWS[name]
    async with story(engine.place, lang=lang) as console:
        await console.sees("gw-satu +6")
        await console.press(*keys)
        if name in WIDE:
            await console.press(WIDE[name])
        await console.sees(wanted)
        await settled(console)
        await console.is_screen(f"{name}-{lang}")


def event(number: int, kind: str = "clock.stepped", subject: str = "engine", **fields: object) -> Entry:
    at = datetime(2026, 11, 23, 19, 14, tzinfo=UTC) + timedelta(seconds=number)
    given = {"via": "engine", "body": {"seconds": f"+{number}.5"}} | fields
    return Entry(id=f"e{1000 + number}", at=at, kind=kind, subject=subject, **given)  # type: ignore[arg-type]


async def test_the_log_grows_as_it_happens_and_keeps_its_place(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("7")
        await console.sees("presensi")
        engine.log(event(1))
        await console.sees("clock was set by +1.5 s")
        await console.press("j", "j")
        row = console.line(">")
        engine.log(event(2))
        await console.sees("clock was set by +2.5 s")
        assert console.line(">") == row
        engine.advance(2)
        engine.beat(logged=len(engine.logged))
        model = console.app.model
        await console.until(lambda: model.engine is not None and model.engine.heartbeat_at == engine.now)
        assert isinstance(console.app.page, LogScreen)
        assert not console.app.page.concerns(News()), "a heartbeat alone is no reason to ask"


async def test_the_log_reads_on_at_its_end(engine: ScriptedEngine) -> None:
    entries = [event(-number) for number in range(1200, 0, -1)]
    engine.answers["log"] = lambda args: log_page(entries, args)
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("7")
        await console.sees("500 of 1 200")
        for held in ("1 000 of 1 200", "LOG 1200"):
            await console.press("G")
            await console.sees(held)
        await console.press("G")
        await console.sees("clock was set by +-1200.5 s")
        assert engine.requests.count("query log") == 3


async def test_words_of_the_filter_reach_beyond_what_was_read(engine: ScriptedEngine) -> None:
    entries = [event(-2000, "probe.rechecked", "simrs", person="sari", body={"probes": ["http"]})]
    entries += [event(-number) for number in range(1200, 0, -1)]
    engine.answers["log"] = lambda args: log_page(entries, args)
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("7")
        await console.sees("500 of 1 201")
        await console.press("/", *"who:sari", "enter")
        await console.sees("looked at it by hand", "LOG 1")
        await console.press("enter")
        await console.sees("LAST LOOK", "SIMRS")


async def test_only_trouble_is_listed_when_only_problems_are_wanted(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("7")
        await console.sees("looked at it by hand")
        await console.press("!")
        await console.misses("looked at it by hand")
        await console.sees("gw-satu")


async def test_the_inventory_shows_what_is_wrong_and_then_everything(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("6")
        await console.sees("host does not resolve", "PROBLEMS 9")
        await console.press("!")
        await console.sees("REGISTER 119", "governance")
        await console.press("/", *"simrs", "enter")
        await console.sees("tier 1, public, governance", "1 of 119")
        await console.press("escape", "escape")
        await console.sees("PROBLEMS 9")
        await console.press("/", *"fix:dns", "enter")
        await console.sees("1 of 9")
        await console.press("enter")
        await console.sees("SIMDA Keuangan", "LOOKS")


async def test_an_opd_opens_from_the_board_and_leads_to_its_neighbours(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("tab", "s", "enter")
        await console.sees("APPLICATIONS 6", "Dinas Komunikasi dan Informatika")
        for pane in ("READINESS", "MEANS", "INSTRUCTIONS", "LOG 3"):
            await console.press("tab")
            await console.sees(f"--{pane}")
        await console.press("]")
        await console.misses("Dinas Komunikasi")
        await console.press("[")
        await console.sees("Dinas Komunikasi")
        await console.press("y")
        await console.sees("copied")
        await console.press("enter")
        await console.sees("Gerbang Satu", "LOOKS")
        await console.press("escape")
        await console.sees("APPLICATIONS 6")
        await console.press("escape")
        await console.sees("gw-satu +6")


async def test_a_state_on_an_opds_page_is_the_boards(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"opd rsud", "enter")
        await console.sees("APPLICATIONS 4", "no connection in 5 s")
        engine.set_state("rekam", State.DOWN, "connect_refused", {"address": "127.0.0.1:9"})
        await console.sees("connection refused")
        await console.press(":", *"opd tiada", "enter")
        await console.sees("there is no OPD tiada")


async def test_the_history_is_read_once_and_again_when_the_state_changes(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"app rekam", "enter")
        await console.sees("24 HOURS", "available")
        assert engine.requests.count("query history") == 1
        engine.set_state("rekam", State.DOWN, "connect_refused", {"address": "a"}, hard=False, attempt=1)
        await console.until(lambda: engine.requests.count("query history") == 2)
        engine.set_state("rekam", State.DOWN, "connect_refused", {"address": "a"}, hard=False, attempt=2)
        engine.look("rekam", verdict="down", reason="connect_refused")
        await console.sees("2/")
        await settled(console)
        assert engine.requests.count("query history") == 2


async def test_a_time_that_was_asked_for_is_gone_to_and_left_again(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"app rekam", "enter")
        await console.sees("LAST LOOK 02:13:44")
        await console.press(":", *"at 01:30", "enter")
        await console.sees("around 01:30", "LOOK 01:29:44", "^")
        engine.look("rekam", at=NIGHT)
        await console.press("escape")
        await console.sees("LAST LOOK 02:14:00")
        await console.misses("around")
        await console.press(":", *"at 2026-11-25", "enter")
        await console.sees("2026-11-25 has not come yet")
        await console.press(":", *"at 2020-01-01", "enter")
        await console.sees("the first look that is kept is of")
        await console.press("escape", ":", *"at 01:30", "enter")
        await console.sees("open an application first")


async def test_a_page_without_room_for_the_strip_leaves_it_out(engine: ScriptedEngine) -> None:
    async with story(engine.place, size=(80, 20)) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "enter")
        await console.sees("LAST LOOK", "receive", "LOOKS http")
        await console.misses("24 HOURS")
