"""What this room keeps in its tables: put there by its subscriber alone, read by everybody."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection

from opsconsole.client.instructions import Instruction
from opsconsole.client.integration import Measure
from opsconsole.client.problem_register import RegisteredProblem
from opsconsole.client.usage import Usage
from opsconsole.integration.evaluate import Counted
from opsconsole.integration.rules import Standing

_PUT_PROOF = """
INSERT INTO integration_proof (application, proof, proven, since, document, until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET proven = excluded.proven, since = excluded.since, document = excluded.document,
    until = excluded.until
"""
_PUT_STAGE = """
INSERT INTO integration_stage (application, stage, since) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET stage = excluded.stage, since = excluded.since
"""
_PUT_OPD = """
INSERT INTO integration_opd (opd, measure, counted, since, stopped) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET counted = excluded.counted, since = excluded.since, stopped = excluded.stopped
"""
_PUT_USAGE = """
INSERT INTO integration_usage (application, quarter, count, source, how) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET count = excluded.count, source = excluded.source, how = excluded.how
"""
_PUT_EVALUATION = """
INSERT INTO integration_evaluation (id, at, day) VALUES (1, ?, ?)
ON CONFLICT DO UPDATE SET at = excluded.at, day = excluded.day
"""
_PUT_PROBLEM = """
INSERT INTO problem (number, "key", status, opd, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET status = excluded.status, opd = excluded.opd, body = excluded.body
"""
_PUT_INSTRUCTION = """
INSERT INTO instruction (number, status, opd, due, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET status = excluded.status, body = excluded.body
"""
# More than SQLite could hold is no number of anything.
_MOST_NUMBER = 1 << 40
_problem = msgspec.json.Decoder(RegisteredProblem)
_instruction = msgspec.json.Decoder(Instruction)
_Shape = TypeVar("_Shape")


class StoredOpd(NamedTuple):
    """An OPD and a measure as it was recorded last; not ``counted``: it was lost on that day."""

    opd: str
    measure: Measure
    counted: bool
    standing: Counted


def put_proof(conn: Connection, application: str, proof: str, standing: Standing) -> None:
    """Write how a proof stands."""
    until = standing.until.isoformat() if standing.until else ""
    row = (application, proof, standing.proven, standing.since.isoformat(), standing.document, until)
    conn.exec_driver_sql(_PUT_PROOF, row)


def proofs(conn: Connection) -> list[tuple[str, str, Standing]]:
    """Every proof that was recorded, by application and proof."""
    rows = conn.exec_driver_sql(
        "SELECT application, proof, proven, since, document, until FROM integration_proof"
    )
    return [
        (application, proof, Standing(bool(proven), date.fromisoformat(since), document, _day(until)))
        for application, proof, proven, since, document, until in rows
    ]


def put_stage(conn: Connection, application: str, stage: int, since: date) -> None:
    """Write the stage of an application."""
    conn.exec_driver_sql(_PUT_STAGE, (application, stage, since.isoformat()))


def stages(conn: Connection) -> dict[str, tuple[int, date]]:
    """Every stage that was recorded, and since when."""
    rows = conn.exec_driver_sql("SELECT application, stage, since FROM integration_stage")
    return {name: (stage, date.fromisoformat(since)) for name, stage, since in rows}


def put_opd(conn: Connection, one: StoredOpd) -> None:
    """Write whether an OPD has a measure."""
    stopped = one.standing.stopped.isoformat() if one.standing.stopped else ""
    row = (one.opd, one.measure, one.counted, one.standing.since.isoformat(), stopped)
    conn.exec_driver_sql(_PUT_OPD, row)


def opds(conn: Connection) -> list[StoredOpd]:
    """Every OPD and measure that was recorded."""
    rows = conn.exec_driver_sql("SELECT opd, measure, counted, since, stopped FROM integration_opd")
    return [
        StoredOpd(opd, measure, bool(counted), Counted(date.fromisoformat(since), _day(stopped)))
        for opd, measure, counted, since, stopped in rows
    ]


def put_usage(conn: Connection, application: str, one: Usage) -> None:
    """Write the figure of a quarter."""
    conn.exec_driver_sql(_PUT_USAGE, (application, one.quarter, one.count, one.source, one.how))


def drop_usage(conn: Connection, application: str, quarter: str) -> None:
    """Let a quarter have no figure."""
    sql = "DELETE FROM integration_usage WHERE application = ? AND quarter = ?"
    conn.exec_driver_sql(sql, (application, quarter))


def usage(conn: Connection) -> dict[tuple[str, str], Usage]:
    """Every figure of use, by application and quarter."""
    rows = conn.exec_driver_sql("SELECT application, quarter, count, source, how FROM integration_usage")
    return {
        (application, quarter): Usage(quarter, count, source, how)
        for application, quarter, count, source, how in rows
    }


def put_evaluation(conn: Connection, at: float, day: str) -> None:
    """Write when everything was looked over; seconds since the epoch."""
    conn.exec_driver_sql(_PUT_EVALUATION, (round(at * 1000), day))


def evaluation(conn: Connection) -> tuple[float, date] | None:
    """When everything was looked over last, and of what day; None before the first time."""
    row = conn.exec_driver_sql("SELECT at, day FROM integration_evaluation").one_or_none()
    return None if row is None else (row[0] / 1000, date.fromisoformat(row[1]))


def put_problem(conn: Connection, one: RegisteredProblem) -> None:
    """Write a problem."""
    row = (one.number, one.key, one.status, one.opd, msgspec.json.encode(one))
    conn.exec_driver_sql(_PUT_PROBLEM, row)


def problem(conn: Connection, number: int) -> RegisteredProblem | None:
    """The problem of this number."""
    return _one(conn, "problem", number, _problem)


def problems(conn: Connection) -> list[RegisteredProblem]:
    """All of them, by number."""
    return _all(conn, "problem", _problem)


def put_instruction(conn: Connection, one: Instruction) -> None:
    """Write an instruction."""
    row = (one.number, one.status, one.opd, one.due.isoformat(), msgspec.json.encode(one))
    conn.exec_driver_sql(_PUT_INSTRUCTION, row)


def instruction(conn: Connection, number: int) -> Instruction | None:
    """The instruction of this number."""
    return _one(conn, "instruction", number, _instruction)


def instructions(conn: Connection) -> list[Instruction]:
    """All of them, by number."""
    return _all(conn, "instruction", _instruction)


def next_number(conn: Connection, table: str) -> int:
    """The number that the next ``problem`` or ``instruction`` gets, in the transaction that records it."""
    return int(conn.exec_driver_sql(f"SELECT coalesce(max(number), 0) + 1 FROM {table}").scalar_one())  # noqa: S608 - one of two names


def _one(conn: Connection, table: str, number: int, decoder: "msgspec.json.Decoder[_Shape]") -> _Shape | None:
    if not 0 < number < _MOST_NUMBER:
        return None
    sql = f"SELECT body FROM {table} WHERE number = ?"  # noqa: S608 - one of two names
    body = conn.exec_driver_sql(sql, (number,)).scalar_one_or_none()
    return None if body is None else decoder.decode(body)


def _all(conn: Connection, table: str, decoder: "msgspec.json.Decoder[_Shape]") -> list[_Shape]:
    rows: Iterable[Any] = conn.exec_driver_sql(f"SELECT body FROM {table} ORDER BY number")  # noqa: S608 - one of two names
    return [decoder.decode(body) for (body,) in rows]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
