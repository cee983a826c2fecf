"""What comes out of every format for values that spreadsheets run, change or choke on."""

import csv
import io
import json
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.exports.cells import MOST_UNITS, clean, is_formula, is_typed
from opsconsole.exports.formats import Format, write, written
from tests.exports.hostile_cells import HOSTILE, Hostile
from tests.exports.sheets import notes

VALUES = [one.value for one in HOSTILE]
# Written down a second time, on purpose.
DANGEROUS = re.compile("[ \t\r\n\u00a0\u2003\u3000\ufeff\ufffd\"'“]*[=+\\-@＝＋－＠]|[\t\r\n]")
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def is_safe(cell: str) -> bool:
    """A cell that begins with ' is text to every spreadsheet."""
    return cell.startswith("'") or not DANGEROUS.match(cell)


def cells_of(form: Format, values: list[str]) -> list[str]:
    """The text column, read back with a reader of the format."""
    text = written(form, notes(values)).decode("utf-8-sig")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if form == "excel-id" else ",", strict=True
    )
    _head, *rows = list(reader)
    assert [int(row[0]) for row in rows] == list(range(len(values))), "no row was broken in two"
    return [row[1] for row in rows]


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    assert len(set(VALUES)) == len(VALUES) >= 200


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: f"{one.trouble}-{one.value[:12]!a}")
def test_a_cell_is_known_for_what_it_is(one: Hostile) -> None:
    text = clean(one.value)
    assert is_formula(text) == (one.trouble == "formula" or one.value.startswith("=1+1+"))
    if one.trouble in ("typed", "plain") and one.value.strip():
        assert is_typed(text) == (one.trouble == "typed")


@pytest.mark.parametrize("form", ["excel-id", "rfc4180", "csv"])
def test_no_csv_holds_a_formula_and_every_text_arrives(form: Format) -> None:
    for one, cell in zip(HOSTILE, cells_of(form, VALUES), strict=True):
        assert is_safe(cell), one
        assert not UNPRINTABLE.search(cell), one
        if one.trouble == "long" and form == "excel-id":
            continue
        wanted = clean(one.value)
        assert cell in (wanted, f"'{wanted}"), one
        if form == "excel-id" and one.trouble in ("formula", "typed"):
            assert cell == f"'{wanted}"


def test_for_programs_what_looks_like_a_number_stands_in_quotes_as_it_is() -> None:
    content = written("rfc4180", notes(["198506122010011003", "00123", "2026-11-24", "+62812"])).decode()
    assert content.split("\r\n")[1:5] == [
        '0,"198506122010011003"',
        '1,"00123"',
        '2,"2026-11-24"',
        "3,'+62812",
    ]


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so() -> None:
    sink = io.BytesIO()
    done = write("excel-id", notes(VALUES), sink)
    long = [one for one in HOSTILE if one.trouble == "long"]
    assert done.tally.cut == len(long)
    for one, cell in zip(HOSTILE, cells_of("excel-id", VALUES), strict=True):
        units = len(cell.encode("utf-16-le")) // 2
        assert units <= MOST_UNITS, one
        if one.trouble == "long":
            whole = len(clean(one.value).encode("utf-16-le")) // 2
            said = re.search(r" … \[cut: (\d+) characters in all\]$", cell)
            assert said and int(said[1]) - whole in (0, 1), "the one is the ' before a formula"
            assert units > MOST_UNITS - 2
    assert write("rfc4180", notes(VALUES), io.BytesIO()).tally.cut == 0, "a program takes any length"


def test_json_lines_give_back_the_very_text_and_act_on_no_terminal() -> None:
    content = written("jsonl", notes(VALUES))
    for one, line in zip(HOSTILE, content.splitlines(), strict=True):
        assert json.loads(line)["note"] == re.sub("[\ud800-\udfff]", "\ufffd", one.value)
        assert not UNPRINTABLE.search(line.decode())


def test_markdown_keeps_one_line_for_each_row_and_shows_text_as_text() -> None:
    content = written("md", notes(VALUES)).decode()
    assert not UNPRINTABLE.search(content)
    rows = [line for line in content.split("\n") if re.match(r"\| \d+ \| ", line)]
    assert len(rows) == len(VALUES)
    for row in rows:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 3, row[:80]
        assert not re.search("<(?!br>)", row)
        assert not re.search(r"(?<!\\)\[", row)


def test_no_sheet_of_a_workbook_holds_a_formula_or_breaks_as_xml() -> None:
    import xml.etree.ElementTree as ET

    with zipfile.ZipFile(io.BytesIO(written("xlsx", notes(VALUES)))) as book:
        for name in book.namelist():
            content = book.read(name)
            if name.endswith(".xml"):
                tree = ET.fromstring(content)
                assert not [node for node in tree.iter() if node.tag.endswith("}f")], name
            assert b"<f>" not in content and b"<f " not in content
            assert b"hyperlink" not in content.lower() or b"sheetData" in content


CELL = st.one_of(st.text(), st.text(alphabet="=+-@\t\r\n ,;\"'＝＋x01."))


@settings(max_examples=150, deadline=None)
@given(st.lists(CELL))
def test_any_text_is_read_back_from_csv_and_is_no_formula(values: list[str]) -> None:
    for form in ("excel-id", "rfc4180"):
        for value, cell in zip(values, cells_of(form, values), strict=True):  # type: ignore[arg-type]
            assert is_safe(cell)
            assert cell in (clean(value), f"'{clean(value)}")


@settings(max_examples=150, deadline=None)
@given(st.lists(CELL))
def test_any_text_is_read_back_from_json_lines(values: list[str]) -> None:
    lines = written("jsonl", notes(values)).split(b"\n")[:-1]
    assert [json.loads(line)["note"] for line in lines] == [
        re.sub("[\ud800-\udfff]", "\ufffd", value) for value in values
    ]
