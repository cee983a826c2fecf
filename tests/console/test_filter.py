"""Filter words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.client.shapes import Application, State
from opsconsole.console.filter import parse
from tests.console.rows import NIGHT, app

ROWS = {
    "siak": app("siak", State.DOWN, status=503, tier=1, since=NIGHT - timedelta(hours=2)),
    "simrs": app("simrs", State.WARN, opd="RSUD", opd_short="RSUD", status=200),
    "mail": app("mail", State.UP, name="Surel Dinas", opd="KOM", opd_short="Kominfo", status=200, tier=3),
    "portal": app(
        "portal",
        State.UNREACHABLE,
        opd="KOM",
        opd_short="Kominfo",
        parent="service:pdn",
        reason="unreachable",
    ),
}


def matching(text: str) -> set[str]:
    """The ids that the words let through."""
    wanted = parse(text)
    return {row_id for row_id, row in ROWS.items() if wanted.matches(row, NIGHT)}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("", {"siak", "simrs", "mail", "portal"}),
        ("down", {"siak"}),
        ("down warn", {"siak", "simrs"}),
        ("cutoff", {"portal"}),
        ("unreachable", {"portal"}),
        ("opd:rsud", {"simrs"}),
        ("opd:komin opd:RSUD", {"simrs", "mail", "portal"}),
        ("opd:kom up", {"mail"}),
        ("tier:1", {"siak"}),
        ("tier:1 tier:3", {"siak", "mail"}),
        ("code:5xx", {"siak"}),
        ("code:200", {"simrs", "mail"}),
        ("age>1h", {"siak"}),
        ("age<1h down", set()),
        ("via:pdn", {"portal"}),
        ("surel", {"mail"}),
        ("sim", {"simrs"}),
        ('"surel dinas"', {"mail"}),
        ('"surel di', {"mail"}),
        ("-down", {"simrs", "mail", "portal"}),
        ("-opd:kom -siak", {"simrs"}),
        ('-"surel dinas" opd:kom', {"portal"}),
        ("without", {"siak", "simrs"}),
        ("-", {"siak", "simrs", "mail", "portal"}),
    ],
)
def test_words_say_which_rows_to_show(words: str, ids: set[str]) -> None:
    assert matching(words) == ids


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("tier:9", "tier:1"),
        ("code:9xx", "code:503"),
        ("age>soon", "age>10m"),
        ("opd:", "opd:rsud"),
        ("via:", "via:sso"),
    ],
)
def test_a_word_that_means_nothing_is_named_and_left_out(words: str, fault: str) -> None:
    wanted = parse(f"down {words}")
    assert words in wanted.faults[0]
    assert fault in wanted.faults[0]
    assert matching(f"down {words}") == {"siak"}


@given(st.text(max_size=40))
def test_any_text_is_a_filter(text: str) -> None:
    wanted = parse(text)
    for row in ROWS.values():
        assert isinstance(wanted.matches(row, NIGHT), bool)


@given(st.sampled_from(["down", "opd:rsud", "tier:1", "code:5xx", "age>1h", "surel"]))
def test_minus_turns_a_word_round(word: str) -> None:
    row: Application
    for row in ROWS.values():
        assert parse(word).matches(row, NIGHT) is not parse(f"-{word}").matches(row, NIGHT)
