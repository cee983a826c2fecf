"""A replay of what an engine recorded, held against that record."""

from typing import Any, NamedTuple

from opsconsole.client.replayed import Replay
from opsconsole.engine.office import Office
from opsconsole.engine.replaying import Job, replay
from opsconsole.health.states import Changed
from opsconsole.store.database import Store

# Two clocks of one look: when it was begun, and when it says it began.
SAME_MS = 20


class Turned(NamedTuple):
    """One transition as it is compared."""

    entity: str
    id: str
    before: str
    after: str
    hard: bool
    cause: str
    flapping: bool
    happened: int
    noticed: int


def job_of(office: Office, start: float, end: float, **fields: Any) -> Job:
    """Everything in the office, from ``start`` to ``end``."""
    probes = tuple((row, name, probe.id) for (row, name), probe in office.probes.items())
    usual: dict[str, Any] = {
        "rev": office.rev, "start": round(start * 1000), "end": round(end * 1000) + 1,
        "rows": tuple(office.rows), "probes": probes,
    }  # fmt: skip
    return Job(**(usual | fields))


def replayed(store: Store, office: Office, job: Job) -> tuple[Replay, list[Turned]]:
    """What the replay finds, and the transitions as configured."""
    found: list[Turned] = []

    def heard(changed: Changed) -> None:
        one = changed.transition
        found.append(
            Turned(
                changed.entity, str(changed.id), one.before.value, one.after.value, one.hard, one.reason,
                one.flapping, round(one.happened_at * 1000), round(one.noticed_at * 1000),
            )
        )  # fmt: skip

    answer = replay(store, office.inventory, job, turned=heard)
    return answer, sorted(found, key=lambda one: (one.entity, int(one.id) if one.id.isdigit() else one.id))


def recorded(store: Store) -> list[Turned]:
    """The transitions that the store holds, those of OPDs left out."""
    with store.reader() as conn:
        rows = conn.exec_driver_sql(
            "SELECT entity, entity_id, from_state, to_state, hard, cause, flapping, happened_at, noticed_at "
            "FROM transition WHERE entity <> 'opd' ORDER BY id"
        ).all()
    found = [Turned(*row[:4], bool(row[4]), row[5], bool(row[6]), *row[7:]) for row in rows]
    return sorted(found, key=lambda one: (one.entity, int(one.id) if one.id.isdigit() else one.id))


def announced(store: Store) -> list[tuple[str, str, str]]:
    """What people were told: row, what, and since what."""
    with store.reader() as conn:
        return [
            tuple(row)
            for row in conn.exec_driver_sql(
                "SELECT subject, json_extract(body, '$.after'), json_extract(body, '$.before') "
                "FROM event WHERE kind = 'application.announced' ORDER BY seq"
            )
        ]


def assert_same(found: list[Turned], wanted: list[Turned], within: int = SAME_MS) -> None:
    """Every transition is the same, its times but for how far two clocks of one look lie apart."""
    for number, (one, other) in enumerate(zip(found, wanted, strict=False)):
        assert one[:7] == other[:7], (
            number,
            one,
            other,
            found[number - 3 : number],
            wanted[number - 3 : number],
        )
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        # After a restart no more is known of when the last look ended than when it began.
        near = within + (3000 if one.cause == "stale" else 0)
        assert abs(one.happened - other.happened) <= near, (one, other)
        assert abs(one.noticed - other.noticed) <= within, (one, other)
