"""LibreOffice opens the exports: every hostile cell is text in it, every date a date, nothing is computed."""

import io
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from opsconsole.exports.cells import clean
from opsconsole.exports.formats import Format, written
from opsconsole.exports.sheet import Column
from tests.exports.hostile_cells import HOSTILE
from tests.exports.sheets import NIGHT, notes, sheet_for

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice (libreoffice-calc-nogui) is not installed"
)
# Separator, text mark, UTF-8, first line, no column formats; an Indonesian locale, "detect special numbers".
ID_IMPORT = "59,34,76,1,,1057,false,true"
RFC_IMPORT = "44,34,76,1,,1033,true,false"


def converted(folder: Path, content: bytes, name: str, to: str, read: str = "") -> bytes:
    """The file ``name`` as LibreOffice writes it after having opened it."""
    out = folder / "out"
    (folder / name).write_bytes(content)
    argv = [SOFFICE or "", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    argv += [f"--infilter=CSV:{read}"] if read else []
    argv += ["--convert-to", to, "--outdir", str(out), str(folder / name)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
    result = out / f"{Path(name).stem}.{to}"
    assert result.exists(), done.stdout + done.stderr
    return result.read_bytes()


def cells_of(content: bytes) -> list[tuple[str, object]]:
    """Kind and value of the second column of a workbook that LibreOffice wrote, below its head."""
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    return [(row[1].data_type, row[1].value) for row in page.iter_rows(min_row=2, max_col=2)]


@pytest.mark.parametrize(("form", "read"), [("excel-id", ID_IMPORT), ("rfc4180", RFC_IMPORT), ("xlsx", "")])
def test_every_hostile_cell_is_text_in_it(tmp_path: Path, form: Format, read: str) -> None:
    ending = "xlsx" if form == "xlsx" else "csv"
    made = converted(
        tmp_path, written(form, notes([one.value for one in HOSTILE])), f"in.{ending}", "xlsx", read
    )
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                assert not [node for node in ET.fromstring(book.read(name)).iter() if node.tag.endswith("}f")]
    cells = cells_of(made)
    assert len(cells) == len(HOSTILE)
    for one, (kind, value) in zip(HOSTILE, cells, strict=True):
        wanted = clean(one.value)
        if one.trouble == "long" or not wanted.strip():
            continue
        assert kind == "s", (one, value)
        assert str(value).replace("_x005F_", "_").strip() in (wanted.strip(), f"'{wanted}".strip()), one


def test_dates_and_numbers_are_what_they_are_in_both_locales(tmp_path: Path) -> None:
    columns = (Column("n", "N", "number"), Column("at", "AT", "time"), Column("took", "TOOK", "seconds"))
    rows = [[1, NIGHT, 12.5], [2, NIGHT, 1234.75]]
    for form, read in (("excel-id", ID_IMPORT), ("xlsx", "")):
        ending = "xlsx" if form == "xlsx" else "csv"
        made = converted(tmp_path, written(form, sheet_for(rows, columns)), f"{form}.{ending}", "xlsx", read)  # type: ignore[arg-type]
        for row, (_n, at, took) in zip(
            rows, load_workbook(io.BytesIO(made)).worksheets[0].iter_rows(min_row=2), strict=True
        ):
            assert (at.data_type, took.data_type) == ("d", "n"), form
            assert f"{at.value:%Y-%m-%d %H:%M:%S}" == "2026-11-24 02:14:12"
            assert took.value == row[2]


def test_both_sheets_of_a_workbook_are_read(tmp_path: Path) -> None:
    made = converted(tmp_path, written("xlsx", notes(["=1+1", "081200000000"])), "in.xlsx", "ods")
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        text = book.read("content.xml").decode()
    assert "table:formula" not in text
    assert [name for name in ("incidents", "audit head") if f'table:name="{name}"' in text] == [
        "incidents",
        "audit head",
    ]
    assert "081200000000" in text and "ab" * 32 in text
