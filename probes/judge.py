"""What was asked of an answer, held against it: status, headers, body, JSON, in this order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jmespath
import msgspec
import re2
from jmespath.visitor import TreeInterpreter

from probes.answer import Answer
from probes.failure import LookError
from probes.http_spec import HeaderRule, HttpSpec, status_range
from probes.observation import Expectation
from probes.reasons import MUST, MUST_NOT
from probes.spec import format_size
from probes.text import safe_text

_SEEN_CHARS = 120


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A compiled pattern over the body or a header. ``want`` words it: ``=~`` must match, ``!~`` must not."""

    name: str
    regex: Any
    want: str
    must: bool
    allow_missing: bool = False

    @property
    def expr(self) -> str:
        """What was asked, as an observation tells it."""
        return f"{self.name} {self.want}"


@dataclass(frozen=True, slots=True)
class _JsonRule:
    expr: str
    compiled: Any

    def seen(self, value: object) -> tuple[bool, str]:
        """Whether the rule yields exactly true, and the value that decided it."""
        try:
            result = self.compiled.search(value)
            if result is True:
                return True, "true"
            tree = self.compiled.parsed
            if tree["type"] == "comparator":
                result = TreeInterpreter().visit(tree["children"][0], value)
            shown = msgspec.json.encode(result)[: _SEEN_CHARS * 4]
        except Exception as error:  # an expression meets foreign data: whatever goes wrong, it did not hold
            return False, safe_text(str(error), _SEEN_CHARS)
        return False, safe_text(shown, _SEEN_CHARS)


class Rules:
    """The rules of a spec, compiled. `judge` is asked once for each answer."""

    __slots__ = ("_body", "_body_limit", "_headers", "_json", "_statuses", "_want_status")

    def __init__(self, spec: HttpSpec):
        self._statuses = tuple(status_range(text) for text in spec.status)
        self._want_status = ", ".join(spec.status)
        self._headers = (
            *(_header_pattern(rule, must=True) for rule in spec.header_must_match),
            *(_header_pattern(rule, must=False) for rule in spec.header_must_not_match),
        )
        self._body = (
            *(_Pattern("body", _compile(text), _want(text, True), True) for text in spec.body_must_match),
            *(
                _Pattern("body", _compile(text), _want(text, False), False)
                for text in spec.body_must_not_match
            ),
        )
        self._json = tuple(_JsonRule(safe_text(text), jmespath.compile(text)) for text in spec.json_rules)
        self._body_limit = spec.body_limit

    def judge(self, answer: Answer) -> tuple[LookError | None, list[Expectation]]:
        """The first failure, if any, and everything that was held against the answer up to its layer."""
        expectations: list[Expectation] = []
        failure = self._judge_status(answer, expectations)
        if failure is None and self._headers:
            failure = _first(_judge_header(rule, answer, expectations) for rule in self._headers)
        if failure is None and self._body_limit:
            failure = self._judge_size(answer, expectations)
        if failure is None and self._body:
            failure = _first(_judge_body(rule, answer.text, expectations) for rule in self._body)
        if failure is None and self._json:
            failure = self._judge_json(answer, expectations)
        return failure, expectations

    def _judge_status(self, answer: Answer, expectations: list[Expectation]) -> LookError | None:
        status = answer.status
        ok = any(low <= status <= high for low, high in self._statuses)
        expectations.append(Expectation("status", str(status), ok))
        return None if ok else LookError("status_unexpected", seen=status, want=self._want_status)

    def _judge_size(self, answer: Answer, expectations: list[Expectation]) -> LookError | None:
        limit = self._body_limit
        ok = answer.complete and len(answer.body) <= limit
        seen = f"{len(answer.body)}B" if answer.complete else f"> {format_size(limit)}"
        expectations.append(Expectation(f"body_limit {format_size(limit)}", seen, ok))
        return None if ok else LookError("response_too_large", want=format_size(limit))

    def _judge_json(self, answer: Answer, expectations: list[Expectation]) -> LookError | None:
        value, problem = _parse_json(answer)

        def judge_one(rule: _JsonRule) -> LookError | None:
            ok, seen = (False, problem) if problem else rule.seen(value)
            expectations.append(Expectation(rule.expr, seen, ok))
            return None if ok else LookError("json_unexpected", seen=seen, want=rule.expr)

        return _first(judge_one(rule) for rule in self._json)


def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _header_pattern(rule: HeaderRule, *, must: bool) -> _Pattern:
    missing = rule.allow_missing or not must
    return _Pattern(rule.name, _compile(rule.pattern), _want(rule.pattern, must), must, missing)


def _want(pattern: str, must: bool) -> str:
    return safe_text(f"{MUST if must else MUST_NOT} {pattern}")


def _first(failures: Iterable[LookError | None]) -> LookError | None:
    """The first failure; all are asked, so that a layer is told whole."""
    found = [failure for failure in failures if failure is not None]
    return found[0] if found else None


def _judge_header(rule: _Pattern, answer: Answer, expectations: list[Expectation]) -> LookError | None:
    values = answer.headers.get_list(rule.name)
    matching = [value for value in values if rule.regex.search(value)]
    ok = rule.allow_missing if not values else bool(matching) is rule.must
    shown = matching[0] if matching else ", ".join(values)
    seen = safe_text(shown, _SEEN_CHARS) if values else "-"
    expectations.append(Expectation(f"header {rule.expr}", seen, ok))
    return None if ok else LookError("header_unexpected", name=rule.name, seen=seen, want=rule.want)


def _judge_body(rule: _Pattern, text: str, expectations: list[Expectation]) -> LookError | None:
    match = rule.regex.search(text)
    ok = (match is not None) is rule.must
    seen = safe_text(match[0] if match else text, _SEEN_CHARS)
    expectations.append(Expectation(rule.expr, seen, ok))
    return None if ok else LookError("body_unexpected", seen=seen, want=rule.want)


def _parse_json(answer: Answer) -> tuple[object, str]:
    """The value of the body, or why it has none."""
    if not answer.complete:
        return None, f"> {len(answer.body)}B"
    try:
        return msgspec.json.decode(answer.text), ""
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None, safe_text(answer.text, _SEEN_CHARS) or "-"
