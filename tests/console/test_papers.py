"""Pages of papers and people, and the briefing: as agreed, worked with by keys alone, with no engine."""

import msgspec
import pytest

from opsconsole.client.command import CommandShape
from opsconsole.client.instructions import AcknowledgeInstruction, AnswerInstruction, IssueInstruction
from opsconsole.client.problem_register import MoveProblem, NoteProblem
from opsconsole.client.readiness_commands import RecordContact, SendReminder
from opsconsole.client.shapes import Caller, CommandBody, CommandResult, Role
from tests.console.driving import Story, story
from tests.console.test_screens import LANGUAGES, settled
from tests.fakes.canned_papers import AT
from tests.fakes.scripted_engine import ScriptedEngine

# name: what is typed after the colon, keys after it, what is waited for
SCREENS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "briefing": ("briefing", (), "INS"),
    "expiries": ("expiries", (), "PKS 555"),
    "problem-register": ("problem-register", (), "Perjanjian akses NIK"),
    "instructions": ("instructions", (), "Kirim dokumen"),
    "sessions": ("bimtek", (), "BT-2026-01"),
    "session": ("sessions", ("enter",), "rina, budi"),
    "reminders": ("reminders", (), "Kepala RSUD"),
    "switch-off": ("switch-off", (), "forum-csr"),
    "people": ("people", (), "Rina S."),
    "person": ("person rina s.", (), "SK-12"),
}
SIZES = {"": (80, 24), "200x50": (200, 50)}


async def open_page(console: Story, typed: str) -> None:
    """Type the line on the board, on the hospital's row where it is about what is under the cursor."""
    await console.sees("gw-satu +6")
    if typed == "people":
        await console.press("/", *"simrs", "enter")
        await console.sees("/simrs")
    await console.press(":")
    await console.type(typed)
    await console.press("enter")


@LANGUAGES
@pytest.mark.parametrize("name", SCREENS)
async def test_a_page_is_as_it_was_agreed(engine: ScriptedEngine, name: str, lang: str) -> None:
    typed, keys, wanted = SCREENS[name]
    async with story(engine.place, lang=lang) as console:
        await open_page(console, typed)
        if name == "briefing":
            await console.misses("…")
        else:
            await console.sees(wanted if name != "session" else "BT-2026-01")
        await console.press(*keys)
        if keys:
            await console.sees(wanted)
        await settled(console)
        await console.is_screen(f"{name}-{lang}")


@pytest.mark.parametrize("name", SCREENS)
async def test_a_page_fits_a_large_and_a_small_terminal(engine: ScriptedEngine, name: str) -> None:
    typed, _keys, _wanted = SCREENS[name]
    for size in ((200, 50), (60, 15), (38, 9)):
        async with story(engine.place, size=size) as console:
            await console.sees("gw-satu +6" if size[0] > 60 else "gw-satu")
            await console.press(":")
            await console.type(typed)
            await console.press("enter")
            await settled(console)
            assert console.app.page is not None
            assert all(len(text) <= size[0] for text in console.text().splitlines())


async def test_what_an_engine_that_is_gone_does_not_answer_says_what_to_do(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        engine.die()
        await console.sees("***")
        for typed, _keys, _wanted in SCREENS.values():
            if typed.startswith(("person", "people")):
                continue
            await console.press(":")
            await console.type(typed)
            await console.press("enter")
            await console.sees("opsconsole engine")
            if typed != "briefing":
                await console.sees("could not be read")
            await console.press("escape")
            await settled(console)


async def test_the_words_lead_to_each_other_and_back(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await open_page(console, "expiries")
        await console.sees("PKS 555")
        await console.press("G")
        await console.press("enter")
        await console.sees("Rina S. (rina)", "KT", "#14")
        await console.press("escape")
        await console.sees("WHAT ENDS")
        await console.press("g", "enter")
        await console.sees("Layanan web NIK", "service:dukcapil-pusat")
        await console.press("escape", "escape")
        await console.sees("gw-satu +6")


async def test_the_window_reaches_further_and_the_filter_narrows(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await open_page(console, "expiries")
        await console.sees("WHAT ENDS 3")
        await console.press("w")
        await console.sees("WHAT ENDS 4", "2027-06-30")
        await console.press("!")
        await console.sees("WHAT ENDS 3 of 4")
        await console.press("!", "/", *"left<0", "enter")
        await console.sees("WHAT ENDS 1 of 4", "PKS 555")
        await console.press("escape", "/", *"opd:rsud", "enter")
        await console.sees("WHAT ENDS 2 of 4")


async def test_an_instruction_is_acknowledged_answered_and_given_by_keys(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await open_page(console, "instructions")
        await console.sees("Kirim dokumen")
        await console.press("a")
        await console.sees("instruction-ack 3: done")
        await console.press("j", "x")
        await console.type("lemari-4 sudah diuji semua")
        await console.press("enter")
        await console.sees("instruction-answer 5: done")
        await console.press(".")
        await console.sees(":instruct", ":instruction-wi")
        await console.press("escape", ":")
        await console.type("instruct RSUD 14d ganti kata sandi bawaan")
        await console.press("enter")
        await console.until(lambda: len(engine.commands) == 3)
    sent = [args for _name, args, _caller in engine.commands]
    assert sent == [
        AcknowledgeInstruction(3),
        AnswerInstruction(5, "lemari-4", "sudah diuji semua"),
        IssueInstruction("RSUD", "14d", "ganti kata sandi bawaan"),
    ]


async def test_a_problem_goes_on_to_its_next_step_with_the_version_that_was_seen(
    engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions: list[int | None] = []
    carry_out = engine.execute

    async def execute(
        shape: CommandShape, args: msgspec.Struct, caller: Caller, body: CommandBody
    ) -> CommandResult:
        versions.append(body.version)
        return await carry_out(shape, args, caller, body)

    monkeypatch.setattr(engine, "execute", execute)
    async with story(engine.place) as console:
        await open_page(console, "problem-register")
        await console.sees("Perjanjian akses NIK")
        await console.press("x")
        await console.sees("problem-status 8 agreed")
        await console.press("enter")
        await console.sees("problem-status 8: done")
        await console.press("n")
        await console.type("menunggu tanda tangan")
        await console.press("enter")
        await console.sees("problem-note 8: done")
        await console.press("enter")
        await console.sees("service:dukcapil-pusat")
    sent = [args for _name, args, _caller in engine.commands]
    assert sent == [MoveProblem(8, "agreed"), NoteProblem(8, "menunggu tanda tangan")]
    assert versions == [1, None], "a note is not refused, whatever came between"


async def test_a_reminder_is_read_copied_and_noted_as_sent(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await open_page(console, "reminders")
        await console.sees("Kepala RSUD")
        await console.press("tab")
        await console.sees("DRAFT, number", "Head of RSUD Kota Contoh")
        await console.press("escape", "y")
        await console.sees("copied")
        await console.press(":")
        await console.type("remind RSUD letter")
        await console.press("enter")
        await console.until(lambda: bool(engine.commands))
    assert engine.commands[0][1] == SendReminder("RSUD", "letter")


async def test_a_recording_on_a_person_is_of_that_person_first(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await open_page(console, "people")
        await console.sees("Budi")
        await console.press("G", "i")
        await console.sees("record: Budi W.  1 of 2")
        await console.press("escape", "g", "enter")
        await console.sees("LEVELS, AND WHEN THEY FALL 2", "2026-12-09 to 1", "UR missing")
        await console.press("tab")
        await console.sees("NEEDS 3", "Contact verified")
        await console.press("tab")
        await console.sees("BIMTEK 1", "BT-2026-01")
        await console.press("tab")
        await console.sees("DRILLS 1", "answered late", "taken back")
        await console.press("i")
        await console.sees("record: Rina S.")
        await console.press("k", "1")
        await console.until(lambda: bool(engine.commands))
    assert engine.commands[0][1] == RecordContact("rina", "wa")


async def test_who_may_not_is_told_so_and_nothing_is_sent(engine: ScriptedEngine) -> None:
    engine.role = Role.VIEWER
    async with story(engine.place) as console:
        await open_page(console, "instructions")
        await console.sees("Kirim dokumen")
        await console.press("a")
        await console.sees("you are viewer, this needs operator")
        await console.press(".")
        await console.sees("(you are viewer, this needs operator)")
    assert not engine.commands


async def test_nobody_of_that_name_opens_nothing(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await open_page(console, "person zzz")
        await console.sees("There is no person zzz.", "gw-satu +6")


async def test_an_empty_list_says_how_to_begin(engine: ScriptedEngine) -> None:
    empty = engine.answers["instructions"]
    engine.answers["instructions"] = lambda args: type(empty(args))(at=AT, today=AT.date())
    async with story(engine.place) as console:
        await open_page(console, "instructions")
        await console.sees("no instruction is open; w shows all, :instruct gives one")


async def test_the_briefing_goes_to_other_days_and_is_copied(engine: ScriptedEngine) -> None:
    asked = []
    told = engine.answers["briefing"]
    engine.answers["briefing"] = lambda args: asked.append(args.at) or told
    async with story(engine.place) as console:
        await open_page(console, "briefing")
        await console.sees("WHAT IS DOWN", "7 of 115 watched are down")
        await console.press("[")
        await console.until(lambda: len(asked) == 2)
        await console.press(":")
        await console.type("at 2026-09-24")
        await console.press("enter")
        await console.until(lambda: len(asked) == 3)
        await console.press("y")
        await console.sees("copied")
    assert [str(day) for day in asked] == ["None", "2026-11-23", "2026-09-24"]
