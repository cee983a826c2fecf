"""Whether one thing is there: how long evidence holds, what takes it away, and why it is not."""

from math import inf
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opsconsole.inventory.readiness import Validity, parse_validity
from opsconsole.readiness import rules
from opsconsole.readiness.duties import Post
from opsconsole.readiness.evidence import Row
from opsconsole.readiness.rules import Asked, Standing, standing, stands
from opsconsole.readiness.validity import ends
from tests.readiness.town import BACKUP, DAY, NOW, PEOPLE, application, at, days, ground, ready, row, town
from tests.readiness.town import rules as rules_of

WIB = ZoneInfo("Asia/Jakarta")
BOTH = PEOPLE + BACKUP
POST = Post("DUKCAPIL", "siapel", 3)
EVIDENCE = rules_of().evidence


def of(
    what: str, *rows: Row, tier: int = 3, duty: str = "admin", people: str = BOTH, **more: Any
) -> Standing:
    inventory = town(application(tier=tier), people=people)
    known = ground(inventory, rows, **more)
    asked = Asked(known, inventory.people["rina"], duty, Post("DUKCAPIL", "siapel", tier))
    return stands(asked, what, NOW)


@pytest.mark.parametrize(
    ("valid", "since", "until"),
    [
        ("90d", at("2026-11-01"), at("2027-01-30")),
        ("24mo", at("2026-11-24", "09:00"), at("2028-11-24", "09:00")),
        ("1mo", at("2026-01-31"), at("2026-02-28")),
        ("1mo", at("2026-11-30"), at("2026-12-30")),
        ("2mo", at("2026-11-30"), at("2027-01-30")),
        ("decree", at("2026-03-05"), at("2027-01-01")),
        ("roster", at("2026-03-05"), at("2026-03-05")),
        ("always", at("2026-03-05"), inf),
    ],
)
def test_evidence_holds_as_long_as_its_rule_says(valid: str, since: float, until: float):
    assert ends(Row(id=1, kind="SK", at=since), parse_validity(valid), WIB) == until


def test_what_the_evidence_says_itself_goes_before_the_rule():
    assert ends(row("SK", until=5.0), Validity("decree"), WIB) == 5.0


@pytest.mark.parametrize("text", ["", "90", "3w", "90 d", "10000d", None, 90])
def test_what_is_no_validity_is_refused(text: object):
    with pytest.raises(ValueError, match="90d"):
        parse_validity(text)


def test_of_several_the_one_that_holds_longest_counts_and_what_is_to_come_does_not_yet():
    found = of("KT", row("KT", ago=80), row("KT", ago=10), row("KT", ago=-81))
    assert (days(found.until), found.row, found.why) == (80, 2, "")
    assert of("KT", row("KT", ago=-5)).why == "missing"


def test_a_roster_that_begins_when_the_one_before_ends_goes_on_with_it():
    first, second = row("PK", ago=20, until=NOW + 3 * DAY), row("PK", ago=-3, until=NOW + 33 * DAY)
    found = of("PK", first, second)
    assert (days(found.until), found.row) == (33, 1)
    assert days(of("PK", first, row("PK", ago=-5, until=NOW + 33 * DAY)).until) == 3, "two days between"
    assert of("PK", second).why == "missing"


def test_what_is_over_is_expired_since_it_ended():
    found = of("KT", row("KT", ago=100))
    assert (found.why, found.row, days(found.since)) == ("expired", 1, -10)
    assert found.until == rules.NEVER


def test_a_call_that_nobody_answered_takes_nothing_away_but_a_missed_drill_does():
    assert of("KT", row("KT", ago=10, result="answered"), row("KT", ago=1, result="none")).why == ""
    found = of("KT", row("KT", ago=2, result="none"))
    assert (found.why, days(found.since)) == ("failed", -2)
    drill = {"variant": "inside"}
    assert of("UR", row("UR", ago=9, result="pass", **drill)).why == ""
    missed = of("UR", row("UR", ago=9, result="pass", **drill), row("UR", ago=1, result="missed", **drill))
    assert (missed.why, missed.row, days(missed.since)) == ("failed", 2, -1)
    assert of("UR", row("UR", ago=1, result="late", **drill)).why == "failed"
    again = of("UR", row("UR", ago=3, result="missed", **drill), row("UR", ago=1, result="pass", **drill))
    assert (again.why, days(again.until)) == ("", 89)


def test_drills_inside_and_outside_working_hours_are_two_and_hold_shorter_for_tier_1():
    inside, outside = row("UR", variant="inside", result="pass"), row("UR", variant="outside", result="pass")
    assert of("UR", outside).why == of("UR-outside", inside).why == "missing"
    assert days(of("UR", inside, tier=1).until) == 29
    assert days(of("UR", inside, tier=2).until) == 89
    assert of("UR-outside", outside, tier=1).why == ""


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ("transfer", {"SK", "KT", "UR", "LG"}),
        ("number", {"KT", "UR"}),
        ("acting", {"SK"}),
        ("retirement", {"SK", "KT", "BT", "UR", "LG", "SOP"}),
        ("version", {"BT", "SOP"}),
        ("reorganisation", {"SK"}),
    ],
)
def test_each_change_takes_away_what_its_rule_names_and_no_more(change: str, gone: set[str]):
    voids = frozenset(code for code, one in EVIDENCE.items() if change in one.voided_by)
    rows = [*ready(), row("CH", variant=change, voids=voids, ago=0)]
    kinds = ("SK", "KT", "BT", "SOP", "UR", "LG")
    assert {kind for kind in kinds if of(kind, *rows).why == "voided"} == gone
    assert {kind for kind in kinds if of(kind, *rows).why == ""} == set(kinds) - gone


def test_what_is_recorded_after_a_change_holds_whatever_day_it_is_of():
    voids = frozenset({"SK"})
    rows = [row("SK", ago=30), row("CH", variant="transfer", voids=voids, ago=0)]
    found = of("SK", *rows)
    assert (found.why, found.row, days(found.since)) == ("voided", 2, 0)
    assert of("SK", *rows, row("SK", ago=1)).why == ""
    assert of("SK", row("CH", variant="transfer", voids=voids, ago=0)).why == "missing"


def test_a_change_may_be_of_an_opd_or_for_an_application_alone():
    voids = frozenset({"BT"})
    assert of("BT", row("BT"), row("CH", "", opd="DUKCAPIL", voids=voids)).why == "voided"
    assert of("BT", row("BT"), row("CH", "", opd="LAIN", voids=voids)).why == ""
    assert (
        of("BT", row("BT"), row("CH", "", opd="DUKCAPIL", application="siapel", voids=voids)).why == "voided"
    )
    assert of("BT", row("BT"), row("CH", "", opd="DUKCAPIL", application="lain", voids=voids)).why == ""


def test_evidence_for_some_applications_counts_for_these():
    assert of("BT", row("BT", application="lain,siapel")).why == ""
    assert of("BT", row("BT", application="lain")).why == "missing"


def test_a_backup_counts_with_a_contact_and_a_bimtek_of_their_own_and_ends_with_the_first_of_them():
    found = of("CD", row("KT", "budi", 20), row("BT", "budi", 20))
    assert (found.why, days(found.until)) == ("", 70)
    assert of("CD", row("KT", "budi", 20)).why == "missing"
    assert of("CD", row("KT", "budi", 100), row("BT", "budi", 20)).why == "expired"
    assert of("CD", people=PEOPLE).why == "missing"


def test_a_backup_of_somebody_else_stands_in_for_nobody_here():
    two = PEOPLE + '[[people]]\nid = "budi"\nname = "B"\nduty = "backup"\nbackup_of = ["sari"]\n'
    two += '[[people]]\nid = "sari"\nname = "S"\nduty = "operator"\n'
    rows = row("KT", "budi"), row("BT", "budi")
    assert of("CD", *rows, people=two).why == "missing"
    assert of("CD", *rows, people=two.replace('["sari"]', '["rina"]')).why == ""
    assert (
        of("CD", *rows, row("CH", "budi", variant="retirement"), people=two.replace('"sari"]', '"rina"]')).why
        == "missing"
    )


def test_a_duty_that_somebody_left_has_to_be_handed_over():
    left = row("CH", "tono", opd="DUKCAPIL", variant="transfer", duties=frozenset({"admin"}), ago=3)
    found = of("ST", left)
    assert (found.why, days(found.since)) == ("missing", -3)
    assert of("ST", left, duty="operator").why == ""
    assert of("ST", left, row("ST", "", opd="DUKCAPIL", variant="tono")).why == ""
    assert of("ST", left, row("ST", "", opd="DUKCAPIL")).why == ""
    assert of("ST", left, row("ST", "", opd="DUKCAPIL", variant="wati")).why == "missing"
    assert of("ST", row("ST", "", opd="DUKCAPIL", variant="tono"), left).why == "missing"
    assert of("ST", row("CH", "tono", opd="DUKCAPIL", variant="number")).why == ""
    assert of("ST", row("CH", "tono", opd="DUKCAPIL", variant="retirement")).why == "missing"


def test_a_contact_is_any_way_to_reach_them():
    assert of("contact").why == ""
    assert of("contact", people='[[people]]\nid = "rina"\nname = "R"\n').why == "missing"
    assert of("contact", people='[[people]]\nid = "rina"\nname = "R"\nemail = "r@s.example"\n').why == ""
    assert of("named").until == inf


def test_a_review_and_the_actions_after_incidents_are_the_opds():
    assert of("RV").why == "missing"
    assert of("RV", row("RV", "", opd="DUKCAPIL")).why == ""
    assert of("actions").why == ""
    assert of("actions", late=frozenset({"DUKCAPIL"})).why == "late"
    assert of("actions", late=frozenset({"LAIN"})).why == ""


def test_what_was_found_is_found_again_without_looking():
    inventory = town(application(), application("lain"))
    known = ground(inventory, [row("KT", ago=2)])
    first = rules.of_kind(known, inventory.people["rina"], "KT", POST, NOW)
    assert (
        rules.of_kind(known, inventory.people["rina"], "KT", POST._replace(application="lain"), NOW) is first
    )
    assert rules.of_kind(known, inventory.people["rina"], "KT", POST, NOW + DAY) is first, "nothing has ended"
    assert rules.of_kind(known, inventory.people["rina"], "KT", POST, NOW + 89 * DAY).why == "expired"


def test_standings_are_of_the_time_that_is_asked_for():
    assert standing([row("KT", ago=100)], EVIDENCE["KT"], 3, NOW - 50 * DAY, WIB).why == ""
