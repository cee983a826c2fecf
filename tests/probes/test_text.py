"""Nothing that a terminal or a spreadsheet would act on survives in foreign text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.text import safe_text

_BIDI = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
ANY_TEXT = st.text(alphabet=st.characters(), max_size=400)


def is_safe(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") and char not in _BIDI


@given(ANY_TEXT, st.integers(1, 400))
def test_no_control_no_direction_mark_and_no_surrogate_survives(text: str, limit: int) -> None:
    safe = safe_text(text, limit)
    assert all(map(is_safe, safe)), ascii(safe)
    assert len(safe) <= limit


@given(ANY_TEXT)
def test_with_lines_only_newline_and_tab_are_left_of_the_controls(text: str) -> None:
    safe = safe_text(text, 500, lines=True)
    assert all(is_safe(char) or char in "\n\t" for char in safe), ascii(safe)


@given(st.binary(max_size=400))
def test_any_bytes_become_safe_text(data: bytes) -> None:
    safe = safe_text(data, 100)
    assert all(map(is_safe, safe))
    assert len(safe) <= 100


@given(ANY_TEXT)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    once = safe_text(text, 200)
    assert safe_text(once, 200) == once


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=100))
def test_plain_text_loses_nothing_but_runs_of_blanks(text: str) -> None:
    assert safe_text(text).split() == text.split()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b]0;title\x07", "\ufffd]0;title\ufffd"),
        ("\x1b\x1b\x1b[2J", "\ufffd[2J"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb", "a\ufffdb"),
        ("a\r\n\tb", "a b"),
        ("Dinas Kesehatan — ✓ 你好", "Dinas Kesehatan — ✓ 你好"),
        ("e\u0301", "e\u0301"),
        ("tag\U000e0041", "tag\ufffd"),
        ("zero\u200bwidth", "zero\ufffdwidth"),
    ],
)
def test_known_tricks_are_taken_out(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert safe_text("one\r\ntwo\n\tthree\r", lines=True) == "one\ntwo\n\tthree\ufffd"


def test_a_long_text_is_cut_and_shows_it() -> None:
    assert safe_text("x" * 50, 10) == "x" * 9 + "…"
    assert len(safe_text(b"\xff" * 10_000, 300)) <= 300
