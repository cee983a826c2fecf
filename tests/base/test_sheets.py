"""Files that people send as lists, read as they are seen."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import read_sheet


def workbook(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_formula_without_a_value_is_not_taken_for_an_empty_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["a", "b"], ["=A1&B1", None], [date(2026, 8, 17), 81200001038.0])
    rows = read_sheet(path)
    assert [row[:2] for row in rows] == [["a", "b"], ["=A1&B1", ""], ["2026-08-17", "81200001038"]]
    assert not any(cell for row in rows for cell in row[2:])


def test_what_unpacks_to_more_than_any_list_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["a"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet2.xml", b"0" * (101 * 1024 * 1024))
    with pytest.raises(Invalid):
        read_sheet(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04rusak", b"\x00\x01\x02", b""])
def test_what_is_no_sheet_is_refused_or_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    if content:
        with pytest.raises(Invalid):
            read_sheet(path)
    else:
        assert read_sheet(path) == []


def test_a_workbook_whose_parts_are_missing_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    (tmp_path / "x.xlsx").write_bytes(made.getvalue())
    with pytest.raises(Invalid):
        read_sheet(tmp_path / "x.xlsx")
