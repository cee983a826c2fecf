"""The engine's runs."""

from opsconsole.store.database import Store
from opsconsole.store.runs import begin_run, between, end_run, heartbeat


def test_runs_are_numbered_and_tell_how_they_ended(store: Store) -> None:
    with store.writer() as conn:
        first = begin_run(conn, 100.0, 4711, "0.1.0")
        heartbeat(conn, first, 107.5)
        second = begin_run(conn, 200.0, 4712, "0.1.0")
        heartbeat(conn, second, 202.0)
        end_run(conn, second, 203.0)
        rows = conn.exec_driver_sql("SELECT * FROM engine_run").fetchall()
    assert (first, second) == (1, 2)
    assert [tuple(row) for row in rows] == [
        (1, 100_000, 107_500, None, 4711, "0.1.0"),
        (2, 200_000, 203_000, 203_000, 4712, "0.1.0"),
    ]


def test_the_time_that_the_engine_ran_ends_with_its_last_sign_unless_it_still_runs(store: Store) -> None:
    with store.writer() as conn:
        cut_off = begin_run(conn, 100.0, 1, "0")
        heartbeat(conn, cut_off, 107.5)
        ended = begin_run(conn, 200.0, 2, "0")
        end_run(conn, ended, 230.0)
        heartbeat(conn, begin_run(conn, 300.0, 3, "0"), 302.0)
    with store.reader() as conn:
        assert between(conn, 0, 400_000) == [(100_000, 107_500), (200_000, 230_000), (300_000, 400_000)]
        assert between(conn, 107_500, 300_000) == [(200_000, 230_000)]
        assert between(conn, 240_000, 290_000) == []
