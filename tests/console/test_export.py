"""Saving what is listed: the page, the file, and the command that does the same."""

import csv
import errno
import io
import json
import os
import stat
from pathlib import Path

import pytest

from opsconsole.base.errors import Problem
from opsconsole.base.new_file import create_file
from opsconsole.base.paths import home_place
from opsconsole.cli.main import main
from opsconsole.client.locate import Found
from opsconsole.console.own_files import replace_file
from opsconsole.exports import saving
from opsconsole.exports.saving import exports_folder, fetch_line, numbered
from opsconsole.exports.saving import save_text as save
from tests.console.driving import story
from tests.console.test_screens import LANGUAGES, settled
from tests.fakes.scripted_engine import ScriptedEngine

NAME = "board-20261124-0214.csv"


async def test_what_is_listed_is_saved_for_its_owner_alone_and_the_path_is_said(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("/", *"opd:rsud", "enter", "e")
        await console.sees(
            "SAVE BOARD AS A FILE", "(o) listed, 4", "( ) all, 119", "(o) CSV", NAME, "4 rows, about "
        )
        assert not engine.place.exports.exists(), "nothing is written before enter"
        await console.press("enter")
        await console.sees("4 rows saved: ", "MATCHES 4")
    path = engine.place.exports / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert {row["opd"] for row in rows} == {"RSUD"}
    assert rows[0]["state"] == "down"
    assert rows[0]["since"] == "2026-11-24T02:03:00+07:00"
    assert "name" not in rows[0], "the columns are those on the screen"


async def test_rows_columns_and_format_are_chosen_with_the_space_bar(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(" ", " ", "e")
        await console.sees("(o) marked, 2")
        await console.press("j", " ", "tab", " ", " ", " ")
        await console.sees("(o) all, 12", "(o) JSONL", "board-20261124-0214.jsonl")
        await console.press("g", " ", "enter")
        await console.sees("119 rows saved")
    lines = (engine.place.exports / "board-20261124-0214.jsonl").read_text().splitlines()
    read = [json.loads(line) for line in lines]
    assert len(read) == 119
    assert {"name", "tier", "probe"} <= set(read[0])


async def test_escape_saves_nothing(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("e", "escape")
        await console.sees("PROBLEMS 15")
    assert not engine.place.exports.exists()


async def test_what_can_not_be_written_is_said_plainly_and_can_be_tried_again(engine: ScriptedEngine) -> None:
    engine.place.exports.write_text("a file in its place")
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press("e", "enter")
        await console.sees("Nothing was saved, what should be its folder is a file", "SAVE BOARD")
        engine.place.exports.unlink()
        await console.press("enter")
        await console.sees("15 rows saved")


@LANGUAGES
async def test_the_page_is_as_it_was_agreed(engine: ScriptedEngine, lang: str, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(saving.socket, "gethostname", lambda: "ops1")
    monkeypatch.setattr(
        "opsconsole.console.screens.export.exports_folder", lambda found: Path.home() / "exports"
    )
    async with story(engine.place, lang=lang) as console:
        await console.sees("gw-satu +6")
        await console.press(" ", " ", "e")
        await console.sees("scp ops1:exports/")
        await settled(console)
        await console.is_screen(f"export-{lang}")


@LANGUAGES
async def test_the_list_of_columns_is_as_it_was_agreed(engine: ScriptedEngine, lang: str) -> None:
    async with story(engine.place, lang=lang) as console:
        await console.sees("gw-satu +6")
        await console.press("c", "j")
        await console.sees(">[x]")
        await settled(console)
        await console.is_screen(f"columns-{lang}")


# Files


def test_a_second_file_of_one_minute_is_numbered_and_none_is_written_over(tmp_path: Path) -> None:
    assert save(tmp_path / "new", NAME, b"one").name == NAME
    second = save(tmp_path / "new", NAME, b"two")
    assert second.name == numbered(NAME, 2) == "board-20261124-0214-2.csv"
    assert (tmp_path / "new" / NAME).read_bytes() == b"one"


def test_a_link_that_waits_under_the_name_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    saved = save(tmp_path, NAME, b"x")
    assert saved.name != NAME
    assert not (tmp_path / "elsewhere").exists()
    replace_file(tmp_path / NAME, b"y")
    assert not (tmp_path / NAME).is_symlink()


def test_a_full_disk_is_called_full_and_leaves_nothing_behind(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match="Nothing was saved, the disk is full: "):
        save(tmp_path, NAME, b"x" * 10)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_never_there_for_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_file(tmp_path / "x", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600


def test_files_go_to_the_office_that_is_ones_own_else_to_the_user(tmp_path: Path) -> None:
    place, environ = home_place(tmp_path), {"HOME": str(tmp_path / "home")}
    assert exports_folder(Found(place, False, "own"), environ) == place.exports
    for why in ("demo", "system", "other"):
        folder = exports_folder(Found(place, False, why), environ)  # type: ignore[arg-type]
        assert folder == tmp_path / "home/.local/share/opsconsole/exports"


def test_the_line_to_fetch_a_file_survives_blanks_in_its_path(tmp_path: Path) -> None:
    line = fetch_line(tmp_path / "my exports" / NAME, tmp_path)
    assert line.startswith("scp '")
    assert line.endswith(f"my exports/{NAME}' .")


# The command


def exported(engine: ScriptedEngine, *arguments: str) -> int:
    """Run ``export`` in this office."""
    return main(["--home", str(engine.place.config.parent), "--lang", "en", "export", *arguments])


def test_the_command_writes_the_same_rows_and_columns(engine: ScriptedEngine, capfd) -> None:  # type: ignore[no-untyped-def]
    assert exported(engine, "board", "--filter", "down tier:1", "--sort", "app") == 0
    rows = list(csv.DictReader(capfd.readouterr().out.splitlines()))
    assert [row["APP"] for row in rows] == ["gw-satu", "simda", "simrs", "ws-nik"]
    assert exported(engine, "board", "--json", "--filter", "simda") == 0
    assert json.loads(capfd.readouterr().out)[0]["state"] == "down"
    assert exported(engine, "board", "--format", "text", "--columns", "app,why", "--filter", "simda") == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].split() == ["APP", "WHY"]
    assert lines[1].startswith("simda")


def test_the_command_writes_a_new_file_and_never_over_one(
    engine: ScriptedEngine, tmp_path: Path, capfd
) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "out.csv"
    assert exported(engine, "board", "-o", str(target)) == 0
    assert len(target.read_text().splitlines()) == 120
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert exported(engine, "board", "-o", str(target)) == 1
    assert "exists already" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--filter", "tier:9"), "tier:9: want tier:1"),
        (("--columns", "app,bogus"), "board has no column bogus"),
        (("--sort", "bogus"), "board has no column bogus"),
        (("--window", "1h"), "board has no window 1h"),
    ],
)
def test_what_the_command_does_not_understand_it_says(
    engine: ScriptedEngine,
    capfd,
    arguments: tuple[str, ...],
    told: str,  # type: ignore[no-untyped-def]
) -> None:
    assert exported(engine, "board", *arguments) == 2
    said = capfd.readouterr()
    assert told in said.err
    assert said.out == ""
