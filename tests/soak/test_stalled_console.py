"""Twenty seconds without a reader."""

from tests.engine.city import City
from tests.engine.conftest import city, office, zygote
from tests.engine.offices import Office
from tests.engine.test_stalled_console import stall

__all__ = ["city", "office", "zygote"]


def test_a_console_that_is_not_read_for_twenty_seconds_delays_no_look(office: Office, city: City):
    stall(office, city, 20.0)
