"""The socket as a file: its mode, its folder, and who may replace or remove it."""

import os
import shutil
import socket
import stat
from pathlib import Path

import pytest

from opsconsole.api.bind import bind_socket, inode_of, remove_socket
from opsconsole.base.errors import Conflict, Refused
from opsconsole.base.paths import SOCKET_PATH_BYTES, home_place
from opsconsole.client.calls import Client
from tests.fakes.scripted_engine import ScriptedEngine


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "engine.sock"


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as knock:
        return knock.connect_ex(str(path)) == 0


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_socket_is_0660_in_a_0750_folder_whatever_the_umask(path, umask):
    before = os.umask(umask)
    try:
        with bind_socket(path, owns_lock=True):
            assert mode(path) == 0o660
            assert mode(path.parent) & 0o027 == 0
            assert mode(path.parent) & 0o700 == 0o700
    finally:
        os.umask(before)


@pytest.mark.parametrize("open_to", [0o755, 0o775, 0o777])
def test_a_folder_that_is_open_to_all_is_closed(path, open_to):
    path.parent.mkdir()
    path.parent.chmod(open_to)
    with bind_socket(path, owns_lock=True):
        assert mode(path.parent) == 0o750


def test_a_folder_that_hands_its_group_on_keeps_doing_so(path):
    path.parent.mkdir()
    path.parent.chmod(0o2755)
    with bind_socket(path, owns_lock=True):
        assert mode(path.parent) == 0o2750


def test_nothing_but_the_socket_is_left_in_the_folder(path):
    with bind_socket(path, owns_lock=True):
        assert [entry.name for entry in path.parent.iterdir()] == ["engine.sock"]


def test_the_socket_of_a_dead_engine_is_replaced_by_the_holder_of_the_lock(path):
    bind_socket(path, owns_lock=True).close()
    assert not answers(path)
    with bind_socket(path, owns_lock=True):
        assert answers(path)


def test_nobody_else_replaces_a_socket(path):
    with bind_socket(path, owns_lock=True):
        with pytest.raises(Conflict):
            bind_socket(path, owns_lock=False)
        assert answers(path)


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_no_socket_is_never_replaced(path, tmp_path, kind):
    path.parent.mkdir()
    match kind:
        case "file":
            path.write_text("mine")
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Conflict, match="is there already"):
        bind_socket(path, owns_lock=True)
    assert os.path.lexists(path)


def test_an_office_may_be_reached_through_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "office").symlink_to(tmp_path / "real")
    with bind_socket(tmp_path / "office" / "run" / "engine.sock", owns_lock=True):
        assert answers(tmp_path / "real" / "run" / "engine.sock")


def test_a_folder_that_is_a_link_is_refused(path, tmp_path):
    (tmp_path / "real").mkdir()
    path.parent.symlink_to(tmp_path / "real")
    with pytest.raises(Refused):
        bind_socket(path, owns_lock=True)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="gives folders away")
@pytest.mark.parametrize("given_away", [".", ".."])
def test_a_folder_of_another_account_is_refused(path, given_away):
    path.parent.mkdir()
    os.chown(path.parent / given_away, 65534, -1)
    with pytest.raises(Refused):
        bind_socket(path, owns_lock=True)


def test_a_socket_that_was_replaced_is_left_alone(path):
    with bind_socket(path, owns_lock=True):
        first = inode_of(path)
        with bind_socket(path, owns_lock=True):
            remove_socket(path, first)
            assert answers(path)
            remove_socket(path, inode_of(path))
            assert not path.exists()


def test_an_engine_that_ends_takes_its_socket_away(place):
    with ScriptedEngine(place):
        assert place.socket.exists()
    assert not place.socket.exists()


def test_an_engine_comes_back_after_a_kill(place):
    with ScriptedEngine(place) as engine:
        engine.die()
        assert place.socket.exists()
        assert not answers(place.socket)
        engine.come_back()
        with Client(place) as client:
            assert client.hello().run == engine.run


def test_an_office_whose_path_is_too_long_for_a_socket_is_reached_by_an_alias(tmp_path):
    place = home_place(tmp_path / ("long" * 30))
    assert len(os.fsencode(place.run / "engine.sock")) > SOCKET_PATH_BYTES
    with ScriptedEngine(place):
        assert len(os.fsencode(place.socket)) <= SOCKET_PATH_BYTES
        with Client(place) as client:
            assert client.board().run == 7
    shutil.rmtree(place.socket.parent)
