"""Which severity an incident is taken for."""

import pytest

from opsconsole.client.incidents import Severity
from opsconsole.incidents.severity import suggest
from tests.incidents.policies import policy


@pytest.mark.parametrize(
    ("seen", "severity"),
    [
        ({"tier": 1, "audience": "public", "state": "down"}, "critical"),
        ({"tier": 1, "audience": "public", "state": "unreachable"}, "critical"),
        ({"tier": 1, "audience": "internal", "state": "down"}, "high"),
        ({"tier": 1, "audience": "public", "state": "warn"}, "high"),
        ({"tier": 2, "audience": "public", "state": "down"}, "high"),
        ({"tier": 2, "audience": "public", "state": "warn"}, "medium"),
        ({"tier": 3, "audience": "public", "state": "down"}, "medium"),
        ({"tier": 3, "audience": "public", "state": "down", "in_season": True}, "high"),
        ({"tier": 3, "audience": "public", "state": "warn", "in_season": True}, "low"),
        ({"tier": 4, "audience": "public", "state": "down"}, "low"),
        ({"tier": 4, "audience": "public", "state": "", "kind": "cyber"}, "high"),
        ({"tier": 4, "audience": "public", "state": "", "category": "defacement"}, "critical"),
        ({"tier": 4, "audience": "internal", "state": "", "exposed": True}, "critical"),
        ({"tier": 1, "audience": "public", "state": "warn", "category": "expiry"}, "low"),
        # What has expired and fails with it is an outage like any other.
        ({"tier": 1, "audience": "public", "state": "down", "category": "expiry"}, "critical"),
    ],
)
def test_the_built_in_table(seen: dict[str, object], severity: str):
    assert suggest(policy(), **seen) is Severity(severity)


def test_the_first_row_of_an_office_s_own_table_that_fits_decides():
    own = policy(
        '[[suggest]]\nseverity = "medium"\ntiers = [1, 2]\nexposed = false\n'
        '[[suggest]]\nseverity = "critical"\ntiers = [1]\n'
    )
    plain = {"audience": "public", "state": "down"}
    assert suggest(own, tier=1, **plain) is Severity.MEDIUM
    assert suggest(own, tier=1, exposed=True, **plain) is Severity.CRITICAL
    assert suggest(own, tier=2, exposed=True, **plain) is Severity.LOW
    assert suggest(own, tier=3, **plain) is Severity.LOW
