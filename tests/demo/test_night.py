"""An outage worked through with keys on 80x24, against a real engine over the whole city."""

import pytest

from opsconsole.client.calls import Client
from opsconsole.client.shapes import Board
from tests.console.driving import story
from tests.demo.test_turn import Stage, calm, stage

__all__ = ["stage"]


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
async def test_from_the_outage_to_the_hand_over(stage: Stage) -> None:
    stage.sees(calm)
    stage.go(245)
    stage.shows("down", "jaringan-intra")
    number = next(one.number for one in board(stage).incidents if one.subject == "jaringan-intra")
    async with story(stage.place) as console:
        await console.sees("jaringan-intra", f"#{number}")
        await console.press("2")
        await console.sees("INCIDENTS 3")
        await console.press(":", *f"incident {number}", "enter")
        await console.sees(f"Incidents > #{number}", "CALL", "vital infrastructure (IIV) hit?")
        await console.press("a")
        await console.sees(f"#{number} high ACK")
        await console.press("t")
        await console.sees("taken")
        await console.press("n", *"Adi ditelepon", "enter")
        await console.sees("noted: Adi ditelepon")
        await console.press(":", *f"mitigate {number} jalur lain", "enter")
        await console.sees(f"#{number} high EASED")
        stage.go(276)
        await console.sees("all of it is up again")
        await console.press("x", *"network kabel diganti", "enter")
        await console.sees(f"#{number} high DONE", "kabel diganti")
        await console.press("H")
        await console.sees("SHIFT HAND-OVER")


def board(stage: Stage) -> Board:
    with Client(stage.place) as client:
        return client.board()
