"""A cell as a spreadsheet leaves it becomes the value of a file, or says why it does not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.client.importing import Register
from opsconsole.inventory.sheets.cells import Refused, read_cell, show_cell, was_completed
from opsconsole.inventory.sheets.fields import FIELDS, Field, field_of


def known(what: Register, key: str) -> Field:
    field = field_of(what, key)
    assert field is not None
    return field


@pytest.mark.parametrize(
    ("what", "key", "text", "value"),
    [
        ("applications", "tier", "2", 2),
        ("applications", "tier", "2.0", 2),
        ("applications", "active", "Tidak Aktif", False),
        ("applications", "active", "YA", True),
        ("applications", "hosting", "Diskominfo", "kominfo"),
        ("applications", "dimension", "Smart Governance", "governance"),
        (
            "applications",
            "depends_on",
            "sso; service:bsre, a|b",
            ["sso", "service:bsre", {"any": ["a", "b"]}],
        ),
        ("applications", "address", "simpeg.sukamaju.example/masuk", "https://simpeg.sukamaju.example/masuk"),
        ("applications", "address", "tcp://127.0.0.1:25", "tcp://127.0.0.1:25"),
        ("applications", "note", "dua\nbaris", "dua baris"),
        ("applications", "note", " ", None),
        ("applications", "note", "-", None),
        ("opd", "valid_from", "17/08/2026", "2026-08-17"),
        ("opd", "valid_from", "17 Agustus 2026", "2026-08-17"),
        ("opd", "valid_from", "2026-08-17T00:00:00", "2026-08-17"),
        ("opd", "predecessors", "BP2D, KPU", ["BP2D", "KPU"]),
        ("people", "duty", "Penanggung Jawab", "pic"),
        ("people", "also", "operator; PIC", ["operator", "pic"]),
        ("people", "phone", "81200001038", "081200001038"),
        ("people", "phone", "+62 812-0000-1038", "+62 812-0000-1038"),
    ],
)
def test_what_people_write_is_read_as_the_file_has_it(
    what: Register, key: str, text: str, value: Any
) -> None:
    assert read_cell(what, known(what, key), text) == value


@pytest.mark.parametrize(
    ("what", "key", "text", "why"),
    [
        ("people", "phone", "8.12E+10", "mangled"),
        ("people", "phone", "8,12E+10", "mangled"),
        ("people", "phone", "81200001038000000", "mangled"),
        ("people", "phone", "tanya Rina", "value"),
        ("people", "email", "rina di dinas", "value"),
        ("people", "phone", "=A1&B1", "formula"),
        ("people", "note", "#REF!", "cell_error"),
        ("applications", "tier", "9", "value"),
        ("applications", "tier", "penting", "value"),
        ("applications", "active", "mungkin", "value"),
        ("applications", "hosting", "bulan", "value"),
        ("applications", "id", "SI MRS", "value"),
        ("applications", "address", "http://127.0.0.1:99999/", "value"),
        ("applications", "address", "tcp://127.0.0.1:abc", "value"),
        ("opd", "valid_from", "31/02/2026", "value"),
        ("opd", "valid_from", "45000", "value"),
        ("opd", "name", "x" * 300, "value"),
    ],
)
def test_what_can_not_stand_there_says_why(what: Register, key: str, text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_cell(what, known(what, key), text)
    assert refused.value.why == why
    assert why != "value" or refused.value.params["text"]


def test_a_word_that_is_nearly_one_of_ours_is_named() -> None:
    with pytest.raises(Refused) as refused:
        read_cell("applications", known("applications", "hosting"), "komersil")
    assert refused.value.params["near"] == "commercial"


def test_what_was_completed_is_told_and_nothing_else() -> None:
    phone, address = known("people", "phone"), known("applications", "address")
    assert was_completed(phone, "81200001038", "081200001038")
    assert not was_completed(phone, " 0812-0000-1038 ", "0812-0000-1038")
    assert was_completed(address, "a.example", "https://a.example")
    assert not was_completed(known("applications", "active"), "ya", True)


@pytest.mark.parametrize("what", FIELDS)
@given(text=st.text(max_size=40))
def test_no_text_breaks_a_cell_and_what_is_read_reads_the_same_again(what: Register, text: str) -> None:
    for field in FIELDS[what]:
        try:
            value = read_cell(what, field, text)
        except Refused:
            continue
        shown = show_cell(field, value)
        assert shown == "" or read_cell(what, field, shown) == value or shown.startswith(("=", "#", "-"))
