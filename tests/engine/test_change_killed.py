"""Several files are changed as one: a kill at any step leaves all of them, or none, and the store agrees."""

from contextlib import suppress
from pathlib import Path

import pytest

from opsconsole.base.errors import Problem
from opsconsole.client.integration_commands import Reorganise
from opsconsole.inventory import journal
from opsconsole.inventory.load import load
from tests.engine.offices import Office

PLAN = """
date = 2026-01-01
basis = "Perda 1/2026"

[[start]]
code = "BARU"
name = "Dinas Baru"
short = "Baru"
predecessors = ["UJI"]

[[end]]
code = "uji"

[[move]]
to = "BARU"
people = ["ani"]
"""
MOST_STEPS = 40


def files_of(office: Office) -> dict[str, bytes]:
    """Everything in the folder of the files, what begins with a dot too."""
    config = office.place.config
    return {str(path.relative_to(config)): path.read_bytes() for path in config.rglob("*") if path.is_file()}


def written(office: Office) -> dict[str, bytes]:
    office.write()
    people = office.place.config / "people"
    people.mkdir()
    (people / "uji.toml").write_text('# Rekaan.\n[[people]]\nid = "ani"\nname = "Ani"\n')
    return files_of(office)


def sent(office: Office, command_id: str) -> bool:
    """Whether the engine lived to answer that it is done."""
    with suppress(Problem), office.client() as client:
        client.command(Reorganise(PLAN, apply=True), command_id)
        return True
    return False


def test_a_reorganisation_killed_at_any_step_is_whole_or_undone_and_the_store_agrees(office: Office):
    before = written(office)
    undone = done = 0
    for step in range(MOST_STEPS):
        office.start(die_at=step)
        answered = sent(office, f"reorganise-{step}")
        if answered:
            office.kill()
            break
        assert office.wait() == -9
        office.start()
        office.stop()
        reorganised = len(office.events("integration.reorganised"))
        if files_of(office) == before:
            assert reorganised == 0
            undone += 1
            continue
        assert reorganised == 1
        done += 1
        break
    after = files_of(office)
    assert set(after) == {
        "settings.toml",
        "opd/uji.toml",
        "opd/baru.toml",
        "people/uji.toml",
        "people/baru.toml",
    }
    assert load(office.place.config).people["ani"].opd == "BARU"
    # Of nine files' worth of steps most lie before the store has it; the removal of the journal is after.
    assert undone >= 9 and done == 1
    assert office.chain().whole
    told = office.events("config.undone")
    assert 0 < len(told) <= undone
    assert all(set(one["files"]) == set(after) - {"settings.toml"} for one in told)


def cut_short(office: Office) -> dict[str, bytes]:
    """An office whose engine was killed in the middle; what its files were before."""
    before = written(office)
    office.start(die_at=12)
    assert not sent(office, "reorganise")
    office.wait()
    assert (office.place.config / journal.JOURNAL).exists()
    return before


def test_until_an_engine_starts_the_files_are_read_as_they_were(office: Office):
    before = cut_short(office)
    found = load(office.place.config)
    assert dict(found.files) == before
    assert files_of(office) != before


@pytest.mark.parametrize("step", range(8))
def test_a_kill_while_it_is_undone_is_undone_by_the_next_one(office: Office, step: int):
    before = cut_short(office)
    office.begin(die_at=step)
    assert office.wait() == -9
    office.start()
    office.stop()
    assert files_of(office) == before


def test_what_somebody_edited_since_is_left_as_it_is(office: Office):
    before = cut_short(office)
    edited = office.place.config / "opd" / "uji.toml"
    edited.write_bytes(before["opd/uji.toml"] + b"# Disunting.\n")
    office.start()
    office.stop()
    assert edited.read_bytes().endswith(b"# Disunting.\n")
    assert set(files_of(office)) == set(before)


def test_a_journal_that_can_not_be_read_stops_the_engine_and_says_which_file(office: Office, tmp_path: Path):
    written(office)
    (office.place.config / journal.JOURNAL).write_text("{")
    office.begin()
    assert office.wait() == 2
    assert journal.JOURNAL in office.complaints()
