"""What can be done with an incident, what became of it, and what may be typed of it: all without a screen."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opsconsole.client import incident_commands as commands
from opsconsole.client.incidents import Clock, Incident, Member, Question, Status
from opsconsole.client.shapes import Role
from opsconsole.client.status import by_row
from opsconsole.console.catching_up import began_between
from opsconsole.console.draw.incident_events import incident_event_text
from opsconsole.console.draw.incident_lines import law_lines
from opsconsole.console.incident_palette import MOST_AT_ONCE, numbers_in
from opsconsole.console.incident_rules import refusal
from opsconsole.console.looking import LastLook
from opsconsole.console.palette import Go, Names, Send, SendEach, Under, Wrong, is_exact, meaning, suggestions
from opsconsole.console.since import became, summary, window_of
from tests.console.rows import NIGHT, VIEW

HOUR = timedelta(hours=1)


def incident(number: int = 412, **fields: Any) -> Incident:
    """An incident of an hour ago."""
    usual: dict[str, Any] = {
        "happened_at": NIGHT - HOUR, "opened_at": NIGHT - HOUR, "changed_at": NIGHT - HOUR, "subject": "siak",
    }  # fmt: skip
    return Incident(number=number, **(usual | fields))


ASKED = (Question(id="iiv"),)
OVER = {"status": Status.RESOLVED, "resolved_at": NIGHT, "changed_at": NIGHT}


@pytest.mark.parametrize(
    ("command", "fields", "said"),
    [
        ("ack", {}, ""),
        ("ack", {"acknowledged_by": "budi"}, "budi has acknowledged it"),
        ("ack", {"acknowledged_by": "sari"}, ""),
        ("ack", OVER, "it is over"),
        ("unack", {}, "nobody has acknowledged it"),
        ("unack", {"owner": "budi"}, ""),
        ("take", {"owner": "sari"}, "it is yours"),
        ("take", {"owner": "budi"}, ""),
        ("unsnooze", {}, "it is not snoozed"),
        ("unsnooze", {"snoozed_until": NIGHT + HOUR}, ""),
        ("mitigate", {"status": Status.MITIGATED}, "people can work already"),
        ("resolve", {}, ""),
        ("resolve", OVER, ""),
        ("resolve", {**OVER, "cause": "power"}, "it is over"),
        ("close", {}, "it is not over: resolve it first"),
        ("close", OVER, "its cause is not known: resolve it first"),
        ("close", {**OVER, "cause": "power"}, ""),
        ("close", {**OVER, "cause": "power", "questions": ASKED}, "triage waits for an answer"),
        ("close", {**OVER, "false_alarm": True, "questions": ASKED}, ""),
        ("close", {"status": Status.CLOSED}, "it is closed"),
        ("reopen", {}, "it is not over"),
        ("reopen", OVER, ""),
        ("split", {}, "it has one member"),
        ("unmerge", {}, "it was not merged"),
        ("unmerge", {"status": Status.MERGED, "merged_into": 9}, ""),
        ("take", {"status": Status.MERGED, "merged_into": 9}, "it was merged into #9"),
        ("note", {"status": Status.MERGED, "merged_into": 9}, ""),
        ("triage", {}, "nothing is asked of it"),
        ("reported", {}, "no clock of the law runs"),
        ("reported", {"clocks": (Clock(id="pdp", started_at=NIGHT),)}, ""),
        ("severity", {"status": Status.CLOSED}, "it is closed"),
        ("merge", {}, ""),
        ("attribute", OVER, ""),
    ],
)
def test_what_can_not_be_done_has_a_reason(command: str, fields: dict[str, Any], said: str) -> None:
    assert refusal(command, incident(**fields), "sari", NIGHT) == said


def test_only_one_thing_is_said_of_what_became_of_an_incident() -> None:
    since = NIGHT - 2 * HOUR
    assert became(incident(), since) == "new"
    assert became(incident(), NIGHT) is None
    assert became(incident(**OVER), since) == "over"
    old = {"opened_at": NIGHT - 3 * HOUR, "changed_at": NIGHT}
    assert became(incident(**old), since) == "changed"
    assert became(incident(**old, acknowledged_at=NIGHT), since) == "taken"
    assert became(incident(**OVER | {"resolved_at": since - HOUR}), since) == "changed"
    assert became(incident(status=Status.MERGED, changed_at=NIGHT), since) is None
    told = summary([incident(1), incident(2), incident(3, **OVER)], since, VIEW)
    assert told == "incidents since 00:14: 2 new, 1 over"
    assert summary([], since, VIEW) == ""


def test_the_window_reaches_back_far_enough() -> None:
    ages = {1: "24h", 30: "7d", 24 * 8: "30d", 24 * 40: "all"}
    assert [window_of(NIGHT - hours * HOUR, NIGHT) for hours in ages] == list(ages.values())


def test_who_comes_back_is_noticed_once() -> None:
    look = LastLook((NIGHT - 3 * HOUR).timestamp())
    assert look.since(NIGHT) == NIGHT - 3 * HOUR
    assert look.press(NIGHT)
    assert not look.press(NIGHT + timedelta(minutes=5))
    assert look.since(NIGHT) == NIGHT - 3 * HOUR, "what happened meanwhile can still be listed"
    assert look.press(NIGHT + HOUR)
    assert look.since(NIGHT) == NIGHT + timedelta(minutes=5)
    assert LastLook().since(NIGHT) == NIGHT - 24 * HOUR
    assert not LastLook().press(NIGHT)


def test_a_shift_begins_once() -> None:
    zone = ZoneInfo("Asia/Jakarta")
    shifts = (time(5), time(13), time(21))
    at = datetime(2026, 11, 24, 4, 59, tzinfo=zone)
    assert began_between(shifts, at, at + timedelta(minutes=1))
    assert not began_between(shifts, at + timedelta(minutes=1), at + timedelta(minutes=2))
    assert not began_between((), at, at + HOUR)


def test_an_incident_is_that_of_each_row_that_is_down_in_it() -> None:
    down = Member(id="portal", name="Portal", since=NIGHT)
    up = Member(id="lapor", name="Lapor", since=NIGHT, recovered_at=NIGHT)
    first = incident(1, members=(down, up), subject="gw")
    second = incident(2, subject="portal")
    assert by_row([first, second, incident(3, **OVER)]) == {"gw": first, "portal": second}


def test_what_the_law_asks_stands_before_its_clocks() -> None:
    asks = incident(1, questions=(Question(id="iiv"),))
    clock = Clock(id="pdp", started_at=NIGHT, due_at=NIGHT + HOUR)
    over = incident(2, clocks=(clock,), **OVER)
    assert law_lines([over, asks], VIEW) == [
        "#1 siak: vital infrastructure (IIV) hit?  :triage 1 iiv yes|no",
        "#2 siak: PDP notice by 03:14  :reported 2 pdp HOW",
    ]
    assert law_lines([incident(status=Status.MERGED, questions=asks.questions)], VIEW) == []
    assert law_lines([asks] * 5, VIEW)[1].endswith("  +3")


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("412", (412,)),
        ("#412", (412,)),
        ("412,#409", (412, 409)),
        ("marked", (7, 8)),
        ("rsud", None),
        ("", None),
    ],
)
def test_numbers_are_written_as_people_write_them(word: str, numbers: tuple[int, ...] | None) -> None:
    assert numbers_in(word, (7, 8)) == numbers


UNDER = Under("siak", 412, (409, 412))


@pytest.mark.parametrize(
    ("line", "each"),
    [
        ("ack", [commands.Acknowledge(412)]),
        ("ack #409", [commands.Acknowledge(409)]),
        ("note Jum'at: tunggu ISP", [commands.Note(412, "Jum'at: tunggu ISP")]),
        ("note 409 sudah", [commands.Note(409, "sudah")]),
        ("note marked sudah", [commands.Note(409, "sudah"), commands.Note(412, "sudah")]),
        ("merge 1,2 #2", [commands.Merge(1, 2)]),
        ("snooze 2h ganti kabel", [commands.Snooze(412, "2h", "ganti kabel")]),
        ("resolve 412 power genset even_so=yes", [commands.Resolve(412, "power", "genset", even_so=True)]),
        ("ack incident=3", [commands.Acknowledge(3)]),
    ],
)
def test_a_line_names_its_incidents_or_means_the_one_under_the_cursor(line: str, each: list[object]) -> None:
    meant = meaning(line, UNDER)
    assert isinstance(meant, Send | SendEach)
    assert ([meant.args] if isinstance(meant, Send) else list(meant.each)) == each


def test_a_line_that_names_none_says_so() -> None:
    assert isinstance(meaning("ack", Under()), Wrong)
    assert isinstance(meaning("ack " + ",".join(map(str, range(1, MOST_AT_ONCE + 2))), Under()), Wrong)
    assert isinstance(meaning("resolve 412 gremlins x", UNDER), Wrong)
    assert meaning("#412", Under()) == Go("incident", "#412")


def test_each_field_is_completed_by_what_may_stand_there() -> None:
    known = {
        "412": incident(clocks=(Clock(id="pdp", started_at=NIGHT),)),
        "9": incident(9, owner="budi", **OVER),
    }
    names = Names({}, {}, incidents=known, person="sari")

    def lines(text: str) -> list[str]:
        return [one.line for one in suggestions(text, names, Role.ADMIN, 30)]

    assert lines("ack ") == ["ack 412", "ack 9"]
    assert lines("ack #4") == ["ack 412"]
    assert lines("resolve 412 ca") == ["resolve 412 capacity"]
    assert lines("snooze 412 3") == ["snooze 412 30m"]
    assert lines("assign 412 ") == ["assign 412 budi", "assign 412 sari"]
    assert lines("reported 412 ") == ["reported 412 pdp"]
    assert lines("triage 412 iiv y") == ["triage 412 iiv yes"]
    assert lines("incident 4") == ["incident 412"]
    assert is_exact("#412", names) and is_exact("incident 9", names) and not is_exact("incident 7", names)


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("incident.opened", {"severity": "high", "reason": "no_response", "params": {}},
         "opened, high: connection closed without an answer"),
        ("incident.opened", {"severity": "low", "title": "warga menelepon"}, "opened, low: warga menelepon"),
        ("incident.acknowledged", {"until": "2026-11-23T22:00:00+00:00", "note": ""},
         "acknowledged until 05:00"),
        ("incident.resolved", {"why": "asked", "was": "server", "cause": "power", "note": "genset"},
         "corrected, it was the server: power genset"),
        ("incident.resolved", {"why": "asked", "cause": "power", "note": "genset"},
         "resolved, by a person: power genset"),
        ("incident.member_joined", {"members": [{"id": "a"}, {"id": "b"}]}, "also down: a, b"),
        ("incident.clock_overdue", {"clock": "respond"}, "respond is overdue"),
        ("incident.later", {"x": 1}, "incident.later"),
    ],
)  # fmt: skip
def test_an_event_is_told_in_words(kind: str, body: dict[str, Any], said: str) -> None:
    assert incident_event_text(kind, body, VIEW) == said
