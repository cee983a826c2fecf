"""`incidents.toml`: what an office says of severities and the law, and what holds where it says nothing."""

from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.base.paths import example_office
from opsconsole.client.incidents import Severity
from opsconsole.inventory import policy as module
from opsconsole.inventory.load import load
from opsconsole.inventory.policy import make_policy
from tests.inventory.offices import MakeOffice

ALL = "\n".join(
    f'[[severity]]\nname = "{name}"\nrespond = "7m"\nrecover = "3h"'
    for name in ("low", "critical", "high", "medium")
)


def test_an_office_without_the_file_has_what_the_example_says(make_office: MakeOffice):
    plain = load(make_office()).incidents
    assert plain == load(example_office()).incidents
    critical = plain.targets[Severity.CRITICAL]
    assert (critical.respond, critical.recover, critical.counts) == (900, 14_400, "calendar")
    assert plain.targets[Severity.LOW].recover == 5 * 86_400
    assert [(one.id, one.hours) for one in plain.laws] == [("pdp", 72), ("bssn-iiv", 24), ("bssn", None)]
    assert plain.law("pdp") is plain.laws[0]
    assert plain.law("gone") is None


def test_the_small_office_gets_the_same_file_as_the_example():
    written = Path(module.__file__).parent / "starter" / "incidents.toml"
    assert written.read_bytes() == (example_office() / "incidents.toml").read_bytes()


def test_what_a_file_says_holds_and_the_rest_is_built_in(make_office: MakeOffice):
    inventory = load(make_office(incidents=ALL))
    known = make_policy(module.built_in())
    assert {one.respond for one in inventory.incidents.targets.values()} == {420}
    assert inventory.incidents.suggestions == known.suggestions
    assert inventory.incidents.laws == known.laws


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[[severity]]\nname = "low"\nrespond = "7m"\nrecover = "3h"',
            "severity: found a list, want each of critical, high, medium and low once",
        ),
        ('[[suggest]]\nseverity = "worst"', 'incidents.toml:2: severity: found "worst", want one of'),
        ('[[suggest]]\nseverity = "low"\ntier = [1]', "incidents.toml:3: tier: unknown key; nearest: tiers"),
        (
            '[[law]]\nid = "respond"\nquestion = "iiv"\nto = "x"\nwhat = "y"\nsource = "z"',
            'incidents.toml:2: id: found "respond", which every incident has a clock of',
        ),
        (
            '[[law]]\nid = "a"\nquestion = "iiv"\nhours = 0\nto = "x"\nwhat = "y"\nsource = "z"',
            "incidents.toml:4: hours: found 0, want",
        ),
        (
            '[[law]]\nid = "a"\nquestion = "iiv"\nto = "x"\nwhat = "y"\nsource = "z"\n' * 2,
            'incidents.toml:8: id: found "a", which incidents.toml has already',
        ),
    ],
)
def test_what_it_can_not_mean_is_refused(make_office: MakeOffice, text: str, told: str):
    with pytest.raises(Invalid) as error:
        load(make_office(incidents=text))
    assert any(told in line for line in error.value.lines), error.value.lines


def test_a_file_of_nearly_this_name_is_refused_with_this_one(make_office: MakeOffice):
    with pytest.raises(Invalid) as error:
        load(make_office(incident=ALL))
    assert "nearest: incidents.toml" in error.value.lines[0]
