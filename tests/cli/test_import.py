"""``import``, ``edit`` and the way back, as a user runs them against a real engine."""

import json
import stat
from pathlib import Path

import pytest
from openpyxl import Workbook

MONITORS = Path(__file__).parents[1] / "inventory" / "imports"


@pytest.fixture
def office(home, command, engines, own_office):
    """The office's own home, ready to be called."""

    def run(*arguments: str):
        return command("--home", str(home), *arguments)

    return run


def write(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_a_sheet_is_shown_applied_and_then_changes_nothing(office, home, tmp_path):
    text = (
        "Daftar petugas;;;\r\n\r\nNama Lengkap;No. HP;Jabatan;Foto\r\n"
        "Rina Prasetyo;8,12E+10;Admin;x\r\nSiti Désirée;81200001099;penanggung jawab;\r\n;;;\r\n"
    )
    file = write(tmp_path, "petugas.csv", text, "cp1252")
    shown = office("import", file)
    assert shown.code == 0 and "--apply" in shown.out
    assert 'petugas.csv line 4, No. HP "8,12E+10": a spreadsheet' in shown.out
    assert "taken as 081200001099" in shown.out and "not used: Foto" in shown.out
    assert not (home / "config" / "people").exists() or "Rina" not in str(list(home.rglob("people/*")))
    assert "Done." in office("import", file, "--apply").out
    (people,) = (home / "config" / "people").iterdir()
    assert 'name = "Siti Désirée"' in people.read_text() and 'duty = "pic"' in people.read_text()
    assert "Nothing would change" in office("import", file, "--apply").out


def test_a_workbook_with_formulas_and_numbers_is_read_and_told(office, tmp_path):
    book = Workbook()
    book.active.append(["Nama Aplikasi", "Alamat URL", "Tingkat", "Catatan"])
    book.active.append(["Perpustakaan", "perpus.sukamaju.example", 2.0, "=A2&B2"])
    book.save(tmp_path / "aplikasi.xlsx")
    done = json.loads(office("import", str(tmp_path / "aplikasi.xlsx"), "--json").out)
    assert (done["from"], done["columns"][0]["what"]) == ("xlsx", "applications")
    assert {(one["column"], one["why"]) for one in done["report"]["not_taken"]} >= {
        ("Catatan", "formula"),
        ("Alamat URL", "read_as"),
    }
    assert done["report"]["added"] == [["applications", "perpustakaan"]]


@pytest.mark.parametrize("form", ["csv", "excel-id", "rfc4180", "xlsx"])
def test_an_export_reads_back_without_a_difference(office, home, tmp_path, form):
    file = write(tmp_path, "orang.csv", 'nama,hp,duty,note\nRina,0812-0000-0001,admin,1/2\nSari,,pic,"a;b"\n')
    office("import", file, "--what", "people", "--apply")
    folder = tmp_path / "keluar"
    folder.mkdir()
    ending = "xlsx" if form == "xlsx" else "csv"
    for what in ("opd", "applications", "people"):
        path = folder / f"{what}.{ending}"
        assert office("export", what, "--format", form, "-o", str(path)).code == 0
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    done = json.loads(office("import", str(folder), "--json").out)
    assert [one["what"] for one in done["columns"]] == ["applications", "opd", "people"]
    assert (done["report"]["differences"], done["report"]["not_taken"]) == ([], [])
    assert done["report"]["left"] == {"applications": 0, "opd": 0, "people": 0}


def test_people_are_never_streamed(office):
    for arguments in (("-o", "-"), ("--json",), ("--format", "text")):
        done = office("export", "people", *arguments)
        assert (done.code, done.out) == (2, "")
    assert office("export", "people").out.splitlines()[0].endswith(".csv")


@pytest.mark.parametrize(
    ("file", "source", "more"),
    [
        ("kuma.json", "uptime-kuma", ()),
        ("gatus.yaml", "gatus", ()),
        ("blackbox.yaml", "blackbox", ("--targets", str(MONITORS / "prometheus.yml"))),
    ],
)
def test_another_monitor_is_taken_with_every_key_that_was_lost(office, home, file, source, more):
    shown = office("import", str(MONITORS / file), *more)
    told = json.loads(office("import", str(MONITORS / file), *more, "--json").out)
    assert told["from"] == source
    assert all(loss["path"] in shown.out for loss in told["losses"])
    assert f"NOT CARRIED OVER {len(told['losses'])}" in shown.out
    for reference in told["secrets"]:
        assert f"secrets set {reference}" in shown.out
    assert "RAHASIA" not in shown.out
    assert "Done." in office("import", str(MONITORS / file), *more, "--apply").out
    added = {name for _what, name in told["report"]["added"]}
    assert "RAHASIA" not in "".join(path.read_text() for path in (home / "config" / "opd").iterdir())
    again = json.loads(office("import", str(MONITORS / file), *more, "--json").out)
    assert added and again["report"]["added"] == []


def test_what_can_not_be_meant_is_refused(office, tmp_path):
    good = write(tmp_path, "opd.csv", "kode,nama\nUJI,Dinas Uji\n")
    for arguments in (
        (str(tmp_path / "none.csv"),),
        (write(tmp_path, "x.csv", "a,b\n1,2\n"),),
        (write(tmp_path, "x.json", "{"),),
        (write(tmp_path, "x.yaml", "endpoints: ["),),
        (good, "--columns", "nama"),
        (good, "--columns", "bogus=1"),
        (good, "--from", "gatus"),
        (str(MONITORS / "kuma.json"), "--what", "people"),
        (str(MONITORS / "kuma.json"), "--opd", "NIHIL"),
        (str(MONITORS / "kuma.json"), "--remove"),
        (str(tmp_path / "x.csv"), "--dry-run", "--apply"),
    ):
        done = office("import", *arguments)
        assert done.code in (1, 2), arguments
        assert done.out == ""


def test_what_is_not_in_the_list_goes_only_when_it_is_told_to(office, home, tmp_path):
    file = write(tmp_path, "aplikasi.csv", "nama aplikasi,alamat url\nLain,http://127.0.0.1:9/\n")
    assert "that are not in the list stay" in office("import", file).out
    assert "- situs" in office("import", file, "--remove", "--apply").out
    assert "situs" not in "".join(path.read_text() for path in (home / "config" / "opd").iterdir())


def test_a_key_is_edited_without_quotes(office, home):
    done = office("edit", "situs", "note", "dipakai", "setiap", "hari")
    assert (done.code, done.out.splitlines()[0]) == (0, "~ situs")
    assert 'note = "dipakai setiap hari"' in "".join(p.read_text() for p in (home / "config/opd").iterdir())
    done = office("edit", "situs", "teir", "1")
    assert done.code != 0 and "nearest is tier" in done.err
