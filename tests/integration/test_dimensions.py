"""The six dimensions in counts, and the gate of the first."""

from datetime import UTC, date, datetime

from opsconsole.client.dimensions import DimensionsPage
from opsconsole.integration.dimensions import Standing, summary
from opsconsole.inventory.road_model import Gate, RoadFile

AT = datetime(2026, 11, 24, tzinfo=UTC)


def page(*rows: Standing, **gate: int) -> DimensionsPage:
    return summary(rows, RoadFile(gate=Gate(**gate)), AT, date(2026, 11, 24))


GOOD = Standing("governance", True, 5, 3)
BAD = Standing("governance", True, 4, 2)
OTHER = Standing("economy", True, 5, 3)


def test_the_others_are_counted_once_the_first_has_reached_its_gate():
    met = page(GOOD, BAD, OTHER, reachable_percent=100, integrated_percent=50, ready_percent=50)
    assert met.gate_met
    assert [one.integrated for one in met.dimensions if one.dimension == "economy"] == [1]
    short = page(GOOD, BAD, OTHER, integrated_percent=51)
    assert not short.gate_met
    [economy] = [one for one in short.dimensions if one.dimension == "economy"]
    assert (economy.counted, economy.applications, economy.integrated) == (False, 1, 0)


def test_without_a_gate_all_six_are_counted_and_what_has_no_dimension_is_told():
    found = page(BAD, Standing("", True, 5, 3))
    assert all(one.counted for one in found.dimensions)
    assert (len(found.dimensions), found.untold) == (6, 1)
