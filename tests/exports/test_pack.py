"""Packs: a folder or a ZIP that is whole or not there, with hashes that hold."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from opsconsole.base.errors import Problem
from opsconsole.base.new_file import create_file
from opsconsole.exports.contacts import MASK, masked
from opsconsole.exports.pack import SUMS, free_path, new_pack


def write(path: Path, **files: str) -> None:
    with new_pack(path) as folder:
        for name, content in files.items():
            create_file(folder / f"{name}.txt", content.encode())


def checked(folder: Path) -> bool:
    """What sha256sum says of the files of a folder."""
    done = subprocess.run(
        [shutil.which("sha256sum") or "sha256sum", "--strict", "-c", SUMS],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def test_a_folder_is_for_its_owner_alone_and_its_hashes_hold(tmp_path: Path) -> None:
    path = tmp_path / "pack"
    write(path, a="satu", b="dua")
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert sorted(one.name for one in path.iterdir()) == [SUMS, "a.txt", "b.txt"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in path.iterdir()} == {0o600}
    assert checked(path)
    (path / "a.txt").write_text("lain")
    assert not checked(path)
    assert [one.name for one in tmp_path.iterdir()] == ["pack"]


def test_a_zip_holds_the_same_in_a_folder_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    write(path, a="satu")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ZipFile(path) as archive:
        assert archive.namelist() == ["pack/", f"pack/{SUMS}", "pack/a.txt"]
        assert archive.getinfo("pack/a.txt").external_attr >> 16 == stat.S_IFREG | 0o600
        archive.extractall(tmp_path / "out")
    assert checked(tmp_path / "out" / "pack")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "pack.zip"]


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_what_is_there_stays_and_whoever_asks_is_told_what_to_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, a="satu")
    before = path.read_bytes() if path.is_file() else (path / "a.txt").read_bytes()
    with pytest.raises(Problem, match=r"exists already.*Name another place"):
        write(path, a="dua")
    assert before == (path.read_bytes() if path.is_file() else (path / "a.txt").read_bytes())
    link = tmp_path / f"link-{name}"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Problem, match="exists already"):
        write(link, a="dua")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_somebody_who_was_faster_loses_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(Problem, match="exists already"), new_pack(path) as folder:
        create_file(folder / "a.txt", b"satu")
        path.write_text("lebih dulu")
    assert path.read_text() == "lebih dulu"
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_of_what_fails_on_the_way_nothing_stays(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyboardInterrupt), new_pack(tmp_path / name) as folder:
        create_file(folder / "a.txt", b"satu")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from opsconsole.exports.pack import new_pack
with new_pack(Path(sys.argv[1])) as folder:
    (folder / "a.txt").write_text("satu")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_writer_that_is_killed_leaves_nothing_of_that_name(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "pack")], check=False)
    assert done.returncode == -signal.SIGKILL
    [left] = os.listdir(tmp_path)
    assert left.startswith(".pack.") and left.endswith(".part")
    write(tmp_path / "pack", a="satu")
    assert checked(tmp_path / "pack")


def test_where_it_can_not_go_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no such folder"):
        write(tmp_path / "tiada" / "pack", a="satu")
    assert list(tmp_path.iterdir()) == []


def test_the_second_one_of_a_minute_is_numbered(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    assert free_path(folder, "pack") == folder / "pack"
    (folder / "pack").mkdir()
    assert free_path(folder, "pack") == folder / "pack-2"


@pytest.mark.parametrize(
    "contact",
    [
        "0812-0000-0001", "081200000001", "+62 812 0000 0001", "62812 0000 0001", "(0341) 751550",
        "0341-751550", "+62 341 7515501", "rina.p@sukamaju.example", "rina@sukamaju",
    ],
)  # fmt: skip
def test_how_somebody_is_reached_is_masked(contact: str) -> None:
    assert masked(f"hubungi {contact}.") == f"hubungi {MASK}."
    assert masked(contact) == MASK


@pytest.mark.parametrize(
    "text",
    [
        "188.45/313/35.73.112/2023", "PKS 800/0456/2024", "045.2/123/2026", "09-11-2026",
        "2026-11-25T02:14:00",
        "INS-2026-000123", "BT-2026-09", "https://127.20.2.83:42819/health", "01234", "T5 2020-06-08",
        "a" * 64, "00" * 32, "gw@", "010/0812/2026",
    ],
)  # fmt: skip
def test_numbers_of_papers_and_days_stay(text: str) -> None:
    assert masked(text) == text
