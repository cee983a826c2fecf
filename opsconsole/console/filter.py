"""The filter: words that say which rows to show, such as ``down opd:rsud code:5xx age>10m -mail``.

Words of one kind are alternatives (``down warn``, ``opd:rsud opd:dinkes``); words of different kinds, and
plain words, must all hold. ``-`` before a word turns it round. What the words can be about is the
vocabulary of what is listed: the board's stands here, that of tables in `opsconsole.console.tables.words`.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from opsconsole.base.text import _, reason_text
from opsconsole.client.shapes import Application
from opsconsole.console.draw.words import named_states
from opsconsole.console.keys import nearest

_WORD = re.compile(r'(-?)("([^"]*)"?|\S+)')
_AGE = re.compile(r"age([<>])(\d+)([smhd])")
_CODE = re.compile(r"[1-5](?:\d\d|xx)")
# A port, an address or a time may hold a colon as well; ``service:`` begins ids.
_FIELD = re.compile(r"(?!service:)([^\W\d_][\w-]+)[:<>](?!//)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_FIELDS = ("opd", "tier", "code", "via")
_KNOWN = (*_FIELDS, "age")

R = TypeVar("R")
RowTest = Callable[[R, datetime], bool]
"""Whether a row is let through at this time."""


@dataclass(frozen=True, slots=True)
class Term(Generic[R]):
    """One word: terms of the same ``kind`` are alternatives, except where the kind is empty."""

    kind: str
    test: RowTest[R]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter(Generic[R]):
    """A parsed filter. ``text`` is what was typed, ``faults`` says which words mean nothing."""

    text: str = ""
    terms: tuple[Term[R], ...] = ()
    faults: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(self, row: R, now: datetime) -> bool:
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


class Vocabulary(Protocol[R]):
    """What the words of a filter can be about. Words come in lower case."""

    def term(self, word: str) -> Term[R] | None:
        """The term of a word; None when it is a field with a value that means nothing."""
        ...

    def contains(self, text: str) -> RowTest[R]:
        """The test for a text that a row holds anywhere."""
        ...

    def fault(self, word: str) -> str:
        """What to say of a word without a term."""
        ...


def parse_words(text: str, vocabulary: Vocabulary[R]) -> Filter[R]:
    """Read the words. Those that look like a field but are wrong are named in ``faults`` and left out."""
    terms: list[Term[R]] = []
    faults: list[str] = []
    for match in _WORD.finditer(text):
        negated, whole, quoted = bool(match[1]), match[2], match[3]
        if quoted is not None:
            if quoted:
                terms.append(Term("", vocabulary.contains(quoted.casefold()), negated))
        elif whole == "-":
            continue
        elif (term := vocabulary.term(whole.casefold())) is not None:
            terms.append(Term(term.kind, term.test, negated))
        else:
            faults.append(vocabulary.fault(whole))
    return Filter(text.strip(), tuple(terms), tuple(faults))


def stray_field(word: str, known: Collection[str]) -> str:
    """The field that a word asks for and that is none of the ``known`` ones; empty where it asks for none."""
    match = _FIELD.match(word)
    return match[1] if match is not None and match[1] not in known else ""


def no_field(word: str, field: str, known: Collection[str]) -> str:
    """What to say of such a word."""
    told = _("{word}: no field {field}").format(word=word, field=field) + nearest(field, known)
    return _("{told}; in quotes it is text. Fields: {fields}").format(told=told, fields=" ".join(known))


def parse(text: str) -> Filter[Application]:
    """Read the words of a filter for applications."""
    return parse_words(text, _OfApplications())


class _OfApplications:
    """What can be asked of an application."""

    def term(self, word: str) -> Term[Application] | None:
        if word in named_states():
            return Term("state", _is_state(word))
        if word.startswith("age") and word[3:4] in ("<", ">"):
            match = _AGE.fullmatch(word)
            return Term("age", _is_aged(match)) if match else None
        field, colon, value = word.partition(":")
        if not colon or field not in _FIELDS:
            return None if stray_field(word, _KNOWN) else Term("", self.contains(word))
        test = _FIELD_TESTS[field](value)
        return Term(field, test) if test else None

    def contains(self, text: str) -> RowTest[Application]:
        def test(row: Application, now: datetime) -> bool:
            fields = (row.id, row.name, row.opd, row.opd_short, row.probe)
            if any(text in field.casefold() for field in fields):
                return True
            return text in reason_text(row.reason, row.params).casefold()

        return test

    def fault(self, word: str) -> str:
        if field := stray_field(word.casefold(), _KNOWN):
            return no_field(word, field, _KNOWN)
        field = re.split("[:<>]", word.casefold())[0]
        wanted = {
            "age": "age>10m age<2h",
            "tier": "tier:1",
            "code": "code:503 code:5xx",
            "opd": "opd:rsud",
            "via": "via:sso",
        }[field]
        return _("{word}: want {wanted}").format(word=word, wanted=wanted)


def _is_state(name: str) -> RowTest[Application]:
    state = named_states()[name]
    return lambda row, now: row.state is state


def _is_aged(match: "re.Match[str]") -> RowTest[Application]:
    limit = timedelta(**{_UNITS[match[3]]: int(match[2])})
    if match[1] == ">":
        return lambda row, now: now - row.since > limit
    return lambda row, now: now - row.since < limit


def _of_opd(value: str) -> RowTest[Application] | None:
    if not value:
        return None
    return lambda row, now: row.opd.casefold() == value or row.opd_short.casefold().startswith(value)


def _of_tier(value: str) -> RowTest[Application] | None:
    return (lambda row, now: str(row.tier) == value) if value in ("1", "2", "3", "4") else None


def _of_code(value: str) -> RowTest[Application] | None:
    if not _CODE.fullmatch(value):
        return None
    prefix = value.rstrip("x")
    return lambda row, now: str(row.status).startswith(prefix) and row.status > 0


def _via(value: str) -> RowTest[Application] | None:
    return (lambda row, now: row.parent.removeprefix("service:").casefold() == value) if value else None


_FIELD_TESTS: dict[str, Callable[[str], RowTest[Application] | None]] = {
    "opd": _of_opd,
    "tier": _of_tier,
    "code": _of_code,
    "via": _via,
}
