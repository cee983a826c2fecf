"""Every rule that decided has a line."""

import math
import re

import pytest
from msgspec.structs import replace

from opsconsole.base.text import WHY_TEMPLATES, why_text
from opsconsole.health.explain import explain
from opsconsole.health.model import Health, Overlays, Policy, ProbeState, ProbeView, Told
from opsconsole.health.rows import application_state
from opsconsole.health.rules import pause, resume, stale
from tests.health.sequences import run


def probe(name: str, looks: str, checked_at: float | None = math.inf, *, essential: bool = True) -> ProbeView:
    """A probe that saw these looks; at the end ``z``: then none for long, ``p`` paused, ``r`` resumed."""
    policy = Policy(essential=essential)
    states, _ = run(looks.rstrip("zpr"), policy, checked_at=checked_at)
    state = states[-1] if states else ProbeState(since=0.0)
    if looks.endswith("z"):
        state, _ = stale(state, 10_000.0, policy)
    if looks.endswith(("p", "r")):
        state, _ = pause(state, {"by": "budi", "until": "2026-11-24T06:00:00Z", "why": "upgrade"}, 500.0)
    if looks.endswith("r"):
        state, _ = resume(state, 600.0)
    return ProbeView(name, state, policy)


WORK = Overlays(maintenance=True, work={"by": "budi", "until": "2026-11-24T06:00:00Z", "why": "ganti disk"})
CASES: dict[str, tuple[list[ProbeView], Overlays, float | None, list[str]]] = {
    "up": ([probe("a", "u")], Overlays(), math.inf, ["passed"]),
    "pending": ([probe("a", "")], Overlays(), math.inf, ["pending"]),
    "failing": ([probe("a", "udd")], Overlays(), math.inf, ["failing"]),
    "down without a self-check": ([probe("a", "ddd")], Overlays(), math.inf, ["down", "self_unset"]),
    "down with one": ([probe("a", "ddd", 99.0)], Overlays(), 99.0, ["down", "self_checked"]),
    "waiting for one": ([probe("a", "ddd", None)], Overlays(), None, ["unconfirmed"]),
    "suspect": ([probe("a", "DDD")], Overlays(), math.inf, ["failing", "suspect"]),
    "slow": ([probe("a", "w")], Overlays(), math.inf, ["troubled"]),
    "slow and confirmed": ([probe("a", "www")], Overlays(), math.inf, ["warn"]),
    "recovering": ([probe("a", "dddu")], Overlays(), math.inf, ["down", "self_unset", "recovering"]),
    "unknown": ([probe("a", "?")], Overlays(), math.inf, ["unknown"]),
    "unknown after down": ([probe("a", "ddd?")], Overlays(), math.inf, ["unknown", "was_down"]),
    "offline": ([probe("a", "uo")], Overlays(), math.inf, ["offline"]),
    "stale": ([probe("a", "uz")], Overlays(), math.inf, ["stale"]),
    "flapping": ([probe("a", "udududu")], Overlays(), math.inf, ["passed", "flapping"]),
    "not essential": (
        [probe("a", "ud", essential=False)],
        Overlays(),
        math.inf,
        ["not_essential", "failing"],
    ),
    "unknown and not essential": (
        [probe("a", "u"), probe("b", "u?", essential=False)],
        Overlays(),
        math.inf,
        ["left_out", "passed", "unknown"],
    ),
    "unknown and not essential beside two": (
        [probe("a", "u"), probe("b", "?", essential=False), probe("c", "u")],
        Overlays(),
        math.inf,
        ["decides", "left_out", "passed", "unknown"],
    ),
    "no probe": ([], Overlays(), math.inf, ["no_probe"]),
    "off": ([], Overlays(off=True), math.inf, ["off", "no_probe"]),
    "maintenance": ([probe("a", "u")], WORK, math.inf, ["maint", "passed"]),
    "closed": ([probe("a", "u")], Overlays(hours="office"), math.inf, ["closed", "passed"]),
    "cut off": ([probe("a", "ud")], Overlays(via="sso"), math.inf, ["unreachable", "failing"]),
    "paused": ([probe("a", "up")], Overlays(), math.inf, ["paused", "probe_paused"]),
    "one of three paused": (
        [probe("a", "u"), probe("b", "ddp"), probe("c", "u")],
        Overlays(),
        math.inf,
        ["decides", "passed", "probe_paused"],
    ),
    "resumed": ([probe("a", "dddr")], Overlays(), math.inf, ["resumed"]),
    "failing with most hosts": ([probe("a", "umm")], Overlays(), math.inf, ["mass_failure"]),
    "several": (
        [probe("a", "u"), probe("b", "www"), probe("c", "ud")],
        Overlays(),
        math.inf,
        ["decides", "failing", "warn"],
    ),
}


@pytest.mark.parametrize(("probes", "overlays", "checked_at", "wanted"), CASES.values(), ids=CASES)
def test_the_rules_that_decided(
    probes: list[ProbeView], overlays: Overlays, checked_at: float | None, wanted: list[str]
) -> None:
    shown = application_state(probes, overlays, 99.0)
    lines = explain(shown, probes, checked_at)
    assert [line.code for line in lines] == wanted
    for line in lines:
        assert set(re.findall(r"{(\w+)}", WHY_TEMPLATES[line.code])) == set(line.params)


HELD = {
    "nothing is due": (Told(announced=Health.DOWN), []),
    "in maintenance": (Told(covered=True, held="maint"), []),
    "flapping": (Told(held="flapping"), ["held_flapping"]),
    "a parent fails": (Told(covered=True, held="parent"), ["held_parent"]),
    "a parent failed": (Told(held="parent", lifted_at=9.0), ["held_look"]),
    "maintenance is over": (Told(held="maint", lifted_at=9.0), ["held_look"]),
}


@pytest.mark.parametrize(("told", "wanted"), HELD.values(), ids=HELD)
def test_why_nobody_was_told_of_it(told: Told, wanted: list[str]) -> None:
    shown = application_state([probe("a", "ddd")], Overlays(), 99.0)
    lines = explain(replace(shown, told=told), [probe("a", "ddd")], math.inf)
    assert [line.code for line in lines] == [*wanted, "down", "self_unset"]
    assert all(line.params == {} for line in lines[: len(wanted)])


def test_every_line_that_has_words_is_said_somewhere() -> None:
    said = {code for *_, codes in CASES.values() for code in codes}
    said |= {code for _, codes in HELD.values() for code in codes}
    assert said == set(WHY_TEMPLATES)


def test_a_line_is_a_sentence_with_the_numbers_in_it() -> None:
    [line] = explain(
        application_state([probe("http", "udd")], Overlays(), 99.0), [probe("http", "udd")], None
    )
    assert why_text(line.code, line.params) == "http: 2 failures in a row; 3 in a row confirm DOWN"


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert why_text("no_such_rule") == "no_such_rule"
