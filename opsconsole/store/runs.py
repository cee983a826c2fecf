"""The engine's runs: what lies between the last sign of one and the start of the next is unknown time."""

from sqlalchemy import Connection, insert
from sqlmodel import col

from opsconsole.store.tables import EngineRun

_RUN = col(EngineRun.run)


def begin_run(conn: Connection, now: float, pid: int, version: str) -> int:
    """Write down that the engine starts, and number this run of it."""
    at = round(now * 1000)
    row = conn.execute(
        insert(EngineRun).values(started_at=at, heartbeat_at=at, pid=pid, version=version).returning(_RUN)
    )
    return int(row.scalar_one())


def cut_off_run(conn: Connection) -> tuple[int, float] | None:
    """The newest run, if it did not end by itself: its number and last sign, seconds since the epoch."""
    row = conn.exec_driver_sql(
        "SELECT run, heartbeat_at, ended_at FROM engine_run ORDER BY run DESC LIMIT 1"
    ).one_or_none()
    return None if row is None or row.ended_at is not None else (row.run, row.heartbeat_at / 1000)


def first_start(conn: Connection) -> float:
    """When the first run of all began, seconds since the epoch; 0 where there was none."""
    at = conn.exec_driver_sql("SELECT started_at FROM engine_run ORDER BY run LIMIT 1").scalar()
    return 0.0 if at is None else float(at / 1000)


def between(conn: Connection, start: int, end: int) -> list[tuple[int, int]]:
    """From when to when the engine ran, as far as that touches ``start`` to ``end``; all milliseconds.

    The newest run, unless it ended, goes on beyond its last sign.
    """
    rows = conn.exec_driver_sql(
        """
        SELECT started_at, CASE WHEN ended_at IS NOT NULL THEN ended_at
                                WHEN run = (SELECT max(run) FROM engine_run) THEN ?2
                                ELSE heartbeat_at END AS until
        FROM engine_run WHERE started_at < ?2 AND until > ?1 ORDER BY run
        """,
        (start, end),
    )
    return [(started, until) for started, until in rows]


def last_sign(conn: Connection) -> float | None:
    """When the newest run last gave a sign of life, seconds since the epoch; None where there was none."""
    at = conn.exec_driver_sql("SELECT heartbeat_at FROM engine_run ORDER BY run DESC LIMIT 1").scalar()
    return None if at is None else at / 1000


def heartbeat(conn: Connection, run: int, now: float) -> None:
    """Write down that the run still lives."""
    conn.exec_driver_sql("UPDATE engine_run SET heartbeat_at = ? WHERE run = ?", (round(now * 1000), run))


def end_run(conn: Connection, run: int, now: float) -> None:
    """Write down that the run ended by itself: nothing it had to write is missing."""
    at = round(now * 1000)
    conn.exec_driver_sql("UPDATE engine_run SET heartbeat_at = ?, ended_at = ? WHERE run = ?", (at, at, run))
