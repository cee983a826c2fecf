"""The whole explanation: what lies over a row, what it depends on, its probes, and what people were told."""

import math
import re

import pytest
from msgspec.structs import replace

from opsconsole.base.text import RULE_TEMPLATES, WHY_TEMPLATES, why_text
from opsconsole.client.shapes import Why
from opsconsole.health.model import Health, Overlays, ProbeView, ShownState, Told
from opsconsole.health.reasoning import Answered, reason
from opsconsole.health.rows import application_state
from probes.observation import Param
from tests.health.test_explain import probe

UP = ShownState(since=0.0, health=Health.UP)
SOFT = ShownState(since=0.0, health=Health.DOWN, hard=False)
DOWN = ShownState(since=0.0, health=Health.DOWN)
WORK: dict[str, Param] = {"until": "2026-11-24T06:00:00Z", "by": "budi", "why": "uji"}
NONE, UNTOLD = Overlays(), Told()
NEVER = Answered(Health.PENDING, None)


def lines_of(
    probes: list[ProbeView],
    *,
    overlays: Overlays = NONE,
    parents: tuple[dict[str, ShownState | None], ...] = (),
    told: Told = UNTOLD,
    answered: Answered = NEVER,
) -> list[Why]:
    shown = replace(application_state(probes, overlays, 99.0), told=told)
    lines = reason(shown, probes, parents, math.inf, answered)
    for line in lines:
        template = {**WHY_TEMPLATES, **RULE_TEMPLATES}[line.code]
        assert set(re.findall(r"{(\w+)}", template)) <= set(line.params)
        assert "{" not in why_text(line.code, line.params)
    return list(lines)


def codes(*args: object, **kwargs: object) -> list[str]:
    return [line.code for line in lines_of(*args, **kwargs)]  # type: ignore[arg-type]


def test_what_is_up_is_explained_too() -> None:
    assert codes([probe("a", "uu"), probe("b", "u")]) == ["decides", "passed", "passed", "told_nothing"]


def test_every_probe_is_named_once_the_deciding_one_first() -> None:
    lines = lines_of([probe("a", "u"), probe("b", "ddd")], answered=Answered(Health.DOWN, 50.0))
    assert [line.code for line in lines] == ["decides", "down", "self_unset", "passed", "told_down"]
    assert [line.params.get("probe") for line in lines] == ["b", "b", None, "a", None]


@pytest.mark.parametrize(
    ("group", "code"),
    [
        ({"sso": UP}, "parent_works"),
        ({"sso": None}, "parent_works"),
        ({"sso": SOFT}, "parent_fails"),
        ({"sso": DOWN}, "parent_down"),
        ({"a": DOWN, "b": UP}, "group_works"),
        ({"a": DOWN, "b": DOWN}, "group_down"),
    ],
)
def test_what_it_depends_on_stands_after_what_lies_over_it(
    group: dict[str, ShownState | None], code: str
) -> None:
    found = codes([probe("a", "ud")], overlays=Overlays(via="sso"), parents=(group, {}))
    assert found[:3] == ["unreachable", code, "failing"]


def test_members_of_a_group_are_counted() -> None:
    [line] = [
        one
        for one in lines_of([probe("a", "u")], parents=({"a": DOWN, "b": UP},))
        if one.code == "group_works"
    ]
    assert line.params == {"names": "a, b", "down": 1, "count": 2}


def test_how_far_it_is_from_flapping_is_said_once_its_results_changed() -> None:
    assert "changes" in codes([probe("a", "udu")])
    assert "changes" not in codes([probe("a", "uuu")])
    flapping = codes([probe("a", "udududu")])
    assert "flapping" in flapping and "changes" not in flapping


@pytest.mark.parametrize(
    ("answered", "code"),
    [
        (NEVER, "told_nothing"),
        (Answered(Health.UP, None), "told_up_first"),
        (Answered(Health.WARN, None), "told_warn_first"),
        (Answered(Health.DOWN, None), "told_down_first"),
        (Answered(Health.UP, 1.0), "told_up"),
        (Answered(Health.WARN, 1.0), "told_warn"),
        (Answered(Health.DOWN, 1.0), "told_down"),
    ],
)
def test_what_people_were_told_last(answered: Answered, code: str) -> None:
    assert code in codes([probe("a", "uu")], answered=answered)


@pytest.mark.parametrize(
    ("looks", "overlays", "told", "wanted"),
    [
        ("ddd", Overlays(maintenance=True, work=WORK), Told(covered=True, held="maint"), "held_maint"),
        ("ddd", Overlays(hours="loket"), Told(covered=True, held="closed"), "held_closed"),
        ("ddd", Overlays(off=True), Told(covered=True, held="off"), "held_off"),
        ("ddd", Overlays(), Told(held="flapping"), "held_flapping"),
        ("ddd", Overlays(), Told(covered=True, held="parent"), "held_parent"),
        ("ddd", Overlays(), Told(held="maint", lifted_at=9.0), "held_look"),
        ("ud", Overlays(), Told(announced=Health.UP), "told_soft"),
        ("u?", Overlays(), Told(announced=Health.UP), "told_unknown"),
        ("ddd", Overlays(), Told(announced=Health.DOWN), "told_same"),
        ("uu", Overlays(), Told(announced=Health.UP), "told_same"),
        ("uu", Overlays(), Told(), "told_nothing"),
    ],
)
def test_why_nothing_was_announced_since_is_the_last_line(
    looks: str, overlays: Overlays, told: Told, wanted: str
) -> None:
    assert codes([probe("a", looks)], overlays=overlays, told=told)[-1] == wanted
    assert codes([probe("a", looks)], overlays=overlays, told=told).count(wanted) == 1


def test_every_rule_that_has_words_is_said_somewhere() -> None:
    said = {"parent_works", "parent_fails", "parent_down", "group_works", "group_down", "changes"}
    said |= {
        "told_nothing",
        "told_same",
        "told_soft",
        "told_unknown",
        "held_off",
        "held_maint",
        "held_closed",
    }
    said |= {f"told_{word}{first}" for word in ("up", "warn", "down") for first in ("", "_first")}
    assert said == set(RULE_TEMPLATES)
