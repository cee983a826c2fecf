"""Where a problem may go, and from its events to how it stands."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from opsconsole.base.errors import Conflict, Invalid
from opsconsole.client.problem_register import RegisteredProblem, Standing
from opsconsole.integration.problem_rules import check_move

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PROBLEM = RegisteredProblem(
    number=3, text="x", category="policy", day=date(2026, 11, 1), recorded_at=NOW, changed_at=NOW
)


def refusal(to: Standing, reason: str = "", **keys: object) -> str:
    try:
        check_move(replace(PROBLEM, **keys), to, reason)
    except (Conflict, Invalid) as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(
    ("status", "keys"),
    [
        ("analysed", {}),
        ("agreed", {"solution": "s", "pic": "p"}),
        ("bimtek_planned", {"bimtek": "BT-1"}),
        ("bimtek_done", {"bimtek": "BT-1"}),
        ("shown", {"before": "10", "after": "5"}),
    ],
)
def test_a_step_needs_what_stands_behind_it(status: Standing, keys: dict[str, str]):
    assert refusal(status, **keys) == ""
    for missing in keys:
        assert missing in refusal(status, **{**keys, missing: ""})


def test_it_can_not_go_where_it_is():
    assert "already" in refusal("recorded")


def test_back_and_cancelled_and_closed_without_a_change_need_a_reason():
    assert "reason" in refusal("cancelled")
    assert "reason" in refusal("closed")
    assert "reason" in refusal("recorded", status="analysed")
    for status, standing in (("cancelled", "recorded"), ("closed", "recorded"), ("recorded", "analysed")):
        assert refusal(status, "why", status=standing) == ""  # type: ignore[arg-type]
    assert refusal("closed", status="shown") == ""
