"""What triage asks, and the clocks that the law starts."""

from datetime import timedelta

import pytest

from opsconsole.incidents.law import is_cyber, law_clocks, questions
from tests.incidents.policies import OPENED, policy


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        ({"kind": "outage", "category": "", "personal_data": False, "iiv": False}, ()),
        ({"kind": "outage", "category": "", "personal_data": True, "iiv": False}, ("personal_data",)),
        ({"kind": "outage", "category": "complaint", "personal_data": False, "iiv": True}, ("iiv",)),
        (
            {"kind": "cyber", "category": "", "personal_data": False, "iiv": False},
            ("personal_data", "iiv"),
        ),
        (
            {"kind": "outage", "category": "defacement", "personal_data": False, "iiv": True},
            ("personal_data", "iiv"),
        ),
    ],
)
def test_it_asks_only_what_the_inventory_or_the_attack_gives_reason_to(
    case: dict[str, object], asked: tuple[str, ...]
):
    assert questions(**case) == asked


def test_an_attack_is_one_by_its_name_or_by_what_it_is():
    assert is_cyber("cyber", "")
    assert is_cyber("outage", "leak")
    assert not is_cyber("outage", "expiry")


@pytest.mark.parametrize(
    ("question", "answer", "kind", "category", "started"),
    [
        ("personal_data", "yes", "outage", "", [("pdp", 72, "uu-pdp-27-2022-46")]),
        ("personal_data", "no", "cyber", "", []),
        ("personal_data", "checking", "cyber", "", []),
        ("iiv", "yes", "outage", "", [("bssn-iiv", 24, "bssn-1-2024-15")]),
        # The rule gives no hours for what is no vital infrastructure: none are made up.
        ("iiv", "no", "cyber", "", [("bssn", None, "bssn-1-2024-15")]),
        ("iiv", "no", "outage", "leak", [("bssn", None, "bssn-1-2024-15")]),
        ("iiv", "no", "outage", "", []),
        ("iiv", "", "cyber", "", []),
    ],
)
def test_an_answer_starts_the_clocks_of_its_law(
    question: str, answer: str, kind: str, category: str, started: list[tuple[str, int | None, str]]
):
    made = law_clocks(question, answer, OPENED, policy(), kind=kind, category=category)
    assert [(one.id, one.started_at, one.due_at, one.source, one.counts) for one in made] == [
        (name, OPENED, None if hours is None else OPENED + timedelta(hours=hours), source, "calendar")
        for name, hours, source in started
    ]


def test_an_office_may_bring_rules_of_its_own():
    own = policy(
        '[[law]]\nid = "gubernur"\nquestion = "iiv"\nhours = 2\nto = "Gubernur"\nwhat = "x"\nsource = "se-1"'
    )
    (clock,) = law_clocks("iiv", "yes", OPENED, own, kind="outage")
    assert (clock.id, clock.due_at) == ("gubernur", OPENED + timedelta(hours=2))
