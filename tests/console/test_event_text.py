"""The log in words: a template for each kind of event that the engine writes, in both languages."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from opsconsole.base.text import LANGUAGES, choose_language
from opsconsole.client.findings import Finding
from opsconsole.client.logbook import STATE, Entry
from opsconsole.client.shapes import State
from opsconsole.console.draw.event_text import EVENTS, TROUBLES, entry_text, event_text
from opsconsole.console.draw.findings import FINDINGS, finding_text
from opsconsole.incidents.projection import KINDS
from opsconsole.integration.projection import KINDS as ROAD
from opsconsole.readiness.project import KINDS as READINESS
from tests.console.rows import NIGHT, VIEW

ROOMS = [Path(__file__).parents[2] / "opsconsole" / room for room in ("engine", "notify")]
# Where an event's kind stands first or alone among the arguments.
_MAKERS = {"own_event", "event", "_event", "author", "_own_author", "_answer", "EventDraft"}
_KIND = re.compile(r"[a-z]+\.[a-z_]+")


def kinds_written() -> Iterator[str]:
    """Every kind that a call which makes an event is given, or may be given by way of a name."""
    for file in (file for room in ROOMS for file in room.rglob("*.py")):
        tree = ast.parse(file.read_text())
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _maker(node.func) in _MAKERS:
                first: ast.expr = node.args[0]
                first = named.get(first.id, first) if isinstance(first, ast.Name) else first
                yield from (
                    one.value
                    for one in ast.walk(first)
                    if isinstance(one, ast.Constant)
                    and isinstance(one.value, str)
                    and _KIND.fullmatch(one.value)
                )


def _maker(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def test_every_kind_of_event_that_the_engine_writes_has_words() -> None:
    written = {*kinds_written(), *READINESS, *KINDS, *ROAD}
    assert len(written) >= 12, "the search itself finds them"
    assert written == set(EVENTS)
    assert written >= TROUBLES


@pytest.mark.parametrize("kind", EVENTS)
def test_every_template_is_filled_in_both_languages(kind: str) -> None:
    said = set()
    names = re.findall(r"\{(\w+)\}", EVENTS[kind])
    for language in LANGUAGES:
        choose_language(language)
        full = event_text(kind, {**dict.fromkeys(names, "SEEN"), "reason": "ok"}, VIEW)
        assert full.count("SEEN") == len([name for name in names if name != "reason"])
        assert "{" not in full + event_text(kind, {}, VIEW)
        said.add(event_text(kind, {}, VIEW))
    choose_language("en")
    assert len(said) == len(LANGUAGES)


def test_an_event_of_a_newer_engine_is_shown_by_what_it_holds() -> None:
    assert (
        event_text("weather.changed", {"id": 412, "cause": "gw"}, VIEW) == "weather.changed id=412 cause=gw"
    )


def test_times_states_and_lists_of_an_event_are_shown_as_people_read_them() -> None:
    last_sign = "2026-11-23T18:02:11.250+00:00"
    assert event_text("engine.cut_off", {"run": 6, "last_sign": last_sign}, VIEW).endswith("last sign 01:02")
    subjects = [f"changed app-{number}" for number in range(7)]
    text = event_text("config.accepted", {"changes": 7, "subjects": subjects}, VIEW)
    assert text.endswith("changed app-3 and 3 more")
    body = {"after": "down", "before": "up", "reason": "connect_refused", "params": {"address": "a:1"}}
    assert event_text("application.announced", body, VIEW) == "told only now: DOWN, connection refused by a:1"


def changed(before: State, after: State, **fields: object) -> str:
    entry = Entry(
        id="s1", at=NIGHT, kind=STATE, subject="simrs", before=before, after=after,
        reason="connect_refused", params={"address": "a:1"}, **fields,  # type: ignore[arg-type]
    )  # fmt: skip
    return entry_text(entry, VIEW)


def test_a_change_of_state_says_from_what_to_what_and_since_when() -> None:
    began = NIGHT - timedelta(minutes=3)
    assert changed(State.UP, State.DOWN, hard=False) == "DOWN, not confirmed: connection refused by a:1"
    assert changed(State.DOWN, State.DOWN, happened_at=began).startswith("DOWN confirmed since 02:11: ")
    assert changed(State.DOWN, State.UP) == "DOWN to UP"
    assert changed(State.WARN, State.DOWN, happened_at=NIGHT).startswith("WARN to DOWN: ")
    assert changed(State.UP, State.WARN, flapping=True).startswith("WARN, flapping: ")


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_has_words_in_both_languages(code: str) -> None:
    said = set()
    params = dict.fromkeys(re.findall(r"\{(\w+)\}", FINDINGS[code]), "SEEN")
    for language in LANGUAGES:
        choose_language(language)
        text = finding_text(Finding(severity="low", code=code, params=params), VIEW)  # type: ignore[arg-type]
        assert text.count("SEEN") == len(params)
        said.add(text)
    choose_language("en")
    assert len(said) == len(LANGUAGES)
