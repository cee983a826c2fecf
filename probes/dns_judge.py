"""What was asked of a DNS answer, held against it: the response code, that there are records, the records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import re2

from probes.dns_message import DnsAnswer, Section
from probes.dns_spec import DnsSpec
from probes.failure import LookError
from probes.observation import Expectation
from probes.reasons import MUST, MUST_NOT
from probes.text import safe_text

_SEEN_CHARS = 120
_GOOD = "NOERROR"
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A compiled pattern over a section. ``want`` words it: ``=~`` must match a record, ``!~`` must not."""

    section: Section
    regex: Any
    want: str
    must: bool

    @property
    def expr(self) -> str:
        """What was asked, as an observation tells it."""
        return f"{self.section} {self.want}"

    def judge(self, answer: DnsAnswer) -> Expectation:
        records = answer.records[self.section]
        found = [record for record in records if self.regex.search(record)]
        shown = found[0] if found else " | ".join(records)
        seen = safe_text(shown, _SEEN_CHARS) or _NOTHING
        return Expectation(self.expr, seen, ok=bool(found) is self.must)


class DnsRules:
    """The rules of a spec, compiled. `judge` is asked once for each answer."""

    __slots__ = ("_allow_empty", "_rcodes", "_rules")

    def __init__(self, spec: DnsSpec):
        self._rcodes = tuple(spec.rcodes)
        self._allow_empty = spec.allow_empty
        self._rules = tuple(_rules(spec))

    def judge(self, answer: DnsAnswer) -> tuple[LookError | None, list[Expectation]]:
        """The first failure, if any, and everything that was held against the answer up to its layer."""
        ok = answer.rcode in self._rcodes
        expectations = [Expectation("rcode", answer.rcode, ok)]
        if not ok:
            return LookError("dns_rcode", seen=answer.rcode, want=", ".join(self._rcodes)), expectations
        if answer.rcode == _GOOD and not answer.records["answer"] and not self._allow_empty:
            expectations.append(Expectation("answer", _NOTHING, ok=False))
            return LookError("dns_no_answer"), expectations
        judged = [(rule, rule.judge(answer)) for rule in self._rules]
        failures = [
            LookError("dns_unexpected", name=rule.section, want=rule.want, seen=one.seen)
            for rule, one in judged
            if not one.ok
        ]
        return next(iter(failures), None), expectations + [one for _, one in judged]


def _rules(spec: DnsSpec) -> Iterator[_Rule]:
    yield from _of("answer", spec.answer_must_match, spec.answer_must_not_match)
    yield from _of("authority", spec.authority_must_match, spec.authority_must_not_match)
    yield from _of("additional", spec.additional_must_match, spec.additional_must_not_match)


def _of(section: Section, must: list[str], must_not: list[str]) -> Iterator[_Rule]:
    options = re2.Options()
    options.log_errors = False
    for word, patterns in ((MUST, must), (MUST_NOT, must_not)):
        for pattern in patterns:
            want = safe_text(f"{word} {pattern}", _SEEN_CHARS)
            yield _Rule(section, re2.compile(pattern, options), want, word == MUST)
