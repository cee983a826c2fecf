"""How bad an incident is taken for until a person says otherwise."""

from collections.abc import Collection

from opsconsole.client.incidents import Category, Kind, Severity
from opsconsole.inventory.policy import IncidentPolicy, SuggestRow


def suggest(
    policy: IncidentPolicy,
    *,
    tier: int,
    audience: str,
    state: str,
    kind: Kind = "outage",
    category: Category = "",
    exposed: bool = False,
    in_season: bool = False,
) -> Severity:
    """The severity of the first row of the table that fits, low where none does.

    ``state`` is what the cause shows (``down``, ``unreachable``, ``warn``), empty where nothing of it
    fails; ``audience`` as in the inventory; ``exposed``: personal data are known to be out.
    """
    seen: tuple[object, ...] = (tier, audience, state, kind, category)
    for row in policy.suggestions:
        fits = all(not some or one in some for some, one in zip(_allowed(row), seen, strict=True))
        if fits and row.exposed in (None, exposed) and row.in_season in (None, in_season):
            return Severity(row.severity)
    return Severity.LOW


def _allowed(row: SuggestRow) -> tuple[Collection[object], ...]:
    """What a row asks for, in the order of what is seen; empty for anything."""
    return row.tiers, row.audiences, row.states, row.kinds, row.categories
