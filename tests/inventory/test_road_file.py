"""``road.toml``: what it may say, and each mistake on its line."""

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.inventory.load import load
from tests.inventory.offices import MakeOffice

MILESTONE = '[[milestones]]\nid = "a"\nname = "A"\ndate = 2026-01-01\n'
DEFINITION = '[[definitions]]\nversion = "v1"\nkinds = ["dinas"]\n'


def mistakes(office: MakeOffice, road: str) -> list[str]:
    try:
        load(office(road=road))
    except Invalid as problem:
        return list(problem.lines)
    return []


@pytest.mark.parametrize(
    ("road", "line", "says"),
    [
        (DEFINITION + MILESTONE + 'measure = "connected"\n', 4, "target"),
        (MILESTONE + "start = 2026-01-01\n", 5, "before the date"),
        (DEFINITION + MILESTONE + 'measure = "connected"\ntarget = [5, 4]\n', 9, "range"),
        (MILESTONE + 'measure = "connected"\ntarget = 4\n', 5, "no definition"),
        (DEFINITION + MILESTONE + 'definition = "v2"\n', 8, "no definition of that version"),
        (DEFINITION + DEFINITION, 5, "another one here"),
        ('[[history]]\ndate = 2026-01-01\nopd = "DINKES"\n', 3, "measure"),
        ('[[history]]\ndate = 2026-01-01\nopd = "DINKE"\nmeasure = "connected"\n', 3, "nearest: DINKES"),
        ('[[history]]\ndate = 2026-01-01\napplications = ["tiada"]\nstage = 3\n', 3, "no application"),
        (
            '[[proofs]]\napplication = "tiada"\nproof = "agreement"\ndate = 2026-01-01\ndocument = "x"\n',
            2,
            "no application",
        ),
        ("[rules]\nsuccess_percent = 30.0\n", 2, "at least 50"),
        ('[[paper]]\nid = "a"\nopd = "X"\nname = "A"\n', 3, "opd/x.toml"),
    ],
)
def test_a_mistake_is_told_on_its_line(make_office: MakeOffice, road: str, line: int, says: str):
    [told] = mistakes(make_office, road)
    assert told.startswith(f"road.toml:{line}: ")
    assert says in told


def test_an_office_needs_none(make_office: MakeOffice):
    assert mistakes(make_office, DEFINITION) == []
