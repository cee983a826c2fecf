"""Lists put into an office: what is added and changed, what is left alone, and what is told."""

from pathlib import Path
from typing import Any

import pytest
import tomlkit

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.client.importing import REGISTERS, ImportEntry, Register
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.merge import Merged, merge
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.sheets.columns import guess
from opsconsole.inventory.sheets.fields import FIELDS
from opsconsole.inventory.sheets.rows import entries_of, sheet_of
from tests.inventory.offices import MakeOffice, opd

EXAMPLE = Path(__file__).parents[2] / "config"
DINKES = """\
# Dinas Kesehatan, satu berkas.
code = "DINKES"
name = "Dinas Kesehatan"
short = "Dinkes"

# yang terpenting
[[applications]]
id = "simpus"              # dipakai semua puskesmas
name = "SIM Puskesmas"
tier = 1                   # utama

[[applications.probes]]
kind = "http"
url = "http://127.20.2.1:8080/"   # di pusat data

[[applications]]
id = "antre"
name = "Antrean"
note = "sementara"
"""
PEOPLE = """\
# Kontak
[[people]]
id = "rina"
name = "Rina"
duty = "admin"  # sejak 2024
phone = "0812-0000-0001"
"""


@pytest.fixture
def office(make_office: MakeOffice) -> Inventory:
    return load(make_office(opd__dinkes=DINKES, opd__rsud=opd("RSUD"), people__dinkes=PEOPLE))


def entry(what: Register, line: int = 2, **keys: Any) -> ImportEntry:
    return ImportEntry(what, line, keys, "daftar.csv")


def told(done: Merged) -> list[tuple[str, str]]:
    return [(one.column, one.why) for one in done.not_taken]


def after(office: Inventory, done: Merged) -> Inventory:
    return parse({**office.files, **done.files}, Path("/nowhere"))


def test_a_key_that_changes_leaves_comments_and_order_as_they_were(office: Inventory) -> None:
    done = merge(office, [entry("applications", id="simpus", tier=2, address="http://127.20.2.1:8080/baru")])
    text = done.files["opd/dinkes.toml"].decode()
    wanted = DINKES.replace("tier = 1 ", "tier = 2 ").replace('8080/"', '8080/baru"')
    assert text == wanted
    assert (done.changed, done.added, done.not_taken) == ([("applications", "simpus")], [], [])


def test_what_is_the_same_already_changes_nothing(office: Inventory) -> None:
    entries = [
        entry("applications", id="simpus", name="SIM Puskesmas", tier=1, active=True, note=None),
        entry("opd", code="DINKES", name="Dinas Kesehatan", kind="dinas", valid_from=None),
        entry("people", id="rina", duty="admin", phone="0812-0000-0001", opd="Dinkes"),
    ]
    assert merge(office, entries).files == {}


def test_an_empty_cell_takes_a_key_out_and_what_must_be_there_stays(office: Inventory) -> None:
    done = merge(office, [entry("applications", id="antre", note=None)])
    assert after(office, done).applications["antre"].note == ""
    assert b"note" not in done.files["opd/dinkes.toml"]


def test_entries_are_known_by_name_and_ids_are_made(office: Inventory) -> None:
    done = merge(
        office,
        [
            entry("applications", name="sim puskesmas", tier=3),
            entry("applications", 3, name="Rujukan Daring", opd="rsud", address="https://127.20.9.1/"),
            entry("people", 4, name="Sari Puspita", opd="RSUD", applications=["Rujukan Daring"]),
        ],
    )
    assert done.changed == [("applications", "simpus")]
    assert done.added == [("applications", "rujukan-daring"), ("people", "sari-puspita")]
    new = after(office, done)
    assert new.applications["rujukan-daring"].opd == "RSUD"
    assert new.people["sari-puspita"].applications == ("rujukan-daring",)
    assert told(done) == [("", "new_id"), ("", "new_id")]


def test_a_new_agency_can_be_named_by_what_follows_it(office: Inventory) -> None:
    done = merge(
        office,
        [
            entry("people", name="Joko", opd="Bapenda"),
            entry("applications", 3, name="Pajak", opd="BAPENDA"),
            entry("opd", 4, code="BAPENDA", name="Badan Pendapatan Daerah", short="Bapenda", kind="badan"),
        ],
    )
    new = after(office, done)
    assert new.opds["BAPENDA"].kind == "badan"
    assert new.applications["pajak"].opd == new.people["joko"].opd == "BAPENDA"


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({"name": "Baru"}, [("", "no_opd")]),
        ({"name": "Baru", "opd": "DINKESS"}, [("opd", "unknown"), ("", "no_opd")]),
        ({"name": "Baru", "opd": "RSUD", "address": "http://127.20.2.1:8080"}, [("", "watched")]),
        ({"id": "simpus", "opd": "RSUD"}, [("opd", "moves")]),
        ({"id": "simpus", "depends_on": ["nihil"]}, [("depends_on", "unknown")]),
        ({"id": "simpus", "service_hours": "malam"}, [("service_hours", "unknown")]),
        ({"id": "simpus", "address": "tcp://127.20.2.1:25"}, [("address", "other_probe")]),
        ({"tier": 1}, [("", "no_name")]),
        ({"name": 5}, [("", "no_name")]),
    ],
)
def test_what_can_not_be_meant_is_told_and_left_alone(
    office: Inventory, keys: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    done = merge(office, [ImportEntry("applications", 7, keys, "daftar.csv")])
    assert (told(done), done.files) == (wanted, {})
    assert {(one.line, one.place) for one in done.not_taken} == {(7, "daftar.csv")}


def test_the_nearest_is_named_and_a_service_without_its_prefix_found(make_office: MakeOffice) -> None:
    services = '[[services]]\nid = "siak"\nname = "Data penduduk"\nowner = "Pusat"\n'
    office = load(make_office(services=services))
    done = merge(office, [entry("applications", id="simpus", depends_on=["siak"])])
    assert done.not_taken[0].params["near"] == "service:siak"


def test_rows_that_say_the_same_entry_twice_or_one_of_several_are_left_out(make_office: MakeOffice) -> None:
    twins = opd("RSUD", applications=('id = "a"\n', 'id = "b"\n'))
    office = load(make_office(opd__rsud=twins))
    done = merge(
        office,
        [entry("applications", name="A", tier=1), entry("applications", id="a", tier=2),
         entry("applications", 4, id="a", tier=3), entry("people", 5, name="Budi", opd="RSUD"),
         entry("people", 6, name="Budi", opd="RSUD")],
    )  # fmt: skip
    assert [(one.line, one.why) for one in done.not_taken] == [
        (2, "ambiguous"), (4, "twice"), (5, "new_id"), (6, "twice"),
    ]  # fmt: skip
    assert after(office, done).applications["a"].tier == 2


def test_a_person_goes_to_another_agency_with_the_comments(office: Inventory) -> None:
    done = merge(office, [entry("people", id="rina", opd="RSUD", phone="0812-0000-0002")])
    new = after(office, done)
    assert (new.people["rina"].opd, new.people["rina"].phone) == ("RSUD", "0812-0000-0002")
    assert "# sejak 2024" in new.files["people/rsud.toml"].decode()


def test_what_the_list_does_not_name_stays_unless_it_is_to_go(office: Inventory) -> None:
    entries = [entry("applications", id="simpus")]
    assert merge(office, entries).left == {"applications": 1}
    done = merge(office, entries, ["applications"])
    assert (done.removed, done.left) == ([("applications", "antre")], {})
    assert set(after(office, done).applications) == {"simpus"}


def test_nothing_is_taken_out_while_a_row_is_not_understood(office: Inventory) -> None:
    done = merge(
        office, [entry("applications", id="simpus"), entry("applications", 3, tier=1)], ["applications"]
    )
    assert (done.removed, done.left) == ([], {"applications": 1})


def test_monitors_go_where_they_are_told_and_are_never_added_twice(office: Inventory) -> None:
    probe = {"kind": "http", "url": "https://127.20.9.2/", "tls": {"verify": False}}
    new = entry("applications", id="luar", name="Luar", active=False, probes=[probe])
    done = merge(office, [new], opd="rsud")
    again = after(office, done)
    assert again.applications["luar"].opd == "RSUD" and not again.applications["luar"].active
    other = entry("applications", id="luar-2", name="Luar", probes=[probe])
    assert told(merge(again, [other])) == [("", "watched")]
    with pytest.raises(NotFound):
        merge(office, [new], opd="nihil")


def test_what_can_not_be_taken_out_without_loss_is_refused(make_office: MakeOffice) -> None:
    inline = 'code = "RSUD"\nname = "R"\nshort = "R"\napplications = [{ id = "a", name = "A" }]\n'
    office = load(make_office(opd__rsud=inline))
    with pytest.raises(Invalid):
        merge(office, [entry("applications", id="simpus")], ["applications"])
    done = merge(
        office,
        [entry("applications", id="a", tier=1), entry("applications", 3, id="b", name="B", opd="RSUD")],
    )
    assert after(office, done).applications["a"].tier == 1
    assert "b" in after(office, done).applications


@pytest.mark.parametrize("what", REGISTERS)
def test_a_register_of_the_example_office_reads_back_without_a_difference(what: Register) -> None:
    office = load(EXAMPLE)
    sheet = sheet_of(office, what)
    rows = [[field.title for field in FIELDS[what]], *map(list, sheet.rows)]
    entries, not_taken = entries_of(rows, guess(rows, what, {}), "x.csv")
    done = merge(office, entries)
    assert (not_taken, done.not_taken, done.files, done.left) == ([], [], {}, {what: 0})
    assert len(entries) == len(sheet.rows) > 30


def test_a_register_builds_an_empty_office_as_it_was() -> None:
    """What a sheet can hold, in a new office, is the same again."""
    office = load(EXAMPLE)
    calendar = tomlkit.parse(office.files["calendar.toml"].decode())
    for rows in ("maintenance", "seasons"):
        calendar.pop(rows, None)
    services = tomlkit.parse(office.files["services.toml"].decode())
    for service in services["services"]:
        service.pop("depends_on", None)
    keep = {
        "services.toml": tomlkit.dumps(services).encode(),
        "calendar.toml": tomlkit.dumps(calendar).encode(),
    }
    bare = parse({"settings.toml": b"", "opd/uji.toml": opd("UJI").encode(), **keep}, EXAMPLE)
    entries = []
    for what in REGISTERS:
        sheet = sheet_of(office, what)
        rows = [list(sheet.keys), *map(list, sheet.rows)]
        entries += entries_of(rows, guess(rows, what, {}), "x.csv")[0]
    done = merge(bare, entries)
    new = parse({**bare.files, **done.files}, EXAMPLE)
    for what in REGISTERS:
        added = [row for row in sheet_of(new, what).rows if row[0] != "UJI"]
        assert sorted(added) == sorted(sheet_of(office, what).rows)
