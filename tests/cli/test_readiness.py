"""`readiness …`: what is proven of people, and each recording, as a script has it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

EARLIER = f"{datetime.now(UTC) - timedelta(days=20):%Y-%m-%d}"
PEOPLE = """
[[people]]
id = "rina"
name = "Rina Prasetyo"
phone = "0812-0000-0001"

[[people]]
id = "budi"
name = "Budi Saputra"
duty = "backup"
phone = "0812-0000-0002"
"""
# Whatever the hour at which the tests run.
RULES = """
on_holidays = true

[[drills]]
tiers = [1, 2, 3, 4]
inside = "1h"
outside = "1h"

[[quiet]]
name = "uji"
days = "mon-sun"
spans = ["00:00-24:00"]
only = "ramadan"
"""


@pytest.fixture
def people(command, own_office, home) -> tuple[str, ...]:
    """An office with two people of its one OPD; what `readiness` is called with there."""
    config = home / "config"
    [opd] = (config / "opd").glob("*.toml")
    (config / "people").mkdir(exist_ok=True)
    (config / "people" / opd.name).write_text(PEOPLE)
    (config / "readiness.toml").write_text(RULES)
    assert command("--home", str(home), "config", "reload").code == 0
    return ("--home", str(home), "--lang", "en", "readiness")


def test_the_list_has_an_entry_for_each_opd_with_exactly_what_others_rely_on(command, people):
    [entry] = json.loads(command(*people, "list", "--json").out)
    assert set(entry) == {"opd", "claimed", "proven", "median", "falls_on", "reasons"}
    assert (entry["claimed"], entry["proven"], entry["median"], entry["falls_on"]) == (None, 1, 1.0, None)
    assert [one["params"]["what"] for one in entry["reasons"]] == ["SK", "KT"]
    assert (
        command(*people, "decree", "rina", "188.4/1", EARLIER, "--valid-until", "2099-12-31").out
        == "Recorded.\n"
    )
    assert command(*people, "contact", "rina", "wa").code == 0
    [entry] = json.loads(command(*people, "list", "--json").out)
    soon = datetime.now(UTC) + timedelta(days=90)
    assert entry["proven"] == 2
    assert abs((datetime.fromisoformat(entry["falls_on"]).replace(tzinfo=UTC) - soon).days) <= 2
    lines = command(*people, "list").out.splitlines()
    assert lines[0].split() == ["OPD", "CLAIMED", "PROVEN", "MEDIAN", "FALLS", "WHY"]
    assert "2 Managed" in lines[1] and "BT missing: Rina Prasetyo" in lines[1]


def test_one_opd_and_one_person_say_what_proves_what(command, people):
    command(*people, "contact", "rina", "none", "--note", "tak diangkat")
    shown = command(*people, "show", json.loads(command(*people, "list", "--json").out)[0]["opd"])
    assert "admin (situs): Rina Prasetyo, level 1" in shown.out
    assert "KT none" in shown.out
    person = command(*people, "person", "rina")
    assert "KT" not in person.err
    assert "Contact verified" in person.out and "not answered" in person.out
    assert "stands in: budi" in person.out
    page = json.loads(command(*people, "person", "rina", "--json").out)
    assert [row["params"] for row in page["rows"]] == [{"note": "tak diangkat"}]
    assert command(*people, "person", "rini").code == 2
    assert command(*people, "show", "TIADA").code == 2


def test_a_drill_is_begun_and_answered_and_the_last_recording_taken_back(command, people):
    drill = json.loads(command(*people, "drill", "rina", "--json").out)["result"]
    assert drill["person"] == "rina"
    assert command(*people, "drill", "rina").code == 5
    assert "drill of Rina Prasetyo runs since" in command(*people, "list").out
    assert command(*people, "answered", "rina").code == 0
    assert command(*people, "missed", "rina").code == 5
    assert command(*people, "void", "--reason", "keliru").code == 0
    page = json.loads(command(*people, "person", "rina", "--json").out)
    assert [(row["kind"], row["voided"], row["why_void"]) for row in page["rows"]] == [("UR", True, "undone")]
    assert command(*people, "void").code == 2


def sheet(path: Path, rows: list[list[object]]) -> str:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


def test_attendance_comes_from_a_spreadsheet_after_a_dry_run(command, people, tmp_path):
    command(*people, "bimtek", "BT-1", "Dasar", "operator", "--at", EARLIER)
    rows: list[list[object]] = [
        ["Daftar Hadir Bimtek"],
        ["No", "Nama Lengkap", "Instansi", "Nomor Sertifikat", "Hadir"],
        [1, "RINA PRASETYO, S.Kom.", "Dinas", "C-1", "hadir"],
        [2, "Budi Saputra", "Dinas", "C-2", "tidak hadir"],
        *([number, f"Tamu {number}", "Lain", "", "hadir"] for number in range(3, 301)),
    ]
    file = sheet(tmp_path / "hadir.xlsx", rows)
    dry = command(*people, "import-attendance", "BT-1", file, "--dry-run")
    lines = dry.out.splitlines()
    assert lines[0] == (
        "Columns: name = Nama Lengkap, opd = Instansi, certificate = Nomor Sertifikat, present = Hadir."
    )
    assert lines[1] == "Not used: No."
    assert lines[2] == "1 person would be recorded."
    assert lines[3].startswith("line 5: Tamu 3: nobody of the office")
    assert len(lines) == 3 + 298
    assert json.loads(command(*people, "person", "rina", "--json").out)["rows"] == []
    assert command(*people, "import-attendance", "BT-1", file).out.splitlines()[2] == "1 person recorded."
    [row] = json.loads(command(*people, "person", "rina", "--json").out)["rows"]
    assert (row["source"], row["params"]) == ("imported", {"certificate": "C-1"})
    text = tmp_path / "hadir.csv"
    text.write_text("Peserta Kita;Telp\nB. Saputra;0812 0000 0002\n", encoding="utf-8-sig")
    done = command(*people, "import-attendance", "BT-1", str(text), "--column", "name=Peserta Kita", "--json")
    found = json.loads(done.out)
    assert found["columns"]["fields"] == {"phone": 1, "name": 0}
    assert [one["how"] for one in found["report"]["attended"]] == ["phone"]
    assert "BT-1" in command(*people, "sessions").out
    assert "not enough data (n=0)" in command(*people, "sessions", "BT-1").out
    assert command(*people, "import-attendance", "BT-1", str(text), "--column", "umur=2").code == 2
    assert command(*people, "import-attendance", "BT-1", str(tmp_path / "tiada.csv")).code == 2


def test_reminders_come_with_words_to_send(command, people):
    command(*people, "contact", "rina", "wa")
    assert command(*people, "transfer", "rina", "--note", "pelantikan").code == 0
    listed = command(*people, "reminders").out
    assert "KT taken away by a change: Rina Prasetyo" in listed
    [one] = json.loads(command(*people, "reminders", "--json").out)["reminders"]
    words = command(*people, "reminders", "--text").out
    assert words.startswith("To Rina Prasetyo, ")
    assert "- KT taken away by a change: Rina Prasetyo" in words
    for step in ("first", "second", "head", "letter"):
        assert command(*people, "remind", one["opd"], step).code == 0
    assert "Subject: Letter of reprimand" in command(*people, "reminders", "--text").out
    assert json.loads(command(*people, "reminders", "--due", "--json").out)["reminders"] == []
