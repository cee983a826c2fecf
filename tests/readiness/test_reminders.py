"""The chain from a first word to a letter."""

from opsconsole.readiness.levels import of_opd
from opsconsole.readiness.reminders import chain, gone
from tests.readiness.town import NOW, application, days, ground, ready, row, rules, town

CHAIN = rules().reminders
VOIDS = frozenset({"KT"})


def stand(*sent: tuple[str, float], ago: float = 0.0):
    """Rina has a new number since ``ago`` days; the steps that were taken, and how many days ago."""
    rows = [*ready(ago=max(1.0, ago + 1)), row("CH", variant="number", voids=VOIDS, ago=ago)]
    rows += [row("RM", "", opd="DUKCAPIL", variant=step, ago=when) for step, when in sent]
    inventory = town(application())
    known = ground(inventory, rows)
    missing = gone(of_opd(known, inventory.opds["DUKCAPIL"], NOW))
    return chain(CHAIN, known.book, "DUKCAPIL", missing), missing


def test_what_was_never_there_begins_no_chain():
    inventory = town(application())
    known = ground(inventory)
    assert gone(of_opd(known, inventory.opds["DUKCAPIL"], NOW)) == []
    assert chain(CHAIN, known.book, "DUKCAPIL", []) is None


def test_the_first_step_is_due_a_day_after_something_was_gone():
    stands, missing = stand(ago=0)
    assert [one.need.what for one in missing] == ["KT"]
    assert stands is not None
    assert (stands.step, stands.sent, days(stands.since), days(stands.due_at)) == ("first", "", 0, 1)


def test_each_step_follows_the_one_before_as_far_apart_as_the_rules_are():
    for sent, wanted, due in (
        ((("first", 11),), "second", -8),
        ((("first", 2),), "second", 1),  # begun late: nobody is hurried
        ((("first", 11), ("second", 8)), "head", -5),
        ((("first", 11), ("second", 8), ("head", 5)), "letter", -2),
    ):
        stands, _missing = stand(*sent, ago=12)
        assert stands is not None
        assert (stands.step, days(stands.due_at)) == (wanted, due)
    stands, _missing = stand(("head", 5), ("letter", 1), ago=12)
    assert stands is not None
    assert (stands.step, stands.sent, days(stands.sent_at)) == ("", "letter", -1)


def test_what_was_sent_for_an_earlier_chain_does_not_count_for_this_one():
    stands, _missing = stand(("letter", 30), ago=12)
    assert stands is not None
    assert (stands.step, stands.sent) == ("first", "")


def test_a_step_that_the_rules_no_longer_have_is_passed_over():
    stands, _missing = stand(("telegram", 3), ago=12)
    assert stands is not None and stands.step == "first"


def test_what_is_gone_is_told_once_for_each_person_the_longest_first():
    inventory = town(application("satu"), application("dua"))
    rows = [*ready(ago=100), row("UR", variant="inside", result="missed", ago=2)]
    missing = gone(of_opd(ground(inventory, rows), inventory.opds["DUKCAPIL"], NOW))
    assert [one.need.what for one in missing] == ["LG", "KT", "CD", "UR"]
