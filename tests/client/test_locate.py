"""Which office a command is about, and whether its engine may be started."""

import os
from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid, Refused
from opsconsole.base.paths import SOCKET_PATH_BYTES, home_place, system_place, user_place
from opsconsole.client.locate import locate

NOBODY = 65534
MARKS = [
    "etc/systemd/system/opsconsole.service",
    "usr/lib/systemd/system/opsconsole.service",
    "usr/local/lib/systemd/system/opsconsole.service",
    "lib/systemd/system/opsconsole.service",
    "run/systemd/system/opsconsole.service",
    "etc/opsconsole/",
    "run/opsconsole/",
    "var/lib/opsconsole/",
]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "user").mkdir()
    return {"HOME": str(tmp_path / "user")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine without an office."""
    (tmp_path / "machine").mkdir()
    return tmp_path / "machine"


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def mark(root: Path, name: str) -> None:
    if name.endswith("/"):
        (root / name).mkdir(parents=True)
    else:
        put(root / name)


def test_the_folder_that_was_named_comes_first(tmp_path, environ, root):
    mark(root, "etc/opsconsole/")
    environ["OPSCONSOLE_HOME"] = str(tmp_path / "by-variable")
    assert locate(tmp_path / "by-option", environ, root).place == home_place(tmp_path / "by-option")
    assert locate(None, environ, root).place == home_place(tmp_path / "by-variable")


def test_an_empty_variable_names_nothing(environ, root):
    environ["OPSCONSOLE_HOME"] = ""
    assert locate(None, environ, root).place == user_place(environ)


@pytest.mark.parametrize("name", MARKS)
def test_any_sign_of_the_machines_office_is_enough_and_nothing_is_started_for_it(environ, root, name):
    put(user_place(environ).settings)
    mark(root, name)
    found = locate(None, environ, root)
    assert (found.place, found.may_start, found.why) == (system_place(root), False, "system")


def test_a_unit_that_is_masked_is_a_sign_too(environ, root):
    link = root / "etc/systemd/system/opsconsole.service"
    link.parent.mkdir(parents=True)
    link.symlink_to(root / "dev/null")
    assert locate(None, environ, root).why == "system"


def test_without_one_it_is_the_users_own(environ, root):
    put(user_place(environ).settings)
    found = locate(None, environ, root)
    assert (found.place, found.may_start, found.why) == (user_place(environ), True, "own")


@pytest.mark.parametrize("named", [True, False])
def test_a_place_without_settings_is_no_office_yet(tmp_path, environ, root, named):
    found = locate(tmp_path / "new" if named else None, environ, root)
    assert (found.may_start, found.why) == (True, "none")
    assert not found.place.config.exists()


def test_a_named_office_of_our_own_may_be_started(tmp_path, environ):
    put(home_place(tmp_path / "office").settings)
    found = locate(tmp_path / "office", environ)
    assert (found.may_start, found.why) == (True, "own")


def test_below_a_sticky_folder_for_all_an_office_is_safe(tmp_path, environ):
    (tmp_path / "like-tmp").mkdir()
    (tmp_path / "like-tmp").chmod(0o1777)
    assert locate(tmp_path / "like-tmp" / "office", environ).may_start


@pytest.mark.parametrize("made", [True, False])
def test_below_a_folder_that_anybody_may_change_no_office_is_kept(tmp_path, environ, made):
    exposed = tmp_path / "exposed"
    (exposed / "deep").mkdir(parents=True)
    exposed.chmod(0o777)
    if made:
        put(home_place(exposed / "deep" / "office").settings)
    with pytest.raises(Refused, match=str(exposed)):
        locate(exposed / "deep" / "office", environ)


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_an_office_that_anybody_may_add_to_is_refused_even_when_sticky(tmp_path, environ, mode):
    (tmp_path / "office").mkdir()
    (tmp_path / "office").chmod(mode)
    with pytest.raises(Refused):
        locate(tmp_path / "office", environ)


def test_what_is_no_folder_is_told_so_and_nothing_else_is_advised(tmp_path, environ):
    (tmp_path / "office").write_text("a letter")
    for place in (Path("/dev/null"), tmp_path / "office", tmp_path / "office" / "below"):
        with pytest.raises(Invalid, match="is not a folder") as caught:
            locate(place, environ)
        assert "chmod" not in str(caught.value)


def test_a_link_is_judged_by_where_it_leads(tmp_path, environ):
    exposed = tmp_path / "exposed"
    exposed.mkdir()
    exposed.chmod(0o777)
    (tmp_path / "office").symlink_to(exposed / "office")
    with pytest.raises(Refused):
        locate(tmp_path / "office", environ)


@pytest.mark.parametrize("which", ["config", "store"])
def test_the_users_own_folders_are_judged_too(environ, root, which):
    folder = getattr(user_place(environ), which)
    folder.mkdir(parents=True)
    folder.parent.chmod(0o777)
    with pytest.raises(Refused):
        locate(None, environ, root)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="gives folders away")
def test_the_office_of_another_account_is_found_and_never_started(tmp_path, environ):
    put(home_place(tmp_path / "office").settings)
    os.chown(tmp_path / "office", NOBODY, -1)
    found = locate(tmp_path / "office", environ)
    assert (found.may_start, found.why) == (False, "other")


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="gives folders away")
def test_own_configuration_over_a_store_of_another_account_is_not_our_own(environ, root):
    place = user_place(environ)
    put(place.settings)
    place.store.mkdir(parents=True)
    os.chown(place.store, NOBODY, -1)
    assert locate(None, environ, root).why == "other"


@pytest.mark.parametrize("deep", ["", "long" * 30])
def test_every_session_of_a_user_arrives_at_the_same_socket(tmp_path, root, monkeypatch, deep):
    home = tmp_path / deep
    sockets = set()
    for runtime in ("", str(tmp_path)):
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        found = locate(None, {"HOME": str(home), "XDG_RUNTIME_DIR": runtime}, root)
        sockets.add(found.place.socket)
    (socket,) = sockets
    assert len(os.fsencode(socket)) <= SOCKET_PATH_BYTES


def test_looking_creates_nothing(tmp_path, environ, root):
    before = sorted(tmp_path.rglob("*"))
    locate(None, environ, root)
    locate(tmp_path / "office", environ, root)
    assert sorted(tmp_path.rglob("*")) == before
