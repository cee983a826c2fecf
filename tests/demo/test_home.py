"""The demo's home: its own alone, and gone when it was temporary."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from opsconsole.base.errors import Conflict, Problem
from opsconsole.base.paths import SOCKET_PATH_BYTES, home_place
from opsconsole.demo.home import MARK, open_home


def test_a_temporary_home_is_private_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    # Short, unlike `tmp_path`, whose socket would need an alias.
    with tempfile.TemporaryDirectory(prefix="t-") as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        with open_home(None) as home:
            assert home.folder.parent == Path(short)
            assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
            (home.folder / "config").mkdir()
        assert list(Path(short).iterdir()) == []


def test_the_socket_lies_in_a_temporary_home_even_when_the_usual_folder_has_a_long_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with open_home(None) as home:
        assert home.place.socket.is_relative_to(home.folder)
        assert len(os.fsencode(home.place.socket)) <= SOCKET_PATH_BYTES
    assert not home.folder.exists()


def test_a_home_that_was_given_stays_and_may_be_used_again(tmp_path: Path) -> None:
    given = tmp_path / "demo"
    with open_home(given) as home:
        (home.place.log).mkdir()
        (home.place.log / "engine.log").write_text("old")
    assert (given / "log/engine.log").exists()
    with open_home(given):
        assert not (given / "log").exists()


def test_a_home_that_holds_an_office_is_refused_and_untouched(tmp_path: Path) -> None:
    settings = home_place(tmp_path).settings
    settings.parent.mkdir()
    settings.write_text("[office]\n")
    with pytest.raises(Problem, match="holds an office"):
        open_home(tmp_path)
    assert settings.read_text() == "[office]\n"
    assert not (tmp_path / MARK).exists()


def test_a_folder_with_anything_in_it_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(Problem, match="not an empty folder"):
        open_home(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_the_place_of_the_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(Problem, match="not an empty folder"):
        open_home(tmp_path / "home")


def test_two_demos_do_not_share_a_home(tmp_path: Path) -> None:
    with open_home(tmp_path / "demo"), pytest.raises(Conflict, match="A demo is running"):
        open_home(tmp_path / "demo")


def test_a_home_whose_engine_still_runs_is_not_taken_over(tmp_path: Path) -> None:
    import fcntl

    given = tmp_path / "demo"
    with open_home(given) as home:
        home.place.store.mkdir()
    with home.place.lock.open("w") as engine:
        fcntl.flock(engine, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="A demo is running"):
            open_home(given)
    with open_home(given):
        assert not home.place.lock.exists()


def test_a_mark_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    home = tmp_path / "home"
    home.mkdir()
    (home / MARK).symlink_to(elsewhere)
    with pytest.raises(Problem, match="not an empty folder"):
        open_home(home)
