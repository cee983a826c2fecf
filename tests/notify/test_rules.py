"""Who is told of what and when, and what follows from an attempt to send."""

from datetime import UTC, datetime
from typing import Any

import pytest

from opsconsole.client.incidents import Incident, Severity, Status
from opsconsole.inventory.notify import Digest, Notify, Rule, Webhook
from opsconsole.notify.rules import (
    FIRST_RETRY_SECONDS,
    LONGEST_RETRY_SECONDS,
    MOST_ATTEMPTS,
    MOST_RETRY_AFTER_SECONDS,
    Failure,
    Planned,
    Traffic,
    Unit,
    Waiting,
    after_sent,
    is_over,
    is_permanent,
    merges,
    missing_ends,
    needs_somebody,
    next_unit,
    openings,
    readdressed,
    retry_at,
    still_asked,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
AT = NOON.timestamp()


def incident(**given: Any) -> Incident:
    known: dict[str, Any] = {
        "number": 7,
        "severity": Severity.CRITICAL,
        "happened_at": NOON,
        "opened_at": NOON,
        "changed_at": NOON,
    }
    return Incident(**{**known, **given})


def channel(name: str, *to: str) -> Webhook:
    return Webhook.model_validate(
        {"name": name, "kind": "webhook", "url": "http://127.0.0.1/", "to": list(to), "text": "{text}"}
    )


def rule(name: str, *channels: str, **given: Any) -> Rule:
    return Rule.model_validate(
        {"name": name, "severities": ["critical"], "channels": list(channels), **given}
    )


def office(*rules: Rule) -> Notify:
    return Notify({"wa": channel("wa", "1", "2"), "hook": channel("hook")}, rules)


def always(_shift: str, _at: float) -> bool:
    return True


def at_night(shift: str, at: float) -> bool:
    return shift == ("malam" if at >= AT + 600 else "siang")


def told(planned: list[Planned]) -> list[tuple[str, str, str, float, int]]:
    return [(one.rule, one.channel, one.recipient, one.due_at - AT, one.number) for one in planned]


def test_each_rule_of_the_severity_tells_each_recipient_of_each_of_its_channels():
    notify = office(
        rule("piket", "wa", "hook"),
        rule("kepala", "wa", to=["9"], after="15m"),
        rule("surel", "wa", severities=["low", "medium"]),
    )
    assert told(openings(incident(), notify, AT, always)) == [
        ("piket", "wa", "1", 0.0, 0),
        ("piket", "wa", "2", 0.0, 0),
        ("piket", "hook", "", 0.0, 0),
        ("kepala", "wa", "9", 900.0, 0),
    ]


def test_a_channel_or_recipient_that_is_named_twice_is_told_once():
    notify = office(rule("piket", "wa", "wa", to=["9", "9"]))
    assert told(openings(incident(), notify, AT, always)) == [("piket", "wa", "9", 0.0, 0)]


def test_a_rule_of_shifts_holds_while_one_of_them_has_duty_when_the_message_is_due():
    notify = office(
        rule("siang", "hook", shifts=["siang"]),
        rule("malam", "hook", shifts=["malam"]),
        rule("nanti", "hook", shifts=["pagi", "malam"], after="10m"),
    )
    assert [one.rule for one in openings(incident(), notify, AT, at_night)] == ["siang", "nanti"]


def test_what_tells_a_message_from_others_is_its_opening_its_rule_and_its_recipient_but_an_end_is_one():
    first = Planned("opened", "piket", "wa", "1", AT)
    assert first.key(7, 40) == "7:40:piket:0:wa:1"
    assert Planned("reminder", "piket", "wa", "1", AT, 2).key(7, 40) == "7:40:piket:2:wa:1"
    assert Planned("ended", "", "wa", "1", AT).key(7, 40) == "7:40:ended:wa:1"
    assert Planned("merged", "", "wa", "1", AT, 5).key(7, 40) == "7:40:merged:5:wa:1"


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({}, True),
        ({"status": Status.ACKNOWLEDGED}, False),
        ({"status": Status.MITIGATED}, False),
        ({"status": Status.RESOLVED}, False),
        ({"status": Status.MERGED}, False),
        ({"snoozed_until": NOON}, False),
        ({"recovered_at": NOON}, False),
    ],
)
def test_somebody_is_needed_while_it_fails_and_nobody_has_it(given: dict[str, Any], needed: bool):
    assert needs_somebody(incident(**given)) is needed


@pytest.mark.parametrize(
    ("given", "over"),
    [
        ({}, False),
        ({"status": Status.ACKNOWLEDGED}, False),
        ({"recovered_at": NOON}, True),
        ({"status": Status.ACKNOWLEDGED, "recovered_at": NOON}, True),
        ({"status": Status.RESOLVED}, True),
        ({"status": Status.CLOSED}, True),
        ({"status": Status.MERGED}, False),
        ({"status": Status.MERGED, "recovered_at": NOON}, False),
    ],
)
def test_its_end_is_told_once_it_is_up_again_or_somebody_says_so(given: dict[str, Any], over: bool):
    reached = [("wa", "1"), ("hook", ""), ("wa", "1")]
    ends = missing_ends(incident(**given), reached, AT)
    assert is_over(incident(**given)) is over
    assert [(one.kind, one.channel, one.recipient) for one in ends] == (
        [("ended", "wa", "1"), ("ended", "hook", "")] if over else []
    )


def test_who_was_called_to_what_is_merged_is_told_once_what_it_is_a_part_of():
    merged = incident(status=Status.MERGED, merged_into=5)
    reached = [("wa", "1"), ("hook", ""), ("wa", "1")]
    assert merges(merged, reached, AT) == [
        Planned("merged", "", "wa", "1", AT, 5),
        Planned("merged", "", "hook", "", AT, 5),
    ]


SENT = Planned("opened", "piket", "wa", "1", AT)


def test_a_rule_repeats_until_it_has_done_so_often_enough():
    notify = office(rule("piket", "wa", repeat="5m", times=2))
    [again] = after_sent(incident(), SENT, notify, AT, always)
    assert again == Planned("reminder", "piket", "wa", "1", AT + 300, 1)
    [last] = after_sent(incident(), again, notify, AT + 300, always)
    assert (last.kind, last.number) == ("reminder", 2)
    assert after_sent(incident(), last, notify, AT + 600, always) == []


@pytest.mark.parametrize(
    ("about", "sent"),
    [
        (incident(status=Status.ACKNOWLEDGED), SENT),
        (None, SENT),
        (incident(), SENT._replace(rule="gone")),
        (incident(), SENT._replace(kind="ended", rule="piket")),
        (incident(), SENT._replace(kind="test", rule="piket")),
        (incident(), SENT._replace(kind="merged", rule="piket")),
    ],
)
def test_what_is_answered_or_over_or_asked_for_by_no_rule_is_not_repeated(
    about: Incident | None, sent: Planned
):
    notify = office(rule("piket", "wa", repeat="5m"))
    assert after_sent(about, sent, notify, AT, always) == []


def test_a_rule_without_repetition_tells_once():
    assert after_sent(incident(), SENT, office(rule("piket", "wa")), AT, always) == []


def test_when_its_shift_is_over_it_is_the_turn_of_the_next_ones_rules():
    notify = office(
        rule("piket", "wa", shifts=["siang"], repeat="5m"),
        rule("malam", "wa", shifts=["malam"], to=["9"]),
    )
    assert told(after_sent(incident(), SENT, notify, AT, at_night)) == [("piket", "wa", "1", 300.0, 1)]
    assert told(after_sent(incident(), SENT, notify, AT + 300, at_night)) == [("malam", "wa", "9", 600.0, 0)]


def failure(**given: Any) -> Failure:
    return Failure("channel_refused", {}, **given)


def test_retries_come_ever_later_up_to_ten_minutes():
    waits = [retry_at(failure(), attempts, AT, 0.5) for attempts in range(1, 12)]
    assert [wait - AT for wait in waits if wait is not None] == [
        FIRST_RETRY_SECONDS * 2**number for number in range(7)
    ] + [LONGEST_RETRY_SECONDS] * 4


def test_retries_are_spread_by_a_fifth_in_both_directions():
    early, late = retry_at(failure(), 1, AT, 0.0), retry_at(failure(), 1, AT, 1.0)
    assert (early, late) == (AT + 0.8 * FIRST_RETRY_SECONDS, AT + 1.2 * FIRST_RETRY_SECONDS)


def test_what_a_receiver_asks_for_is_kept_to_within_an_hour():
    assert retry_at(failure(retry_after=120), 1, AT, 0.5) == AT + 120
    assert retry_at(failure(retry_after=1), 1, AT, 0.5) == AT + FIRST_RETRY_SECONDS
    assert retry_at(failure(retry_after=1e9), 1, AT, 0.5) == AT + MOST_RETRY_AFTER_SECONDS


def test_what_is_never_taken_and_what_was_tried_for_a_day_is_given_up():
    assert retry_at(failure(permanent=True), 1, AT, 0.5) is None
    assert retry_at(failure(), MOST_ATTEMPTS - 1, AT, 0.5) is not None
    assert retry_at(failure(), MOST_ATTEMPTS, AT, 0.5) is None


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        *((code, True) for code in (301, 302, 307, 400, 401, 403, 404, 410, 413, 422)),
        *((code, False) for code in (204, 408, 425, 429, 500, 502, 503, 504)),
    ],
)
def test_refusals_are_permanent_and_trouble_passes(status: int, permanent: bool):
    assert is_permanent(status) is permanent


def unit(due: list[Waiting], singles: int = 0, digest_at: float = 0.0) -> Unit:
    digest = Digest(over=3, every="60s", urgent="5s")  # type: ignore[arg-type]
    return next_unit(due, Traffic(singles, digest_at), AT, digest)


def fresh(*ids: int, urgent: bool = False) -> list[Waiting]:
    return [Waiting(id_, "", urgent) for id_ in ids]


def test_a_few_messages_leave_one_by_one_the_most_urgent_first():
    assert unit(fresh(5, 6, 7)) == Unit((5,))
    assert unit(fresh(7), singles=2) == Unit((7,))


def test_more_within_a_minute_become_one():
    assert unit(fresh(5, 6, 7, 8)) == Unit((5, 6, 7, 8), digest=True)
    assert unit(fresh(7), singles=3) == Unit((7,), digest=True)
    assert unit(fresh(7, 8), singles=2) == Unit((7, 8), digest=True)


def test_the_next_digest_waits_for_its_time():
    assert unit(fresh(5, 6, 7, 8), digest_at=AT - 20) == Unit((), later=AT + 40)
    assert unit(fresh(5, 6, 7, 8), digest_at=AT - 60) == Unit((5, 6, 7, 8), digest=True)


def test_what_was_on_its_way_leaves_again_as_it_was():
    due = [Waiting(1, ""), Waiting(2, "b"), Waiting(3, ""), Waiting(4, "b"), Waiting(5, "c")]
    assert unit(due, singles=99, digest_at=AT) == Unit((2, 4))


def test_what_is_urgent_waits_for_no_digest_longer_than_for_its_own_and_takes_the_others_along():
    due = [*fresh(8, urgent=True), *fresh(5)]
    assert unit(due, singles=3, digest_at=AT - 2) == Unit((), later=AT + 3)
    assert unit(due, singles=3, digest_at=AT - 5) == Unit((8, 5), digest=True)
    assert unit(fresh(5), singles=3, digest_at=AT - 5) == Unit((), later=AT + 55)


def test_what_is_urgent_leaves_before_what_failed_and_that_leaves_while_it_waits():
    due = [*fresh(8, urgent=True), Waiting(1, "b"), *fresh(5)]
    assert unit(due) == Unit((8,))
    assert unit(due, singles=3) == Unit((8, 5), digest=True)
    assert unit(due, singles=3, digest_at=AT - 2) == Unit((1,))
    assert unit([Waiting(1, "b", urgent=True), *fresh(5)]) == Unit((1,)), "it is on its way already"


def test_a_message_that_waits_is_asked_for_while_its_rule_names_its_channel_and_recipient():
    notify = office(rule("piket", "wa", "hook"), rule("kepala", "wa", to=["9"]))
    assert still_asked(SENT, notify)
    assert not still_asked(SENT._replace(recipient="9"), notify)
    assert not still_asked(SENT._replace(channel="gone"), notify)
    assert not still_asked(SENT._replace(rule="gone"), notify)


def test_in_its_place_comes_whom_the_rule_names_now_or_who_the_other_rules_do_without_it():
    notify = office(rule("piket", "hook", after="9m"), rule("surel", "wa", severities=["low"], to=["8"]))
    waits = SENT._replace(due_at=AT + 300)
    assert told(readdressed(incident(), waits, notify, AT, always)) == [("piket", "hook", "", 300.0, 0)]
    for rule_name in ("gone", "surel"):
        given = waits._replace(rule=rule_name)
        assert told(readdressed(incident(), given, notify, AT, always)) == [("piket", "hook", "", 540.0, 0)]
