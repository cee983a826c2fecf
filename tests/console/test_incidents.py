"""The incidents on screen: the list, one of them, what keys do with them, what is told of them."""

from datetime import timedelta

import pytest

from opsconsole.client import incident_commands as commands
from opsconsole.client.incidents import Clock, Question, Severity, Status
from opsconsole.client.shapes import Role
from tests.console.driving import Story, story
from tests.console.test_screens import LANGUAGES, settled
from tests.fakes.scripted_engine import NIGHT, ScriptedEngine

# name: size, keys, what is waited for
SCREENS: dict[str, tuple[tuple[int, int], tuple[str, ...], str]] = {
    "incidents": ((80, 24), ("2",), "docs/rb-17.md"),
    "incidents-phone": ((38, 9), ("2",), "#412"),
    "incident": ((80, 24), ("2", "enter"), "docs/rb-17.md"),
    "incident-card": ((80, 24), ("2", "y"), "INS-2026-000412"),
    "incident-resolve": ((80, 24), ("2", "x", *"net"), "network"),
    "handover": ((80, 24), ("H",), "malam"),
    "since": ((80, 24), (":", *"since 22:00", "enter"), "gw-satu"),
}


def done(engine: ScriptedEngine) -> list[object]:
    """The arguments of the commands that were sent."""
    return [args for _name, args, _caller in engine.commands]


async def to_list(console: Story) -> None:
    """Open the incidents."""
    await console.sees("gw-satu +6")
    await console.press("2")
    await console.sees("#412", "docs/rb-17.md")


@LANGUAGES
@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_of_incidents_is_as_it_was_agreed(
    engine: ScriptedEngine, name: str, lang: str
) -> None:
    size, keys, wanted = SCREENS[name]
    engine.set_incident(412, questions=(Question(id="personal_data"),), version=1)
    async with story(engine.place, size=size, lang=lang) as console:
        await console.sees("gw-satu")
        await console.press(*keys)
        await console.sees(wanted)
        await settled(console)
        await console.is_screen(f"{name}-{lang}")


async def test_one_key_acknowledges_and_says_so(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await to_list(console)
        await console.press("a")
        await console.sees("ack #412: acknowledged", "open 1  acked 2")
        assert done(engine) == [commands.Acknowledge(412)]
        await console.press("t")
        await console.sees("take #412: it is yours")


async def test_the_board_shows_whose_an_incident_is_and_takes_the_same_keys(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("#409a", "2 Incid(3)")
        assert "#413 " in console.line("simrs ")
        await console.press("j", "a")
        await console.sees("a: there is no open incident here")
        await console.press("j", "a")
        await console.sees("ack #413: acknowledged", "#413a")
        await console.press("n")
        await console.sees(" : note 413 ")
        await console.type("Jum'at: tunggu ISP")
        await console.press("enter")
        await console.sees("note #413: noted")
        assert done(engine)[-1] == commands.Note(413, "Jum'at: tunggu ISP")


async def test_what_is_typed_is_completed(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await to_list(console)
        await console.press("x", *"cer", "tab")
        await console.sees(" : resolve 412 certificate")
        await console.type(" sertifikat diganti")
        await console.press("enter")
        await console.sees("resolve #412: resolved", "#412  DONE")
        assert done(engine) == [commands.Resolve(412, "certificate", "sertifikat diganti")]
        assert console.line(">").startswith(">#412  DONE"), "the cursor goes with its row"
        await console.press("g", "z")
        await console.sees(" : snooze 413 2h ")


async def test_marked_incidents_are_dealt_with_together(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await to_list(console)
        await console.press(" ", " ")
        await console.sees("2 marked")
        # Somebody else was first with one of them, and this console is told of it only now.
        engine.incidents[413] = engine.incidents[413].__class__(
            **{
                name: getattr(engine.incidents[413], name)
                for name in engine.incidents[413].__struct_fields__
                if name != "version"
            },
            version=9,
        )
        await console.press("a")
        await console.sees("ack: 1 of 2 done; #413: sari changed it at 02:11.")
        await console.press("n")
        await console.sees(" : note marked ")
        await console.type("sama")
        await console.press("enter")
        await console.sees("note: 1 of 2 done")
        await console.press(":", *"merge #413 412", "enter")
        await console.until(lambda: commands.Merge(413, 412) in done(engine) or bool(console.line("merge")))


async def test_what_can_not_be_done_says_why_in_the_menu(engine: ScriptedEngine) -> None:
    async with story(engine.place, size=(100, 40)) as console:
        await to_list(console)
        await console.press("G", ".")
        await console.sees("it is over")
        await console.press("escape", "z")
        await console.sees("z: it is over")


async def test_who_may_only_look_is_told_so(engine: ScriptedEngine) -> None:
    engine.role = Role.VIEWER
    async with story(engine.place) as console:
        await to_list(console)
        await console.press("a")
        await console.sees("a: you are viewer, this needs operator")
        assert not engine.commands


async def test_filters_are_words_and_an_unknown_field_is_told(engine: ScriptedEngine) -> None:
    engine.set_incident(413, owner="root", questions=(Question(id="iiv"),))
    async with story(engine.place) as console:
        await to_list(console)
        for words, listed in (
            ("sev:critical", {"412"}),
            ("is:unacked", {"412", "413"}),
            ("owner:budi", {"409"}),
            ("asks", {"413"}),
            ("opd:rsud", {"413"}),
            ("due<1h", {"412", "413"}),
            ("due<1h -is:overdue", {"413"}),
            ("state:resolved", {"410", "411"}),
            ("members:wisata", {"412"}),
        ):
            await console.press("/", "ctrl+u", *words, "enter")
            page = console.app.page
            assert page is not None
            assert {row.key for row in page.table().rows} == listed, words
        await console.press("/", "ctrl+u", *"ownr:budi", "enter")
        await console.sees("ownr:budi: no field ownr; nearest: owner")
        await console.press("/", "ctrl+u", *"is:foo", "enter")
        await console.sees("is:foo: no field is")
        await console.press("1", "/", *"owner:budi", "enter")
        await console.sees("owner:budi: no field owner")


async def test_mine_is_whoevers_who_asks(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await to_list(console)
        engine.set_incident(413, owner=console.app.model.person)
        await console.press("/", *"mine", "enter")
        await console.sees("1 of 5", "#413")


async def test_an_incident_leads_to_its_members_and_neighbours(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await to_list(console)
        await console.press("enter")
        await console.sees("Incidents > #412 gw-satu", "7 MEMBERS, 7 DOWN", "TIMELINE")
        await console.press("]")
        await console.sees("#413 simrs")
        await console.press("[")
        await console.sees("Incidents > #412 gw-satu", "7 MEMBERS, 7 DOWN")
        await console.press("tab", "j", "j")
        await console.sees(">  ! harga")
        await console.press("enter")
        await console.sees("Harga Pasar", "LOOKS")
        await console.press("escape")
        await console.sees("Incidents > #412 gw-satu")
        await console.press("n", *"ditelepon", "enter")
        await console.sees("note #412: noted", "ditelepon")
        await console.press("escape")
        await console.sees("MTTA")


async def test_the_law_is_asked_for_on_the_board_until_it_is_answered(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        engine.set_incident(412, questions=(Question(id="personal_data"),))
        await console.sees("*** #412 gw-satu: personal data concerned?  :triage 412 personal_data yes|no")
        await console.press("j", "j", "j", ":", *"triage 412 personal_data yes", "enter")
        await console.misses("***")
        assert done(engine) == [commands.AnswerTriage(412, "personal_data", "yes")]
        clock = Clock(id="pdp", started_at=NIGHT, due_at=NIGHT + timedelta(hours=72))
        engine.set_incident(412, status=Status.RESOLVED, clocks=(clock,))
        await console.sees("*** #412 gw-satu: PDP notice by Fri 27 Nov 02:14")


async def test_only_a_new_incident_rings(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        rung: list[bool] = []
        console.app.bell = lambda: rung.append(True)  # type: ignore[method-assign]
        engine.set_incident(412, note="x")
        engine.set_incident(420, status=Status.ACKNOWLEDGED, acknowledged_by="budi", subject="izin")
        engine.set_incident(413, severity=Severity.CRITICAL)
        await console.until(lambda: "420" in console.app.model.incidents)
        await settled(console)
        assert not rung
        engine.set_incident(421, subject="izin", reason="no_response")
        await console.sees("#421 izin opened: closed, no answer")
        assert len(rung) == 1


async def test_who_was_away_is_told_what_became_of_incidents(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j")
        console.clock.seconds += 3600
        engine.advance(3000)
        engine.set_incident(420, subject="izin", reason="no_response")
        engine.set_incident(413, status=Status.RESOLVED, resolved_at=engine.now)
        await console.until(lambda: "420" in console.app.model.incidents)
        await console.press("k")
        await console.sees("incidents since 02:14: 1 new, 1 over; :since lists them")
        await console.press(":", *"since", "enter")
        await console.sees("new     #420", "over    #413")


async def test_the_time_of_the_last_look_is_remembered(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("j")
    engine.advance(600)
    engine.set_incident(420, subject="izin", reason="no_response")
    async with story(engine.place) as console:
        await console.sees("incidents since 02:14: 1 new")


async def test_a_change_of_shift_is_told(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        console.clock.seconds += 2 * 3600
        console.app._catching_up.minute()
        await settled(console)
        assert "the shift changes" not in console.text()
        console.clock.seconds += 3600
        console.app._catching_up.minute()
        await console.sees("the shift changes: H shows the hand-over")
        await console.press("H")
        await console.sees("SHIFT HAND-OVER: malam")
        await console.press("y")
        await console.sees("copied")


async def test_on_a_phone_an_incident_is_acknowledged_and_copied(engine: ScriptedEngine) -> None:
    async with story(engine.place, size=(38, 9)) as console:
        await console.sees("#412")
        await console.press("j", "j", "a")
        await console.sees("ack #413: acknowledged")
        await console.press("2", "enter")
        await console.sees("#412 critical OPEN")
        await console.press("y")
        await console.sees("INS-2026-000412")


async def test_what_an_engine_does_not_know_is_said(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(":", *"#999", "enter")
        await console.sees("There is no incident 999.")
        await console.press("escape", ":", *"#412", "enter")
        await console.sees("#412 gw-satu", "7 MEMBERS")
