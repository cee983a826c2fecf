"""`replay` of what a real engine recorded: the same as configured, and what others would have brought."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.client.replayed import AskReplay, Replay
from opsconsole.engine.office import assemble
from opsconsole.engine.replaying import Job
from opsconsole.health.states import States
from opsconsole.inventory.load import load
from opsconsole.inventory.register import Registered
from opsconsole.store.database import open_store
from tests.engine.city import City
from tests.engine.offices import Office, application, until
from tests.engine.replays import announced, assert_same, recorded, replayed

QUICK = {"every": "500ms", "retry": "150ms", "timeout": "1s", "attempts": 3, "recoveries": 2}


def asked(office: Office, **fields: object) -> Replay:
    """What the engine answers."""
    since = datetime.now(UTC) - timedelta(minutes=5)
    with office.client() as client:
        return client.query(AskReplay(**({"since": since} | fields)))  # type: ignore[arg-type]


@pytest.fixture
def night(office: Office, city: City) -> Iterator[Office]:
    """An outage with its child, a kill in the midst of it, and one that flaps."""
    canary = city.site(address="127.0.0.3")
    settings = f'[self_check]\ncanaries = ["{canary.address}:{canary.port}"]\n'
    induk, anak, goyah = (city.site(address=f"127.0.0.{n}") for n in (4, 5, 6))
    office.write(
        application("induk", induk.url, probe=QUICK),
        application("anak", anak.url, probe=QUICK, lines=['depends_on = ["induk"]']),
        application("goyah", goyah.url, probe={**QUICK, "every": "200ms"}),
        settings=settings,
    )
    office.start()
    until(lambda: all(row.state == "up" for row in office.board().applications))
    induk.behaviour = "fail"
    until(lambda: office.confirmed_down("induk"))
    anak.behaviour = "fail"
    until(lambda: office.row("anak").state == "unreachable")
    seen = len(induk.hits)
    until(lambda: len(induk.hits) > seen + 3)
    office.kill()
    office.start()
    # It must not last for twenty looks, however slow the machine is.
    induk.behaviour = anak.behaviour = "ok"
    until(lambda: all(row.state == "up" for row in office.board().applications))
    for behaviour in ("fail", "ok") * 4:
        goyah.behaviour, seen = behaviour, len(goyah.hits)
        until(lambda seen=seen: len(goyah.hits) > seen + 1)
    until(lambda: office.row("goyah").flapping)
    goyah.behaviour = "ok"
    until(lambda: all(row.state == "up" for row in office.board().applications))
    until(lambda: not office.row("goyah").flapping)
    yield office


def test_as_configured_it_finds_what_was_recorded_and_fewer_alarms_with_more_attempts(night: Office) -> None:
    now = asked(night)
    assert now.total.recorded == now.total.alarms == now.total.would >= 1
    assert now.looks > 40 and now.asked == 3
    patient = asked(night, sets={"attempts": "20"}, applications=("induk",))
    assert patient.total.alarms == 1
    [row] = patient.applications
    assert row.application == "induk"
    assert patient.total.would == 0 and patient.total.avoided == patient.total.recovered == 1
    hasty = asked(night, sets={"attempts": "1"}, applications=("induk",))
    assert hasty.total.alarms == hasty.total.would == 1
    assert hasty.total.delay_most_s is not None and hasty.total.delay_most_s < 0.5
    night.stop()
    inventory = load(night.place.config)
    store = open_store(night.place.database)
    with store.reader() as conn:
        numbers = {
            (row, name): number
            for row, name, number in conn.exec_driver_sql(
                "SELECT row_id, name, probe.id FROM probe JOIN application ON application.id = application"
            )
        }
    office, _changes = assemble(
        inventory, Registered(1, numbers, {}), States(probes={}, applications={}, opds={}), 0.0
    )
    end = datetime.now(UTC).timestamp() * 1000
    job = Job(
        rev=1, start=round(end) - 300_000, end=round(end) + 1, rows=tuple(office.rows),
        probes=tuple((row, name, number) for (row, name), number in numbers.items()),
    )  # fmt: skip
    _answer, found = replayed(store, office, job)
    assert_same(found, recorded(store))
    assert announced(store)
    store.close()


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        ({"retry": "5s"}, "other looks would have been made"),
        ({"every": "5s"}, "other looks would have been made"),
        ({"attemps": "5"}, "nothing that a replay can set"),
        ({"attempts": "0"}, "number from 1"),
        ({"attempts": "²"}, "number from 1"),
        ({"slow_over": "fast"}, "duration"),
    ],
)
def test_what_can_not_be_replayed_is_refused_with_the_reason(sets: dict[str, str], said: str) -> None:
    from opsconsole.engine.thresholds import read_thresholds

    with pytest.raises(Invalid) as refused:
        read_thresholds(sets)
    assert said in str(refused.value)


def test_questions_that_mean_nothing_are_refused(office: Office, city: City) -> None:
    office.write(application("satu", city.site().url))
    office.start()
    now = datetime.now(UTC)
    with pytest.raises(Invalid):
        asked(office, since=now + timedelta(hours=1))
    with pytest.raises(NotFound):
        asked(office, applications=("nihil",))
    with pytest.raises(NotFound):
        asked(office, opd="NIHIL")
    assert msgspec.structs.replace(asked(office), looks=0).total.alarms == 0
