"""Cells that a spreadsheet takes for what they are: text from outside stays text, and all of it arrives."""

import re
from datetime import datetime, tzinfo
from decimal import Decimal
from math import isfinite

from opsconsole.base.text import _, safe_text
from opsconsole.exports.sheet import Kind, Tally

# What Excel holds in one cell, in UTF-16 units; what is longer spills over or is cut without a word.
MOST_UNITS = 32_767
# Excel keeps 15 digits of a number and writes zeros for the rest.
MOST_DIGITS = 15

_BLANKS = "[ \t\r\n\u00a0\u2000-\u200f\u3000\ufeff\ufffd\"'“”‘’]*"
# What begins a formula, also behind blanks, quotes and a byte order mark; full width too. A tab or a line
# break at the start moves what follows into a cell of its own in some programs.
_FORMULA = re.compile(f"[\t\r\n]|{_BLANKS}[=+\\-@＝＋－＠]")
_MONTHS = (
    "jan(?:uary|uari)?|feb(?:ruary|ruari)?|mar(?:ch|et)?|apr(?:il)?|may|mei|june?|juni|july?|juli|"
    "aug(?:ust)?|agu(?:stus)?|agt|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|"
    "dec(?:ember)?|des(?:ember)?"
)
# Numbers, amounts, percentages, fractions, dates, times of day; a digit in it is asked for beside.
_TYPED = re.compile(rf"(?:[\d\s.,:/\\+()%$€£¥-]|e|t|z|[ap]m?|rp|idr|usd|{_MONTHS})+", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(rf"(?:true|false|benar|salah|(?:{_MONTHS})|#[a-z0-9/_]+[!?]?)", re.IGNORECASE)
# Longer ones are no date and no number to anybody.
_LONGEST_TYPED = 64


def clean(text: str) -> str:
    """The text without control characters, bidi controls, lone surrogates and what XML can not hold.

    Line breaks are ``\\n``.
    """
    text = safe_text(text, len(text), lines=True) if text else ""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take it for a formula."""
    return _FORMULA.match(text) is not None


def is_typed(text: str) -> bool:
    """Whether a spreadsheet would make a number, a date, a truth value or an error of it: NIP, 1E5, 1/2."""
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST_TYPED:
        # A longer row of digits is still one.
        return stripped.isdigit()
    if _WORDS.fullmatch(stripped):
        return True
    return _DIGIT.search(stripped) is not None and _TYPED.fullmatch(stripped) is not None


def as_text(text: str, *, typed: bool) -> str:
    """``'`` before a text that would be a formula; with ``typed`` before one that would be a number too."""
    return f"'{text}" if is_formula(text) or (typed and is_typed(text)) else text


def cut(text: str, tally: Tally, most: int = MOST_UNITS) -> str:
    """At most ``most`` UTF-16 units, the last of them saying how much there was; ``tally`` counts it."""
    # No character takes more than two.
    if 2 * len(text) <= most or (units := _units(text)) <= most:
        return text
    tally.cut += 1
    told = _(" … [cut: {n} characters in all]").format(n=units)
    room = (most - _units(told)) * 2
    # Half a pair at the end is left out.
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + told


def iso(moment: datetime, zone: tzinfo, kind: Kind) -> str:
    """``2026-11-24T02:14:00+07:00``; of an instant with its milliseconds."""
    return moment.astimezone(zone).isoformat(timespec="milliseconds" if kind == "instant" else "seconds")


def naive(moment: datetime, zone: tzinfo) -> datetime:
    """The time on the office's clock, as spreadsheets have it: without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


def number(value: int | float) -> str:
    """A number in digits and a dot, without an exponent; what is none is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if isfinite(value) else ""
    return str(value)


def is_long(value: int | float) -> bool:
    """Whether a spreadsheet would lose digits of it."""
    return isinstance(value, int) and abs(value) >= 10**MOST_DIGITS


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
