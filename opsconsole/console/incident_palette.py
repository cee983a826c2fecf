"""What the command line knows of incidents: their numbers, and what may stand in their commands' fields."""

import re
from collections.abc import Iterable, Iterator, Mapping

from opsconsole.base.text import N_, _
from opsconsole.client.incidents import Clock, Incident
from opsconsole.console.draw import incident_words as words
from opsconsole.console.incident_rules import law_clocks

MARKED = "marked"
"""Stands for the numbers of the marked incidents."""
MOST_AT_ONCE = 200
_NUMBERS = re.compile(r"#?\d{1,9}(?:,#?\d{1,9})*")
_UNTIL = {
    "30m": N_("half an hour"),
    "1h": N_("an hour"),
    "2h": N_("two hours"),
    "4h": N_("four hours"),
    "8h": N_("a shift"),
    "1d": N_("a day"),
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "cause": {code: told for code, told in words.CAUSES.items() if code},
    "severity": {code.value: told for code, told in words.WHOLE_SEVERITIES.items()},
    "attribution": {code: told for code, told in words.ATTRIBUTIONS.items() if code},
    "question": words.QUESTIONS,
    "answer": {code: told for code, told in words.ANSWERS.items() if code},
    "category": {code: told for code, told in words.CATEGORIES.items() if code},
    "source": {str(code): told for code, told in words.SOURCES.items()},
    "kind": {str(code): told for code, told in words.KINDS.items()},
    "until": _UNTIL,
}
FIELDS = frozenset({*_CODES, "incident", "into", "person", "clock"})
"""The fields whose values can be offered."""


def numbers_in(word: str, marked: Iterable[int]) -> tuple[int, ...] | None:
    """The incidents that a word names: ``412``, ``#412,413``, ``marked``; None where it names none."""
    if word == MARKED:
        return tuple(marked)
    if not _NUMBERS.fullmatch(word):
        return None
    return tuple(dict.fromkeys(int(one.lstrip("#")) for one in word.split(",")))


def offered(
    field: str, typed: str, given: Iterable[str], incidents: Mapping[str, Incident], person: str
) -> Iterator[tuple[str, str]]:
    """Values of a field that begin so, the likeliest first, each with what it means.

    ``given`` are the words before it: the clocks that are offered are those of the incident they name.
    """
    typed = typed.casefold()
    if field in ("incident", "into"):
        open_first = sorted(incidents.values(), key=_likely)
        found: Iterable[tuple[str, str]] = [(str(one.number), told_of(one)) for one in open_first]
        typed = typed.lstrip("#")
    elif field == "person":
        found = [(name, _("a person")) for name in _persons(incidents.values(), person)]
    elif field == "clock":
        found = [(clock.id, words.clock_word(clock.id)) for clock in _clocks(given, incidents)]
    else:
        found = [(code, _(told)) for code, told in _CODES.get(field, {}).items()]
    yield from ((value, told) for value, told in found if value.casefold().startswith(typed))


def told_of(one: Incident) -> str:
    """An incident in a few words: ``gw-satu +6, NEW, budi``."""
    parts = [words.subject_text(one) if one.subject else one.title, _(words.STATUSES[one.status])]
    return ", ".join(filter(None, [*parts, words.owner_text(one)]))


def _likely(one: Incident) -> tuple[bool, int, float]:
    """What is open first, the worst and newest of it first."""
    return not one.status.is_open, one.severity.rank, -one.opened_at.timestamp()


def _persons(incidents: Iterable[Incident], person: str) -> list[str]:
    """Who has dealt with incidents, whoever asks last: things are seldom assigned to oneself."""
    known = sorted({name for one in incidents for name in (one.owner, one.acknowledged_by) if name})
    return [*(name for name in known if name != person), *([person] if person else [])]


def _clocks(given: Iterable[str], incidents: Mapping[str, Incident]) -> Iterator[Clock]:
    for word in given:
        for number in numbers_in(word, ()) or ():
            if (one := incidents.get(str(number))) is not None:
                yield from law_clocks(one)
