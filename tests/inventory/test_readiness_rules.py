"""``readiness.toml``, means and duties: what is accepted, what is refused and how that is told."""

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.base.paths import example_office
from opsconsole.inventory.load import load
from opsconsole.inventory.readiness import HIGHEST, built_in
from tests.inventory.offices import OPD, MakeOffice

MEANS = '\n[[means]]\nid = "fo"\nkind = "link"\nname = "FO"\nproven_by = "{by}"\n'


def refused(folder) -> list[str]:
    with pytest.raises(Invalid) as told:
        load(folder)
    return list(told.value.lines)


def test_the_example_office_has_what_holds_without_the_file():
    example = load(example_office()).readiness
    assert [one.model_dump() for one in example.levels] == [one.model_dump() for one in built_in().levels]
    assert (example_office() / "readiness.toml").read_bytes() == (
        load(example_office()).files["readiness.toml"]
    )
    assert [one.level for one in example.levels] == list(range(HIGHEST + 1))
    assert all(one.source for one in (*example.evidence.values(), *example.levels))


def test_a_file_of_some_lists_leaves_the_others_as_they_are(make_office: MakeOffice):
    rules = load(make_office(readiness='soon = 3\n[[reminders]]\nstep = "head"\nafter = 9\n')).readiness
    assert (rules.soon, [one.step for one in rules.reminders]) == (3, ["head"])
    assert rules.evidence["KT"].valid.amount == 90
    assert rules.drill(1) is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[drills]]\ntiers = [1]\ninsied = "15m"\n', "inside"),
        ("soon = 400\n", "at most 365"),
        ('[[evidence]]\ncode = "KT"\nwords = { id = "a", en = "b" }\nvalid = "90d"\n', "each of SK, KT"),
        ('[[levels]]\nlevel = 1\nwords = { id = "a", en = "b" }\n', "each level from 0 to 5"),
        ('[[means]]\nkind = "link"\nwords = { id = "a", en = "b" }\nvalid = "3w"\n', "24mo"),
        ('[[roles]]\nduty = "ketua"\n', "admin"),
        ('[[quiet]]\nname = "x"\ndays = "fri"\nspans = ["11.30"]\n', "want hours"),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed(make_office: MakeOffice, text: str, words: str):
    found = refused(make_office(readiness=text))
    assert any(line.startswith("readiness.toml:") and words in line for line in found), found


def test_means_and_those_who_stand_in_name_what_is_there(make_office: MakeOffice):
    opd = OPD.replace("\n[[applications]]\n", MEANS.format(by="simpuz") + "\n[[applications]]\n")
    [line] = refused(make_office(opd__dinkes=opd))
    assert line.startswith("opd/dinkes.toml:") and "simpus" in line
    twice = OPD.replace("\n[[applications]]\n", MEANS.format(by="simpus") * 2 + "\n[[applications]]\n")
    [line] = refused(make_office(opd__dinkes=twice))
    assert "as other means here are called" in line
    people = '[[people]]\nid = "budi"\nname = "B"\nduty = "backup"\nbackup_of = ["{}"]\n'
    [line] = refused(make_office(people__dinkes=people.format("rina")))
    assert "no person has this id" in line
    [line] = refused(make_office(people__dinkes=people.format("budi")))
    assert "which is this person" in line


def test_duties_claims_and_means_are_of_the_office(make_office: MakeOffice):
    opd = OPD.replace('short = "Dinkes"\n', 'short = "Dinkes"\nclaimed = 4\n' + MEANS.format(by="simpus"))
    people = '[[people]]\nid = "rina"\nname = "R"\nalso = ["pic", "ppid"]\n'
    office = load(make_office(opd__dinkes=opd, people__dinkes=people))
    assert (office.opds["DINKES"].claimed, [one.id for one in office.opds["DINKES"].means]) == (4, ["fo"])
    assert office.people["rina"].duties == ("admin", "pic", "ppid")
    assert office.applications["simpus"].claimed is None
