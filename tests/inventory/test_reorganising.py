"""A reorganisation in the files: tables move as they are written, and what can not be meant is refused."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.inventory.blocks import after_key, put, take
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.reorganise import read_plan, rearrange
from tests.inventory.offices import MakeOffice

OPD = """\
# Kepala berkas.
code = "DINKES"
name = "Dinas Kesehatan"
short = "Dinkes"
valid_from = 2017-01-01

# Yang pertama.
[[applications]]
id = "satu"
name = "Satu [[applications]]"          # bukan kepala
[[applications.probes]]
kind = "tcp"
host = "127.0.0.1"                      # lokal
port = 9

# Yang kedua,
# dua baris.
[[applications]]
name = "Dua"
id = "dua"
note = '''
[[applications]]'''
"""
PLAN = """
date = 2026-01-01
[[start]]
code = "BARU"
name = "Dinas Baru"
short = "Baru"
predecessors = ["DINKES"]
[[end]]
code = "DINKES"
[[move]]
to = "BARU"
applications = ["satu", "dua"]
"""


@pytest.fixture
def office(make_office: MakeOffice) -> Inventory:
    return load(make_office(opd__dinkes=OPD))


def moved(office: Inventory, plan: str = PLAN) -> dict[str, str]:
    return {name: text.decode() for name, text in rearrange(office, read_plan(plan)).files.items()}


def test_a_table_is_taken_with_the_comments_above_it_and_nothing_else():
    block, rest = take(OPD, "applications", "satu")
    assert block.startswith("# Yang pertama.\n[[applications]]\n") and block.endswith("port = 9\n")
    assert "# lokal" in block and "# Yang kedua," in rest and "Kepala berkas" in rest
    assert tomllib.loads(put(rest, block))["applications"] == [
        tomllib.loads(OPD)["applications"][1],
        tomllib.loads(OPD)["applications"][0],
    ]
    last, _rest = take(OPD, "applications", "dua")
    assert last.startswith("# Yang kedua,\n# dua baris.\n")
    with pytest.raises(NotFound):
        take(OPD, "applications", "tiga")


def test_a_list_in_brackets_is_refused_before_anything_is_lost():
    with pytest.raises(Invalid, match="brackets"):
        take('applications = [{ id = "a", name = "A" }]\n', "applications", "a")


def test_a_line_goes_below_a_key():
    assert after_key("a = 1\nb = 2\n", ("a",), "c = 3") == "a = 1\nc = 3\nb = 2\n"


def test_what_moves_says_whose_it_was_and_the_old_agency_ends(office: Inventory, tmp_path: Path):
    files = moved(office)
    assert "valid_from = 2017-01-01\nvalid_to = 2025-12-31\n" in files["opd/dinkes.toml"]
    assert (
        "[[applications]]" not in files["opd/dinkes.toml"] and "# Kepala berkas." in files["opd/dinkes.toml"]
    )
    after = parse({**office.files, **{name: text.encode() for name, text in files.items()}}, tmp_path)
    for name in ("satu", "dua"):
        row = after.applications[name]
        assert (row.opd, row.opd_on(date(2025, 12, 31)), row.opd_on(date(2026, 1, 1))) == (
            "BARU",
            "DINKES",
            "BARU",
        )
        assert [one.name for one in row.probes] == [one.name for one in office.applications[name].probes]


def test_one_that_moves_again_keeps_all_it_was(office: Inventory, tmp_path: Path):
    files = {**office.files, **{name: text.encode() for name, text in moved(office).items()}}
    once = parse(files, tmp_path)
    again = PLAN.replace("BARU", "LAGI").replace('"DINKES"', '"BARU"').replace("2026-01-01", "2026-06-01")
    files |= {name: text.encode() for name, text in moved(once, again).items()}
    row = parse(files, tmp_path).applications["dua"]
    assert row.earlier == (("DINKES", date(2025, 12, 31)), ("BARU", date(2026, 5, 31)))
    assert row.opd_on(date(2026, 3, 1)) == "BARU"
    assert "# Yang kedua,\n# dua baris." in files["opd/lagi.toml"].decode()


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [
        ('"satu", "dua"', '"satu"', Invalid, "dua"),
        ('"satu", "dua"', '"satu", "dua", "tiga"', NotFound, "tiga"),
        ('to = "BARU"', 'to = "LAIN"', NotFound, "LAIN"),
        ('to = "BARU"', 'to = "DINKES"', Conflict, "ends itself"),
        ("2026-01-01", "2017-01-01", Conflict, "not begun"),
        ('code = "BARU"', 'code = "DINKES"', Conflict, "already"),
    ],
)
def test_what_can_not_be_meant_is_refused(office: Inventory, old: str, new: str, error: type, says: str):
    with pytest.raises(error, match=says):
        moved(office, PLAN.replace(old, new))


def test_an_agency_ends_once(office: Inventory, tmp_path: Path):
    files = {**office.files, **{name: text.encode() for name, text in moved(office).items()}}
    with pytest.raises(Conflict, match="ended already"):
        moved(parse(files, tmp_path), 'date = 2026-06-01\n[[end]]\ncode = "dinkes"\n')


def test_the_mistakes_of_a_plan_are_told_on_their_lines():
    with pytest.raises(Invalid) as refused:
        read_plan("date = 2026-01-01\n[[start]]\ncode = 1\nnam = 2\n")
    assert [line.split(":")[1] for line in refused.value.lines] == ["2", "3", "4"]
    with pytest.raises(Invalid) as broken:
        read_plan("date = ")
    assert broken.value.lines[0].startswith("plan.toml:1: ")
