"""Whether applications were registered before they went live."""

from datetime import timedelta
from math import ceil
from pathlib import Path

from opsconsole.base.clock import utc
from opsconsole.engine.behaviour import registered
from tests.engine.inside import NOON, Inside
from tests.engine.offices import application

DAY = 86_400


def live(row_id: str, day: int) -> str:
    """An application that people could use so many days after the first start."""
    first = (utc(NOON) + timedelta(days=day)).date()
    return application(row_id, "http://127.0.0.1:9/", lines=[f"live_since = {first}"])


async def test_what_was_in_the_register_by_its_first_day_counts_and_what_was_live_before_it_does_not(
    home: Path,
):
    first = Inside(home, live("lama", -30), live("nanti", 90), application("tanpa", "http://127.0.0.1:9/"))
    clock = first.clock
    first.close()
    clock.advance(10 * DAY)
    known = [live("lama", -30), live("nanti", 90), live("telat", 5), live("tepat", 10), live("dini", 12)]
    second = Inside(home, *known, clock=clock)
    with second.store.reader() as conn:
        found = [
            (opd, ceil((case.at - NOON) / DAY), case.value)
            for opd, case in registered(conn, second.outset.office.inventory, NOON + 20 * DAY)
        ]
    assert found == [("UJI", 5, 0.0), ("UJI", 10, 1.0), ("UJI", 12, 1.0)]
    second.close()
