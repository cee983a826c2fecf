"""`evidence …`: what an assessor is given, from a real engine, by an index that is only a file."""

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from opsconsole.cli.evidence.sources import SOURCES
from opsconsole.inventory.indices import Evidence

TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
DAY = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}"
HOSTILE = "=HYPERLINK(1)|<b>`x`"
PEOPLE = """
[[people]]
id = "rina"
name = "Rina Prasetyo"
phone = "0812-0000-0001"
email = "rina@sukamaju.example"
"""
# Nothing of it is known to the program.
INDEX = f"""
id = "kota"
name = "Indeks Kota {HOSTILE}"
first = 2020
[scales]
tingkat = ["Satu", "Dua", "Tiga", "Empat", "Lima"]
[[domains]]
id = "d"
name = "Layanan"
[[aspects]]
id = "a"
domain = "d"
name = "Penerapan"
[[indicators]]
number = 1
aspect = "a"
name = "Semua"
levels = "tingkat"
evidence = {json.dumps(list(SOURCES))}
[[indicators]]
number = 2
aspect = "a"
name = "Layanan situs"
evidence = ["services", "availability", "requests"]
applications = ["situs"]
[[indicators]]
number = 3
aspect = "a"
name = "Kebijakan"
[[indicators]]
number = 4
aspect = "a"
name = "Layanan lain"
evidence = ["services", "requests"]
applications = ["lain"]
"""
OTHER = f"""
[[applications]]
id = "lain"
name = "{HOSTILE}"
"""


@pytest.fixture
def office(command, own_office, home) -> tuple[str, ...]:
    """An office with an index, somebody who answers for it, and what was recorded of both."""
    config = home / "config"
    [opd] = (config / "opd").glob("*.toml")
    opd.write_text(opd.read_text() + OTHER)
    for folder in ("people", "indices"):
        (config / folder).mkdir(exist_ok=True)
    (config / "people" / opd.name).write_text(PEOPLE)
    (config / "indices" / "kota.toml").write_text(INDEX)
    base = ("--home", str(home), "--lang", "en")
    assert command(*base, "config", "reload").code == 0
    for done in (
        ("readiness", "decree", "rina", "188.4/1/2026", DAY),
        ("readiness", "contact", "rina", "wa", "--note", "nomor baru 0812-0000-0009"),
        ("incidents", "report", "warga tak bisa masuk, hubungi 0812-0000-0003", "--application", "situs",
         "--reporter", "Bu Sari 0812-0000-0003"),
        ("incidents", "report", HOSTILE, "--application", "lain", "--source", "complaint"),
        ("maintenance", "add", "situs", "1h", "--reason", "ganti kabel, hubungi budi@sukamaju.example"),
    ):  # fmt: skip
        assert command(*base, *done).code == 0, done
    return (*base, "evidence")


def rows(path: Path) -> list[dict[str, object]]:
    """What stands in a workbook, by the titles."""
    page = load_workbook(path).worksheets[0]
    head, *body = page.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


def texts(folder: Path) -> str:
    """All that anybody could read in a pack."""
    found = []
    for one in folder.iterdir():
        if one.suffix == ".xlsx":
            pages = load_workbook(one).worksheets
            found += [str(cell) for page in pages for row in page.iter_rows(values_only=True) for cell in row]
        else:
            found.append(one.read_text())
    return "\n".join(found)


def checked(folder: Path) -> bool:
    tool = shutil.which("sha256sum") or "sha256sum"
    return subprocess.run([tool, "--strict", "-c", "SHA256SUMS"], cwd=folder, check=False).returncode == 0


def test_every_source_that_an_index_may_name_is_there():
    assert set(SOURCES) == set(get_args(Evidence))


def test_a_pack_holds_its_files_a_list_hashes_and_the_audit_head(command, office, tmp_path):
    path = tmp_path / "pack"
    done = command(*office, "pack", "1", "-o", str(path))
    assert done.code == 0, done.err
    assert done.out.splitlines()[0] == str(path)
    names = {one.name for one in path.iterdir()}
    assert {"LIST.md", "SHA256SUMS", "audit-head.json", "incidents.xlsx", "decrees.xlsx"} <= names
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in path.iterdir()} == {0o600}
    assert checked(path)
    summed = {line.split("  ")[1] for line in (path / "SHA256SUMS").read_text().splitlines()}
    assert summed == names - {"SHA256SUMS"}
    home = office[:4]
    assert command(*home, "audit", "verify", "--anchor", str(path / "audit-head.json")).code == 0


def test_the_list_names_each_file_with_its_rows_and_what_could_not_be_produced(command, office, tmp_path):
    path = tmp_path / "pack"
    told = command(*office, "pack", "semua", "-o", str(path)).err
    text = (path / "LIST.md").read_text()
    assert text.startswith("# Evidence for indicator 1: Semua\n")
    assert "1 Satu, 2 Dua, 3 Tiga, 4 Empat, 5 Lima" in text
    head = json.loads((path / "audit-head.json").read_text())
    assert f"event {head['seq']}, hash {head['hash']}" in text
    assert "definition" in text.casefold() and f"register of OPD of {TODAY}" in text
    for one in path.glob("*.xlsx"):
        [line] = [line for line in text.splitlines() if line.startswith(f"| {one.name} |")]
        assert int(line.split("|")[3]) == len(rows(one))
        assert f"{TODAY}" in line
    lacking = text.partition("## What could not be produced")[2]
    assert f"- Bimtek: nothing of it was recorded in {TODAY.year}" in lacking
    assert f"Not produced: Bimtek: nothing of it was recorded in {TODAY.year}" in told
    assert command("--lang", "id", *office[:2], "evidence", "pack", "1", "-o", str(tmp_path / "id")).code == 0
    assert (tmp_path / "id" / "LIST.md").read_text() != text


def test_how_people_are_reached_is_nowhere_and_names_only_where_it_is_about_them(command, office, tmp_path):
    path = tmp_path / "pack"
    assert command(*office, "pack", "1", "-o", str(path)).code == 0
    everything = texts(path)
    assert "0812" not in everything
    assert "sukamaju.example" not in everything
    assert "Sari" not in everything
    assert "warga tak bisa masuk, hubungi […]" in everything
    named = {one.stem for one in path.glob("*.xlsx") if any("Rina" in str(row) for row in rows(one))}
    assert named == {"decrees", "evidence"}
    assert "Rina" not in (path / "LIST.md").read_text()


def test_a_hostile_name_stays_text_and_draws_nothing(command, office, tmp_path):
    path = tmp_path / "pack"
    assert command(*office, "pack", "1", "--format", "excel-id", "-o", str(path)).code == 0
    with (path / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        [name] = [row[1] for row in csv.reader(file, delimiter=";") if row[0] == "lain"]
    assert name == f"'{HOSTILE}"
    text = (path / "LIST.md").read_text()
    assert "<b>" not in text
    assert r"=HYPERLINK(1)\|&lt;b&gt;\`x\`" in text
    assert checked(path)
    # What CSV can not say of itself lies beside it, and is hashed and told of too.
    assert "Beside each file lies *.audit.json" in text
    assert "register.csv.audit.json" in (path / "SHA256SUMS").read_text()


def test_an_indicator_is_about_the_applications_that_the_index_names(command, office, tmp_path):
    for number, application in (("2", "situs"), ("4", "lain")):
        path = tmp_path / number
        assert command(*office, "pack", number, "-o", str(path)).code == 0
        assert [row["APP"] for row in rows(path / "services.xlsx")] == [application]
        [reported] = rows(path / "requests.xlsx")
        assert reported["APP"] == application
        assert f"- About: {application}" in (path / "LIST.md").read_text()


def test_a_year_without_data_is_refused_with_what_is_lacking(command, office, home, tmp_path):
    path = tmp_path / "pack"
    done = command(*office, "pack", "2", "--year", "2021", "-o", str(path))
    assert done.code == 1
    assert "Not produced: Availability by month: nothing of it was recorded in 2021" in done.err
    assert "it is known only as it is now, and 2021 is over" in done.err
    assert "There is nothing for indicator 2 in 2021: nothing was written." in done.err
    assert not path.exists()
    assert not list((home / "exports").glob("*")) if (home / "exports").exists() else True


def test_what_is_not_there_is_told_with_what_is_near(command, office):
    for arguments, code, told in (
        (("pack", "9"), 2, "kota has no indicator 9. Nearest: 4 Layanan lain."),
        (("pack", "layanan situz"), 2, "Nearest: 2 Layanan situs."),
        (("pack", "zzz"), 2, "kota has no indicator zzz. `opsconsole evidence list` shows all."),
        (("pack", "3"), 1, "The console has nothing to show for indicator 3, Kebijakan"),
        (("pack", "1", "--index", "koto"), 2, "There is no index koto. There is: kota."),
        (("pack", "1", "--year", "2099"), 2, "2099 has not begun."),
        (("pack", "1", "--year", "12"), 2, "12 is no year."),
        (("list", "--index", "koto"), 2, "There is no index koto."),
    ):
        done = command(*office, *arguments)
        assert (done.code, told in done.err) == (code, True), done.err


def test_packed_twice_there_are_two_and_a_named_place_is_not_written_over(command, office, home, tmp_path):
    first, second = (command(*office, "pack", "2").out.splitlines()[0] for _ in range(2))
    assert first != second
    assert Path(first).parent == home / "exports"
    assert Path(first).name.startswith(f"evidence-kota-2-{TODAY.year}-")
    assert checked(Path(first)) and checked(Path(second))
    for name in ("pack", "pack.zip"):
        path = tmp_path / name
        assert command(*office, "pack", "2", "-o", str(path)).code == 0
        done = command(*office, "pack", "2", "-o", str(path))
        assert (done.code, done.out) == (1, "")
        assert f"{path} exists already. Name another place with -o" in done.err
    with ZipFile(tmp_path / "pack.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert checked(tmp_path / "out" / "pack")


def test_an_interrupted_pack_leaves_nothing(command, office, tmp_path):
    aim = tmp_path / "aim"
    aim.mkdir()
    limit = (
        "import resource, sys; from opsconsole.cli.main import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)); sys.exit(main(sys.argv[1:]))"
    )
    argv = [sys.executable, "-c", limit, *office, "pack", "1", "-o", str(aim / "pack")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 1, done.stderr
    assert "Nothing was saved" in done.stderr
    assert list(aim.iterdir()) == []


def test_the_list_of_all_says_what_there_is_and_what_is_missing(command, office):
    done = command(*office, "list")
    assert done.code == 0
    lines = {line.split()[0]: line for line in done.out.splitlines() if line[:1].isdigit()}
    assert "services, availability, requests" in lines["2"]
    assert lines["3"].endswith("papers only")
    [index] = json.loads(command(*office, "list", "--json").out)
    assert (index["id"], index["year"], index["valid"]) == ("kota", TODAY.year, True)
    first, second, third, _fourth = index["indicators"]
    assert {one["id"] for one in first["evidence"]} == set(SOURCES)
    assert {one["name"]: one["rows"] for one in second["files"]}["services"] == 1
    assert (third["files"], third["missing"]) == ([], [])
    assert {"Bimtek", "Drills"} <= {one["what"] for one in first["missing"]}


def test_a_second_index_has_to_be_named_where_both_are_in_force(command, office, home, tmp_path):
    later = INDEX.replace('id = "kota"', 'id = "kedua"', 1)
    (home / "config" / "indices" / "kedua.toml").write_text(later)
    assert command(*office[:4], "config", "reload").code == 0
    done = command(*office, "pack", "2")
    assert (done.code, done.err) == (2, "There are several indices. Name one with --index: kedua, kota.\n")
    assert command(*office, "pack", "2", "--index", "kedua", "-o", str(tmp_path / "pack")).code == 0
    assert [one["id"] for one in json.loads(command(*office, "list", "--json").out)] == ["kedua", "kota"]
    (home / "config" / "indices" / "kedua.toml").write_text(
        later.replace("first = 2020", "first = 2020\nlast = 2020")
    )
    assert command(*office[:4], "config", "reload").code == 0
    done = command(*office, "pack", "2", "--index", "kedua", "-o", str(tmp_path / "old"))
    assert done.code == 0
    assert f"this index was in force 2020 to 2020; {TODAY.year} is not scored by it" in done.err
    assert f"{TODAY.year} is not scored by it" in (tmp_path / "old" / "LIST.md").read_text()
    assert command(*office, "pack", "2", "-o", str(tmp_path / "only")).code == 0


def test_without_an_index_or_an_engine_it_says_so(command, home, own_office):
    base = ("--home", str(home), "--lang", "en")
    assert command(*base, "evidence", "list").out == "No index is configured: there is no file in indices/.\n"
    assert command(*base, "evidence", "pack", "1").code == 2
    assert command(*base, "engine", "stop").code == 0
    assert command(*base, "evidence", "list").code == 3
