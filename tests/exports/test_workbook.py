"""XLSX, opened again."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from openpyxl import load_workbook

from opsconsole.exports.cells import clean
from opsconsole.exports.formats import written
from opsconsole.exports.sheet import Column, Value
from opsconsole.exports.workbook import write_workbook
from tests.exports.hostile_cells import HOSTILE
from tests.exports.sheets import JAKARTA, NIGHT, notes, sheet_for

ROWS: list[list[Value]] = [[409, NIGHT, 12.5, "baris 1\nbaris 2"], [410, None, -1.0, None]]


def opened(content: bytes) -> Any:
    """The workbook, formulas not computed."""
    return load_workbook(io.BytesIO(content))


def test_numbers_are_numbers_dates_are_dates_and_text_is_text() -> None:
    page = opened(written("xlsx", sheet_for(ROWS)))["incidents"]
    head, first, second = list(page.iter_rows())
    assert [cell.value for cell in head] == ["NOMOR", "DIBUKA", "LAMA", "CATATAN"]
    assert [cell.value for cell in first] == [
        409,
        NIGHT.astimezone(JAKARTA).replace(tzinfo=None),
        12.5,
        "baris 1\nbaris 2",
    ]
    assert [cell.data_type for cell in first] == ["n", "d", "n", "s"]
    assert first[1].number_format == "yyyy-mm-dd hh:mm:ss"
    assert first[3].number_format == "@"
    assert first[3].alignment.wrap_text
    heights = [page.row_dimensions[number].height for number in (1, 2, 3)]
    assert heights == [None, 30, None], "a row with two lines has room for them"
    assert [cell.value for cell in second] == [410, None, -1.0, None]


def test_its_head_stays_in_sight_and_every_column_can_be_filtered() -> None:
    page = opened(written("xlsx", sheet_for(ROWS)))["incidents"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:D3"
    assert all(cell.font.bold for cell in page[1])
    widths = {name: page.column_dimensions[name].width for name in "ABCD"}
    assert widths["B"] == 20, "a date fits"
    assert widths["D"] == len("CATATAN") + 4, "the longest line, not the whole text"


def test_the_audit_head_has_a_sheet_of_its_own() -> None:
    book = opened(written("xlsx", sheet_for(ROWS)))
    assert book.sheetnames == ["incidents", "audit head"]
    told = {row[0].value: row[1].value for row in book["audit head"].iter_rows()}
    assert told["Audit: hash"] == "ab" * 32
    assert told["Audit: event"] == "4182"
    assert told["Rows"] == "2"
    assert told["Filter"] == "opd:rsud"
    assert book.properties.creator == "opsconsole"
    assert book.properties.created == NIGHT.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def test_hostile_text_is_text_and_comes_back_whole() -> None:
    page = opened(written("xlsx", notes([one.value for one in HOSTILE])))["incidents"]
    rows = list(page.iter_rows(min_row=2))
    assert len(rows) == len(HOSTILE)
    for one, (_number, cell) in zip(HOSTILE, rows, strict=True):
        assert cell.data_type in ("s", "inlineStr") or cell.value is None, one
        wanted = clean(one.value)
        if one.trouble == "long":
            assert cell.value.endswith(" characters in all]")
        elif wanted.strip():
            assert cell.value.replace("_x005F_", "_") == wanted, one
        if one.trouble in ("formula", "typed"):
            assert cell.quotePrefix, one


def test_more_rows_than_a_sheet_takes_go_on_on_the_next() -> None:
    for count, pages in ((0, 1), (3, 1), (4, 2), (7, 3), (6, 2)):
        sink = io.BytesIO()
        tally = write_workbook(notes([f"n{n}" for n in range(count)]), sink, most=4)
        book = opened(sink.getvalue())
        assert tally.rows == count
        assert book.sheetnames[:-1] == ["incidents", "incidents 2", "incidents 3"][:pages]
        values = [row[1].value for page in book.worksheets[:-1] for row in page.iter_rows(min_row=2)]
        assert values == [f"n{n}" for n in range(count)]
        assert all(page["A1"].value == "N" and page.freeze_panes == "A2" for page in book.worksheets[:-1])


def test_a_date_before_spreadsheets_began_to_count_is_text() -> None:
    columns = (Column("at", "AT", "time"), Column("n", "N", "number"))
    old = datetime(1850, 1, 1, tzinfo=UTC)
    cells = opened(written("xlsx", sheet_for([[old, float("nan")], [None, 10**16]], columns)))["incidents"]
    assert cells["A2"].value.startswith("1850-01-01 07:")
    assert cells["B2"].value is None
    assert cells["B3"].value == "10000000000000000"


def test_a_views_name_may_hold_what_no_sheets_name_may() -> None:
    sheet = sheet_for([])
    named = replace(sheet, about=replace(sheet.about, view="a/b:[c]*?" + "x" * 40))
    assert opened(written("xlsx", named)).sheetnames[0] == "a b  c   " + "x" * 15
