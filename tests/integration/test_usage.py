"""Figures of use: what is a quarter, what a list holds, what is recorded and what is refused."""

from datetime import date

import pytest

from opsconsole.base.errors import Conflict, Invalid
from opsconsole.client.usage import (
    ImportUsage,
    RecordUsage,
    UsageLine,
    lines_of,
    quarter_from,
    quarter_of,
)
from opsconsole.integration import usage
from opsconsole.store.drafts import EventDraft, own_event

TODAY = date(2026, 11, 25)


def author(kind: str, subject: str, body) -> EventDraft:
    return own_event(kind, subject, 0.0, body)


@pytest.mark.parametrize("text", ["2026-Q3", "2026Q3", "2026 q3", " 2026-TW3 ", "2026 tw 3"])
def test_a_quarter_is_read_however_it_is_written(text: str):
    assert quarter_of(text) == ("2026-Q3", date(2026, 10, 1))


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "26-Q3", "0001-Q1", "9999-Q4", "2026-Q3x"])
def test_what_is_no_quarter_is_none(text: str):
    assert quarter_of(text) is None


def test_a_day_has_its_quarter():
    days = (date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31))
    assert [quarter_from(day) for day in days] == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]
    assert quarter_of("2026-Q4") == ("2026-Q4", date(2027, 1, 1))


def test_a_figure_is_recorded_with_its_source():
    [event] = usage.record(RecordUsage("satu", "2026 tw3", 0, " laporan OPD "), TODAY, author).events
    assert (event.kind, event.subject) == ("integration.usage_recorded", "satu")
    assert event.body == {"quarter": "2026-Q3", "count": 0, "source": "laporan OPD", "how": "stated"}


@pytest.mark.parametrize(
    ("quarter", "count", "source", "says"),
    [
        ("2026-Q3", 1, "  ", "source"),
        ("2026-Q4", 1, "x", "not over"),
        ("kapan", 1, "x", "no quarter"),
        ("2026-Q3", -1, "x", "no number"),
        ("2026-Q3", 10**11, "x", "no number"),
    ],
)
def test_a_figure_that_can_not_be_is_refused(quarter: str, count: int, source: str, says: str):
    with pytest.raises(Invalid, match=says):
        usage.record(RecordUsage("satu", quarter, count, source), TODAY, author)


def test_a_list_is_recorded_as_far_as_it_is_understood():
    rows = [
        ["Aplikasi", "Triwulan", "Jumlah Login", "Catatan"],
        ["satu", "2026-Q2", "1.204", ""],
        ["", "", "", ""],
        ["tiada", "2026-Q2", "1", ""],
        ["satu", "2026-Q4", "1", ""],
        ["satu", "2026-Q3", "banyak", ""],
        ["satu", "2026-TW2", "7", ""],
        ["satu", "2026-Q3", "0"],
    ]
    decided = usage.from_list(ImportUsage(lines_of(rows), "rekap"), {"satu"}, TODAY, author)
    assert [(one.body["quarter"], one.body["count"], one.body["how"]) for one in decided.events] == [
        ("2026-Q2", 1204, "imported"),
        ("2026-Q3", 0, "imported"),
    ]
    assert [(one.line, one.why) for one in decided.value.not_understood] == [
        (4, "application"),
        (5, "quarter"),
        (6, "count"),
        (7, "twice"),
    ]


def test_a_list_of_which_nothing_is_understood_is_refused():
    with pytest.raises(Conflict):
        usage.from_list(ImportUsage((UsageLine(2, "x", "y", "z"),), "rekap"), {"satu"}, TODAY, author)


def test_a_list_without_the_columns_is_refused_and_one_quarter_can_be_given_for_all():
    with pytest.raises(Invalid, match="quarter"):
        lines_of([["id", "login"], ["satu", "3"]])
    assert lines_of([["id", "login"], ["satu", "3"]], "2026-Q1") == (UsageLine(2, "satu", "2026-Q1", "3"),)
    with pytest.raises(Invalid):
        lines_of([])
    with pytest.raises(Invalid, match="at most"):
        lines_of([["id", "login"], *([["satu", "3"]] * 401)], "2026-Q1")
