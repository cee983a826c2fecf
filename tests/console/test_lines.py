"""Cells keep their width whatever is in them."""

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from opsconsole.console.draw.columns import Column, head_line, row_line
from opsconsole.console.draw.lines import (
    Span,
    cut,
    fit,
    heading,
    justify,
    line,
    plain,
    printable,
    width_of,
    wrap,
)
from opsconsole.console.widgets.painting import changed_extent

TEXT = st.text(max_size=60)
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff]")


@given(TEXT, st.integers(0, 40), st.sampled_from("<>"))
def test_a_cell_is_as_wide_as_it_is_told(text: str, width: int, align: str) -> None:
    fitted = fit(text, width, align)
    assert cell_len(fitted) == width
    assert not UNSAFE.search(fitted)


@given(st.lists(TEXT, max_size=5), st.integers(1, 60))
def test_a_line_is_as_wide_as_it_is_told(texts: list[str], width: int) -> None:
    assert width_of(cut([Span(text) for text in texts], width)) == width


def test_what_is_cut_says_so() -> None:
    assert fit("certificate", 6) == "certi…"
    assert plain(cut([Span("abc"), Span("def")], 5)) == "abcd…"
    assert plain(cut([Span("abc"), Span("def")], 3)) == "ab…"
    assert plain(cut([Span("abc")], 3)) == "abc"
    assert fit("漢字漢字", 5) == "漢字…"


def test_the_right_end_gives_way_first() -> None:
    left, right = line("left"), line("right")
    assert plain(justify(left, right, 12)) == "left   right"
    assert plain(justify(left, right, 9)) == "leftright"
    assert plain(justify(left, right, 8)) == "left    "
    assert plain(justify(line("too long a line"), right, 8)) == "too lon…"
    assert plain(heading(line("A"), line("b"), 13)) == "--A ---- b --"
    assert width_of(heading(line("PROBLEMS 3"), line("sort"), 40)) == 40


def test_foreign_text_cannot_move_the_cursor() -> None:
    assert "\x1b" not in printable("a\x1b[2Jb")
    assert printable("plain") == "plain"
    assert fit("a\nb", 4).startswith("a b")


def test_long_text_is_broken_at_blanks_and_bounded() -> None:
    assert wrap("one two three", 7, 3) == ["one two", "three"]
    assert wrap("one two three four", 7, 2) == ["one two", "three …"]
    assert wrap("https://a-very-long-address", 10, 2) == ["https://a…"]
    assert wrap("", 10, 2) == [""]


def test_columns_hold_their_places_and_mark_what_changed() -> None:
    columns = [Column("a", "A", 4), Column("n", "N", 3, ">"), Column("rest", "REST", 0)]
    before = {"a": Span("up"), "n": Span("7"), "rest": Span("x")}
    after = {"a": Span("down"), "n": Span("7"), "rest": Span("x")}
    assert plain(head_line(columns, 20)) == " A      N REST      "
    drawn = row_line(columns, after, before, 19)
    assert plain(drawn) == "down   7 x         "
    assert [span.text for span in drawn if span.changed] == ["down"]
    assert not any(span.changed for span in row_line(columns, after, None, 19))


@given(TEXT)
def test_a_character_is_as_wide_alone_as_among_others(text: str) -> None:
    shown = printable(text)
    assert cell_len(shown) == sum(map(get_character_cell_size, shown))


@given(TEXT, TEXT)
def test_outside_the_changed_extent_nothing_differs(old: str, new: str) -> None:
    before, after = (Span(fit(old, 60)),), (Span(fit(new, 60)),)
    extent = changed_extent(before, after)
    if extent is None:
        assert before == after
        return
    start, end = extent
    assert 0 <= start <= end <= 60
    for column in (*range(start), *range(end, 60)):
        assert cell_at(before, column) == cell_at(after, column)


def cell_at(spans: tuple[Span, ...], column: int) -> str:
    """What stands in a column."""
    at, found = -1, ""
    for character in plain(spans):
        at += get_character_cell_size(character)
        if at == column or (at > column and get_character_cell_size(character) == 2 and at - 1 == column):
            found += character
    return found


def test_the_changed_extent_is_as_small_as_it_can_be() -> None:
    assert changed_extent((Span("status 503"),), (Span("status 502"),)) == (9, 10)
    assert changed_extent((Span("a"), Span("b", "x")), (Span("a"), Span("b"))) == (1, 2)
    assert changed_extent((Span("same"),), (Span("same"),)) is None
