"""Who is cut off by whom."""

import pytest

from opsconsole.client.shapes import State
from opsconsole.health.model import Health, ShownState, Told
from opsconsole.health.reach import graph, parents_failing, reachability

UP = ShownState(since=0.0, state=State.UP, health=Health.UP)
SOFT = ShownState(since=0.0, state=State.DOWN, health=Health.DOWN, hard=False)
DOWN = ShownState(since=0.0, state=State.DOWN, health=Health.DOWN)
WARN = ShownState(since=0.0, state=State.WARN, health=Health.WARN)
LOST = ShownState(since=0.0, state=State.UNKNOWN, health=Health.UNKNOWN, told=Told(announced=Health.DOWN))
UNKNOWN = ShownState(since=0.0, state=State.UNKNOWN, health=Health.UNKNOWN)

Links = dict[str, list[list[str]]]
CHAIN: Links = {"net": [], "sso": [["net"]], "web": [["sso"]]}
PAIR: Links = {"a": [], "b": [], "web": [["a", "b"]]}
CYCLE: Links = {"a": [["b"]], "b": [["a"]], "c": [["a"]]}

CASES = {
    "a down parent cuts off": (CHAIN, {"net": UP, "sso": DOWN, "web": SOFT}, {"web": "sso"}),
    "a parent that is not confirmed does not": (CHAIN, {"net": UP, "sso": SOFT, "web": DOWN}, {}),
    "a slow parent does not": (CHAIN, {"net": UP, "sso": WARN, "web": DOWN}, {}),
    "an unknown parent does not": (CHAIN, {"net": UP, "sso": UNKNOWN, "web": DOWN}, {}),
    "what is up is not cut off": (CHAIN, {"net": DOWN, "sso": UP, "web": UP}, {}),
    "the root cause is named": (CHAIN, {"net": DOWN, "sso": DOWN, "web": DOWN}, {"sso": "net", "web": "net"}),
    "also through one that only begins to fail": (
        CHAIN,
        {"net": DOWN, "sso": SOFT, "web": SOFT},
        {"sso": "net", "web": "net"},
    ),
    "a parent that works passes nothing on": (CHAIN, {"net": DOWN, "sso": UP, "web": DOWN}, {}),
    "a parent never shown cuts off nothing": (CHAIN, {"web": DOWN}, {}),
    "one of a group suffices": (PAIR, {"a": DOWN, "b": UP, "web": DOWN}, {}),
    "a whole group cuts off": (PAIR, {"a": DOWN, "b": DOWN, "web": DOWN}, {"web": "a"}),
    "the dependency written first is named": (
        {"a": [], "b": [], "web": [["b"], ["a"]]},
        {"a": DOWN, "b": DOWN, "web": DOWN},
        {"web": "b"},
    ),
    "a later dependency cuts off too": (
        {"a": [], "b": [], "web": [["b"], ["a"]]},
        {"a": DOWN, "b": UP, "web": DOWN},
        {"web": "a"},
    ),
    "a cycle cuts off nobody in it": (CYCLE, {"a": DOWN, "b": DOWN, "c": UP}, {}),
    "but who hangs on it": (CYCLE, {"a": DOWN, "b": DOWN, "c": DOWN}, {"c": "a"}),
    "itself as a parent is a cycle": ({"a": [["a"]]}, {"a": DOWN}, {}),
    "an unknown id cuts off nobody": ({"a": [["gone"]]}, {"a": DOWN, "gone": DOWN}, {}),
    "an unknown id of a group saves it": (
        {"a": [["gone", "b"]], "b": []},
        {"a": DOWN, "b": DOWN},
        {},
    ),
}


@pytest.mark.parametrize(("links", "shown", "wanted"), CASES.values(), ids=CASES)
def test_who_is_cut_off(links: Links, shown: dict[str, ShownState], wanted: dict[str, str]) -> None:
    assert reachability(graph(links), shown) == wanted


FAILING = {
    "a failing parent": (CHAIN, {"net": UP, "sso": SOFT, "web": UP}, {"web"}),
    "a parent that is cut off itself": (CHAIN, {"net": DOWN, "sso": SOFT, "web": DOWN}, {"sso", "web"}),
    "a slow or unknown parent does not fail": (CHAIN, {"net": UNKNOWN, "sso": WARN, "web": DOWN}, set()),
    "one that was down and is not known since": (CHAIN, {"net": UP, "sso": LOST, "web": DOWN}, {"web"}),
    "one of a group suffices": (PAIR, {"a": DOWN, "b": UP, "web": DOWN}, set()),
    "a whole group, confirmed or not": (PAIR, {"a": DOWN, "b": SOFT, "web": UP}, {"web"}),
    "a cycle holds back nobody in it": (CYCLE, {"a": DOWN, "b": DOWN, "c": UP}, {"c"}),
    "an unknown id fails nobody": ({"a": [["gone"]]}, {"a": DOWN, "gone": DOWN}, set()),
    "an empty group fails nobody": ({"a": [[]]}, {"a": DOWN}, set()),
}


@pytest.mark.parametrize(("links", "shown", "wanted"), FAILING.values(), ids=FAILING)
def test_whose_parents_fail(links: Links, shown: dict[str, ShownState], wanted: set[str]) -> None:
    assert parents_failing(graph(links), shown) == wanted


def test_a_long_chain_is_no_trouble() -> None:
    links = {"0": []} | {str(n): [[str(n - 1)]] for n in range(1, 500)}
    shown = dict.fromkeys(links, DOWN)
    via = reachability(graph(links), shown)
    assert set(via.values()) == {"0"}
    assert len(via) == 499
