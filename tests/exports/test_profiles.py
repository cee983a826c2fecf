"""Each format byte by byte, over the same rows."""

import json
from collections.abc import Iterator

import pytest

from opsconsole.base.text import choose_language
from opsconsole.exports.formats import FORMATS, Format, write, written
from opsconsole.exports.sheet import Column, Value
from tests.exports.sheets import NIGHT, notes, sheet_for

ROWS: list[list[Value]] = [
    [409, NIGHT, 12.5, 'dia bilang "naik";\nlalu turun'],
    [-1, None, 0.000001, None],
]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    choose_language("en")
    yield
    choose_language("en")


def test_excel_id_has_a_mark_semicolons_decimal_commas_and_dates_that_excel_reads_anywhere() -> None:
    assert written("excel-id", sheet_for(ROWS)) == (
        b"\xef\xbb\xbfNOMOR;DIBUKA;LAMA;CATATAN\r\n"
        b'409;2026-11-24 02:14:12;12,5;"dia bilang ""naik"";\nlalu turun"\r\n'
        b"-1;;0,000001;\r\n"
    )


def test_rfc4180_has_keys_commas_decimal_dots_and_the_offset() -> None:
    assert written("rfc4180", sheet_for(ROWS)) == (
        b"id,opened,took,note\r\n"
        b'409,2026-11-24T02:14:12+07:00,12.5,"dia bilang ""naik"";\nlalu turun"\r\n'
        b"-1,,0.000001,\r\n"
    )


def test_csv_is_the_same_with_titles() -> None:
    titled = written("csv", sheet_for(ROWS))
    assert titled.split(b"\r\n", 1)[0] == b"NOMOR,DIBUKA,LAMA,CATATAN"
    assert titled.split(b"\r\n", 1)[1] == written("rfc4180", sheet_for(ROWS)).split(b"\r\n", 1)[1]


def test_json_lines_have_every_key_in_every_line_and_raw_values() -> None:
    assert written("jsonl", sheet_for(ROWS)) == (
        b'{"id": 409, "opened": "2026-11-24T02:14:12+07:00", "took": 12.5, '
        b'"note": "dia bilang \\"naik\\";\\nlalu turun"}\n'
        b'{"id": -1, "opened": null, "took": 1e-06, "note": null}\n'
    )
    assert json.loads(written("json", sheet_for(ROWS))) == [
        json.loads(line) for line in written("jsonl", sheet_for(ROWS)).splitlines()
    ]
    assert written("json", sheet_for([])) == b"[]\n"


def test_markdown_is_a_table_with_the_audit_head_below_it() -> None:
    assert written("md", sheet_for([[409, NIGHT, 12.5, "a|b\nc <b>*x*</b>"]])).decode() == (
        "# Incidents\n"
        "\n"
        "| NOMOR | DIBUKA | LAMA | CATATAN |\n"
        "| ---: | --- | ---: | --- |\n"
        "| 409 | 2026-11-24 02:14:12 | 12.5 | a\\|b<br>c &lt;b&gt;\\*x\\*&lt;/b&gt; |\n"
        "\n"
        "---\n"
        "\n"
        "- View: incidents, schema 1\n"
        "- Rows: 1\n"
        "- Columns: id, opened, took, note\n"
        "- Filter: opd:rsud\n"
        "- Window: 7d\n"
        "- Order: -\n"
        "- Times: Asia/Jakarta\n"
        "- Written: 2026-11-24T02:14:12+07:00\n"
        "- Audit: store: 5d6f0c9e-0000-4000-8000-00000000c0de\n"
        "- Audit: event: 4182\n"
        f"- Audit: hash: {'ab' * 32}\n"
        "- Audit: read: 2026-11-24T02:14:12+07:00\n"
    )
    assert "- Audit head: not known: no engine answered" in written("md", sheet_for([], head=None)).decode()


def test_an_instant_keeps_its_milliseconds_where_the_format_has_them() -> None:
    columns = (Column("at", "AT", "instant"),)
    seen = {form: written(form, sheet_for([[NIGHT]], columns)) for form in FORMATS if form != "xlsx"}
    assert b"\r\n2026-11-24 02:14:12\r\n" in seen["excel-id"]
    assert b"\r\n2026-11-24T02:14:12.345+07:00\r\n" in seen["rfc4180"]
    assert seen["jsonl"] == b'{"at": "2026-11-24T02:14:12.345+07:00"}\n'
    assert b"| 2026-11-24 02:14:12.345 |" in seen["md"]


def test_json_within_a_row_is_json_in_json_and_text_elsewhere() -> None:
    columns = (Column("body", "ISI", "json"),)
    for form, content in (
        ("jsonl", b'{"body": {"a":[1,"x"]}}\n'),
        ("rfc4180", b'body\r\n"{""a"":[1,""x""]}"\r\n'),
    ):
        assert written(form, sheet_for([['{"a":[1,"x"]}']], columns)) == content  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "excel", "rfc"),
    [
        (10**15, b"'1000000000000000", b"1000000000000000"),
        (10**15 - 1, b"999999999999999", b"999999999999999"),
        (float("nan"), b"", b""), (float("inf"), b"", b""), (1e21, b"1" + b"0" * 21, b"1" + b"0" * 21),
        (True, b"true", b"true"), (5.0, b"5,0", b"5.0"), (-0.25, b"-0,25", b"-0.25"),
    ],
)  # fmt: skip
def test_numbers_are_written_so_that_none_of_them_changes(value: Value, excel: bytes, rfc: bytes) -> None:
    columns = (Column("n", "N", "number"),)
    assert written("excel-id", sheet_for([[value]], columns)).split(b"\r\n")[1] == (excel or b'""')
    assert written("rfc4180", sheet_for([[value]], columns)).split(b"\r\n")[1] == (rfc or b'""')


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_written_is_counted_measured_and_hashed(form: Format) -> None:
    import hashlib
    import io

    sink = io.BytesIO()
    done = write(form, notes(["a", "b", "c"]), sink)
    assert (done.tally.rows, done.tally.cut) == (3, 0)
    assert done.size == len(sink.getvalue())
    assert done.sha256 == hashlib.sha256(sink.getvalue()).hexdigest()


@pytest.mark.parametrize("form", ["excel-id", "rfc4180", "csv", "jsonl"])
def test_there_is_a_line_for_each_row_and_nothing_else(form: Format) -> None:
    content = written(form, notes(["a", "b"]))
    head = 0 if form == "jsonl" else 1
    assert len(content.splitlines()) == head + 2
    assert b"audit" not in content and b"ab" * 32 not in content
    assert len(written(form, notes([])).splitlines()) == head
