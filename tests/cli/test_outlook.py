"""`briefing`, `expiries`, `dimensions` and `references`: what they print, for people and for machines."""

import json

import pytest

from opsconsole.base.paths import example_office

READS = (("briefing",), ("expiries",), ("dimensions",))


@pytest.fixture
def ops(command, home, engine):
    """The command in an office whose engine answers by script."""
    return lambda *words: command("--home", str(home), "--lang", "en", *words)


def test_the_briefing_is_one_page_with_what_is_down_who_is_ready_and_the_road(ops):
    done = ops("briefing")
    assert done.code == 0
    places = [done.out.index(head) for head in ("WHAT IS DOWN", "WHO IS READY", "THE ROAD")]
    assert places == sorted(places)
    assert len(done.out.splitlines()) <= 66


def test_the_briefing_in_markdown_has_headings_and_the_same_day(ops):
    text, page = ops("briefing").out, ops("briefing", "--format", "md").out
    assert page.startswith("# ") and page.count("\n## ") >= 3
    day = json.loads(ops("briefing", "--json").out)["day"]
    assert day in text and day in page


def test_what_ends_says_who_must_act_and_looks_as_far_as_it_is_told(ops):
    done = ops("expiries")
    assert done.out.splitlines()[0].split()[:2] == ["LAST", "DAY"]
    assert "WHO MUST ACT" in done.out
    near, far = (json.loads(ops("expiries", "--days", days, "--json").out) for days in ("1", "365"))
    assert len(near["expiries"]) < len(far["expiries"])
    assert all(one["left"] <= 1 for one in near["expiries"])


def test_the_six_dimensions_begin_with_the_one_whose_gate_holds_the_rest(ops):
    done = ops("dimensions")
    assert len([one for one in done.out.splitlines() if one.strip().startswith("Smart ")]) == 6
    assert done.out.index("Smart Government") < done.out.index("Smart Society")
    assert "gate:" in done.out
    assert len(json.loads(ops("dimensions", "--json").out)["dimensions"]) == 6


@pytest.mark.parametrize("words", READS)
def test_each_speaks_indonesian(command, home, engine, words):
    english = command("--home", str(home), "--lang", "en", *words).out
    indonesian = command("--home", str(home), "--lang", "id", *words).out
    assert indonesian and indonesian != english


@pytest.mark.parametrize("words", READS)
def test_without_an_office_it_says_how_to_begin_one(command, home, words):
    done = command("--home", str(home), *words)
    assert (done.code, done.out) == (2, "")
    assert "opsconsole" in done.err


@pytest.mark.parametrize(
    "words",
    [("briefing", "--at", "kemarin"), ("expiries", "--days", "soon"), ("briefing", "--format", "pdf")],
)
def test_what_is_no_day_number_or_format_is_refused(ops, words):
    assert ops(*words).code == 2


def test_references_are_listed_with_how_often_rules_go_by_them(command):
    folder = str(example_office())
    listed = json.loads(command("references", "--dir", folder, "--json").out)
    used = next(one for one in listed if one["used_by"])
    one = command("--lang", "en", "references", used["id"], "--dir", folder)
    assert one.code == 0
    assert all(place in one.out for place in used["used_by"][:3])
    assert used["id"] in command("references", "--dir", folder).out


def test_a_reference_that_is_none_is_refused_with_where_they_are_listed(command):
    done = command("--lang", "en", "references", "nihil", "--dir", str(example_office()))
    assert done.code == 2
    assert "`opsconsole references`" in done.err
