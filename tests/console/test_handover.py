"""Papers about incidents: the hand-over of a shift, the card for a chat, the report that the law asks for."""

import unicodedata
from datetime import timedelta

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from opsconsole.base.text import LANGUAGES, choose_language
from opsconsole.client.incidents import Clock, Member, Severity, Status
from opsconsole.client.shapes import Contact
from opsconsole.console.draw.card import MOST
from opsconsole.console.draw.clocks import clock_text, running, span_text
from opsconsole.console.draw.handover import handover_lines, handover_text
from opsconsole.console.draw.incident_card import card
from opsconsole.console.draw.incident_report import report
from opsconsole.console.draw.incident_words import QUESTIONS
from opsconsole.console.draw.lines import width_of
from tests.console.hostile import strings, valid
from tests.console.rows import NIGHT, VIEW
from tests.fakes.canned_handover import HASH, handover, outage, outage_detail

SHIFT = handover(NIGHT)
OUTAGE, DETAIL = outage(NIGHT), outage_detail(NIGHT)


@pytest.fixture(params=LANGUAGES, autouse=True)
def spoken(request: pytest.FixtureRequest):
    choose_language(request.param)
    yield request.param
    choose_language("en")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0m"), (0, "0m"), (1, "1m"), (59, "1m"), (720, "12m"), (3600, "1h"), (11_100, "3h 5m"),
        (86_400, "1d"), (187_500, "2d 4h"), (86_460, "1d 1m"),
    ],
)  # fmt: skip
def test_how_long_in_two_units(seconds: float, text: str):
    assert span_text(timedelta(seconds=seconds)) == text


def test_clocks_say_by_when_and_how_long_that_is(spoken: str):
    if spoken != "en":
        pytest.skip("words of the English one")
    due = NIGHT + timedelta(minutes=90)
    clock = Clock(id="recover", started_at=NIGHT, due_at=due)
    assert clock_text(clock, VIEW) == "recover: by 03:44 (1h 30m left)"
    assert clock_text(replace(clock, counts="working"), VIEW) == "recover: by 03:44, working time"
    assert clock_text(replace(clock, met_at=NIGHT), VIEW) == "recover: done 02:14"
    late = VIEW._replace(now=due + timedelta(minutes=5))
    assert clock_text(clock, late) == "recover: LATE since 03:44 (5m)"
    assert clock_text(replace(clock, due_at=None), VIEW) == "recover: at once"


def test_what_the_law_asks_for_runs_on_when_the_incident_is_over():
    assert [clock.id for clock in running(OUTAGE)] == ["bssn", "recover", "pdp"]
    over = replace(OUTAGE, status=Status.RESOLVED)
    assert [clock.id for clock in running(over)] == ["bssn", "pdp"]


def test_a_hand_over_tells_what_is_open_what_ended_and_what_was_done(spoken: str):
    text = handover_text(SHIFT, "Kominfo Kota Sukamaju", VIEW)
    for told in (
        *("malam", "Kominfo Kota Sukamaju", "INS-2026-000123", "SIMRS RSUD (simrs) +1 - RSUD"),
        *("budi", "menunggu vendor", "INS-2026-000122", "Portal Kota (portal)", "kabel diganti"),
        *("#123", "ganti disk", "4711", HASH),
    ):
        assert told in text, told
    if spoken == "en":
        for told in (
            *("SHIFT HAND-OVER: malam", "STILL OPEN 1", "ENDED 1", "WHAT PEOPLE DID 2"),
            *("connection refused by 127.20.9.1:9443, since 01:50", "budi has it until 05:14"),
            *("recover: LATE since 02:09 (5m)", "PDP notice: by Fri 27 Nov 01:50 (2d 23h left)"),
            *("BSSN report: at once", f"answer: {QUESTIONS['iiv']}"),
            *("DRILLS 1", "Rina S. is to answer by 02:29  RSUD simrs"),
            *("(40m), the network", "budi  #123  acknowledged until 05:14: saya lihat"),
        ):
            assert told in text, told


def test_each_line_fits_a_screen_and_the_hash_is_whole():
    for width in (60, 80, 132):
        lines = handover_lines(SHIFT, "Kominfo", VIEW._replace(width=width))
        assert max(width_of(one) for one in lines[:-1]) <= width
    assert max(map(cell_len, handover_text(SHIFT, "x" * 300, VIEW._replace(width=1000)).split("\n"))) <= 80


def test_a_quiet_shift_says_that_there_is_nothing(spoken: str):
    empty = replace(SHIFT, open=(), ended=(), changes=(), changes_total=0, drills=())
    text = handover_text(empty, "Kominfo", VIEW)
    if spoken == "en":
        assert text.count("nothing") == 3
    assert HASH in text


def test_what_was_done_before_the_part_that_is_told_is_counted(spoken: str):
    text = handover_text(replace(SHIFT, changes_total=502), "Kominfo", VIEW)
    assert "502" in text and "500" in text


def test_nobody_has_it_is_said_too(spoken: str):
    alone = replace(OUTAGE, owner="", acknowledged_by="", ack_until=None, status=Status.OPEN, note="")
    texts = handover_text(replace(SHIFT, open=(alone,)), "Kominfo", VIEW), card(alone, None, VIEW)
    if spoken == "en":
        assert all("nobody has taken it" in text for text in texts)
    own = replace(OUTAGE, ack_until=None)
    assert "budi" in handover_text(replace(SHIFT, open=(own,)), "Kominfo", VIEW)


def test_a_false_alarm_whose_cause_nobody_said_and_one_of_no_application(spoken: str):
    false = replace(SHIFT.ended[0], cause="", false_alarm=True, members=(), title="telepon warga", note="")
    text = handover_text(replace(SHIFT, ended=(false,)), "Kominfo", VIEW)
    if spoken == "en":
        assert "cause not said yet, false alarm" in text
    assert "Diskominfo" in text


def test_a_card_begins_with_how_bad_it_is_and_ends_with_whom_to_call(spoken: str):
    lines = card(OUTAGE, DETAIL, VIEW).split("\n")
    assert lines[1] == "SIMRS RSUD (simrs) +1 - RSUD"
    assert "Rina S. (admin) 0812-0000-0001 (WA)" in lines[-3]
    if spoken == "en":
        assert lines[0] == "CRITICAL INS-2026-000123 ACK"
        assert lines[2:7] == [
            "connection refused by 127.20.9.1:9443",
            "since 01:50 WIB",
            "taken by budi",
            "BSSN report: at once",
            "recover: LATE since 02:09 (5m)",
        ]
        assert "runs at a commercial host, not handed over, PT Contoh" in lines
        assert lines[-1] == "opsconsole, Tue 24 Nov 02:14 WIB"
    assert len("\n".join(lines)) <= MOST


def test_a_card_needs_no_details_and_no_application():
    bare = replace(OUTAGE, subject="", members=(), title="situs tidak dapat dibuka", opd_short="", clocks=())
    assert "situs tidak dapat dibuka" in card(bare, None, VIEW)
    assert "\n\n" not in card(bare, replace(DETAIL, incident=bare, hosting="", contacts=()), VIEW)


def test_a_card_stays_a_card_whatever_stands_in_it():
    texts = strings(20261124, 1200)
    for _round in range(120):
        one, two, three, four, five, six = (valid(next(texts)) * 3 for _ in range(6))
        hostile = replace(
            OUTAGE, title=one, owner=two, note=three, subject=four, opd_short=five, reason=six,
            members=tuple(Member(id=name, name=name, since=NIGHT) for name in (four, five)),
            clocks=tuple(Clock(id=name, started_at=NIGHT, due_at=NIGHT) for name in (one, two, three)),
        )  # fmt: skip
        contacts = tuple(Contact(name=name, duty=name, phone=name) for name in (six, one))
        told = replace(DETAIL, incident=hostile, hosting=two, vendor=three, contacts=contacts)
        text = card(hostile, told, VIEW)
        assert len(text) <= MOST
        assert not _acted_on(text)
        assert "INS-2026-000123" in text.split("\n")[0]
        assert len(text.split("\n")) >= 8, "none of what must be there gives way"
        assert not _acted_on(handover_text(replace(SHIFT, open=(hostile,)), two, VIEW))
        assert not _acted_on(report(told, one, two, VIEW))


def _acted_on(text: str) -> set[str]:
    """What in a text a terminal acts on, but for line ends."""
    return {one for one in text if unicodedata.category(one) in ("Cc", "Cs") or one in "\u202e\u2066"} - {
        "\n"
    }


@pytest.mark.parametrize("severity", Severity)
def test_a_card_of_every_severity_fits(severity: Severity):
    assert len(card(replace(OUTAGE, severity=severity), DETAIL, VIEW)) <= MOST


def test_the_report_has_the_headings_of_the_law(spoken: str):
    text = report(DETAIL, "Kominfo", "rina", VIEW)
    if spoken != "en":
        assert text.count("\n## ") == 5
        return
    headings = [line for line in text.split("\n") if line.startswith("#")]
    assert headings == [
        "# Incident report INS-2026-000123",
        *("## Reporter contact", "## Description", "## Chronology", "## Impact", "## Personal data"),
    ]
    for told in (
        "- PDP notice: by 2026-11-27 01:50 WIB (uu-pdp-27-2022-46)",
        "- BSSN report: at once (bssn-1-2024-15)",
        f"- {QUESTIONS['iiv']}: not answered yet",
        "- name: rina\n- position: ________",
        "- system: SIMRS RSUD",
        "- 2026-11-24 01:50 WIB: the trouble began",
        "- 2026-11-24 02:14 WIB: budi: noted: menunggu vendor memulihkan basis data",
        "- duration: 24m so far, not over",
        "- services affected: SIMRS RSUD (simrs); Antrean RSUD (antrean)",
        "- users affected: ________",
        "- known since: 2026-11-24 01:52 WIB",
    ):
        assert told in text, told


def test_the_report_holds_only_what_is_asked_for(spoken: str):
    parts = {law: report(DETAIL, "Kominfo", "rina", VIEW, law).count("\n## ") for law in ("bssn", "pdp")}
    assert parts == {"bssn": 4, "pdp": 1}
    denied = replace(OUTAGE, questions=(replace(OUTAGE.questions[0], answer="no"),))
    assert report(replace(DETAIL, incident=denied), "Kominfo", "rina", VIEW).count("\n## ") == 4


def test_a_report_of_what_is_over_says_how_long_it_was(spoken: str):
    done = replace(
        OUTAGE, recovered_at=NIGHT, cause="vendor", reporter="warga", source="call", category="leak",
        clocks=(Clock(id="pdp", started_at=NIGHT, due_at=NIGHT, met_at=NIGHT, source="uu-pdp-27-2022-46"),),
    )  # fmt: skip
    text = report(replace(DETAIL, incident=done, hosting=""), "Kominfo", "rina", VIEW)
    if spoken == "en":
        assert "- duration: 24m, 2026-11-24 01:50 WIB - 2026-11-24 02:14 WIB" in text
        assert "- told to us by: warga (a call)" in text
        assert "- kind: outage, data leak" in text
        assert "- cause: the vendor" in text
        assert "- PDP notice: done 2026-11-24 02:14 WIB" in text


def test_what_stands_in_a_report_is_no_markup():
    sly = replace(OUTAGE, title="# judul [x](http://y) *tebal* <b>\n## Impact", note="| a | b |")
    text = report(replace(DETAIL, incident=sly), "Kominfo", "rina", VIEW)
    assert r"\# judul \[x\](http://y) \*tebal\* \<b\> \#\# Impact" in text
    assert r"\| a \| b \|" in text
