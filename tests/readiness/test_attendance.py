"""Lists of names: which column holds what, and who is meant."""

from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import MOST_BYTES, read_sheet
from opsconsole.client.attendance import MOST_LINES, AttendanceLine, guess, lines_of
from opsconsole.readiness.attendance import match
from tests.readiness.town import application, town

TWO = """
[[people]]
id = "rina"
name = "Rina Prasetyo"
phone = "0812-0000-0001"
email = "rina@sukamaju.example"
"""
OTHERS = {
    "opd/dishub.toml": 'code = "DISHUB"\nname = "Dinas Perhubungan"\nshort = "Dishub"\n',
    "people/dishub.toml": TWO.replace('"rina"', '"rina-dishub"')
    .replace("0001", "0009")
    .replace("rina@", "rp@"),
}
TOWN = town(application(), people=TWO + '[[people]]\nid = "budi"\nname = "H. Budi Saputra"\n', others=OTHERS)


def of(*lines: AttendanceLine, already: tuple[str, ...] = ()):
    return match("BT-1", lines, TOWN.people, TOWN.opds, already)


@pytest.mark.parametrize(
    ("line", "who", "how"),
    [
        (AttendanceLine(1, person="BUDI"), "budi", "id"),
        (AttendanceLine(1, "Rina Prasetyo", email="RINA@sukamaju.example"), "rina", "email"),
        (AttendanceLine(1, "Rina Prasetyo", phone="+62 812-0000-0009"), "rina-dishub", "phone"),
        (AttendanceLine(1, "rina  PRASETYO, S.STP., M.Si.", opd="dishub"), "rina-dishub", "name"),
        (AttendanceLine(1, "Drs. Budi Saputra"), "budi", "name"),
    ],
)
def test_somebody_is_known_by_id_address_number_or_name(line: AttendanceLine, who: str, how: str):
    [one] = of(line).attended
    assert (one.person, one.how) == (who, how)


def test_two_of_one_name_are_told_and_nobody_is_guessed():
    report = of(
        AttendanceLine(4, "Rina Prasetyo"), AttendanceLine(5, "Rina Prasetya"), AttendanceLine(6, "Zul")
    )
    assert report.attended == ()
    assert [(one.line, one.why, one.near) for one in report.not_understood] == [
        (4, "ambiguous", ("rina-dishub", "rina")),
        (5, "unknown", ("rina-dishub", "rina")),
        (6, "unknown", ()),
    ]


def test_who_stands_there_twice_or_is_recorded_already_is_told():
    report = of(AttendanceLine(1, person="budi"), AttendanceLine(2, "Budi Saputra"))
    assert [(one.why, one.near) for one in report.not_understood] == [("twice", ("budi",))]
    report = of(AttendanceLine(1, person="budi"), already=("budi",))
    assert [one.why for one in report.not_understood] == ["already"]


def test_columns_are_guessed_below_a_heading_and_can_be_corrected():
    rows = [
        ["Daftar Hadir"],
        [],
        ["No.", "NAMA LENGKAP", "Unit Kerja", "No HP", "Ket"],
        ["1", "Budi", "Dishub", "08", ""],
    ]
    columns = guess(rows)
    assert (columns.header, columns.fields, columns.unused) == (
        2,
        {"name": 1, "opd": 2, "phone": 3},
        ("No.", "Ket"),
    )
    assert lines_of(rows, columns) == [AttendanceLine(4, "Budi", opd="Dishub", phone="08")]
    assert guess(rows, {"certificate": "ket", "name": "1"}).fields["certificate"] == 4
    for given in ({"umur": "1"}, {"name": "9"}, {"name": "Alamat"}):
        with pytest.raises(Invalid):
            guess(rows, given)
    with pytest.raises(Invalid, match="No column says who"):
        guess([["Tanggal", "Acara"]])
    with pytest.raises(Invalid, match="No column says who"):
        guess([])


def test_who_was_absent_is_left_out_and_so_are_lines_without_a_name():
    rows = [["Nama", "Hadir"], ["Budi", "Tidak Hadir"], ["Rina", "hadir"], ["", "hadir"], ["Zul"]]
    assert [line.name for line in lines_of(rows, guess(rows))] == ["Rina", "Zul"]


def test_more_names_than_a_command_takes_are_refused():
    rows = [["Nama"], *([f"Orang {number}"] for number in range(MOST_LINES + 1))]
    with pytest.raises(Invalid, match=str(MOST_LINES)):
        lines_of(rows, guess(rows))


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"\xef\xbb\xbfNama;OPD\r\nBudi;Dishub\r\n", [["Nama", "OPD"], ["Budi", "Dishub"]]),
        (b'Nama,OPD\nBudi,"Dishub, Kota"\n', [["Nama", "OPD"], ["Budi", "Dishub, Kota"]]),
        (b"sep=|\nNama|OPD\nBudi|X\n", [["Nama", "OPD"], ["Budi", "X"]]),
        (b"Nama\tOPD\nZo\xeb\tX\n", [["Nama", "OPD"], ["Zoë", "X"]]),
    ],
)
def test_csv_is_read_however_it_was_saved(tmp_path: Path, content: bytes, rows: list[list[str]]):
    file = tmp_path / "hadir.csv"
    file.write_bytes(content)
    assert read_sheet(file) == rows


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 no archive", "no XLSX"),
        (b"\xd0\xcf\x11\xe0\0\0old excel", "neither CSV nor XLSX"),
        (b"a" * (MOST_BYTES + 1), "too large"),
        (b"x\n" * 20_001, "too large"),
        (b'"' + b"x" * 200_000, "no CSV"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, content: bytes, words: str):
    file = tmp_path / "hadir.xlsx"
    file.write_bytes(content)
    with pytest.raises(Invalid, match=words):
        read_sheet(file)
    with pytest.raises(Invalid, match="can not be read"):
        read_sheet(tmp_path / "tiada.csv")
