"""Thirty kills while a receiver refuses a fifth of what comes."""

import random

import pytest

from tests.engine.conftest import city, office, zygote
from tests.engine.offices import Office
from tests.notify.test_kill import kill_again_and_again

__all__ = ["city", "office", "zygote"]

KILLS = 30


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_thirty_kills_lose_no_message(office: Office):
    kill_again_and_again(office, KILLS, random.Random(30))
