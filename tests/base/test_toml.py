"""A text that is no TOML: the line, and a reason of our own rather than the parser's."""

import tomllib

import pytest

from opsconsole.base.text import translate
from opsconsole.base.toml import _SAYINGS, syntax_error


def told(text: str) -> tuple[int, str]:
    """What is said of a text that is no TOML."""
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    return syntax_error(text, str(refused.value))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = Kominfo", 1, "not a value; text stands in quotes"),
        ("a = 1\nb", 2, "= is missing after the key"),
        ("a = 1\n?", 2, "not a statement"),
        ("a = 1 b = 2", 1, "something stands after the value"),
        ("[a", 1, "] is missing after the table's name"),
        ("[[a", 1, "]] is missing after the table's name"),
        ("a = [1", 1, "a list is not closed with ]"),
        ("a = {b = 1", 1, "a table in one line is not closed with }"),
        ('\n\na = "x', 3, "a text is not closed with its quote"),
        ('a = "\\q"', 1, "\\ in a text is written \\\\, or put it in single quotes"),
        ("a = 1\na = 2", 2, "this key has a value already"),
        ("[a]\n[a]", 2, "a is there twice"),
        ("a.b = 1\n[a]\nc = 1", 2, "a is there twice"),
        ("a = {}\na.b = 1", 2, "nothing can be added to a"),
        ("a = '\x01'", 1, "the character '\\x01' may not stand here"),
        ("= 1", 1, "not a statement"),
        ('a = "\\uZZZZ"', 1, "\\u wants a character's number"),
        ("a = 2026-02-30", 1, "no such date or time"),
    ],
)
def test_each_mistake_is_told_in_words_of_our_own_with_its_line(text: str, line: int, reason: str) -> None:
    assert told(text)[0] == line
    assert told(text)[1].partition(";")[0].removeprefix("not TOML: ") == reason.partition(";")[0]


def test_what_the_file_breaks_off_in_is_told() -> None:
    assert told('a = """\nx\n\n') == (
        2,
        "not TOML: a text is not closed with its quote; the file ends before something is closed",
    )


def test_a_saying_of_a_later_parser_is_passed_on_made_safe() -> None:
    assert syntax_error("x", "Something \x1b new (at line 7, column 1)") == (
        7,
        "not TOML: Something \ufffd new",
    )


@pytest.mark.parametrize("template", [template for _pattern, template in _SAYINGS])
def test_every_reason_can_be_filled(template: str) -> None:
    assert translate(template, {"seen": "x"})
    assert template.format(seen="x")
