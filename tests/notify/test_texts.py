"""Messages in words: short, in the office's language, with what somebody who is woken needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.text import translations
from opsconsole.client.incidents import Incident, Member, Severity
from opsconsole.notify.facts import Facts, facts_of, packed, unpacked
from opsconsole.notify.rules import Kind
from opsconsole.notify.texts import MOST_CHARACTERS, Speech, digest_values, values

SINCE = datetime(2026, 11, 23, 19, 2, tzinfo=UTC)
ENGLISH = Speech(translations("en"), "Kominfo Sukamaju", "Asia/Jakarta")
INDONESIAN = Speech(translations("id"), "Kominfo Sukamaju", "Asia/Jakarta")


def incident(**given: Any) -> Incident:
    known: dict[str, Any] = {
        "number": 123,
        "severity": Severity.CRITICAL,
        "subject": "ws-nik",
        "opd_short": "Dispendukcapil",
        "state": "down",
        "reason": "status_unexpected",
        "params": {"seen": 503, "want": "200-299"},
        "members": (Member(id="ws-nik", name="Layanan web NIK", since=SINCE),),
        "happened_at": SINCE,
        "opened_at": SINCE,
        "changed_at": SINCE,
    }
    return Incident(**{**known, **given})


def text(kind: Kind, speech: Speech = ENGLISH, **given: Any) -> str:
    return values(kind, facts_of(incident(**given)), speech)["text"]


def test_a_call_says_what_fails_since_when_and_how_to_answer():
    assert text("opened").splitlines() == [
        "INS-2026-000123 CRITICAL: Layanan web NIK (Dispendukcapil) DOWN",
        "status 503, want 200-299",
        "Since 2026-11-24 02:02 WIB.",
        'Say that you have it: "a" in opsconsole, or `opsconsole incidents ack 123`',
    ]


def test_a_reminder_says_that_nobody_has_answered():
    assert text("reminder").startswith("NOBODY HAS IT YET\nINS-2026-000123 CRITICAL: ")


def test_it_names_some_of_those_that_fall_with_it():
    members = tuple(Member(id=f"a{n}", name=f"Aplikasi {n}", since=SINCE) for n in range(7))
    assert "Affected: 7: Aplikasi 0, Aplikasi 1, Aplikasi 2, Aplikasi 3, +2" in text(
        "opened", members=members
    )


@pytest.mark.parametrize(
    ("given", "head"),
    [
        ({"recovered_at": SINCE + timedelta(minutes=38)}, "UP AGAIN"),
        ({"resolved_at": SINCE + timedelta(minutes=38)}, "OVER"),
        ({"resolved_at": SINCE + timedelta(minutes=38), "false_alarm": True}, "FALSE ALARM"),
    ],
)
def test_an_end_says_which_and_from_when_to_when(given: dict[str, Any], head: str):
    assert text("ended", **given).splitlines() == [
        f"INS-2026-000123 {head}: Layanan web NIK (Dispendukcapil)",
        "From 2026-11-24 02:02 WIB to 2026-11-24 02:40 WIB.",
    ]


def test_an_incident_of_no_application_is_named_by_what_a_person_wrote_or_as_one_of_several():
    assert "CRITICAL: Listrik padam" in text(
        "opened", subject="", title="Listrik padam", opd_short="", members=()
    )
    assert "CRITICAL: several applications" in text("opened", subject="", opd_short="", members=())


def test_a_test_says_that_nothing_has_happened():
    told = values("test", Facts(), ENGLISH)
    assert told["text"].splitlines() == [
        "Kominfo Sukamaju: a test of opsconsole",
        "Nothing has happened: somebody tried whether messages arrive.",
    ]


def test_a_digest_lists_as_many_as_fit_and_counts_the_rest():
    told = [
        ("opened" if number % 2 else "ended", facts_of(incident(number=number))) for number in range(1, 60)
    ]
    made = digest_values(told, ENGLISH)  # type: ignore[arg-type]
    lines = made["text"].splitlines()
    assert lines[0] == "Kominfo Sukamaju: 59 messages at once. Trouble: 30. Over: 29."
    assert lines[-1] == f"… and {60 - len(lines) + 1} more. All of them: `opsconsole incidents list`"
    assert len(lines) > 5
    assert (made["event"], made["severity"]) == ("digest", "critical")


def test_what_became_part_of_another_is_one_line_and_counted_apart():
    facts = facts_of(incident(), incident(number=5))
    made = values("merged", facts, ENGLISH)
    line = "INS-2026-000123 is now part of INS-2026-000005: Layanan web NIK (Dispendukcapil)"
    assert (made["text"], made["subject"], made["event"]) == (line, line, "merged")
    many = digest_values([("opened", facts), ("merged", facts), ("ended", facts)], ENGLISH)
    head = "Kominfo Sukamaju: 3 messages at once. Trouble: 1. Over: 1. Part of another: 1."
    assert many["text"].splitlines()[0] == head


def test_the_office_is_spoken_to_in_its_language():
    assert text("opened", INDONESIAN) != text("opened")
    assert "GANGGUAN" in text("opened", INDONESIAN)


@given(
    st.text(max_size=300), st.text(max_size=300),
    st.sampled_from(["opened", "reminder", "merged", "ended", "test"]), st.integers(1, 30),
)  # fmt: skip
def test_no_message_is_longer_than_one_or_holds_control_characters(
    name: str, seen: str, kind: Kind, count: int
):
    members = tuple(Member(id=f"a{n}", name=name, since=SINCE) for n in range(count))
    facts = facts_of(
        incident(title=name, opd_short=name, params={"seen": seen, "want": seen}, members=members)
    )
    for speech in (ENGLISH, INDONESIAN):
        one = values(kind, facts, speech)
        many = digest_values([(kind, facts)] * count, speech)
        for told in (one["text"], many["text"], one["subject"], many["subject"]):
            assert len(told) <= MOST_CHARACTERS
            assert not {char for char in told if char < " " and char != "\n"}


def test_what_is_told_is_kept_as_codes_from_the_moment_it_was_written():
    facts = facts_of(incident())
    assert unpacked(packed(facts)) == facts
    assert b"DOWN" not in packed(facts)
