"""New offices, and applications added to one."""

import os
import stat
import tomllib
from datetime import date
from pathlib import Path

import pytest

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.paths import example_office
from opsconsole.inventory.edit import add_application
from opsconsole.inventory.init import init
from opsconsole.inventory.load import load
from tests.inventory.offices import OPD, MakeOffice, opd

URL = "https://127.0.0.1:8443/x?y=1"


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*.toml")}


@pytest.fixture(params=[0o000, 0o022, 0o077])
def any_umask(request: pytest.FixtureRequest):
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_a_small_office_loads_and_is_for_its_group_alone(tmp_path: Path, any_umask: None):
    folder = tmp_path / "new" / "config"
    written = init(folder, example=False)
    inventory = load(folder)
    assert {path.relative_to(folder).as_posix() for path in written} == set(inventory.files)
    assert len(inventory.opds) == 1
    assert len(inventory.applications) == 1
    assert inventory.contacts("situs-contoh")
    assert list(inventory.probes()) == []
    assert modes(folder) == {0o640}


def test_the_small_office_shows_its_commented_keys_rightly(tmp_path: Path):
    init(tmp_path, example=False)
    for file in tmp_path.rglob("*.toml"):
        rows = file.read_text().split("\n")
        keys = (
            "# [[",
            "# name =",
            "# applies_to =",
            "# days =",
            "# start =",
            "# lasts =",
            "# first =",
            "# last =",
            "# [[seasons",
            "# language",
            "# valid_from",
            "# service_hours",
            "# email",
            "# 2027",
        )
        file.write_text("\n".join(row.removeprefix("# ") if row.startswith(keys) else row for row in rows))
    inventory = load(tmp_path)
    assert inventory.settings.office.language == "id"
    assert inventory.entry("situs-contoh").service_hours == "kantor"
    assert inventory.calendar.missing(date(2027, 6, 1)) == []
    assert [one.name for one in inventory.calendar.maintenance] == ["cadangan mingguan"]


def test_the_example_office_is_written_whole(tmp_path: Path):
    init(tmp_path / "config", example=True)
    assert load(tmp_path / "config").digest == load(example_office()).digest
    assert modes(tmp_path) == {0o640}


def test_nothing_that_is_there_is_written_over(tmp_path: Path):
    (tmp_path / "calendar.toml").write_text("# mine\n")
    with pytest.raises(Conflict, match=r"There is calendar.toml in .* already"):
        init(tmp_path, example=False)
    assert [path.name for path in tmp_path.iterdir()] == ["calendar.toml"]


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(Invalid, match="can not be written to"):
        init(tmp_path / "file" / "config", example=False)


def test_an_added_application_keeps_every_comment(make_office: MakeOffice):
    commented = "# first\n" + OPD.replace("kind", "# why\nkind", 1) + "# last, with no line after it"
    folder = make_office(opd__dinkes=commented)
    assert add_application(folder, "dinkes", "baru", 'Yang "baru"', URL) == "opd/dinkes.toml"
    text = (folder / "opd" / "dinkes.toml").read_text()
    assert text.startswith(commented)
    added = load(folder).entry("baru")
    assert added.name == 'Yang "baru"'
    assert [probe.target.label for probe in added.probes] == [URL]
    assert text[len(commented) :].startswith('\n\n[[applications]]\nid = "baru"\n')


def test_every_file_of_the_example_office_takes_an_application(tmp_path: Path):
    init(tmp_path, example=True)
    before = load(tmp_path)
    for number, code in enumerate(list(before.opds)[::6]):
        file = add_application(tmp_path, code, f"baru-{number}", "Baru", f"tcp://127.0.0.1:{5432 + number}")
        old = before.files[file].decode()
        assert (tmp_path / file).read_text().startswith(old.rstrip())
    after = load(tmp_path)
    assert set(after.applications) - set(before.applications) == {f"baru-{number}" for number in range(10)}
    assert len(list(after.probes())) == len(list(before.probes())) + 10


@pytest.mark.parametrize(
    "content",
    [
        opd("DINKES"),
        opd("DINKES", "applications = []"),
        opd("DINKES", 'applications = [{ id = "a", name = "A" }]'),
        opd("DINKES", "applications = [", '  { id = "a", name = "A" },  # one', "]"),
        "\ufeff" + opd("DINKES"),
        opd("DINKES").replace("\n", "\r\n"),
    ],
)
def test_an_application_is_added_in_whatever_form_the_file_has(make_office: MakeOffice, content: str):
    folder = make_office(opd__dinkes=content)
    add_application(folder, "", "baru", "Baru", URL)
    data = tomllib.loads((folder / "opd" / "dinkes.toml").read_text().removeprefix("\ufeff"))
    assert data["applications"][-1] == {
        "id": "baru",
        "name": "Baru",
        "probes": [{"kind": "http", "url": URL}],
    }
    assert "# one" in (folder / "opd" / "dinkes.toml").read_text() or "# one" not in content


def test_mode_and_link_of_the_file_stay(make_office: MakeOffice, tmp_path: Path):
    folder = make_office()
    real = tmp_path / "elsewhere.toml"
    (folder / "opd" / "dinkes.toml").rename(real)
    (folder / "opd" / "dinkes.toml").symlink_to(real)
    real.chmod(0o604)
    add_application(folder, "", "baru", "Baru", URL)
    assert (folder / "opd" / "dinkes.toml").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o604
    assert "baru" in load(folder).applications
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config", "elsewhere.toml"]


def test_what_would_be_wrong_is_not_written(make_office: MakeOffice):
    folder = make_office()
    before = load(folder).files
    with pytest.raises(Conflict, match=r'There is an application "simpus" already, in opd/dinkes\.toml'):
        add_application(folder, "", "simpus", "Baru", URL)
    with pytest.raises(NotFound, match=r"There is no OPD DISHUB.*such as DINKES"):
        add_application(folder, "DISHUB", "baru", "Baru", URL)
    with pytest.raises(Invalid) as caught:
        add_application(folder, "", "Not an id", "Baru\x1b[31m", "http://u:geheim@127.0.0.1/")
    assert [line.split(": ")[1] for line in caught.value.lines] == ["id", "name", "url"]
    assert "geheim" not in repr(caught.value.lines)
    for url in ("tcp://127.0.0.1:99999", "tcp://[", "tcp://127.0.0.1", "gopher://127.0.0.1"):
        with pytest.raises(Invalid):
            add_application(folder, "", "baru", "Baru", url)
    assert load(folder).files == before


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("http://App.Example/", "http://app.example"),
        ("http://127.0.0.1:8080/a?b=c", "http://127.0.0.1:8080/a?b=c"),
        ("tcp://127.0.0.1:5432", "tcp://127.0.0.1:5432"),
    ],
)
def test_an_address_that_is_watched_is_not_added_twice(make_office: MakeOffice, first: str, again: str):
    folder = make_office()
    add_application(folder, "", "satu", "Satu", first)
    with pytest.raises(Conflict, match="is watched already, as satu"):
        add_application(folder, "", "dua", "Dua", again)
    add_application(folder, "", "dua", "Dua", "http://127.0.0.1:8080/a?b=other")


def test_an_office_with_no_agency_can_not_take_an_application(tmp_path: Path):
    (tmp_path / "settings.toml").touch()
    with pytest.raises(NotFound, match="The office has no OPD yet"):
        add_application(tmp_path, "", "baru", "Baru", URL)
