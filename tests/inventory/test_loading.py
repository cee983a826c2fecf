"""A good set of files becomes an inventory that answers what the other rooms ask."""

import re
from dataclasses import FrozenInstanceError
from datetime import date

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.errors import NotFound
from opsconsole.base.paths import example_office
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.office import Dependency
from probes.spec import format_duration, format_size, parse_duration, parse_size
from tests.inventory.offices import OPD, MakeOffice, opd

SERVICES = """\
[[services]]
id = "bsre"
name = "BSrE"
owner = "BSSN"
service_hours = "loket"

[[services.probes]]
kind = "tcp"
host = "127.20.250.1"
port = 443
"""
CALENDAR = '[[hours]]\nname = "loket"\nweek = [{ days = "mon-fri", open = ["08:00-15:00"] }]\n'


def test_the_smallest_office_is_one_empty_file(tmp_path):
    (tmp_path / "settings.toml").touch()
    inventory = load(tmp_path)
    assert inventory.settings.office.zone == "Asia/Jakarta"
    assert inventory.settings.engine.concurrency == 200
    assert inventory.settings.engine.per_host == 2
    assert inventory.settings.access.admin == []
    assert (inventory.opds, inventory.applications, inventory.services) == ({}, {}, {})
    assert list(inventory.probes()) == []


def test_rows_are_known_by_one_id_everywhere(make_office: MakeOffice):
    inventory = load(make_office(services=SERVICES, calendar=CALENDAR))
    assert [row.id for row in inventory.rows()] == ["simpus", "service:bsre"]
    service = inventory.entry("service:bsre")
    assert (service.kind, service.opd, service.audience, service.hosting) == (
        "service",
        "",
        "national",
        "national",
    )
    application = inventory.entry("simpus")
    assert (application.kind, application.opd, application.tier) == ("application", "DINKES", 3)
    with pytest.raises(NotFound, match="There is no application bsre"):
        inventory.entry("bsre")


def test_probes_are_ready_and_those_of_inactive_rows_are_not_run(make_office: MakeOffice):
    opd_file = OPD.replace("[[applications.probes]]", "active = false\n[[applications.probes]]")
    inventory = load(make_office(opd__dinkes=opd_file, services=SERVICES, calendar=CALENDAR))
    assert [(one.row_id, one.name) for one in inventory.probes()] == [("service:bsre", "tcp")]
    (probe,) = inventory.applications["simpus"].probes
    assert (probe.name, probe.target.kind, probe.target.label) == ("http", "http", "http://127.20.2.1:8080/")
    assert probe.target.spec is probe.spec


def test_parents_keep_their_order_and_their_groups(make_office: MakeOffice):
    application = 'id = "a"\ndepends_on = ["service:bsre", { any = ["simpus", "service:bsre"] }]'
    inventory = load(
        make_office(services=SERVICES, calendar=CALENDAR, opd__x=opd("X", applications=(application,)))
    )
    assert inventory.parents("a") == [
        Dependency(("service:bsre",)),
        Dependency(("simpus", "service:bsre")),
    ]
    assert inventory.parents("simpus") == []


def person(name: str, duty: str, *applications: str) -> str:
    listed = f"applications = {list(applications)}\n" if applications else ""
    keys = f'id = "{name.lower()}"\nname = "{name}"\nduty = "{duty}"\nphone = "0812-0000-0000"'
    return f"[[people]]\n{keys}\n{listed}"


def test_those_named_for_an_application_are_called_before_those_of_the_agency(make_office: MakeOffice):
    people = (
        person("Head", "head")
        + person("Backup", "backup")
        + person("Admin", "admin")
        + person("Other", "admin", "service:bsre")
        + person("Vendor", "vendor", "simpus")
        + person("Operator", "operator", "simpus", "service:bsre")
    )
    inventory = load(make_office(people__dinkes=people, services=SERVICES, calendar=CALENDAR))
    assert [one.name for one in inventory.contacts("simpus")] == [
        "Operator",
        "Vendor",
        "Admin",
        "Backup",
        "Head",
    ]
    assert [(one.name, one.duty) for one in inventory.contacts("service:bsre")] == [
        ("Other", "admin"),
        ("Operator", "operator"),
        ("BSSN", "owner"),
    ]
    assert inventory.contacts("simpus")[0].phone == "0812-0000-0000"


def test_the_agency_above_is_called_where_there_is_nobody(make_office: MakeOffice):
    below = opd("UPT", 'parent = "DINKES"', applications=('id = "upt-web"',))
    inventory = load(make_office(opd__upt=below, people__dinkes=person("Admin", "admin")))
    assert [one.name for one in inventory.contacts("upt-web")] == ["Admin"]
    without = load(make_office(people__dinkes=person("Other", "admin", "simpus")))
    assert without.contacts("upt-web") == []


def test_an_agency_exists_from_its_first_day_to_its_last(make_office: MakeOffice):
    dated = opd("X", "valid_from = 2017-01-01", "valid_to = 2019-12-31")
    inventory = load(make_office(opd__x=dated))
    x = inventory.opds["X"]
    days = [date(2016, 12, 31), date(2017, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    assert [x.active_on(day) for day in days] == [False, True, True, False]
    assert inventory.opds["DINKES"].active_on(date(1900, 1, 1))


def test_the_digest_is_that_of_the_files(make_office: MakeOffice):
    folder = make_office()
    first, again = load(folder), load(folder)
    assert first.digest == again.digest
    assert re.fullmatch("[0-9a-f]{64}", first.digest)
    (folder / "opd" / "dinkes.toml").write_text(OPD + "# a comment\n")
    assert load(folder).digest != first.digest


def test_a_set_of_files_loads_as_its_folder_does(make_office: MakeOffice):
    folder = make_office(services=SERVICES, calendar=CALENDAR)
    loaded = load(folder)
    parsed = parse(loaded.files, folder)
    assert parsed.digest == loaded.digest
    assert parsed.opds == loaded.opds
    assert list(parsed.services) == list(loaded.services)


def test_files_that_probes_name_lie_beside_the_file_that_names_them(make_office: MakeOffice):
    folder = make_office(opd__dinkes=OPD.replace("http://", "https://") + 'tls = { ca_file = "ca.pem" }\n')
    (folder / "opd" / "ca.pem").write_bytes(trustme.CA().cert_pem.bytes())
    (probe,) = load(folder).probes()
    assert probe.target.spec.model_dump()["tls"]["ca_file"] == "ca.pem"


def test_an_inventory_can_not_be_changed(make_office: MakeOffice):
    inventory = load(make_office())
    with pytest.raises(FrozenInstanceError):
        inventory.digest = ""  # type: ignore[misc]


@given(st.integers(1, 10**10).map(lambda milliseconds: milliseconds / 1000))
def test_a_duration_is_read_back_from_how_it_is_written(seconds: float):
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, abs=1e-4)


@given(st.integers(0, 2**40))
def test_a_size_is_read_back_from_how_it_is_written(count: int):
    assert parse_size(format_size(count)) == count


@given(st.text(max_size=8) | st.integers() | st.booleans() | st.none())
def test_what_is_no_duration_and_no_size_is_refused(value: object):
    if not (isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?(ms|s|m|h|d)", value)):
        with pytest.raises(ValueError, match="want a duration"):
            parse_duration(value)
    if not (isinstance(value, str) and re.fullmatch(r"\d+(B|KiB|MiB)", value)):
        with pytest.raises(ValueError, match="want a size"):
            parse_size(value)


def test_the_example_office_is_whole_and_wholly_on_loopback():
    inventory = load(example_office())
    today = date(2026, 11, 24)
    assert len(inventory.opds) == 59
    assert sum(one.active_on(today) for one in inventory.opds.values()) >= 40
    assert len(inventory.applications) >= 115
    assert len(inventory.services) == 15
    rows = list(inventory.rows())
    assert [row.id for row in rows if not row.probes] == []
    assert [row.id for row in rows if not inventory.contacts(row.id)] == []
    hosts: dict[str, set[str]] = {}
    for probe in (one for row in rows for one in row.probes):
        assert probe.target.host_key.startswith("127.20."), probe
        hosts.setdefault(probe.target.host_key.split(":")[0], set()).add(probe.row_id)
    assert max(len(shared) for shared in hosts.values()) == 6
    assert {probe.spec.kind for probe in inventory.probes()} == {"http", "tcp", "tls", "ping", "dns"}


def test_the_example_office_knows_who_came_from_whom():
    opds = load(example_office()).opds
    assert opds["DISDIKBUD"].predecessors == ("DISDIK", "DISBUDPAR")
    assert opds["DISPORAPAR"].predecessors == ("DISPORA", "DISBUDPAR")
    for one in opds.values():
        for predecessor in one.predecessors:
            ended = opds[predecessor].valid_to
            assert ended is not None and one.valid_from is not None and ended < one.valid_from


def test_the_example_office_names_nobody_and_no_place_that_exists():
    for file in sorted(example_office().rglob("*.toml")):
        text = file.read_text("utf-8")
        assert re.findall(r"[\w-]+\.(?:go\.id|co\.id|or\.id|id|com|net|org)\b", text) == [], file
        phones = re.findall(r"(?:phone|whatsapp) = \"(.*?)\"", text)
        assert [one for one in phones if not re.fullmatch(r"0812-0000-\d{4}", one)] == [], file
        mails = re.findall(r"@([\w.-]+)\"", text)
        assert [
            one for one in mails if not one.endswith((".example", "-viewer", "-operator", "-admin", "name"))
        ] == []
