"""References behind rules, and indices as data: checked between the files, extended without code."""

from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.references import uses

EXAMPLE = Path(__file__).parents[2] / "config"
SETTINGS = b'[office]\nname = "Kominfo"\n'
LIST = b'[[references]]\nid = "satu"\nkind = "law"\ntitle = "Satu"\n'
INDEX = b"""
id = "kota"
name = "Indeks Kota"
source = "satu"
first = 2026
[[domains]]
id = "d"
name = "D"
[[aspects]]
id = "a"
domain = "d"
name = "A"
[[indicators]]
number = 1
aspect = "a"
name = "Satu"
evidence = ["register"]
"""


def office(**files: bytes) -> Inventory:
    named = {name.replace("__", "/") + ".toml": content for name, content in files.items()}
    return parse({"settings.toml": SETTINGS, **named}, Path("/nowhere"))


def refused(**files: bytes) -> list[str]:
    with pytest.raises(Invalid) as problem:
        office(**files)
    return [line.split(": ", 2)[0] for line in problem.value.lines]


def test_the_example_names_only_references_that_it_lists() -> None:
    inventory = load(EXAMPLE)
    assert {"uu-pdp-27-2022-46", "bssn-1-2024-15", "permenpanrb-59-2020"} <= inventory.references.keys()


def test_the_example_index_has_every_indicator_and_weights_that_add_up() -> None:
    index = load(EXAMPLE).indices["spbe-59-2020"]
    assert [one.number for one in index.indicators] == list(range(1, 48))
    assert sum(one.weight or 0 for one in index.domains) == 100
    for domain in index.domains:
        parts = [one.weight or 0 for one in index.aspects if one.domain == domain.id]
        assert sum(parts) == domain.weight
    assert index.valid_in(2024) and not index.valid_in(2026)
    competence = index.indicator(25)
    assert competence is not None and competence.evidence == ["bimtek", "decrees", "readiness"]
    assert index.indicator(48) is None


def test_a_second_index_is_a_file() -> None:
    index = office(references=LIST, indices__kota=INDEX).indices["kota"]
    assert index.valid_in(2050) and index.indicators[0].evidence == ["register"]


def test_a_source_that_is_not_listed_is_a_mistake_where_it_is_named() -> None:
    assert refused(references=LIST, indices__kota=INDEX.replace(b'"satu"', b'"dua"')) == [
        "indices/kota.toml:4"
    ]


def test_without_a_list_no_source_is_asked_for() -> None:
    assert not office(indices__kota=INDEX).references


def test_ids_stand_once_and_lead_somewhere() -> None:
    assert refused(references=LIST + LIST) == ["references.toml:6"]
    assert refused(references=LIST + b'replaced_by = "tiga"\n') == ["references.toml:5"]
    assert refused(indices__kota=INDEX.replace(b'domain = "d"', b'domain = "x"')) == ["indices/kota.toml:11"]
    again = b'[[indicators]]\nnumber = 1\naspect = "a"\nname = "Lagi"\n'
    assert refused(indices__kota=INDEX + again) == ["indices/kota.toml:19"]


def test_evidence_that_the_console_does_not_have_is_a_mistake_at_its_line() -> None:
    wrong = INDEX.replace(b'"register"]', b'"register", "horoscope"]')
    with pytest.raises(Invalid) as problem:
        office(indices__kota=wrong)
    [line] = problem.value.lines
    assert line.startswith("indices/kota.toml:17: ") and '"horoscope"' in line and '"register"' in line


def test_an_indicator_is_about_applications_that_are_there() -> None:
    opd = b'code = "DINAS"\nname = "Dinas"\nshort = "D"\n[[applications]]\nid = "simpeg"\nname = "S"\n'
    about = INDEX + b'applications = ["simpeg"]\n'
    assert office(indices__kota=about, opd__dinas=opd).indices["kota"].indicators[0].applications == [
        "simpeg"
    ]
    with pytest.raises(Invalid) as problem:
        office(indices__kota=about.replace(b"simpeg", b"simpeq"), opd__dinas=opd)
    [line] = problem.value.lines
    assert line.startswith("indices/kota.toml:18: ") and line.endswith("; nearest: simpeg")


def test_what_uses_a_reference_is_told_by_its_place() -> None:
    files = {
        "readiness.toml": {"evidence": [{"source": "satu"}, {}]},
        "indices/kota.toml": {"source": "satu"},
    }
    assert uses(files) == {"satu": ["readiness.toml evidence[0]", "indices/kota.toml"]}
