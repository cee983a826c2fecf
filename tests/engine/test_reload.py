"""A new configuration is used whole or not at all, and only what changed is planned anew."""

import signal
from datetime import datetime

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.client.commands import Reload
from tests.engine.city import City
from tests.engine.offices import Office, application, until

SLOW = {"every": "60s", "retry": "50s"}
BROKEN = '[[applications]]\nid = "satu"\nnmae = "Satu"\n'


def next_at(office: Office, row_id: str) -> datetime | None:
    with office.client() as client:
        return client.detail(row_id).probes[0].next_at


def same(at: datetime | None, before: datetime) -> bool:
    """Whether it is the same turn; it is told in wall time, from a monotonic one."""
    return at is not None and abs((at - before).total_seconds()) < 0.1


def settled(office: Office, *row_ids: str) -> dict[str, datetime]:
    """When each is due, once each was looked at."""
    until(lambda: all(office.row(row_id).state == "up" for row_id in row_ids))
    due = until(lambda: [at for row_id in row_ids if (at := next_at(office, row_id))])
    return dict(zip(row_ids, due, strict=True))


def test_a_broken_file_keeps_the_old_set_and_says_so_on_the_board(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=SLOW))
    office.start()
    before = settled(office, "satu")
    office.write(BROKEN)
    office.send(signal.SIGHUP)
    errors = until(lambda: office.board().engine.config_errors)
    assert [line.split(": ")[:2] for line in errors] == [["opd/uji.toml:7", "nmae"]]
    assert same(next_at(office, "satu"), before["satu"])
    assert len(site.hits) == 1
    with office.client() as client, pytest.raises(Invalid) as refused:
        client.command(Reload())
    assert refused.value.lines == errors
    office.write(application("satu", site.url, probe=SLOW))
    office.send(signal.SIGHUP)
    until(lambda: not office.board().engine.config_errors)
    assert same(next_at(office, "satu"), before["satu"])
    office.stop()
    assert [body["mistakes"] for body in office.events("config.refused")] == [1, 1]
    assert len(office.events("config.accepted")) == 1


def test_only_what_changed_is_planned_anew(office: Office, city: City):
    kept, changed, gone, new = (city.site() for _ in range(4))
    office.write(
        application("tetap", kept.url, probe=SLOW),
        application("ubah", changed.url, probe=SLOW),
        application("hilang", gone.url, probe=SLOW),
    )
    office.start()
    before = settled(office, "tetap", "ubah", "hilang")
    since = office.row("tetap").since
    office.write(
        application("tetap", kept.url, probe=SLOW, lines=['note = "catatan"', "tier = 1"]),
        application("ubah", changed.url, probe={**SLOW, "timeout": "3s"}),
        application("baru", new.url, probe=SLOW),
    )
    with office.client() as client:
        client.command(Reload())
    rows = {row.id: row for row in office.board().applications}
    assert set(rows) == {"tetap", "ubah", "baru"}
    assert (rows["tetap"].tier, rows["tetap"].since) == (1, since)
    assert rows["ubah"].state == "up"
    until(lambda: len(changed.hits) == 2 and new.hits)
    assert same(next_at(office, "tetap"), before["tetap"])
    assert (len(kept.hits), len(gone.hits)) == (1, 1)
    assert office.board().engine.probes == 3
    office.stop()
    assert office.events("config.accepted")[-1]["changes"] == 4
    assert office.query("SELECT count(*) FROM config_rev") == [(2,)]
    revs = office.query("SELECT DISTINCT rev FROM look ORDER BY rev")
    assert revs == [(1,), (2,)]


def test_a_look_that_runs_goes_on_through_a_reload_unless_its_probe_changed(office: Office, city: City):
    kept, changed = city.site("mute"), city.site("mute")
    hung = {"every": "60s", "retry": "1s", "timeout": "50s"}
    office.write(application("satu", kept.url, probe=hung), application("dua", changed.url, probe=hung))
    office.start()
    until(lambda: kept.hits and changed.hits)
    office.write(
        application("satu", kept.url, probe=hung, lines=["tier = 2"]),
        application("dua", changed.url, probe={**hung, "timeout": "40s"}),
    )
    with office.client() as client:
        client.command(Reload())
    until(lambda: len(changed.hits) == 2)
    assert len(kept.hits) == 1
    assert office.board().engine.running == 2


def test_a_probe_that_is_renamed_keeps_its_history(office: Office, city: City):
    site = city.site("fail")
    keys = {"every": "60s", "retry": "1s", "attempts": 2}
    office.write(application("satu", site.url, probe=keys))
    office.start()
    until(lambda: office.confirmed_down("satu"))
    since = office.row("satu").since
    office.write(application("satu", site.url, probe={**keys, "id": "beranda", "was": ["http"]}))
    with office.client() as client:
        client.command(Reload())
        assert [probe.id for probe in client.detail("satu").probes] == ["beranda"]
        assert len(client.looks("satu", "beranda")) >= 2
    row = office.row("satu")
    assert (row.state, row.hard, row.since) == ("down", True, since)


def test_settings_take_effect_without_a_restart(office: Office, city: City):
    office.write(settings='language = "en"\n')
    office.start()
    office.write(
        settings='language = "id"\nzone = "Asia/Jayapura"\n[self_check]\ncanaries = ["127.0.0.1:9"]\n'
    )
    office.send(signal.SIGHUP)
    until(lambda: office.board().engine.self_check.status == "offline")
    with office.client() as client:
        hello = client.hello()
    assert (hello.language, hello.zone) == ("id", "Asia/Jayapura")
