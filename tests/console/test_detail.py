"""An application's page: facts, phases, looks, and the card that is copied."""

from datetime import timedelta

import msgspec
import pytest

from opsconsole.base.errors import Invalid, Problem, Refused, Unreachable
from opsconsole.client.shapes import (
    ApplicationDetail,
    CommandResult,
    Contact,
    Difference,
    Engine,
    Link,
    Probe,
    SelfCheck,
    State,
    Why,
)
from opsconsole.console.draw import card
from opsconsole.console.draw.banners import banners, both
from opsconsole.console.draw.detail import contact_text, head_lines, plan_detail
from opsconsole.console.draw.lines import plain, width_of
from opsconsole.console.draw.looks import look_line, merged
from opsconsole.console.draw.phases import failed_phase, phase_lines
from opsconsole.console.draw.results import result_line
from opsconsole.console.feed.inbox import Link as EngineLink
from probes.observation import Observation, Phases, Verdict
from tests.console.rows import NIGHT, VIEW, app, look, opd, view


def detail(**fields: object) -> ApplicationDetail:
    """A page with everything on it."""
    probe = Probe(
        id="http",
        kind="http",
        target="https://127.0.0.1:9/health",
        state=State.DOWN,
        hard=True,
        since=NIGHT,
        reason="no_response",
    )
    usual: dict[str, object] = {
        "row": app("siak", State.DOWN, tier=1, name="SIAK Web"), "hosting": "kominfo", "handed_over": True,
        "contacts": (Contact(name="Rina", duty="admin", phone="0800-1", whatsapp="+62 800 1"),),
        "parents": (Link("service:pdn", "PDN", State.DOWN, NIGHT - timedelta(minutes=14)),),
        "children": (Link("a", "A", State.UP), Link("b", "B", State.UNREACHABLE)),
        "probes": (probe,), "note": "db first", "runbook": "RB-17",
        "why": (Why("down", {"probe": "http", "want": 3}), Why("self_checked")),
    }  # fmt: skip
    return ApplicationDetail(**(usual | fields))  # type: ignore[arg-type]


def facts(width: int = 80, room: int = 20, **fields: object) -> list[str]:
    """The head of a page as text."""
    page = detail(**fields)
    return [plain(line).rstrip() for line in head_lines(page, page.probes[0], view(width), room)]


def test_everything_a_caller_needs_is_on_one_screen() -> None:
    text = "\n".join(facts())
    for wanted in (
        "! DOWN since 02:04  SIAK Web", "tier 1, kominfo", "connection closed without an answer",
        "http: DOWN is confirmed; 3 failures", "https://127.0.0.1:9/health", "Rina (admin) 0800-1 (WA)",
        "! service:pdn DOWN since 02:00", "2 applications, in trouble: ^b", "db first; runbook: RB-17",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_where_room_is_short_the_number_to_call_stays() -> None:
    lines = facts(room=4)
    assert len(lines) == 4
    assert "DOWN" in lines[0] and "WHY" in lines[1]
    assert any("0800-1" in line for line in lines)
    assert not any("RB-17" in line for line in lines)


@pytest.mark.parametrize("width", [38, 60, 80, 132, 200])
def test_facts_never_overflow(width: int) -> None:
    page = detail(note="n" * 300, contacts=(Contact(name="x" * 200, duty="admin", phone="1"),) * 3)
    for line in head_lines(page, page.probes[0], view(width), 30):
        assert width_of(line) <= width


def test_nobody_to_call_is_said() -> None:
    assert any("nobody is named in the configuration" in line for line in facts(contacts=()))


@pytest.mark.parametrize(
    ("contact", "text"),
    [
        (Contact(name="A", duty="admin", phone="0812-3", whatsapp="+62 812 3"), "A (admin) 0812-3 (WA)"),
        (Contact(name="A", duty="", phone="0812-3", whatsapp="0813"), "A 0812-3, WA 0813"),
        (Contact(name="A", duty="vendor", email="a@contoh.invalid"), "A (vendor) a@contoh.invalid"),
        (Contact(name="A", duty="vendor", phone="1", note="24x7"), "A (vendor) 1 [24x7]"),
    ],
)
def test_a_number_that_is_also_whatsapp_is_said_once(contact: Contact, text: str) -> None:
    assert contact_text(contact) == text


@pytest.mark.parametrize(("height", "phases"), [(24, True), (30, True), (15, False), (50, True)])
def test_phases_are_shown_where_there_is_room(height: int, phases: bool) -> None:
    plan = plan_detail(80, height, 9)
    assert bool(plan.phases) is phases
    assert plan.head + plan.phases + plan.strip + plan.looks == height - 3
    assert bool(plan.strip) is phases


def test_phases_stand_on_one_axis_and_the_failing_one_is_marked() -> None:
    bad = look(verdict="down", reason="status_unexpected", params={"seen": 503, "want": "200-299"})
    lines = [plain(line) for line in phase_lines(bad, None, VIEW)]
    assert [line.split()[0] for line in lines] == ["resolve", "connect", "tls", "send", "wait", "receive"]
    starts = [line.index("#") for line in lines]
    assert starts == sorted(starts)
    assert "FAIL 503, want 200-299" in lines[4]
    assert failed_phase(bad) == "wait"
    assert failed_phase(look()) == ""


def test_a_look_that_never_connected_shows_where_it_ended() -> None:
    lost = look(verdict="down", reason="dns_nxdomain", params={"name": "x.invalid"}, phases_ms=Phases(3.0))
    assert len(phase_lines(lost, None, VIEW)) == 1
    refused = look(verdict="down", reason="connect_refused", params={"address": "a"}, phases_ms=Phases())
    assert "FAIL connection refused" in plain(phase_lines(refused, None, VIEW)[0])


@pytest.mark.parametrize(
    ("reason", "params"),
    [
        ("starttls_failed", {"seen": "454 not now"}),
        ("tls_untrusted", {"seen": "self-signed"}),
        ("connect_refused", {"address": "127.0.0.1"}),
    ],
)
def test_a_way_that_breaks_off_in_the_middle_ends_the_drawing(reason: str, params: dict[str, str]) -> None:
    spent = Phases(connect=2.0, tls=9.0 * (reason == "tls_untrusted"), send=1.0, wait=30.0, receive=5.0)
    bad = look(verdict="down", reason=reason, params=params, phases_ms=spent)
    lines = [plain(line) for line in phase_lines(bad, None, VIEW)]
    assert [line.split()[0] for line in lines if "FAIL" in line] == [failed_phase(bad)]
    assert "FAIL" in lines[-1]
    starts = [line.index("#") for line in lines]
    assert starts == sorted(starts)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_a_look_takes_one_line(width: int) -> None:
    wordy = look(
        verdict="down", reason="tls_failed", params={"seen": "x" * 300}, excerpt="y" * 300, suspect=True
    )
    assert width_of(look_line(wordy, view(width))) == width - 1
    assert "we were slow" in plain(look_line(wordy, view(200)))
    assert "we were offline" in plain(look_line(look(offline=True), view(80)))


def test_looks_are_newest_first_and_each_is_listed_once() -> None:
    old, new = look(60), look(0)
    assert merged([old], [new, old], 9) == [new, old]
    assert merged([old], [new], 1) == [new]


def test_a_card_is_short_and_ends_with_where_it_comes_from() -> None:
    text = card.application_card(detail().row, detail(looks=(look(verdict="down"),)), "Kominfo Kota", VIEW)
    assert text.splitlines()[0] == "[DOWN] SIAK Web (siak) - Disdukcapil"
    assert "call Rina (admin) 0800-1 (WA)" in text
    assert "needs PDN: DOWN" in text
    assert text.splitlines()[-1] == "Kominfo Kota, opsconsole, Tue 24 Nov 02:14 WIB"
    wordy = app("siak", State.DOWN, name="n" * 300, reason="tls_failed", params={"seen": "x" * 900})
    assert len(card.application_card(wordy, detail(), "K" * 50, VIEW)) <= card.MOST
    assert "\x1b" not in card.application_card(app("x", name="\x1b[31m"), None, "K", VIEW)


def test_an_opds_card_lists_what_is_wrong_with_it() -> None:
    own = [
        app("a"),
        app("b", State.DOWN),
        app("c", State.WARN, reason="slow", params={"seen": "4 s", "want": "3 s"}),
    ]
    text = card.opd_card(opd("RSUD", up=1, total=3), own, "Kota", VIEW)
    assert text.splitlines()[0] == "Dinas RSUD: 1 of 3 up"
    assert text.splitlines()[1].startswith("! b DOWN since 02:04: connection closed")
    assert "no problems" in card.opd_card(opd(), [app("a")], "Kota", VIEW)


def test_what_came_of_a_command_is_told_on_one_line() -> None:
    def told(command: str, value: object) -> str:
        raw = msgspec.Raw(msgspec.json.encode(value))
        return result_line(command, "x", CommandResult(command_id="1", result=raw), VIEW)

    seen = Observation(
        kind="http", target="t", started_at=NIGHT, duration_ms=812.0, verdict=Verdict.DOWN,
        reason="status_unexpected", params={"seen": 503, "want": "200-299"},
    )  # fmt: skip
    assert told("recheck", [seen]) == "recheck x: DOWN status 503, want 200-299 (812ms)"
    assert told("recheck", None) == "recheck x: done"
    assert told("recheck", {"later": "shape"}) == "recheck x: shape"
    changed = [Difference(change="changed", subject=f"app-{n}") for n in range(6)]
    assert told("diff", changed).endswith("changed app-3; and 2 more")
    assert "already" in told("diff", [])
    assert told("add", {"id": "x", "file": "opd/a.toml"}) == "add x: x opd/a.toml"
    assert told("later", {"a": [1, {"b": None}], "c": "d"}) == "later x: 1 d"


def engine(**fields: object) -> Engine:
    """An engine that is well."""
    usual: dict[str, object] = {
        "run": 1, "version": "1", "office": "Kota", "started_at": NIGHT, "heartbeat_at": NIGHT,
        "config_rev": 1, "self_check": SelfCheck("ok"),
    }  # fmt: skip
    return Engine(**(usual | fields))  # type: ignore[arg-type]


def said(link: EngineLink, row: Engine | None = None, remedy: str = "") -> str:
    """All banners as one text."""
    lines = banners(link, row, NIGHT - timedelta(minutes=3), VIEW, remedy)
    assert all(width_of(line) <= VIEW.width for line in lines)
    return " ".join(plain(line).strip() for line in lines)


def test_a_well_engine_has_no_banner() -> None:
    assert said(EngineLink("live", NIGHT), engine()) == ""


def test_an_engine_that_is_down_is_said_with_the_age_of_the_board_and_the_remedy() -> None:
    lost = Unreachable("No engine answers at {socket}.", "Start it.", socket="/s")
    down = EngineLink("down", NIGHT - timedelta(minutes=2), lost, True)
    assert "ENGINE DOWN since 02:12; the board below is from 02:11, 3 min old" in said(down)
    assert "Start it." in said(down)
    assert said(EngineLink("down", NIGHT, lost)).startswith("*** NO ENGINE ANSWERS; the board below")
    assert "Ask Rina." in said(down, remedy="Ask Rina.")


def test_another_trouble_is_said_as_it_is() -> None:
    refused = EngineLink("down", NIGHT, Refused("This account may not.", "Ask an admin."))
    assert said(refused).startswith("*** This account may not.;")
    assert "Ask an admin." in said(refused)
    assert both(Invalid("A {x}.", "B.", x="\x1b")) == "A \ufffd. B."
    assert both(Problem("only")) == "only"


def test_mistakes_in_the_files_are_counted_and_the_first_is_shown() -> None:
    text = said(EngineLink("live", NIGHT), engine(config_errors=("a.toml:1: x",)))
    assert "configuration refused, 1 mistake: a.toml:1: x. The one before stays." in text
    assert "the engine is ending" in said(EngineLink("live", NIGHT), engine(stopping=True))
    assert "CANNOT BE WRITTEN" in said(EngineLink("live", NIGHT), engine(store="failing"))


def test_a_secret_that_is_missing_comes_with_what_to_do_about_it():
    params = {"name": "keyring:opsconsole/siak", "why": "keyring_locked"}
    page = facts(row=app("siak", State.UNKNOWN, reason="credential_missing", params=params), why=())
    assert page[1] == " WHY     keyring:opsconsole/siak: the keyring is locked"
    assert page[2].startswith("         Unlock it in the session that the engine was started from")
