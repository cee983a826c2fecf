"""Tables without a screen: columns, order, filter words, what is kept, and files."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.base.text import choose_language
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import Span, plain, width_of
from opsconsole.console.draw.times import Times
from opsconsole.console.tables.board import SPEC as BOARD
from opsconsole.console.tables.board import row_of
from opsconsole.console.tables.files import sheet_of, text_of
from opsconsole.console.tables.registry import TABLES, spec_of
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value
from opsconsole.console.tables.table import TableState, TableView
from opsconsole.exports.formats import written
from tests.console.rows import NIGHT, VIEW, app, view

JAKARTA = Times("Asia/Jakarta")
COLUMNS = (
    TableColumn("mark", "", 1),
    TableColumn("state", "STATE", 8, kind="state"),
    TableColumn("opd", "OPD", 12, steps=((100, 18),)),
    TableColumn("runs", "RUNS", 5, ">", kind="number"),
    TableColumn("took", "TOOK", 5, ">", kind="seconds", least=80),
    TableColumn("last", "LAST", 6, kind="time", falling=True, least=132),
    TableColumn("note", "N", 10, optional=True, label="NOTE"),
    TableColumn("why", "WHY", 0),
)
SPEC: TableSpec[object] = TableSpec("try", "Try", lambda: COLUMNS, lambda answer, view: [], age="last")


def row(key: str, **values: Value) -> TableRow:
    """A row that draws its values as they are."""
    cells = {name: Span("-" if value is None else str(value)) for name, value in values.items()}
    return TableRow(key, cells, values, application=key)


ROWS = [
    row("a", state="down", opd="RSUD", runs=3, took=0.8, last=NIGHT - timedelta(hours=2), why="no answer"),
    row("b", state="warn", opd="Dinkes", runs=30, took=4.8, last=NIGHT - timedelta(minutes=5), why="slow"),
    row("c", state="up", opd="Dinkes", runs=503, took=None, last=NIGHT + timedelta(minutes=40), why="fine"),
    row("d", state="up", opd="RSUD", runs=550, took=12.0, last=None, why="fine: an answer"),
]


def table(*rows: TableRow) -> TableView:
    """A table that holds these rows, or the usual ones."""
    made = TableView(SPEC)
    made.load(rows or ROWS)
    return made


def keys(made: TableView) -> str:
    """The keys of what is listed."""
    return "".join(one.key for one in made.listed(NIGHT))


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        ("", "abcd"),
        ("answer", "ad"),
        ('"no answer"', "a"),
        ("-answer", "bc"),
        ("down warn", "ab"),
        ("opd:dinkes", "bc"),
        ("opd:rsud opd:dinkes -up", "ab"),
        ("runs:3", "a"),
        ("runs:5xx", "cd"),
        ("runs>29 runs<504", "bc"),
        ("took>3s", "bd"),
        ("took<900ms", "a"),
        ("last>1h", "a"),
        ("last<10m", "b"),
        ("last<1h", "bc"),
        ("age>1h", "a"),
        ("02:14", ""),
        ("https://x", ""),
    ],
)
def test_words_find_rows_by_their_columns(words: str, listed: str) -> None:
    made = table()
    made.set_filter(words)
    assert keys(made) == listed
    assert not made.filter.faults


@pytest.mark.parametrize("words", ["took>fast", "last>10", "runs>3m", "opd:", "opd>3", "age>"])
def test_a_field_with_a_value_that_means_nothing_is_told_and_left_out(words: str) -> None:
    made = table()
    made.set_filter(words)
    assert keys(made) == "abcd"
    assert made.filter.faults[0].startswith(f"{words}: want ")


def test_states_go_by_their_word_in_either_language() -> None:
    choose_language("id")
    try:
        made = table()
        made.set_filter("gangguan")
        assert keys(made) == "a"
        made.set_filter("state:gangguan")
        assert keys(made) == "a"
    finally:
        choose_language("en")


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from('ab:<>-"0139smhdx runstookpd'), max_size=30))
def test_any_words_can_be_typed(words: str) -> None:
    made = table()
    made.set_filter(words)
    assert set(keys(made)) <= set("abcd")
    again = table()
    again.set_filter(made.filter.text)
    assert keys(again) == keys(made)


def test_a_column_sorts_by_its_raw_values_and_what_has_none_stands_last() -> None:
    made = table()
    for key, forwards, backwards in (
        ("runs", "abcd", "dcba"),
        ("took", "abdc", "dbac"),
        ("last", "cbad", "abcd"),
        ("state", "abcd", "cdba"),
        ("opd", "bcad", "adbc"),
    ):
        made.sort_by(key)
        assert keys(made) == forwards, key
        made.backwards = True
        assert keys(made) == backwards, key


@settings(max_examples=60)
@given(
    st.lists(st.one_of(st.none(), st.integers(-3, 3), st.sampled_from(["x", "Y"]), st.just(NIGHT))),
    st.booleans(),
)
def test_rows_that_are_equal_keep_their_order(values: list[Value], backwards: bool) -> None:
    made = table(*(row(f"{number:03}", runs=value) for number, value in enumerate(values)))
    if not values:
        return
    made.sort_by("runs")
    made.backwards = backwards
    listed = made.listed(NIGHT)
    assert sorted(one.key for one in listed) == [f"{number:03}" for number in range(len(values))]
    for before, after in pairwise(listed):
        if before.value("runs") == after.value("runs"):
            assert before.key < after.key


def test_next_sort_goes_through_the_drawn_columns_and_comes_back() -> None:
    made = table()
    seen = [made.sort]
    for _ in range(6):
        made.next_sort(80)
        seen.append(made.sort)
    assert seen == ["", "state", "opd", "runs", "took", "why", ""]
    made.sort_by("runs")
    made.backwards = True
    assert made.sort_title() == "runs ^"


def drawn(made: TableView, width: int) -> list[str]:
    """The keys of the columns on a screen of this width."""
    return [column.key for column in made.columns(width)]


def test_columns_come_with_the_width_and_as_the_user_chooses() -> None:
    made = table()
    assert drawn(made, 60) == ["mark", "state", "opd", "runs", "why"]
    assert drawn(made, 140) == ["mark", "state", "opd", "runs", "took", "last", "why"]
    made.toggle("opd", 80)
    made.toggle("note", 80)
    made.move("note", -9)
    assert drawn(made, 80) == ["note", "mark", "state", "runs", "took", "why"]
    made.toggle("note", 80)
    made.choose(["why", "opd"])
    assert drawn(made, 80) == ["why", "opd"]
    made.toggle("why", 80)
    made.toggle("opd", 80)
    assert drawn(made, 80) == ["opd"], "the last one stays"


def test_what_does_not_fit_gives_way_and_says_so() -> None:
    made = table()
    made.toggle("note", 40)
    made.toggle("last", 40)
    states = {state.column.key: state.show for state in made.states(40)}
    assert states["note"] == states["why"] == "no_room"
    assert states["opd"] == states["last"] == "shown"


@pytest.mark.parametrize("width", [20, 38, 60, 80, 100, 132, 200])
def test_rows_fill_the_line_at_any_width_and_with_any_columns(width: int) -> None:
    made = table()
    for key in ("mark", "why", "opd"):
        for _key, spans in made.lines(made.rows, width):
            assert width_of(spans) == width - 1
        assert width_of(made.head(width)) == width
        made.toggle(key, width)


def test_marks_go_with_their_rows() -> None:
    made = table()
    assert [one.key for one in made.chosen("b", NIGHT)] == ["b"]
    made.mark("c")
    made.mark("a")
    assert [one.key for one in made.chosen("b", NIGHT)] == ["a", "c"]
    made.mark("c")
    made.load(ROWS[1:])
    assert made.chosen(None, NIGHT) == []


def test_what_was_chosen_is_chosen_again_as_far_as_it_exists() -> None:
    made = table()
    made.set_filter("opd:rsud")
    made.sort_by("runs")
    made.toggle("note", 80)
    made.move("why", -2)
    again = table()
    again.recall(made.keep())
    assert again.keep() == made.keep()
    assert drawn(again, 80) == drawn(made, 80)
    again.recall(TableState(sort="gone", order=("gone",), shown=("gone",), hidden=("gone",), window="9y"))
    assert (again.sort, drawn(again, 80)) == ("", drawn(table(), 80))


def test_a_text_is_as_it_is_drawn() -> None:
    made = table()
    text = text_of(made, ROWS, VIEW, everything=False)
    assert text.splitlines()[0].split() == ["STATE", "OPD", "RUNS", "TOOK", "WHY"]
    assert all(line == line.rstrip() for line in text.splitlines())
    everything = text_of(made, ROWS, VIEW, everything=True)
    assert "LAST" in everything.splitlines()[0]


def test_files_hold_the_drawn_columns_or_all_and_never_one_without_a_title() -> None:
    made = table()
    drawn, every = (written("csv", sheet_of(made, [], VIEW, everything=all_of)) for all_of in (False, True))
    assert drawn == b"STATE,OPD,RUNS,TOOK,WHY\r\n"
    assert every == b"STATE,OPD,RUNS,TOOK,LAST,NOTE,WHY\r\n"


def test_the_boards_rows_keep_their_whole_reason_and_their_times() -> None:
    one = row_of(app("siak", State.DOWN, reason="tls_expired", params={"seen": "2026-11-22T00:00:00Z"}), VIEW)
    assert one.application == "siak"
    assert one.value("state") == "down"
    assert isinstance(one.value("since"), datetime)
    assert one.value("code") is None
    made = TableView(BOARD)
    assert plain(made.lines([one], 80)[0][1]).startswith("! DOWN")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_columns_that_can_be_told_apart(name: str) -> None:
    spec = spec_of(name)
    columns = spec.columns()
    assert len({column.key for column in columns}) == len(columns)
    assert sum(column.width == 0 for column in columns) <= 1
    assert spec.sort in ("", *(column.key for column in columns))
    assert spec.age in ("", *(column.key for column in columns))
    for width in (38, 60, 80, 160):
        assert TableView(spec).columns(width)
        assert width_of(TableView(spec).head(view(width).width)) == width
