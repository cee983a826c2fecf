"""Lists and edits through a real engine: one revision, one event, or nothing at all."""

import msgspec
import pytest

from opsconsole.base.errors import Conflict, Invalid, Problem
from opsconsole.client.calls import Client
from opsconsole.client.importing import (
    AskKeys,
    AskSheet,
    CheckImport,
    EditApplication,
    ImportEntries,
    ImportEntry,
    ImportReport,
)
from opsconsole.client.shapes import CommandResult
from tests.engine.city import City
from tests.engine.offices import Office, application


def started(office: Office, city: City) -> Client:
    office.write(application("satu", city.site().url, lines=['note = "lama"   # catatan']))
    office.start()
    return office.client()


def report(result: CommandResult) -> ImportReport:
    return msgspec.json.decode(result.result, type=ImportReport)


def test_a_list_is_shown_first_and_then_put_in_as_one_revision_and_one_event(office: Office, city: City):
    entries = (
        ImportEntry("opd", 2, {"code": "BARU", "name": "Badan Baru", "short": "Baru"}, "opd.csv"),
        ImportEntry("applications", 2, {"id": "satu", "tier": 1}, "apl.csv"),
        ImportEntry("applications", 3, {"name": "Dua", "opd": "Baru", "address": city.site().url}, "apl.csv"),
        ImportEntry("people", 2, {"name": "Rina", "opd": "BARU", "phone": "0812-0000-0001"}, "org.csv"),
    )
    with started(office, city) as client:
        rev = client.board().engine.config_rev
        shown = report(client.command(CheckImport(entries)))
        assert not shown.applied and not (office.place.config / "people").exists()
        assert client.board().engine.config_rev == rev
        done = report(client.command(ImportEntries(entries, source="csv daftar")))
        assert (done.applied, done.added, done.changed) == (True, shown.added, shown.changed)
        assert done.differences == shown.differences
        board = client.board()
        assert board.engine.config_rev == rev + 1
        assert {row.id: row.opd for row in board.applications} == {"satu": "UJI", "dua": "BARU"}
        with pytest.raises(Conflict):
            client.command(ImportEntries(entries))
        sheet = client.query(AskSheet("people"))
        assert dict(zip(sheet.keys, sheet.rows[0], strict=True))["phone"] == "0812-0000-0001"
    office.stop()
    (accepted,) = office.events("config.accepted")
    assert (accepted["source"], accepted["entries"]) == ("csv daftar", 4)
    assert "0812" not in str(accepted)


def test_a_set_that_would_be_wrong_changes_nothing(office: Office, city: City):
    loop = (
        ImportEntry("applications", 2, {"id": "bad id", "name": "Buruk"}),
        ImportEntry("applications", 3, {"id": "satu", "tier": 1}),
    )
    with started(office, city) as client:
        before = (office.place.config / "opd" / "uji.toml").read_bytes()
        for command in (CheckImport(loop), ImportEntries(loop)):
            with pytest.raises(Invalid) as refused:
                client.command(command)
            assert "id" in refused.value.lines[0]
        far = ImportEntry("opd", 2, {"code": "../../luar", "name": "Luar"})
        with pytest.raises(Problem):
            client.command(ImportEntries((far,)))
        assert (office.place.config / "opd" / "uji.toml").read_bytes() == before
        assert not list(office.home.rglob("luar*"))


def test_what_somebody_else_has_written_meanwhile_is_kept(office: Office, city: City):
    file = office.place.config / "opd" / "uji.toml"
    with started(office, city) as client:
        file.write_text(file.read_text() + "# ditulis tangan\n")
        client.command(ImportEntries((ImportEntry("applications", 2, {"id": "satu", "tier": 1}),)))
        assert "# ditulis tangan" in file.read_text()
        assert "tier = 1" in file.read_text()


def test_a_list_larger_than_other_commands_may_be_is_taken(office: Office, city: City):
    entries = tuple(
        ImportEntry("applications", n, {"name": f"Aplikasi {n}", "note": "x" * 200, "active": False})
        for n in range(400)
    )
    with started(office, city) as client:
        assert len(report(client.command(CheckImport(entries))).added) == 400


def test_an_edit_keeps_the_comment_and_is_used_at_once(office: Office, city: City):
    file = office.place.config / "opd" / "uji.toml"
    with started(office, city) as client:
        client.command(EditApplication("satu", "note", "baru"))
        assert 'note = "baru"   # catatan' in file.read_text()
        assert client.detail("satu").note == "baru"
        keys = {one.key: one.value for one in client.query(AskKeys("satu"))}
        assert (keys["note"], keys["http.timeout"]) == ("baru", "2s")
        before = file.read_bytes()
        for key, value in (("tier", "9"), ("nihil", "1"), ("http.timeout", "lama")):
            with pytest.raises(Problem):
                client.command(EditApplication("satu", key, value))
        assert file.read_bytes() == before
        row = next(row for row in client.board().applications if row.id == "satu")
        with pytest.raises(Conflict):
            client.command(EditApplication("satu", "tier", "1"), version=row.version + 1000)
    office.stop()
    assert [body.get("key") for body in office.events("config.accepted")] == ["note"]
