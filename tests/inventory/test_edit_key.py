"""One key, typed by a person, put into the file of an application."""

from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.inventory.edit_key import editable, edited
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.office import Inventory
from tests.inventory.offices import OPD, MakeOffice


@pytest.fixture
def office(make_office: MakeOffice) -> Inventory:
    return load(make_office(opd__dinkes=OPD + "timeout = '5s'  # lambat\njson = [\"status == 'ok'\"]\n"))


def text_after(office: Inventory, key: str, value: str) -> str:
    files = edited(office, "simpus", key, value)
    parse({**office.files, **files}, Path("/nowhere"))
    return files["opd/dinkes.toml"].decode()


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("note", "Dipakai Jum'at", 'note = "Dipakai Jum\'at"'),
        ("tier", "1", "tier = 1"),
        ("personal_data", "ya", "personal_data = true"),
        ("http.timeout", "3s", 'timeout = "3s"  # lambat'),
        ("http.attempts", "5", "attempts = 5"),
        ("http.essential", "false", "essential = false"),
        ("http.json", "[\"a == 'b'\"]", "json = [\"a == 'b'\"]"),
        ("address", "127.20.2.9", 'url = "https://127.20.2.9"'),
    ],
)
def test_a_value_is_written_as_its_key_wants_it(office: Inventory, key: str, value: str, line: str) -> None:
    assert line in text_after(office, key, value).splitlines()


def test_a_dash_takes_the_key_out(office: Inventory) -> None:
    assert "timeout" not in text_after(office, "http.timeout", "-")


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("teir", "1", NotFound),
        ("id", "lain", NotFound),
        ("opd", "RSUD", NotFound),
        ("http.kind", "tcp", NotFound),
        ("tcp.timeout", "5s", NotFound),
        ("tier", "9", Invalid),
        ("name", "-", Invalid),
        ("depends_on", "nihil", Invalid),
        ("http.timeout", "lama", Invalid),
        ("http.auth", '{ bearer = "rahasia" }', Invalid),
    ],
)
def test_what_can_not_be_is_refused(office: Inventory, key: str, value: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        edited(office, "simpus", key, value)
    with pytest.raises(NotFound):
        edited(office, "nihil", "tier", "1")


def test_the_keys_are_told_as_they_would_be_typed(office: Inventory) -> None:
    told = dict(editable(office, office.applications["simpus"]))
    assert told["tier"] == "3" and told["note"] == "-" and told["active"] == "yes"
    assert told["http.retry"] == "-" and told["http.json"] == "[\"status == 'ok'\"]"
    for key, value in told.items():
        if value != "-":
            assert edited(office, "simpus", key, value) == {}
