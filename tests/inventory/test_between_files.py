"""Mistakes that no file shows alone, and what is allowed but worth a look."""

from datetime import date
from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.inventory.load import load
from opsconsole.inventory.warnings import warnings
from tests.inventory.offices import OPD, MakeOffice, opd

HTTP = '[[applications.probes]]\nkind = "http"\nurl = "http://127.0.0.1/"\n'


def refused(folder: Path) -> tuple[str, ...]:
    with pytest.raises(Invalid) as caught:
        load(folder)
    return caught.value.lines


def test_an_application_id_is_the_only_one_in_the_office(make_office: MakeOffice):
    lines = refused(
        make_office(opd__dishub=opd("DISHUB", applications=('id = "simpus"', 'id = "kir"', 'id = "kir"')))
    )
    assert lines == (
        'opd/dishub.toml:6: id: found "simpus", which opd/dinkes.toml has already: '
        "each must be the only one of its name",
        'opd/dishub.toml:12: id: found "kir", which opd/dishub.toml has already: '
        "each must be the only one of its name",
    )


def test_a_service_may_be_called_as_an_application_is(make_office: MakeOffice):
    services = '[[services]]\nid = "simpus"\nname = "S"\nowner = "O"\n'
    inventory = load(make_office(services=services))
    assert set(inventory.services) == {"service:simpus"}
    assert inventory.entry("service:simpus").owner == "O"
    assert inventory.entry("simpus").kind == "application"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('code = "DISHUP"', 'code: found "DISHUP", want the name of the file'),
        ('parent = "DINKE"', 'parent: found "DINKE", but there is no opd/dinke.toml; nearest: DINKES'),
        ('parent = "DISHUB"', 'parent: found "DISHUB", which is this agency itself'),
        ('predecessors = ["DINKES", "LLAJ"]', 'predecessors: found "LLAJ", but there is no opd/llaj.toml'),
        (
            "valid_from = 2020-01-02\nvalid_to = 2020-01-01",
            "valid_to: found 2020-01-01, want valid_from 2020-",
        ),
    ],
)
def test_an_agency_that_does_not_fit_the_others(make_office: MakeOffice, keys: str, said: str):
    content = opd("DISHUB", keys)
    if keys.startswith("code"):
        content = content.replace('code = "DISHUB"\n', "")
    (line,) = refused(make_office(opd__dishub=content))
    assert said in line
    assert line.startswith("opd/dishub.toml:")


def test_codes_are_compared_without_regard_to_case(make_office: MakeOffice):
    folder = make_office(
        opd__dishub=opd("DisHub", 'parent = "dinkes"', 'predecessors = ["Dinkes"]'),
        people__DISHUB='[[people]]\nid = "a"\nname = "A"\n',
    )
    inventory = load(folder)
    assert inventory.opds["DisHub"].parent == "DINKES"
    assert inventory.opds["DisHub"].predecessors == ("DINKES",)
    assert inventory.people["a"].opd == "DisHub"


def test_one_agency_in_two_files_is_refused(make_office: MakeOffice):
    (line,) = refused(make_office(opd__DINKES=opd("DINKES")))
    assert line == "opd/dinkes.toml:1: code: this agency is in opd/DINKES.toml already"


def test_agencies_that_lie_below_each_other_are_refused(make_office: MakeOffice):
    lines = refused(
        make_office(
            opd__a=opd("A", 'parent = "B"'), opd__b=opd("B", 'parent = "C"'), opd__c=opd("C", 'parent = "A"')
        )
    )
    assert [line.split(", ")[0] for line in lines] == [
        'opd/a.toml:4: parent: found "B"',
        'opd/b.toml:4: parent: found "C"',
        'opd/c.toml:4: parent: found "A"',
    ]


def test_dependencies_that_nobody_has_are_refused(make_office: MakeOffice):
    services = '[[services]]\nid = "bsre"\nname = "B"\nowner = "O"\ndepends_on = ["service:bsre"]\n'
    application = 'id = "tte"\ndepends_on = ["service:bsr", { any = ["simpus", "simpsu"] }, "tte", "bsre"]'
    lines = refused(make_office(services=services, opd__a=opd("A", applications=(application,))))
    unknown = "but no application or service has this id"
    assert sorted(lines) == sorted(
        [
            f'opd/a.toml:7: depends_on: found "service:bsr", {unknown}; nearest: service:bsre',
            f'opd/a.toml:7: depends_on: found "simpsu", {unknown}; nearest: simpus',
            'opd/a.toml:7: depends_on: found "tte", which is itself',
            f'opd/a.toml:7: depends_on: found "bsre", {unknown}; nearest: service:bsre',
            'services.toml:5: depends_on: found "service:bsre", which is itself',
        ]
    )


def test_two_probes_of_one_kind_need_an_id(make_office: MakeOffice):
    (line,) = refused(make_office(opd__dinkes=OPD + "\n" + HTTP))
    assert line.startswith('opd/dinkes.toml:14: kind: found "http", as another probe here is called')
    inventory = load(make_office(opd__dinkes=OPD + "\n" + HTTP + 'id = "page"\nwas = ["https"]\n'))
    assert [probe.name for probe in inventory.probes()] == ["http", "page"]


def test_a_probe_can_not_have_been_one_that_still_is(make_office: MakeOffice):
    (line,) = refused(make_office(opd__dinkes=OPD + "\n" + HTTP + 'id = "page"\nwas = ["http"]\n'))
    assert line == 'opd/dinkes.toml:17: was: found "http", but a probe here still has that name'


def test_people_of_no_agency_and_for_nothing_are_refused(make_office: MakeOffice):
    person = '[[people]]\nid = "{}"\nname = "P"\napplications = ["{}"]\n'
    lines = refused(
        make_office(
            people__dinks=person.format("a", "simpus"),
            people__dinkes=person.format("b", "simpsu") + person.format("b", "simpus"),
        )
    )
    assert [line.split(": found")[0] for line in lines] == [
        "people/dinkes.toml:4: applications",
        "people/dinkes.toml:6: id",
        "people/dinks.toml:1: file: there is no opd/dinks.toml for these people; nearest: dinkes",
    ]


def test_hours_have_a_name_of_their_own_and_ramadan_ends_after_it_begins(make_office: MakeOffice):
    calendar = """\
[[hours]]
name = "loket"
week = [{ days = "fri", open = ["08:00-12:00"] }]
[[hours]]
name = "loket"
week = [{ days = "fri", open = ["08:00-12:00"] }]
[[ramadan]]
first = 2026-02-19
last = 2026-02-18
"""
    lines = refused(make_office(calendar=calendar))
    assert [": ".join(line.split(": ")[:2]) for line in lines] == [
        "calendar.toml:5: name",
        "calendar.toml:9: last",
    ]


def test_a_circle_of_dependencies_is_allowed_and_warned_of(make_office: MakeOffice):
    inventory = load(
        make_office(
            opd__a=opd(
                "A",
                applications=(
                    'id = "x"\ndepends_on = ["y"]',
                    'id = "y"\ndepends_on = [{ any = ["z", "simpus"] }]',
                    'id = "z"\ndepends_on = ["simpus", "x"]',
                    'id = "outside"\ndepends_on = ["x"]',
                ),
            )
        )
    )
    assert warnings(inventory, date(2026, 11, 24)) == (
        "opd/a.toml:7: depends_on: depends on itself: x > y > z > x",
    )


def test_an_agency_that_ended_and_a_year_without_days_off_are_warned_of(make_office: MakeOffice):
    calendar = """\
[[hours]]
name = "loket"
week = [{ days = "fri", open = ["08:00-12:00"] }]
[holidays]
2026-12-25 = "Natal"
"""
    ended = opd("A", "valid_to = 2026-12-31", applications=('id = "x"', 'id = "y"\nactive = false'))
    inventory = load(make_office(calendar=calendar, opd__a=ended))
    assert warnings(inventory, date(2026, 11, 30)) == ()
    assert warnings(inventory, date(2026, 12, 31)) == (
        "calendar.toml:4: holidays: no day off of 2027 is listed: "
        "each of its weekdays counts as a working day",
    )
    assert warnings(inventory, date(2027, 1, 1)) == (
        "calendar.toml:4: holidays: no day off of 2027 is listed: "
        "each of its weekdays counts as a working day",
        "opd/a.toml:4: valid_to: A ended on 2026-12-31, but x is still looked at",
    )


EXCHANGE = '[[applications.probes]]\nkind = "tcp"\nid = "exchange"\nhost = "127.0.0.1"\nport = 9\n'


def test_an_exchange_is_with_something_of_the_office_that_is_not_itself(make_office: MakeOffice):
    probes = EXCHANGE + 'to = "nihil"\n' + EXCHANGE.replace("exchange", "lain") + 'to = "x"\n'
    lines = refused(make_office(opd__a=opd("A", applications=(f'id = "x"\n{probes}',))))
    assert [line.partition(";")[0] for line in lines] == [
        'opd/a.toml:12: to: found "nihil", but no application or service has this id',
        'opd/a.toml:18: to: found "x", which is itself',
    ]


def test_an_exchange_by_name_alone_is_allowed_and_warned_of(make_office: MakeOffice):
    files = make_office(opd__a=opd("A", applications=(f'id = "x"\n{EXCHANGE}',)))
    assert [line.partition(";")[0] for line in warnings(load(files), date(2026, 11, 24))] == [
        "opd/a.toml:7: to: exchange proves stage T5 by its name"
    ]
    named = EXCHANGE + 'to = "simpus"\n'
    files = make_office(opd__a=opd("A", applications=(f'id = "x"\n{named}',)))
    assert warnings(load(files), date(2026, 11, 24)) == ()
