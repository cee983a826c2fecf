"""Stages: cumulative, with exemptions; proofs that stop go on for a while, papers end on their day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.integration import rules
from opsconsole.integration.rules import PROOFS, Reached, Row, Standing, falls_on, holds, reached
from tests.integration.roads import V1

DAY = date(2026, 11, 24)
ALL = frozenset(PROOFS)
proof_sets = st.frozensets(st.sampled_from(sorted(PROOFS)))
exemptions = st.frozensets(st.integers(1, 6))


def up_to(stage: int) -> frozenset[str]:
    return frozenset(proof for proof, (of, _automatic) in PROOFS.items() if of <= stage)


def row(**keys: object) -> Row:
    given_keys = {
        "tier": 1,
        "active": True,
        "stage": 5,
        "cleared": 5,
        "reachable": True,
        "watched": True,
        "level": 3,
    }
    return Row(**{**given_keys, **keys})  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", range(7))
def test_a_stage_is_reached_with_all_below_it(stage: int):
    assert reached(up_to(stage), ()) == Reached(stage, stage)


def test_one_missing_proof_holds_everything_above_it_back():
    assert reached(ALL - {"api_document"}, ()) == Reached(2, 2)


def test_what_is_exempt_is_passed_over_but_is_no_stage_of_its_own():
    assert reached(up_to(3), {4}) == Reached(3, 4)
    assert reached(ALL - {"sso"}, {4}) == Reached(6, 6)
    assert reached((), {1, 2, 3, 4, 5, 6}) == Reached(0, 6)


@given(proof_sets, exemptions)
def test_more_proof_never_lowers_a_stage(held: frozenset[str], exempt: frozenset[int]):
    before = reached(held, exempt)
    for proof in PROOFS:
        after = reached(held | {proof}, exempt)
        assert after.stage >= before.stage
        assert after.cleared >= before.cleared


@given(proof_sets, exemptions)
def test_everything_below_a_stage_is_met_or_exempt(held: frozenset[str], exempt: frozenset[int]):
    at = reached(held, exempt)
    assert at.stage <= at.cleared
    for number in range(1, at.cleared + 1):
        assert up_to(number) - up_to(number - 1) <= held or number in exempt
    if at.stage:
        assert up_to(at.stage) - up_to(at.stage - 1) <= held


def test_an_automatic_proof_that_stopped_counts_for_fourteen_days():
    stopped = Standing(False, DAY)
    assert holds("reachable", stopped, DAY + timedelta(days=13), 14)
    assert not holds("reachable", stopped, DAY + timedelta(days=14), 14)
    assert falls_on("reachable", stopped, 14) == DAY + timedelta(days=14)
    assert falls_on("reachable", Standing(True, DAY), 14) is None


def test_a_paper_ends_on_its_day_without_grace():
    paper = Standing(True, DAY, "PKS 1", DAY)
    assert holds("agreement", paper, DAY, 14)
    assert not holds("agreement", paper, DAY + timedelta(days=1), 14)
    assert falls_on("agreement", paper, 14) == DAY + timedelta(days=1)
    assert holds("agreement", Standing(True, DAY), date(2099, 1, 1), 14)
    assert falls_on("agreement", Standing(True, DAY), 14) is None
    assert not holds("agreement", Standing(False, DAY), DAY, 14)
    assert falls_on("agreement", Standing(False, DAY, "", DAY), 14) is None
    assert not holds("agreement", None, DAY, 14)


def test_connected_takes_one_priority_application_that_is_far_enough_reachable_and_has_people():
    assert rules.connected([row(cleared=3, level=2)], V1)
    assert rules.connected([row(cleared=0), row(cleared=3, level=2)], V1)
    assert not rules.connected([row(cleared=2)], V1)
    assert not rules.connected([row(reachable=False)], V1)
    assert not rules.connected([row(level=1)], V1)
    assert not rules.connected([row(tier=4), row(cleared=0)], V1)
    assert not rules.connected([], V1)


def test_integrated_takes_every_priority_application():
    assert rules.integrated([row(), row(tier=2), row(tier=3, cleared=0)], V1)
    assert not rules.integrated([row(), row(tier=2, cleared=4)], V1)
    assert not rules.integrated([row(watched=False)], V1)
    assert not rules.integrated([row(level=2)], V1)
    assert rules.integrated([row(reachable=False)], V1)


def test_one_without_applications_is_not_integrated():
    assert not rules.integrated([], V1)
    assert not rules.integrated([row(active=False)], V1)


def test_where_no_application_has_priority_all_decide():
    assert rules.integrated([row(tier=3), row(tier=4)], V1)
    assert not rules.integrated([row(tier=3), row(tier=4, cleared=1)], V1)
