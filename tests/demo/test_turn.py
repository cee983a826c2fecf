"""The story's second half, played scene by scene to a real engine: what it recorded is what is listed.

`tests/soak/test_turn.py` plays a whole turn at its own speed.
"""

import asyncio
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsconsole.base.paths import example_office, home_place
from opsconsole.client.calls import Client
from opsconsole.client.shapes import Application, Board
from opsconsole.demo.certs import make_certificates
from opsconsole.demo.children import EngineChild
from opsconsole.demo.city import City
from opsconsole.demo.office import Office
from opsconsole.demo.plan import CityOpened, CityPlan
from opsconsole.demo.stagehand import announce_work
from opsconsole.demo.story import WORKS, faults, leaves
from opsconsole.store.database import open_store
from tests.demo.turn import INCIDENTS, TURN, check, events, incidents, recorded

BOUND = 25.0
# Looked at more often than in the demo, so that the test need not wait as long as people do.
RHYTHM = {"every": "1s", "retry": "300ms", "timeout": "2s"}
# The story from here on; what comes before it is over.
BEFORE, SMS = 233.0, "sms-gateway"
# Hours and weekly work are no part of the story, nor is what is switched off.
BY_THE_CLOCK = ("closed", "maint", "off")


class Stage:
    """The whole city and an engine over it. The story stands still until it is told where to go on."""

    def __init__(self, home: Path) -> None:
        self.place = home_place(home)
        self.t = BEFORE
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        office = Office(example_office())
        doors = office.doors()
        certificates = make_certificates(home / "certs", leaves(doors), datetime.now(UTC))
        plan = CityPlan(certificates=str(certificates.folder), doors=doors)
        self.city = City(plan, lambda _t: faults(self.t))
        opened: CityOpened = asyncio.run_coroutine_threadsafe(self.city.open(), self._loop).result(30)
        office.move_to(opened, certificates.ca_file, "en")
        office.write(self.place.config)
        for path in self.place.config.rglob("*.toml"):
            text = path.read_text()
            for key, value in RHYTHM.items():
                text = re.sub(rf'^{key} = "\w+"$', f'{key} = "{value}"', text, flags=re.M)
            path.write_text(text)
        self.place.log.mkdir(mode=0o700)
        self.engine = EngineChild(self.place, self.place.log / "engine.out")
        # The clock of the story is not what is played here: it stays where it is right.
        self.engine.begin(time.monotonic())
        self.engine.wait(lambda: False)

    def go(self, t: float) -> None:
        """Go on to this moment of the story."""
        self.t = t
        asyncio.run_coroutine_threadsafe(self.city.settle(), self._loop).result(30)

    def close(self) -> None:
        self.engine.end()
        asyncio.run_coroutine_threadsafe(self._close_city(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close_city(self) -> None:
        self.city.close()
        # Transports close their sockets in the loop's next turns.
        for _turn in range(3):
            await asyncio.sleep(0)

    def board(self) -> Board:
        with Client(self.place) as client:
            return client.board()

    def sees(self, true: Callable[[dict[str, Application]], bool]) -> None:
        """Wait until the board is so."""
        end = time.monotonic() + BOUND
        while not true({row.id: row for row in self.board().applications}):
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.1)

    def shows(self, state: str, *ids: str) -> None:
        """Wait until these rows are confirmed to be so."""
        self.sees(lambda rows: all(rows[id_].state == state and rows[id_].hard for id_ in ids))


@pytest.fixture
def stage() -> Iterator[Stage]:
    home = Path(tempfile.mkdtemp(prefix="turn-", dir="/tmp"))
    stage = Stage(home)
    yield stage
    stage.close()
    shutil.rmtree(home, ignore_errors=True)


def calm(rows: dict[str, Application]) -> bool:
    """Whether everything is as it is between two scenes."""
    usual = {"lpse": "down", "jdih": "warn", SMS: "up"}
    return all(
        row.hard and (row.state == usual[row.id] if row.id in usual else row.state in ("up", *BY_THE_CLOCK))
        for row in rows.values()
    )


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_each_scene_comes_to_what_is_listed(stage: Stage) -> None:
    stage.sees(calm)
    stage.go(245)
    stage.shows("down", "jaringan-intra")
    stage.go(255)
    stage.shows("unreachable", "siapp", "smartmap", "tapping")
    stage.shows("down", "gerbang-cadangan")
    stage.go(271)
    stage.shows("up", "siapp", "smartmap", "tapping")
    stage.go(290)
    stage.shows("down", "gerbang-dc")
    stage.go(300)
    stage.shows("unreachable", "service:oss", "service:bpjs")
    stage.go(319)
    stage.shows("up", "service:oss", "service:bpjs")
    stage.go(334)
    stage.sees(calm)
    announce_work(stage.place, WORKS[0]._replace(seconds=9))
    stage.shows("maint", SMS)
    stage.go(340)
    stage.sees(lambda rows: probe_is_down(stage))
    stage.go(359)
    stage.sees(calm)
    stage.go(377)
    stage.sees(lambda _rows: stage.board().engine.self_check.status == "offline")
    stage.go(390)
    stage.sees(lambda rows: all(row.state in ("unknown", *BY_THE_CLOCK) for row in rows.values()))
    stage.go(405)
    stage.sees(calm)
    stage.engine.end()
    store = open_store(stage.place.database)
    found, told, troubles = recorded(store), events(store), incidents(store)
    store.close()
    played = (
        *("lpse", "jdih", "jaringan-intra", "siapp", "smartmap", "tapping"),
        *("gerbang-cadangan", "gerbang-dc", "service:oss", "service:bpjs", SMS),
    )
    assert {row: found[row] for row in played} == {row: TURN[row] for row in played}
    others = {row.told for id_, row in found.items() if id_ not in played}
    assert others == {()}, "nobody is told of what only our own link did"
    # Nobody waits five minutes here: what has recovered is not yet resolved.
    check(troubles, tuple(one for one in INCIDENTS if set(one.members) & set(played)), 2)
    assert told.count("engine.offline") == told.count("engine.online") == 1
    assert "engine.mass_failure" not in told
    assert told.count("maintenance.begun") == told.count("maintenance.ended") == 1


def probe_is_down(stage: Stage) -> bool:
    with Client(stage.place) as client:
        [probe] = client.detail(SMS).probes
    return probe.state == "down" and probe.hard
