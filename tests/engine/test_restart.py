"""A restart takes up where the last run ended: due times, states, attempts."""

from datetime import datetime

from opsconsole.client.shapes import Probe
from tests.engine.city import City
from tests.engine.offices import Office, application, until

SLOW = {"every": "60s", "retry": "50s"}


def probes(office: Office, row_ids: list[str]) -> dict[str, Probe]:
    with office.client() as client:
        return {row_id: client.detail(row_id).probes[0] for row_id in row_ids}


def due(office: Office, row_ids: list[str]) -> dict[str, datetime]:
    return {row_id: found.next_at for row_id, found in probes(office, row_ids).items() if found.next_at}


def test_due_times_survive_a_kill_and_nothing_is_looked_at_twice(office: Office, city: City):
    sites = {f"app-{number}": city.site() for number in range(20)}
    office.write(*(application(name, site.url, probe=SLOW) for name, site in sites.items()))
    office.start()
    until(lambda: all(site.hits for site in sites.values()))
    until(lambda: all(row.state == "up" for row in office.board().applications))
    until(lambda: len(due(office, list(sites))) == len(sites))
    before = due(office, list(sites))
    office.kill()
    office.start()
    after = due(office, list(sites))
    for name, at in before.items():
        assert abs((after[name] - at).total_seconds()) < 1, name
    # They lie apart from each other, none of them now.
    assert len({at.second for at in after.values()}) > 8
    assert all(len(site.hits) == 1 for site in sites.values())
    assert all(row.state == "up" for row in office.board().applications)


def test_what_was_never_looked_at_is_swept_and_what_is_overdue_made_up_for(office: Office, city: City):
    first, second = city.site(), city.site()
    office.write(application("satu", first.url, probe={"every": "2s"}))
    office.start()
    until(lambda: office.row("satu").state == "up")
    office.kill()
    seen = len(first.hits)
    office.write(
        application("satu", first.url, probe={"every": "2s"}),
        application("dua", second.url, probe={"every": "1h", "retry": "1m"}),
    )
    office.start()
    until(lambda: second.hits and len(first.hits) > seen)
    until(lambda: office.row("dua").state == "up")


def test_attempts_go_on_where_they_were(office: Office, city: City):
    site = city.site("fail")
    office.write(application("satu", site.url, probe={"every": "60s", "retry": "300ms", "attempts": 20}))
    office.start()
    until(lambda: office.row("satu").attempt >= 2)
    until(lambda: probes(office, ["satu"])["satu"].last)
    office.kill()
    office.start()
    row = office.row("satu")
    assert (row.state, row.hard) == ("down", False)
    assert row.attempt >= 2
    begun = row.since
    until(lambda: office.row("satu").attempt > row.attempt)
    assert office.row("satu").since == begun


def test_numbers_are_never_given_twice(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url), application("dua", site.url))
    office.start()
    office.kill()
    office.write(application("dua", site.url), application("tiga", site.url))
    office.start()
    office.stop()
    ids = dict(office.query("SELECT row_id, id FROM application"))
    assert len(set(ids.values())) == 3
    assert office.query("SELECT row_id FROM application WHERE retired_at IS NOT NULL") == [("satu",)]
    assert office.query("SELECT count(DISTINCT id) FROM probe") == [(3,)]


def test_what_was_seen_last_is_shown_at_once_after_a_restart(office: Office, city: City):
    site = city.site("fail")
    hourly = {"every": "1h", "retry": "1h", "timeout": "20s"}
    office.write(
        application("satu", city.site().url, probe=hourly), application("dua", site.url, probe=hourly)
    )
    office.start()
    until(lambda: (office.row("satu").state, office.row("dua").state) == ("up", "down"))
    before = {row_id: office.row(row_id) for row_id in ("satu", "dua")}
    assert office.stop() == 0
    office.start()
    rows = {row_id: office.row(row_id) for row_id in before}
    with office.client() as client:
        [probe] = client.detail("dua").probes
    assert len(site.hits) == 1, "there was no look yet that could tell"
    for row_id, was in before.items():
        row = rows[row_id]
        assert (row.status, row.last_at) == (was.status, was.last_at)
        assert abs(row.latency_ms - was.latency_ms) < 0.1
    assert probe.last is not None
    assert (probe.last.reason, probe.last.params["seen"]) == ("status_unexpected", 503)
