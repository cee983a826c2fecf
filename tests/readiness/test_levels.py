"""Levels: cumulative, as high as the weakest link, with the day on which they fall."""

import pytest

from opsconsole.readiness.levels import (
    NOBODY,
    OpdFound,
    best,
    fall,
    lacking,
    level_at,
    median_level,
    of_opd,
    steps_of,
    weakest,
)
from opsconsole.readiness.validity import FOREVER, NEVER
from tests.readiness.town import BACKUP, DAY, NOW, PEOPLE, application, at, days, ground, ready, row, town

PIC = PEOPLE.replace('name = "Rina"', 'name = "Rina"\nalso = ["pic"]')


def found(inventory, rows=(), now: float = NOW, **more) -> OpdFound:
    known = ground(inventory, rows, **more)
    return of_opd(known, inventory.opds["DUKCAPIL"], now)


def level(inventory, rows=(), now: float = NOW, **more) -> int:
    return level_at(found(inventory, rows, now, **more).steps, now)


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [
        ("", 1),
        ("SK", 1),
        ("SK KT", 2),
        ("SK KT BT", 2),
        ("SK KT BT SOP", 3),
        ("KT BT SOP UR LG", 1),
        ("SK KT BT SOP UR", 3),
        ("SK KT BT SOP UR LG", 4),
        ("SK KT SOP UR LG", 2),
    ],
)
def test_a_level_needs_all_that_the_levels_below_it_need(kinds: str, wanted: int):
    rows = [one for one in ready() if one.kind in kinds.split() or one.person == "budi"]
    assert level(town(application()), rows) == wanted


def test_nobody_named_is_level_0_and_somebody_without_a_number_too():
    assert level(town(application(), people="")) == 0
    assert level(town(application(), people='[[people]]\nid = "rina"\nname = "R"\n')) == 0
    assert level(town(application())) == 1


def test_without_a_backup_level_3_is_out_of_reach():
    assert level(town(application(), people=PEOPLE), ready()) == 2


def test_tier_1_needs_a_drill_outside_hours_and_a_roster_and_an_owner():
    one = town(application(tier=1), people=PIC + BACKUP)
    assert level(one, ready(tier=1)) == 4
    for kind in ("PK", "UR"):
        rows = [row for row in ready(tier=1) if row.kind != kind or row.variant == "inside"]
        assert level(one, rows) == 3
    assert level(town(application(tier=1)), ready(tier=1)) == 0, "nobody is its PIC"


def test_it_falls_when_the_first_of_what_it_needs_ends_and_to_what_is_left():
    inventory = town(application())
    rows = ready(ago=5)
    falls = fall(found(inventory, rows).steps, NOW)
    assert falls is not None
    assert (days(falls.at), falls.to) == (25, 3)  # the login, after 30 days
    # When the contact ends sooner than the login all of it falls at once.
    short = [row("KT", ago=89) if one.kind == "KT" and one.person == "rina" else one for one in rows]
    falls = fall(found(inventory, short).steps, NOW)
    assert falls is not None
    assert (round(days(falls.at)), falls.to) == (1, 1)
    assert level(inventory, short, NOW + 2 * DAY) == 1
    assert fall(found(inventory).steps, NOW) is None


def test_a_roster_that_goes_on_with_another_still_ends_with_the_last_that_began():
    inventory = town(application(tier=1), people=PIC + BACKUP)
    rows = [one for one in ready(tier=1) if one.kind != "PK"]
    rows += [row("PK", ago=20, until=NOW + 3 * DAY), row("PK", ago=2, until=NOW + 9 * DAY)]
    falls = fall(found(inventory, rows).steps, NOW)
    assert falls is not None and days(falls.at) == 9


def test_an_opd_is_as_ready_as_its_weakest_application_of_tiers_1_and_2():
    people = PEOPLE + '[[people]]\nid = "sari"\nname = "S"\nphone = "1"\napplications = ["dua"]\n' + BACKUP
    inventory = town(application("satu", 2), application("dua", 2), application("tiga", 3), people=people)
    seen = found(inventory, ready())
    assert {part.id: level_at(part.steps, NOW) for part in seen.parts} == {"satu": 4, "dua": 1, "tiga": 4}
    assert (level_at(seen.steps, NOW), median_level(seen, NOW)) == (1, 2.5)
    assert {part.id for part in seen.parts if part.counts} == {"satu", "dua"}
    assert {part.id for part, *_rest in lacking(seen, NOW)} == {"dua"}
    only = town(application("tiga", 3), application("empat", 4))
    assert all(part.counts for part in found(only).parts)


def test_one_person_for_two_applications_of_a_tier_is_the_same_in_both():
    seen = found(town(application("satu"), application("dua")), ready())
    first, second = (part.roles[0].held[0] for part in seen.parts)
    assert (first, level_at(first.steps, NOW)) == (second, 4)


def test_of_two_in_one_duty_whoever_is_readier_counts():
    people = PEOPLE + '[[people]]\nid = "sari"\nname = "S"\nphone = "1"\n' + BACKUP
    assert level(town(application(), people=people), ready()) == 4
    assert best([(FOREVER, 5.0, 1.0, NEVER, NEVER, NEVER), (FOREVER, 2.0, 2.0, 2.0, NEVER, NEVER)]) == (
        *(FOREVER, 5.0, 2.0, 2.0, NEVER, NEVER),
    )


def test_whoever_is_named_for_an_application_goes_before_the_opds_own_and_those_above():
    people = PEOPLE + '[[people]]\nid = "sari"\nname = "S"\nphone = "1"\napplications = ["siapel"]\n'
    [part] = found(town(application(), people=people)).parts
    assert [held.person for held in part.roles[0].held] == ["sari"]
    others = {"opd/atas.toml": 'code = "ATAS"\nname = "A"\nshort = "A"\n', "people/atas.toml": PEOPLE}
    [part] = found(town(application(), people="", head='parent = "ATAS"\n', others=others)).parts
    assert [held.person for held in part.roles[0].held] == ["rina"]


def test_an_opd_that_runs_nothing_is_measured_by_who_answers_for_it():
    [part] = found(town(), ready()).parts
    assert (part.id, part.tier, level_at(part.steps, NOW)) == ("", 4, 4)


def test_a_duty_of_the_opd_as_a_whole_counts_with_what_is_asked_of_it_alone():
    rules = '[[roles]]\nduty = "admin"\n[[roles]]\nduty = "head"\nper = "opd"\nneeds = ["named", "KT"]\n'
    assert level(town(application(), rules=rules), ready()) == 0
    head = PEOPLE + BACKUP + '[[people]]\nid = "sari"\nname = "S"\nduty = "head"\n'
    inventory = town(application(), people=head, rules=rules)
    assert level(inventory, ready()) == 1
    assert level(inventory, [*ready(), row("KT", "sari")]) == 4


def test_what_needs_nobody_says_nothing():
    rules = '[[roles]]\nduty = "admin"\ntiers = [1]\n[[roles]]\nduty = "cyber"\nper = "opd"\ntiers = [2]\n'
    seen = found(town(application(), rules=rules))
    assert (seen.steps, median_level(seen, NOW)) == (NOBODY, 0.0)
    assert [part.counts for part in seen.parts] == [False, False]


def test_who_retired_is_nobody_though_the_files_still_name_them():
    rows = [*ready(), row("CH", variant="retirement", opd="DUKCAPIL")]
    assert level(town(application()), rows) == 0
    assert [need.what for *_rest, need in lacking(found(town(application()), rows), NOW)] == ["named"]


# Two whole quarters before November 2026 begin on 1 April.
HELD_SINCE = (NOW - at("2026-04-01")) / DAY


def steady(since: float, **gap: float) -> list:
    """Level 4 since so many days ago, renewed every 20 days, but not within ``gap``."""
    rows = [row("RV", "", ago=5, opd="DUKCAPIL")]
    ago = since
    while ago > 0:
        if not gap.get("begin", -1.0) >= ago >= gap.get("end", 1e9):
            rows += ready(ago=ago)
        ago -= 20
    return [one for one in rows if one.kind != "SK"] + [row("SK", ago=since, until=NOW + 300 * DAY)]


def test_level_5_is_level_4_through_two_whole_quarters_with_a_review_and_nothing_late():
    inventory = town(application())
    rows = steady(HELD_SINCE + 1)
    assert level(inventory, rows) == 5
    assert level(inventory, steady(HELD_SINCE - 1)) == 4, "a day too short"
    assert level(inventory, steady(HELD_SINCE + 1, begin=130.0, end=60.0)) == 4, "interrupted"
    assert level(inventory, rows[1:]) == 4, "no review"
    assert level(inventory, rows, late=frozenset({"DUKCAPIL"})) == 4


def test_a_missed_drill_ends_what_was_held_though_the_one_before_still_was_in_date():
    missed = row("UR", ago=100.5, variant="inside", result="missed")
    assert level(town(application()), [*steady(HELD_SINCE + 1), missed]) == 4


def test_steps_never_rise_and_the_weakest_of_nothing_is_all():
    assert weakest([]) == (FOREVER,) * 6
    assert steps_of([]) == (FOREVER,) * 6
    assert weakest([(FOREVER, 3.0, 2.0, 1.0, 0.0, NEVER), (FOREVER, 2.5, 2.5, 2.5, 2.5, 2.5)]) == (
        *(FOREVER, 2.5, 2.0, 1.0, 0.0, NEVER),
    )
