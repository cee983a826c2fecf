"""Five hundred kills."""

import random

import pytest

from tests.engine.city import City
from tests.engine.conftest import city, office, zygote
from tests.engine.offices import Office
from tests.engine.test_kill import kill_again_and_again

__all__ = ["city", "office", "zygote"]

KILLS = 500


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_five_hundred_kills_lose_nothing_and_leave_the_chain_whole(office: Office, city: City):
    kill_again_and_again(office, city, KILLS, random.Random(500))
