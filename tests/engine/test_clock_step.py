"""A whole engine inside the test, whose wall clock is moved under it."""

import asyncio
import json
from pathlib import Path

from opsconsole.base.clock import SystemClock
from opsconsole.base.paths import home_place
from opsconsole.base.secrets.store import SecretStore
from opsconsole.client.calls import AsyncClient
from opsconsole.client.shapes import Probe
from opsconsole.engine.core import Core
from opsconsole.engine.log import EngineLog
from opsconsole.engine.outset import begin
from opsconsole.inventory.load import load
from opsconsole.store.database import open_store
from tests.engine.city import City
from tests.engine.offices import Office, application


class MovedClock(SystemClock):
    """The machine's clock, off by ``moved`` seconds."""

    moved = 0.0

    def now(self) -> float:
        return super().now() + self.moved


async def until(found: object) -> None:
    async with asyncio.timeout(20):
        while not found():  # type: ignore[operator]
            await asyncio.sleep(0.01)


async def test_a_step_is_noticed_written_down_and_planned_around(home: Path, city: City):
    site = city.site()
    place = home_place(home)
    Office(home, None).write(  # type: ignore[arg-type]
        application("satu", site.url, probe={"every": "10m", "retry": "1m"})
    )
    clock, log, store = MovedClock(), EngineLog(place.engine_log), open_store(place.database)
    outset = begin(place, store, load(place.config), clock.now(), demo=False)
    core = Core(
        outset,
        store,
        clock,
        log.logger,
        SecretStore(),
        stop=lambda: None,
        alive=lambda: None,
        on_clients=lambda _n: None,
    )
    await core.start()
    async with AsyncClient(place) as client:

        async def probe() -> Probe:
            return (await client.detail("satu")).probes[0]

        await until(lambda: site.hits)
        # Back an hour: the turn that was planned stays, nothing stops.
        clock.moved = -3600.0
        await asyncio.sleep(0.6)
        due = (await probe()).next_at
        assert due is not None
        ahead = due.timestamp() - clock.now()
        assert 0 < ahead <= 600
        assert len(site.hits) == 1
        # On two hours, as after a suspend: what is overdue is looked at soon.
        clock.moved = 3600.0
        await until(lambda: len(site.hits) == 2)
    await core.stop("test")
    with store.reader() as conn:
        told = "SELECT body FROM event WHERE kind = 'clock.stepped' ORDER BY seq"
        bodies = conn.exec_driver_sql(told).all()
    store.close()
    log.close()
    back, on = (json.loads(body) for (body,) in bodies)
    assert [round(float(step["seconds"])) for step in (back, on)] == [-3600, 7200]
    # Of the two hours one had been looked at before the clock went back.
    assert "missed" not in back
    assert 5 <= on["missed"] <= 7
