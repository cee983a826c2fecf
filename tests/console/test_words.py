"""Words, times, and reasons as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from opsconsole.base.text import choose_language
from opsconsole.client.shapes import State
from opsconsole.console.draw.reasons import _SHORT, why_text
from opsconsole.console.draw.times import Times, every, took
from opsconsole.console.draw.words import GLYPHS, MEANINGS, glyph, named_states, word, word_width
from probes.reasons import BY_CODE
from tests.console.rows import NIGHT, VIEW, app


@pytest.fixture(params=["en", "id"])
def language(request: pytest.FixtureRequest) -> object:
    """Both languages."""
    choose_language(request.param)
    yield request.param
    choose_language("en")


def test_each_state_has_a_glyph_and_a_word_of_at_most_eight_columns(language: str) -> None:
    assert set(GLYPHS) == set(State) == set(MEANINGS)
    assert all(len(glyph(state)) == 1 and glyph(state).isascii() for state in State)
    assert word_width() <= 8
    words = [word(state) for state in State]
    assert len(set(words)) == len(words)
    assert all(named_states()[word(state).lower().replace(" ", "")] is state for state in State)
    assert all(named_states()[state.value] is state for state in State)


def test_times_are_of_the_office_and_never_tick() -> None:
    times = Times("Asia/Jakarta")
    assert times.clock(NIGHT) == "Tue 24 Nov 02:14 WIB"
    assert times.short_clock(NIGHT) == "02:14 WIB"
    assert times.since(NIGHT - timedelta(minutes=20), NIGHT) == "01:54"
    assert times.since(NIGHT - timedelta(hours=4), NIGHT) == "22:14"
    assert times.since(NIGHT - timedelta(hours=21), NIGHT) == "23 Nov"
    assert times.since(NIGHT - timedelta(days=400), NIGHT) == "Oct'25"
    assert times.at(NIGHT - timedelta(days=2), NIGHT) == "Sun 22 Nov 02:14"
    assert times.at(NIGHT - timedelta(days=400), NIGHT) == "Mon 20 Oct 2025 02:14"
    assert times.look(NIGHT, NIGHT) == "02:14:00"
    assert len(times.look(NIGHT - timedelta(days=3), NIGHT)) == 8


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"), ("Asia/Pontianak", "WIB"), ("Europe/Paris", "CET")],
)
def test_each_zone_has_its_own_name(zone: str, name: str) -> None:
    assert Times(zone).zone_word(NIGHT) == name


@pytest.mark.parametrize("zone", ["", "../etc/passwd", "Nowhere/City"])
def test_an_unknown_zone_is_shown_as_utc(zone: str) -> None:
    assert Times(zone).short_clock(NIGHT) == "19:14 UTC"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "-"),
        (0.3, "<1ms"),
        (0.6, "1ms"),
        (812.3, "812ms"),
        (999.9, "1.0s"),
        (4810, "4.8s"),
        (31_000, "31s"),
        (120_000, "2m"),
    ],
)
def test_a_duration_takes_five_cells_at_most(milliseconds: float, text: str) -> None:
    assert took(milliseconds) == text
    assert len(took(milliseconds * 7)) <= 5


def test_a_rhythm_is_said_in_its_own_unit() -> None:
    rhythms = {0.5: "0.5s", 15: "15s", 60: "1m", 90: "90s", 300: "5m", 86_400: "24h"}
    assert {seconds: every(seconds) for seconds in rhythms} == rhythms


def test_short_reasons_are_of_reasons_that_there_are_and_fit_a_narrow_column(language: str) -> None:
    params = {"seen": 503, "want": "200-299", "name": "Server", "address": "127.0.0.1:1", "via": "gw-satu"}
    params |= {"until": "06:00", "by": "budi", "why": "ganti disk"}
    for code in _SHORT:
        row = app(state=State.DOWN, reason=code, params=params)
        text = why_text(row, VIEW, short=True)
        assert "?" not in text, code
        assert cell_len(text) <= 30, (code, text)
    assert set(_SHORT) - set(BY_CODE) == {"unreachable", "offline", "unconfirmed", "maint", "mass_failure"}


def test_why_says_how_far_a_failure_is_from_being_confirmed() -> None:
    assert why_text(app(), VIEW) == ""
    soft = app(state=State.DOWN, hard=False, attempt=2)
    assert why_text(soft, VIEW) == "2/3 connection closed without an answer"
    assert why_text(app(state=State.DOWN, flapping=True), VIEW, short=True) == "flaps: closed, no answer"


def test_a_moment_in_a_reason_is_told_in_the_offices_time() -> None:
    stale = app(state=State.STALE, reason="stale", params={"since": "2026-11-23T18:43:00Z"})
    assert why_text(stale, VIEW) == "no look since 01:43"
    assert VIEW.at(datetime(2026, 11, 23, 18, 43, tzinfo=UTC)) == "01:43"
