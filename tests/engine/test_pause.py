"""Pauses: no look is made, nothing is shown as if it were known, and each ends by itself."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from opsconsole.base.errors import Conflict, Invalid, NotFound, Problem
from opsconsole.base.secrets.store import SecretStore
from opsconsole.client.commands import PauseProbes, Recheck, Reload, ResumeProbes
from opsconsole.client.planned import AskSchedule, PlannedProbe
from opsconsole.client.shapes import CommandResult, Probe
from opsconsole.engine import until as until_module
from opsconsole.engine.misses import Misses
from opsconsole.engine.pauses import Pauses
from opsconsole.engine.prober import Prober
from opsconsole.store.drafts import own_event
from opsconsole.store.pauses import StoredPause
from tests.engine.city import City, Site
from tests.engine.inside import Inside
from tests.engine.offices import Office, application, until

QUICK = {"every": "300ms", "retry": "100ms"}
TWO = """
[[applications.probes]]
kind = "http"
id = "second"
url = "{url}"
every = "300ms"
retry = "100ms"
timeout = "2s"
"""


def send(office: Office, args: PauseProbes | ResumeProbes | Recheck, **extra: object) -> CommandResult:
    with office.client() as client:
        return client.command(args, **extra)  # type: ignore[arg-type]


def probe(office: Office, row_id: str, name: str = "http") -> Probe:
    with office.client() as client:
        return next(one for one in client.detail(row_id).probes if one.id == name)


def planned(office: Office, row_id: str) -> PlannedProbe:
    with office.client() as client:
        return next(one for one in client.query(AskSchedule()).probes if one.application == row_id)


def quiet(office: Office, site: Site, other: Site) -> bool:
    """Whether ``site`` is left alone while ``other`` is looked at three times more."""
    before, seen = len(site.hits), len(other.hits)
    until(lambda: len(other.hits) >= seen + 3)
    return len(site.hits) == before


def test_a_paused_application_is_off_and_left_alone_until_it_is_resumed(office: Office, city: City):
    site, other = city.site(), city.site()
    office.write(application("satu", site.url, probe=QUICK), application("dua", other.url, probe=QUICK))
    office.start()
    until(lambda: office.row("satu").state == "up")
    result = send(office, PauseProbes("satu", "2h", "pindah server"))
    pause = json.loads(bytes(result.result))
    # By the time of the answer the board says so.
    row = office.row("satu")
    assert (row.state, row.reason) == ("off", "paused")
    assert row.params["by"] == pause["by"]
    assert row.params["why"] == "pindah server"
    shown = probe(office, "satu")
    assert (shown.state, shown.reason, shown.next_at) == ("off", "paused", None)
    in_plan = planned(office, "satu")
    assert in_plan.pause is not None
    assert timedelta(minutes=119) < in_plan.pause.until - in_plan.pause.since <= timedelta(hours=2)
    assert (in_plan.next_at, in_plan.lane, in_plan.pause.why) == (None, "", "pindah server")
    assert quiet(office, site, other)
    assert office.board().opds[0].total == 1
    seen = len(site.hits)
    send(office, ResumeProbes("satu"))
    until(lambda: len(site.hits) > seen)
    until(lambda: office.row("satu").state == "up")
    office.stop()
    (begun,) = office.events("probe.paused")
    assert (begun["probes"], begun["reason"]) == (["http"], "pindah server")
    assert [(body["probes"], body["why"]) for body in office.events("probe.resumed")] == [(["http"], "asked")]
    changes = office.query(
        "SELECT from_state, to_state FROM transition WHERE entity = 'probe' AND entity_id = '1' ORDER BY id"
    )
    assert changes[1:] == [("up", "off"), ("off", "pending"), ("pending", "up")]


def test_what_is_paused_is_not_stale_however_long(office: Office, city: City):
    site, other = city.site(), city.site()
    office.write(
        application("satu", site.url, probe={**QUICK, "timeout": "200ms"}),
        application("dua", other.url, probe=QUICK),
    )
    office.start()
    until(lambda: office.row("satu").state == "up")
    send(office, PauseProbes("satu", "2h", "uji"))
    seen = len(other.hits)
    # The sweep that finds stale probes comes every five seconds; three intervals are one.
    until(lambda: len(other.hits) > seen + 18)
    assert (office.row("satu").state, probe(office, "satu").state) == ("off", "off")


def test_where_one_of_two_probes_is_paused_the_other_decides(office: Office, city: City):
    good, bad = city.site(), city.site("fail")
    office.write(application("satu", good.url, probe={**QUICK, "attempts": 2}) + TWO.format(url=bad.url))
    office.start()
    until(lambda: office.confirmed_down("satu"))
    send(office, PauseProbes("satu", "2h", "sedang diganti", probe="second"))
    row = office.row("satu")
    assert (row.state, row.probe) == ("up", "http")
    send(office, PauseProbes("satu", "3h", "semua"))
    assert (office.row("satu").state, office.row("satu").params["why"]) == ("off", "semua")
    send(office, ResumeProbes("satu", probe="second"))
    # It was confirmed DOWN before and still fails: that is no new trouble, and is known at the first look.
    until(lambda: office.confirmed_down("satu"))


def test_a_pause_ends_by_itself_and_says_so(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe={"every": "1h", "retry": "1m"}))
    office.start()
    until(lambda: office.row("satu").state == "up")
    send(office, PauseProbes("satu", "500ms", "sebentar"))
    assert office.row("satu").state == "off"
    until(lambda: len(site.hits) == 2)
    until(lambda: office.row("satu").state == "up")
    office.stop()
    assert [(body["probes"], body["why"]) for body in office.events("probe.resumed")] == [(["http"], "over")]
    assert office.query("SELECT * FROM pause") == []


def test_a_pause_outlives_a_kill_and_one_that_ran_out_meanwhile_ends_at_the_start(office: Office, city: City):
    site, other, third = city.site(), city.site(), city.site()
    office.write(
        application("satu", site.url, probe=QUICK),
        application("dua", other.url, probe=QUICK),
        application("tiga", third.url, probe=QUICK),
    )
    office.start()
    until(lambda: all(row.state == "up" for row in office.board().applications))
    send(office, PauseProbes("satu", "2h", "lama"))
    send(office, PauseProbes("tiga", "300ms", "singkat"))
    office.kill()
    hits = len(site.hits)
    office.start()
    row = office.row("satu")
    assert (row.state, row.reason, row.params["why"]) == ("off", "paused", "lama")
    until(lambda: office.row("tiga").state == "up")
    assert quiet(office, site, other)
    assert len(site.hits) == hits
    # What never ran because it was paused is not missed.
    assert planned(office, "satu").missed == 0


def test_a_reload_leaves_a_pause_alone_also_when_the_probe_changes(office: Office, city: City):
    site, other = city.site(), city.site()
    office.write(application("satu", site.url, probe=QUICK), application("dua", other.url, probe=QUICK))
    office.start()
    until(lambda: office.row("satu").state == "up")
    send(office, PauseProbes("satu", "2h", "uji"))
    office.write(
        application("satu", site.url, probe={**QUICK, "timeout": "1s"}),
        application("dua", other.url, probe=QUICK),
    )
    with office.client() as client:
        client.command(Reload())
    assert office.row("satu").state == "off"
    assert quiet(office, site, other)


def test_a_pause_needs_an_end_within_thirty_days_and_a_reason(office: Office, city: City):
    office.write(application("satu", city.site().url, probe=QUICK))
    office.start()
    refused: list[tuple[PauseProbes, type[Problem], str]] = [
        (PauseProbes("satu", "31d", "lama"), Invalid, "within 30 days"),
        (PauseProbes("satu", "2020-01-01", "lewat"), Invalid, "within 30 days"),
        (PauseProbes("satu", "besok", "uji"), Invalid, "neither a time nor how long"),
        (PauseProbes("satu", "2h", "  "), Invalid, "needs a reason"),
        (PauseProbes("tiada", "2h", "uji"), NotFound, "no application"),
        (PauseProbes("satu", "2h", "uji", probe="dns"), NotFound, "no probe"),
    ]
    for args, kind, words in refused:
        with pytest.raises(kind, match=words):
            send(office, args)
    with pytest.raises(Conflict, match="is not paused"):
        send(office, ResumeProbes("satu"))
    office.stop()
    assert office.events("probe.paused") == office.events("probe.resumed") == []


def test_a_paused_probe_is_not_looked_at_by_hand_either(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe={"every": "1h", "retry": "1m"}))
    office.start()
    until(lambda: office.row("satu").state == "up")
    send(office, PauseProbes("satu", "2h", "uji"))
    with pytest.raises(Conflict, match=r"is paused by .* until .*: uji.*opsconsole resume satu"):
        send(office, Recheck("satu", wait=True))
    assert len(site.hits) == 1


def test_a_look_that_runs_when_the_pause_begins_is_dropped(office: Office, city: City):
    site = city.site("mute")
    office.write(application("satu", site.url, probe={"every": "1h", "retry": "1m", "timeout": "30s"}))
    office.start()
    until(lambda: site.hits)
    send(office, PauseProbes("satu", "2h", "uji"))
    shown = planned(office, "satu")
    assert (shown.lane, shown.last_at) == ("", None)
    office.stop()
    assert office.query("SELECT count(*) FROM look") == [(0,)]


def test_a_row_that_changed_meanwhile_is_not_paused_unseen(office: Office, city: City):
    office.write(application("satu", city.site().url, probe={"every": "1h", "retry": "1m"}))
    office.start()
    until(lambda: office.row("satu").state == "up")
    seen = office.row("satu").version
    send(office, PauseProbes("satu", "2h", "pertama"), version=seen)
    with pytest.raises(Conflict, match="satu has changed meanwhile: it is off now"):
        send(office, PauseProbes("satu", "5h", "kedua"), version=seen)
    assert office.row("satu").params["why"] == "pertama"


NOON = 1_795_520_000.0  # 2026-11-24 18:33:20 in Jakarta


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("2h", 7200),
        (" 30m ", 1800),
        ("19:00", 1600),
        ("6.30", 43_000),
        ("18:00", 84_400),
        ("2026-11-25", 19_600),
        ("2026-11-25T06:00", 41_200),
        ("2026-11-24T12:00:00Z", 1600),
    ],
)
def test_until_when_is_said_in_the_offices_time(text: str, ahead: float):
    assert until_module.moment(text, NOON, "Asia/Jakarta") - NOON == ahead


@pytest.mark.parametrize("text", ["", "2", "besok", "25:00", "06:60", "2026-13-01", "-2h", "2h30m"])
def test_what_is_no_time_is_refused(text: str):
    with pytest.raises(Invalid):
        until_module.moment(text, NOON, "Asia/Jakarta")


async def test_a_pause_that_replaces_one_which_ends_meanwhile_outlives_it(home: Path):
    inside = Inside(home, application("satu", "http://127.0.0.1:9/"))
    [one] = inside.row("satu").probes
    prober = Prober(
        asyncio.get_running_loop(), inside.clock, inside.outset.office.inventory.settings, inside.judge,
        Misses("Asia/Jakarta", NOON), lag_since=lambda at: 0.0, resolve=SecretStore().value,
        log=inside.log.logger,
    )  # fmt: skip
    pauses = Pauses(inside.clock, inside.recorder, inside.judge, inside.board, prober, kept=())
    pauses.take(inside.outset.office)
    first = StoredPause(
        probe_id=one.id, row_id="satu", probe=one.name, uid=0, person="budi", reason="r", since=NOON,
        until=NOON + 10,
    )  # fmt: skip
    await pauses.begin([first], own_event("probe.paused", "satu", NOON), "command-1")
    second = replace(first, until=NOON + 100)
    with inside.store.writer():  # a disk that takes its time
        begun = asyncio.create_task(
            pauses.begin([second], own_event("probe.paused", "satu", NOON), "command-2")
        )
        await asyncio.sleep(0)
        inside.clock.advance(20)
        pauses.expire()
    await begun
    await inside.written()
    assert one.pause == second
    assert inside.query("SELECT until FROM pause") == [(round((NOON + 100) * 1000),)]
    assert inside.query("SELECT count(*) FROM event WHERE kind = 'probe.resumed'") == [(0,)]
    inside.clock.advance(100)
    pauses.expire()
    await inside.written()
    assert one.pause is None and inside.query("SELECT * FROM pause") == []
    await prober.stop()
    inside.close()
