"""The order of problems, their folding, and the document for machines."""

from datetime import UTC, datetime, timedelta

import msgspec

from opsconsole.client.shapes import Application, Board, Engine, State
from opsconsole.client.status import counts, fold, in_order, problems, status_document

NOW = datetime(2026, 11, 23, 19, 14, tzinfo=UTC)


def app(row_id: str, state: State = State.UP, minutes: float = 0, **fields) -> Application:
    given = {"name": row_id, "since": NOW - timedelta(minutes=minutes), "tier": 2}
    return Application(id=row_id, state=state, **(given | fields))


def ids(rows) -> list[str]:
    return [row.id for row in rows]


def cut(row_id: str, parent: str) -> Application:
    return app(row_id, State.UNREACHABLE, parent=parent)


def shape(folded) -> dict[str, list[str]]:
    return {one.row.id: ids(one.members) for one in folded}


def test_the_worst_state_comes_first_then_the_confirmed_then_the_tier_then_the_longest():
    rows = [
        app("up", State.UP, 99),
        app("warn", State.WARN, 99, tier=1),
        app("down-soft", State.DOWN, 99, tier=1, hard=False),
        app("down-late", State.DOWN, 1),
        app("down-early", State.DOWN, 9),
        app("down-tier-1", State.DOWN, 0, tier=1),
        app("cut", State.UNREACHABLE, 99, tier=1),
        app("twin-b", State.STALE, 5),
        app("twin-a", State.STALE, 5),
    ]
    wanted = ["down-tier-1", "down-early", "down-late", "down-soft", "cut", "warn", "twin-a", "twin-b", "up"]
    assert ids(in_order(rows)) == wanted
    assert ids(in_order(reversed(rows))) == wanted


def test_problems_are_what_somebody_should_look_at():
    rows = [app(str(state), state) for state in State]
    assert ids(problems(rows)) == ["down", "unreachable", "warn", "stale", "unknown"]


def test_every_state_is_counted_and_services_are_not():
    rows = [
        app("a"),
        app("b", State.DOWN),
        app("c", State.DOWN),
        app("service:d", State.DOWN, kind="service"),
    ]
    found = counts(rows)
    assert list(found) == [str(state) for state in State]
    assert (found["up"], found["down"], found["stale"]) == (1, 2, 0)


def test_what_is_cut_off_folds_under_what_cuts_it_off():
    rows = [app("gw", State.DOWN), cut("a", "gw"), app("other", State.DOWN), cut("b", "gw")]
    assert shape(fold(rows)) == {"gw": ["a", "b"], "other": []}


def test_a_chain_folds_under_its_top():
    rows = [cut("c", "b"), cut("b", "a"), app("a", State.DOWN)]
    assert shape(fold(rows)) == {"a": ["c", "b"]}


def test_a_row_whose_parent_is_not_listed_stands_alone():
    assert shape(fold([cut("a", "filtered-away")])) == {"a": []}


def test_a_row_that_fails_itself_is_not_folded_whatever_its_parent():
    assert shape(fold([app("gw", State.DOWN), app("a", State.DOWN, parent="gw")])) == {"gw": [], "a": []}


def test_rows_in_a_circle_stand_alone_and_so_does_who_hangs_on_it():
    assert shape(fold([cut("a", "b"), cut("b", "a"), cut("c", "a")])) == {"a": [], "b": [], "c": []}


def test_a_row_that_names_itself_stands_alone():
    assert shape(fold([cut("a", "a")])) == {"a": []}


def test_no_row_is_lost_or_doubled_by_folding(engine):
    rows = problems(engine.board().applications)
    folded = fold(rows)
    assert sorted(ids(rows)) == sorted(
        [one.row.id for one in folded] + [member.id for one in folded for member in one.members]
    )
    assert max(len(one.members) for one in folded) == 6


def test_the_document_says_everything_in_words_a_machine_knows():
    row = app("a", State.DOWN, reason="status_unexpected", params={"seen": 503, "want": "200-299"}, opd="X")
    engine = Engine(run=1, version="1", office="o", started_at=NOW, heartbeat_at=NOW, config_rev=1)
    board = Board(run=1, seq=1, engine=engine, applications=(app("b"), row), opds=())
    document = msgspec.json.decode(msgspec.json.encode(status_document(board)))
    assert document["engine"]["run"] == 1
    assert (document["counts"]["down"], document["counts"]["total"]) == (1, 2)
    first, second = document["applications"]
    assert (first["app"], first["opd"], first["state"], first["since"]) == (
        "a",
        "X",
        "down",
        "2026-11-23T19:14:00Z",
    )
    assert (first["reason"], first["detail"]) == ("status_unexpected", "status 503, want 200-299")
    assert second["app"] == "b"
