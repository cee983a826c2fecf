"""Files of exports: for their owner alone, never over another one, with the audit head beside them."""

import errno
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from opsconsole.base.errors import Problem
from opsconsole.base.text import choose_language
from opsconsole.exports.formats import FORMATS, HOLDS_ITS_HEAD, Format
from opsconsole.exports.saving import beside, file_name, save, save_as
from opsconsole.exports.sheet import Value
from tests.exports.sheets import COLUMNS, HEAD, NIGHT, notes, sheet_for

NAME = "incidents-20261124-0214.csv"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    choose_language("en")
    yield
    choose_language("en")


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_and_what_lies_beside_it_are_for_their_owner_alone(tmp_path: Path, form: Format) -> None:
    before = os.umask(0)
    try:
        saved = save(tmp_path / "exports", NAME, form, notes(["a"]))
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in saved.parent.iterdir()}
    expected = {NAME} if form in HOLDS_ITS_HEAD else {NAME, NAME + ".audit.json"}
    assert modes == dict.fromkeys(expected, 0o600)
    assert stat.S_IMODE(saved.parent.stat().st_mode) == 0o700


def test_the_side_file_tells_the_audit_head_and_everything_about_the_file(tmp_path: Path) -> None:
    saved = save(tmp_path, NAME, "rfc4180", sheet_for([[409, NIGHT, 1.5, "x"], [410, None, None, None]]))
    content = saved.read_bytes()
    assert json.loads(beside(saved).read_text()) == {
        "v": 1,
        "store": HEAD.store,
        "seq": 4182,
        "hash": "ab" * 32,
        "at": "2026-11-24T02:14:12.345+07:00",
        "view": "incidents",
        "schema": 1,
        "format": "rfc4180",
        "rows": 2,
        "unread": 0,
        "cut_cells": 0,
        "columns": [{"key": one.key, "title": one.title, "kind": one.kind} for one in COLUMNS],
        "filter": "opd:rsud",
        "window": "7d",
        "sort": "",
        "zone": "Asia/Jakarta",
        "language": "en",
        "written_at": "2026-11-24T02:14:12+07:00",
        "file": NAME,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def test_without_an_engine_there_is_no_audit_head_and_it_says_so(tmp_path: Path) -> None:
    saved = save(tmp_path, NAME, "jsonl", sheet_for([], head=None))
    told = json.loads(beside(saved).read_text())
    assert [told[key] for key in ("store", "seq", "hash", "at")] == [None] * 4


def test_neither_a_file_nor_what_lies_beside_it_is_written_over(tmp_path: Path) -> None:
    first = save(tmp_path, NAME, "csv", notes(["one"]))
    second = save(tmp_path, NAME, "csv", notes(["two"]))
    assert second.name == "incidents-20261124-0214-2.csv"
    assert b"one" in first.read_bytes() and b"two" in second.read_bytes()
    beside(tmp_path / "other.csv").write_text("taken")
    with pytest.raises(Problem, match=r"other\.csv\.audit\.json exists already"):
        save_as(tmp_path / "other.csv", "csv", notes(["x"]))
    assert not (tmp_path / "other.csv").exists()
    with pytest.raises(Problem, match="exists already"):
        save_as(first, "xlsx", notes(["x"]))
    third = save(tmp_path, "other.csv", "csv", notes(["three"]))
    assert (third.name, b"three" in third.read_bytes()) == ("other-2.csv", True)


def test_a_link_that_waits_under_a_name_is_not_followed(tmp_path: Path) -> None:
    for number, name in enumerate((NAME, NAME + ".audit.json")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).symlink_to(tmp_path / "elsewhere")
        assert save(folder, NAME, "csv", notes(["x"])).name != NAME
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for form in FORMATS:
        with pytest.raises(Problem, match="Nothing was saved, the disk is full: "):
            save(tmp_path, NAME, form, notes(["x"] * 10))
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("form", FORMATS)
def test_a_disk_that_is_full_in_the_middle_is_told_as_that(form: Format) -> None:
    from opsconsole.exports.formats import write

    with pytest.raises(OSError, match="No space left"), Path("/dev/full").open("wb") as sink:
        write(form, notes(["x" * 1000] * 1000), sink)


@pytest.mark.parametrize("form", ["csv", "md"])
def test_what_came_under_the_name_meanwhile_is_not_written_over(tmp_path: Path, form: Format) -> None:
    def rows(taken: Path) -> Iterator[Sequence[Value]]:
        yield [1, "a"]
        taken.write_text("theirs")

    for name in (NAME, *(() if form in HOLDS_ITS_HEAD else (NAME + ".audit.json",))):
        folder = tmp_path / name
        folder.mkdir()
        with pytest.raises(Problem, match=f"{name} exists already"):
            save(folder, NAME, form, sheet_for(rows(folder / name), notes([]).columns))
        assert [(path.name, path.read_text()) for path in folder.iterdir()] == [(name, "theirs")]


def test_rows_that_stop_in_the_middle_leave_no_file(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = tmp_path_factory.mktemp("spare")
    monkeypatch.setattr(tempfile, "tempdir", str(spare))

    def rows() -> Iterator[Sequence[Value]]:
        for number in range(300):
            yield [number, "a"]
        raise Problem("The engine has left.")

    for form in FORMATS:
        sheet = sheet_for(rows(), notes([]).columns)
        with pytest.raises(Problem, match="has left"):
            save(tmp_path, NAME, form, sheet)
        assert list(tmp_path.iterdir()) == list(spare.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(Problem, match="Nothing was saved, this account may not write there: "):
            save(tmp_path, NAME, "csv", notes(["x"]))
    finally:
        tmp_path.chmod(0o700)


def test_ninety_nine_files_of_one_minute_are_enough(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    for number in range(2, 100):
        (tmp_path / f"incidents-20261124-0214-{number}.csv").touch()
    with pytest.raises(Problem, match="and so do all of its numbers"):
        save(tmp_path, NAME, "csv", notes(["x"]))


def test_a_name_is_made_of_the_view_and_the_local_minute() -> None:
    assert file_name("incidents", "xlsx", NIGHT) == "incidents-20261123-1914.xlsx"
