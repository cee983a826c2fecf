"""Whole jobs of a user, told through keys and screens, against the real API."""

import asyncio
import stat
from pathlib import Path

import msgspec
import pytest

from opsconsole.base.paths import Place
from opsconsole.client.commands import Recheck
from opsconsole.client.incidents import Status
from opsconsole.client.shapes import ApplicationDetail, Role, SelfCheck, State, Why
from opsconsole.console.feed.snapshot import Keeper
from opsconsole.console.terminal.clipboard import card_path
from tests.console.driving import story
from tests.fakes.scripted_engine import ScriptedEngine


async def test_a_night_from_the_first_look_to_the_phone_number(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("PROBLEMS 15", "gw-satu +6", "!5")
        assert console.line("simda").startswith(">! DOWN")
        await console.press("j", "enter")
        await console.sees(
            "Board > Disdukcapil > ws-nik", "CALL", "0800-0000-0601 (WA)", "FAIL 503, want 200-299"
        )
        assert "since 02:02" in console.text()
        engine.look(
            "ws-nik", at=engine.now, verdict="down", reason="response_timeout", params={"want": "10 s"}
        )
        await console.sees("no answer in 10 s")
        await console.press("f")
        await console.sees("failures only")
        await console.press("]")
        await console.sees("RSUD > simrs")
        await console.press("[", "h", "h")
        await console.sees("PROBLEMS 15")
        assert console.line("simrs").startswith(" ! DOWN"), "the board's cursor stays where it was"


async def test_a_new_down_rings_once_and_stands_in_title_and_event_line(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        rung: list[bool] = []
        console.app.bell = lambda: rung.append(True)  # type: ignore[method-assign]
        engine.set_state("izin", State.DOWN, "no_response", hard=False, attempt=1)
        await console.sees("DPMPTSP/izin DOWN  1/3 connection closed without an answer")
        assert not rung, "not confirmed yet"
        engine.set_state("izin", State.DOWN, "no_response", hard=True, attempt=3)
        await console.sees("DPMPTSP/izin DOWN  connection closed")
        assert not rung, "a failure rings nobody, an incident does"
        engine.set_incident(414, subject="izin", reason="no_response")
        await console.until(lambda: bool(rung))
        await console.sees("#414 izin opened: closed, no answer")
        engine.set_incident(414, note="ditelepon")
        engine.set_incident(415, status=Status.ACKNOWLEDGED, acknowledged_by="budi", subject="izin")
        engine.set_incident(414, status=Status.RESOLVED)
        engine.set_state("izin", State.UP)
        await console.until(lambda: console.written[-1] == "\x1b]0;[4 INC 5 DOWN] opsconsole\x07")
        assert len(rung) == 1
        assert "\x1b]0;[4 INC 6 DOWN] opsconsole\x07" in console.written
    assert console.written[-1] == "\x1b[23;0t", "the terminal has its own title again"


async def test_the_cursor_stays_with_its_row_or_at_the_top(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        engine.set_state("simda", State.WARN, "slow", {"seen": "4 s", "want": "3 s"})
        await console.until(lambda: console.line("ws-nik").startswith(">"))
        await console.press("j")
        assert console.line("simrs").startswith(">")
        engine.set_state("ws-nik", State.UP)
        await console.sees("ws-nik UP")
        assert console.line("simrs").startswith(">")


async def test_a_changed_cell_is_marked_for_a_while(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        engine.set_state("e-sppt", State.WARN, "slow", {"seen": "9.1 s", "want": "3 s"})
        await console.sees("slow 9.1 s > 3 s")
        assert ("application", "e-sppt") in console.app.model.marks
        console.app.model.settle(1e9)
        console.draw()
        assert not console.app.model.marks


async def test_pause_holds_the_picture_until_something_goes_down(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("p")
        await console.sees("drawing is paused")
        engine.set_state("opac", State.UP)
        await console.until(lambda: console.app.model.applications["opac"].state is State.UP)
        assert "opac" in console.line("cert: 9 d left")
        engine.set_state("izin", State.DOWN, "no_response")
        await console.misses("drawing is paused")
        assert "cert: 9 d left" not in console.text()


async def test_every_switch_says_what_it_did(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        for key, said in (
            ("b", "bell off"), ("b", "bell on"), ("L", "low bandwidth: changes are drawn every five seconds"),
            ("L", "changes are drawn every second"), ("ctrl+c", "q leaves; the engine stays"),
        ):  # fmt: skip
            await console.press(key)
            await console.sees(said)
        await console.press("ctrl+l", "S")
        await console.sees("sort: severity ^")
        assert console.line("atcs").startswith(">? STALE"), "the least urgent first"
        await console.press("S", "G", "enter")
        await console.sees("LAST LOOK")
        await console.press("enter")
        await console.sees("Dishub > atcs > Why")
        await console.press("escape")
        await console.misses("> Why")
        await console.press("pagedown", "pageup", "G", "g", "-")
        await console.sees("PROBLEMS 15")
        await console.press("-")
        await console.sees("Dishub > atcs")
        await console.press("[", "[", "?", "1")
        await console.sees("PROBLEMS 15")
        await console.press(":", *"app nowhere", "enter")
        await console.sees("there is no application nowhere")


async def test_the_engine_dies_under_it_and_comes_back(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        engine.die()
        await console.sees("ENGINE DOWN since 02:14", "under 1 min old", "`opsconsole engine`")
        await console.press("r")
        await console.sees("r: no engine answers")
        console.clock.seconds += 300
        console.draw()
        await console.sees("5 min old")
        engine.come_back()
        await console.misses("ENGINE DOWN")
        engine.set_state("izin", State.DOWN, "no_response")
        await console.sees("izin")


async def test_a_start_without_an_engine_shows_the_last_board_as_old(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
    engine.die()
    async with story(engine.place, why="system") as console:
        await console.sees("NO ENGINE ANSWERS", "gw-satu +6", "systemctl status opsconsole", "OLD")
        assert console.app.model.is_old
    kept = Keeper(engine.place).path
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


async def test_without_engine_and_without_memory_it_says_so(place: Place) -> None:
    place.run.mkdir(parents=True)
    async with story(place) as console:
        await console.sees("NO ENGINE ANSWERS", "Start it with", "connecting")


async def test_a_reader_sees_everything_and_may_change_nothing(place: Place) -> None:
    with ScriptedEngine(place, role=Role.VIEWER) as engine:
        async with story(place) as console:
            await console.sees("gw-satu +6", "Contoh  RO")
            await console.press("r")
            await console.sees("r: you are viewer, this needs operator")
            await console.press(".")
            await console.sees("look at it now  (you are viewer, this needs operator)")
            await console.press("r")
            await console.press(":")
            await console.type("stop")
            await console.sees("needs admin")
            await console.press("enter")
            await console.sees(":stop: you are viewer, this needs admin")
            assert engine.commands == []


async def test_an_operator_looks_again_and_is_told_what_came_of_it(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "r")
        await console.sees("recheck ws-nik: DOWN status 503, want 200-299 (812ms)")
        assert engine.commands[0][1] == Recheck(application="ws-nik", wait=True)
        await console.press("tab", "r")
        await console.sees("r: no application is selected")


async def test_filter_words_hold_while_they_are_typed(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("/")
        await console.type("opd:rsud -down")
        await console.sees("MATCHES 3 of 119", "OPD 1 of 42", "/opd:rsud -down", "rekam")
        await console.press("enter", "!")
        await console.sees("MATCHES 0", "nothing matches; esc clears the filter")
        await console.press("!", "escape")
        await console.sees("PROBLEMS 15")
        await console.press("/")
        await console.type("tier:9")
        await console.sees("tier:9: want tier:1")
        await console.press("escape")
        await console.sees("PROBLEMS 15")
        await console.press("/", *"via:gw-satu", "enter")
        await console.sees("MATCHES 6 of 119")


async def test_the_lower_pane_opens_the_page_of_an_opd(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("tab", "s", "enter")
        await console.sees("APPLICATIONS 6", "Board > Kominfo")
        await console.press("escape", "G", "enter")
        await console.sees("/service:", "dukcapil-pusat", "bsre")


async def test_the_command_line_completes_goes_and_asks_before_it_writes(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":")
        await console.type("opd rs")
        await console.sees(":opd rsud", "RSUD, 3 of 4 up")
        await console.press("enter")
        await console.sees("Board > RSUD")
        await console.press(":", *"app wsn", "backspace", "backspace", *"s-n", "enter")
        await console.sees("Disdukcapil > ws-nik")
        await console.press(":", *"rel", "enter")
        await console.sees(": reload")
        assert engine.commands == [], "only filled in"
        await console.press("enter")
        await console.sees("reload: done")
        await console.press(":", *"recheck nothing", "enter")
        await console.sees("There is no application nothing")
        await console.press(":", *"fly", "enter")
        await console.sees("no command fly")
        await console.press(":", "up")
        await console.sees(": fly")


async def test_a_card_is_copied_and_kept_for_its_owner(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "y")
        await console.sees("copied")
        path = card_path(engine.place)
        text = path.read_text("utf-8")
        assert text.startswith("[DOWN] Layanan web NIK (ws-nik) - Disdukcapil\nsince 02:02 WIB\n")
        assert "call Rina S. (Disdukcapil) (admin) 0800-0000-0601 (WA)" in text
        assert len(text) <= 701
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert any(sequence.startswith("\x1b]52;c;") for sequence in console.written)
        await console.press("tab", "s", "y")
        await console.until(lambda: "3 of 6 up" in path.read_text("utf-8"))


async def test_what_is_wrong_with_us_stands_above_everything(engine: ScriptedEngine) -> None:
    async with story(engine.place, size=(100, 30)) as console:
        await console.sees("gw-satu +6")
        engine.beat(self_check=SelfCheck("offline", engine.now, ("gateway", "canary 127.0.0.1:9")))
        await console.sees("WE ARE OFFLINE since 02:14: gateway, canary 127.0.0.1:9 failed")
        engine.beat(config_errors=("opd/x.toml:3: url: missing", "opd/y.toml:9: tier: 7"))
        await console.sees("configuration refused, 2 mistakes: opd/x.toml:3: url: missing")
        engine.beat(
            store="full",
            notices=(Why("store_set_aside", {"file": "opsconsole.db.corrupt-1"}),),
            self_check=SelfCheck("unset"),
        )
        await console.sees("THE DISK IS FULL", "opsconsole.db.corrupt-1", "self-check not set")
        engine.beat()
        await console.misses("***")


async def test_a_silent_engine_is_said_and_a_hung_one_is_down(
    engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opsconsole.console.feed.feed.SILENT_AFTER_S", 0.2)
    async with story(engine.place) as console:
        await console.sees("gw-satu +6", "silent since 02:14:00")
        engine.beat()
        await console.misses("silent since")
    monkeypatch.setattr("opsconsole.console.feed.feed.LOST_AFTER_S", 0.2)
    async with story(engine.place) as console:
        await console.sees("ENGINE DOWN since 02:14")


async def test_each_probe_of_an_application_has_its_own_looks(engine: ScriptedEngine) -> None:
    real = engine.detail

    async def with_two(row_id: str) -> ApplicationDetail:
        page = await real(row_id)
        second = msgspec.structs.replace(page.probes[0], id="db", kind="tcp", target="127.0.0.1:5432")
        return msgspec.structs.replace(page, probes=(*page.probes, second))

    engine.detail = with_two  # type: ignore[method-assign]
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j", "enter")
        await console.sees("probe 1 of 2", "LOOKS http", "tab: next probe")
        await console.press("tab")
        await console.sees("probe 2 of 2", "LOOKS db", "127.0.0.1:5432", "no look is recorded yet")
        engine.look("ws-nik", probe="db", verdict="down", reason="connect_refused", params={"address": "x"})
        await console.sees("connection refused by x")


async def test_over_a_thin_line_looks_are_read_when_they_are_asked_for(engine: ScriptedEngine) -> None:
    async with story(engine.place, low_bandwidth=True) as console:
        await console.sees("gw-satu +6", "LOW")
        await console.press("j", "enter")
        await console.sees("0800-0000-0601")
        engine.look("ws-nik", verdict="down", reason="deadline", params={"want": "10 s"})
        await console.press("r")
        await console.sees("recheck ws-nik", "not finished in 10 s")
        assert engine.requests.count("changes") == 1


async def test_a_gap_in_the_stream_is_mended_by_reading_afresh(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        # What was told while no stream was open is read with the board.
        engine.stop()
        engine.row("simda")
        engine._city.applications["simda"] = msgspec.structs.replace(engine.row("simda"), state=State.UP)
        engine.come_back()
        await console.sees("!4", "BKAD/simda UP")


async def test_an_idle_console_asks_nothing(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.until(lambda: engine.streams == 1)
        asked = list(engine.requests)
        for _ in range(5):
            engine.beat()
        await asyncio.sleep(1.2)
        assert engine.requests == asked == ["hello", "board", "changes"]
        assert console.app.event == ()


async def test_a_phone_gets_the_problems_and_the_numbers(engine: ScriptedEngine) -> None:
    async with story(engine.place, size=(38, 9)) as console:
        await console.sees("gw-satu +6")
        assert console.text().splitlines()[0].startswith("+97 ~3 !5")
        await console.press("j", "enter")
        await console.sees("Layanan web NIK", "0800-0000-0601 (WA)")
        await console.press("h", "y")
        await console.sees("copied")
        await console.press("k")
        await console.sees("enter open")


@pytest.mark.parametrize("size", [(38, 5), (20, 3), (60, 15), (80, 24), (200, 50)])
async def test_every_page_stands_on_any_screen(engine: ScriptedEngine, size: tuple[int, int]) -> None:
    async with story(engine.place, size=size) as console:
        await console.until(lambda: bool(console.app.model.applications))
        for keys in (["!"], ["?"], ["h"], ["."], ["escape"], [":"], ["escape"], ["enter"], ["?"]):
            await console.press(*keys)
            assert console.text().count("\n") == size[1] - 1


async def test_an_office_speaks_its_own_language_unless_asked_otherwise(engine: ScriptedEngine) -> None:
    async with story(engine.place, lang=None) as console:
        await console.sees("gw-satu +6", "GANGGUAN", "Sel 24 Nov")


async def test_a_demo_asks_before_it_ends(engine: ScriptedEngine) -> None:
    engine.hello = _as_demo(engine)  # type: ignore[method-assign]
    async with story(engine.place) as console:
        await console.sees("gw-satu +6", "DEMO")
        await console.press("q")
        await console.sees("q again")
        await console.press("j", "q")
        await console.sees("q again")
        assert console.app.is_running


def _as_demo(engine: ScriptedEngine):  # type: ignore[no-untyped-def]
    real = engine.hello
    return lambda caller: msgspec.structs.replace(real(caller), demo=True)


HOSTILE = (
    "[/]",
    "[/b]",
    "[@click=app.quit]x[/]",
    "\x1b[31mred",
    "a" * 10_000,
    "漢字" * 30,
    "e\u0301" * 40,
    "{x}",
)


async def test_markup_in_names_is_shown_as_it_is(engine: ScriptedEngine) -> None:
    async with story(engine.place, size=(160, 30)) as console:
        await console.sees("gw-satu +6")
        for bad in HOSTILE:
            engine.set_state("ws-nik", State.DOWN, "tls_failed", {"seen": bad}, name=bad, opd_short=bad)
            engine.beat(office=bad, config_errors=(bad,))
            await console.rest()
        engine.set_state("ws-nik", State.DOWN, "tls_failed", {"seen": "[/b]"}, name="[link=file://x]n[/]")
        await console.sees("[link=file://x]n[/]", "TLS failed: [/b]")
        await console.press("/", *"ws-nik", "enter", "enter")
        await console.sees("> ws-nik", "TLS failed: [/b]")


async def test_help_is_made_of_the_keys_there_are(engine: ScriptedEngine, tmp_path: Path) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("?")
        await console.sees("MOVE", "ON THE ROW", "say that you have seen it")
        await console.press("G")
        await console.sees("MARKS AND VERSION", "console.toml has changed")
        await console.press("/", *"end the engine", "enter")
        await console.sees(":stop", "end the engine")
        await console.press("h", "/", *"filter", "enter")
        await console.sees("FILTER WORDS")
        await console.press("h", "h")
        await console.sees("PROBLEMS 15")


async def test_the_remedy_for_an_engine_that_hangs_is_not_that_for_one_that_is_gone(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu")
        page = console.app.page
        assert page is not None
        assert "`opsconsole engine --replace`" in page.remedy(), "somebody still holds its socket"
        engine.die()
        assert "Start it with `opsconsole engine`" in page.remedy()
