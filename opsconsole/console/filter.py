"""The filter: words that say which rows to show, such as ``down opd:rsud code:5xx age>10m -mail``.

Words of one kind are alternatives (``down warn``, ``opd:rsud opd:dinkes``); words of different kinds, and
plain words, must all hold. ``-`` before a word turns it round.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from opsconsole.base.text import _, reason_text
from opsconsole.client.shapes import Application
from opsconsole.console.draw.words import named_states

_WORD = re.compile(r'(-?)("([^"]*)"?|\S+)')
_AGE = re.compile(r"age([<>])(\d+)([smhd])")
_CODE = re.compile(r"[1-5](?:\d\d|xx)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_FIELDS = ("opd", "tier", "code", "via")

Test = Callable[[Application, datetime], bool]


@dataclass(frozen=True, slots=True)
class _Term:
    """One word: terms of the same ``kind`` are alternatives, except where the kind is empty."""

    kind: str
    test: Test
    negated: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter. ``text`` is what was typed, ``faults`` says which words mean nothing."""

    text: str = ""
    terms: tuple[_Term, ...] = ()
    faults: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(self, row: Application, now: datetime) -> bool:
        """Whether the row is shown."""
        held: dict[str, bool] = {}
        for term in self.terms:
            result = term.test(row, now)
            if term.negated:
                if result:
                    return False
            elif term.kind:
                held[term.kind] = held.get(term.kind, False) or result
            elif not result:
                return False
        return all(held.values())


def parse(text: str) -> Filter:
    """Read the words. Those that look like a field but are wrong are named in ``faults`` and left out."""
    terms: list[_Term] = []
    faults: list[str] = []
    for match in _WORD.finditer(text):
        negated, whole, quoted = bool(match[1]), match[2], match[3]
        word = whole.casefold()
        if quoted is not None:
            if quoted:
                terms.append(_Term("", _contains(quoted.casefold()), negated))
        elif word == "-":
            continue
        elif (term := _term(word, negated)) is not None:
            terms.append(term)
        else:
            faults.append(_fault(whole))
    return Filter(text.strip(), tuple(terms), tuple(faults))


def _term(word: str, negated: bool) -> _Term | None:
    """The term of one word; None when it is a field with a value that means nothing."""
    states = named_states()
    if word in states:
        return _Term("state", _is_state(word), negated)
    if word.startswith("age") and word[3:4] in ("<", ">"):
        match = _AGE.fullmatch(word)
        return _Term("age", _is_aged(match), negated) if match else None
    field, colon, value = word.partition(":")
    if not colon or field not in _FIELDS:
        return _Term("", _contains(word), negated)
    test = _FIELD_TESTS[field](value)
    return _Term(field, test, negated) if test else None


def _fault(word: str) -> str:
    field = re.split("[:<>]", word.casefold())[0]
    wanted = {
        "age": "age>10m age<2h",
        "tier": "tier:1",
        "code": "code:503 code:5xx",
        "opd": "opd:rsud",
        "via": "via:sso",
    }[field]
    return _("{word}: want {wanted}").format(word=word, wanted=wanted)


def _is_state(name: str) -> Test:
    state = named_states()[name]
    return lambda row, now: row.state is state


def _contains(text: str) -> Test:
    def test(row: Application, now: datetime) -> bool:
        fields = (row.id, row.name, row.opd, row.opd_short, row.probe)
        if any(text in field.casefold() for field in fields):
            return True
        return text in reason_text(row.reason, row.params).casefold()

    return test


def _is_aged(match: "re.Match[str]") -> Test:
    limit = timedelta(**{_UNITS[match[3]]: int(match[2])})
    if match[1] == ">":
        return lambda row, now: now - row.since > limit
    return lambda row, now: now - row.since < limit


def _of_opd(value: str) -> Test | None:
    if not value:
        return None
    return lambda row, now: row.opd.casefold() == value or row.opd_short.casefold().startswith(value)


def _of_tier(value: str) -> Test | None:
    return (lambda row, now: str(row.tier) == value) if value in ("1", "2", "3", "4") else None


def _of_code(value: str) -> Test | None:
    if not _CODE.fullmatch(value):
        return None
    prefix = value.rstrip("x")
    return lambda row, now: str(row.status).startswith(prefix) and row.status > 0


def _via(value: str) -> Test | None:
    return (lambda row, now: row.parent.removeprefix("service:").casefold() == value) if value else None


_FIELD_TESTS: dict[str, Callable[[str], Test | None]] = {
    "opd": _of_opd,
    "tier": _of_tier,
    "code": _of_code,
    "via": _via,
}
