"""Giving what is configured its numbers in the store, and keeping every accepted set of files."""

import msgspec
import zstandard
from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from opsconsole.inventory.office import ApplicationEntry, ConfiguredProbe, Inventory
from opsconsole.inventory.tables import ApplicationRow, ConfigRev, ProbeRow


class Registered(msgspec.Struct, frozen=True):
    """The numbers of one accepted set: its revision, its probes by (row id, name), its rows by row id."""

    rev: int
    probe_ids: dict[tuple[str, str], int]
    app_ids: dict[str, int]


def register(conn: Connection, inventory: Inventory, now: float) -> Registered:
    """Write down what ``inventory`` holds, in the caller's transaction, and number it.

    A number is never given twice: what is gone is retired, what comes back takes up its old one. A probe
    whose ``was`` names an earlier id of its application goes on under that one's number. A set of files
    that was accepted before keeps its revision.
    """
    at = round(now * 1000)
    app_ids = _applications(conn, inventory, at)
    known = _known_probes(conn)
    probe_ids: dict[tuple[str, str], int] = {}
    for row in inventory.rows():
        names = known.get(app_ids[row.id], {})
        _rename(conn, row, names)
        for probe in row.probes:
            number = names.get(probe.name)
            probe_ids[row.id, probe.name] = number or _add(conn, app_ids[row.id], probe, at)
    _retire(conn, ApplicationRow, set(app_ids.values()), at)
    _retire(conn, ProbeRow, set(probe_ids.values()), at)
    return Registered(_revision(conn, inventory, at), probe_ids, app_ids)


def accepted_files(conn: Connection, rev: int) -> dict[str, bytes]:
    """The files of an accepted set, by their relative path."""
    packed = conn.execute(select(col(ConfigRev.files)).where(col(ConfigRev.rev) == rev)).scalar_one()
    return msgspec.msgpack.decode(zstandard.decompress(packed), type=dict[str, bytes])


def _applications(conn: Connection, inventory: Inventory, at: int) -> dict[str, int]:
    known = {
        row_id: number
        for number, row_id in conn.execute(select(col(ApplicationRow.id), col(ApplicationRow.row_id)))
    }
    app_ids = {}
    for row in inventory.rows():
        number = known.get(row.id)
        if number is None:
            statement = insert(ApplicationRow).values(row_id=row.id, first_seen=at)
            number = conn.execute(statement.returning(col(ApplicationRow.id))).scalar_one()
        app_ids[row.id] = number
    return app_ids


def _known_probes(conn: Connection) -> dict[int, dict[str, int]]:
    """The numbers of all probes ever seen, by application and name."""
    known: dict[int, dict[str, int]] = {}
    columns = col(ProbeRow.application), col(ProbeRow.name), col(ProbeRow.id)
    for application, name, number in conn.execute(select(*columns)):
        known.setdefault(application, {})[name] = number
    return known


def _rename(conn: Connection, row: ApplicationEntry, names: dict[str, int]) -> None:
    """Let probes go on under a new name; ``names`` follows."""
    for probe in row.probes:
        for earlier in probe.spec.was:
            if probe.name not in names and earlier in names:
                number = names.pop(earlier)
                names[probe.name] = number
                statement = update(ProbeRow).where(col(ProbeRow.id) == number)
                conn.execute(statement.values(name=probe.name))


def _add(conn: Connection, application: int, probe: ConfiguredProbe, at: int) -> int:
    statement = insert(ProbeRow).values(application=application, name=probe.name, first_seen=at)
    return int(conn.execute(statement.returning(col(ProbeRow.id))).scalar_one())


def _retire(conn: Connection, table: type[ApplicationRow | ProbeRow], present: set[int], at: int) -> None:
    """Retire what is configured no longer; what came back is not retired any more."""
    number, retired_at = col(table.id), col(table.retired_at)
    for known, retired in conn.execute(select(number, retired_at)).all():
        if (known in present) is (retired is not None):
            value = None if known in present else at
            conn.execute(update(table).where(number == known).values(retired_at=value))


def _revision(conn: Connection, inventory: Inventory, at: int) -> int:
    known = select(col(ConfigRev.rev)).where(col(ConfigRev.digest) == inventory.digest)
    rev = conn.execute(known).scalar_one_or_none()
    if rev is None:
        packed = zstandard.compress(msgspec.msgpack.encode(dict(inventory.files)))
        statement = insert(ConfigRev).values(accepted_at=at, digest=inventory.digest, files=packed)
        rev = conn.execute(statement.returning(col(ConfigRev.rev))).scalar_one()
    return int(rev)
