"""States and transitions as the store keeps them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsconsole.client.shapes import State
from opsconsole.health.model import OpdState, Overlays, Policy, ProbeView
from opsconsole.health.rows import application_state
from opsconsole.health.states import Changed, load, record, save
from opsconsole.store.database import Store, open_store
from tests.health.sequences import run


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store."""
    opened = open_store(tmp_path / "store" / "opsconsole.db")
    yield opened
    opened.close()


def test_states_come_back_as_they_went(store: Store) -> None:
    states, _ = run("u?uwwwddddo", Policy())
    view = ProbeView("http", states[-1], Policy())
    application = application_state([view], Overlays(via="sso"), 99.123456)
    opd = OpdState(state=State.UNREACHABLE, since=10.25, up=0, total=1)
    with store.writer() as conn:
        save(conn, probes={7: states[-1], 8: states[0]}, applications={"web": application}, opds={"X": opd})
    with store.reader() as conn:
        loaded = load(conn)
    assert loaded.probes == {7: states[-1], 8: states[0]}
    assert loaded.applications == {"web": application}
    assert loaded.opds == {"X": opd}


def test_a_state_is_written_over_the_one_before(store: Store) -> None:
    states, _ = run("uddd", Policy())
    for state in states:
        with store.writer() as conn:
            save(conn, probes={7: state})
    with store.reader() as conn:
        assert load(conn).probes == {7: states[-1]}
        row = conn.exec_driver_sql(
            "SELECT health, hard, attempt, streak, overlay, announced, since, confirmed_at, cause, version"
            " FROM state WHERE entity = 'probe' AND id = '7'"
        ).one()
    assert tuple(row) == ("down", 1, 0, 0, "none", "pending", 20_000, 41_000, "connect_refused", 4)


def test_nothing_to_save_is_no_work(store: Store) -> None:
    with store.writer() as conn:
        save(conn)
        record(conn, [], rev=1, run=1)
    with store.reader() as conn:
        assert load(conn).probes == {}


def test_transitions_are_kept_with_whose_they_are(store: Store) -> None:
    _, transitions = run("uddd", Policy())
    with store.writer() as conn:
        record(conn, [Changed(entity="probe", id=7, transition=one) for one in transitions], rev=3, run=2)
        record(conn, [Changed(entity="application", id="web", transition=transitions[0])], rev=3, run=2)
    with store.reader() as conn:
        rows = conn.exec_driver_sql(
            "SELECT entity, entity_id, happened_at, noticed_at, from_state, to_state, hard, cause, params,"
            " rev, run FROM transition ORDER BY id"
        ).fetchall()
    assert [tuple(row) for row in rows[1:3]] == [
        ("probe", "7", 20_000, 21_000, "up", "down", 0, "connect_refused", b'{"at":20.0}', 3, 2),
        ("probe", "7", 40_000, 41_000, "down", "down", 1, "connect_refused", b'{"at":40.0}', 3, 2),
    ]
    assert tuple(rows[-1][:2]) == ("application", "web")
