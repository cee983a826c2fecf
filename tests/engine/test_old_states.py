"""A start after a long time shows what is known, and does not take the past for the present."""

from pathlib import Path

from opsconsole.base.paths import home_place
from opsconsole.base.secrets.store import SecretStore
from opsconsole.engine.core import Core
from opsconsole.engine.log import EngineLog
from opsconsole.engine.outset import begin
from opsconsole.inventory.load import load
from opsconsole.store.database import open_store
from tests.engine.city import City
from tests.engine.offices import Office, application
from tests.engine.test_clock_step import MovedClock, until


async def test_what_was_not_looked_at_for_long_is_stale_until_the_next_look(home: Path, city: City):
    site = city.site()
    place = home_place(home)
    Office(home, None).write(  # type: ignore[arg-type]
        application("satu", site.url, probe={"every": "10m", "retry": "1m"})
    )
    clock, log, store = MovedClock(), EngineLog(place.engine_log), open_store(place.database)
    for away in (0.0, 1500.0, 3600.0):
        clock.moved += away
        core = Core(
            begin(place, store, load(place.config), clock.now(), demo=False),
            store,
            clock,
            log.logger,
            SecretStore(),
            stop=lambda: None,
            alive=lambda: None,
            on_clients=lambda _n: None,
        )
        hits = len(site.hits)
        await core.start()
        await until(lambda: len(site.hits) > hits)  # noqa: B023 - waited for at once
        await core.stop("test")
    with store.reader() as conn:
        changes = conn.exec_driver_sql(
            "SELECT to_state, (noticed_at - happened_at) / 60000 FROM transition"
            " WHERE entity = 'application' ORDER BY id"
        ).all()
        told = conn.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'application.announced'")
        assert told.scalar() == 0
    store.close()
    log.close()
    # Half an interval short of three it is not; an hour is, since the third one passed.
    assert [tuple(change) for change in changes] == [("up", 0), ("stale", 30), ("up", 0)]
