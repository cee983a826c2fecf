"""The schedule as it is told: what is due, runs, waits, was missed, and when."""

from datetime import UTC, datetime, timedelta

from opsconsole.client.planned import AskSchedule, Missed, PlannedProbe, Schedule
from tests.engine.city import City
from tests.engine.offices import Office, application, until

SLOW = {"every": "10m", "retry": "1m"}


def schedule(office: Office) -> Schedule:
    with office.client() as client:
        return client.query(AskSchedule())


def planned(office: Office, row_id: str) -> PlannedProbe:
    return next(one for one in schedule(office).probes if one.application == row_id)


def test_each_probe_tells_when_it_is_due_how_often_and_what_it_saw_last(office: Office, city: City):
    good, bad = city.site(), city.site("fail")
    office.write(application("satu", good.url, probe=SLOW), application("dua", bad.url, probe=SLOW))
    office.start()
    until(lambda: all(one.next_at and one.last_at for one in schedule(office).probes))
    plan = schedule(office)
    satu, dua = plan.probes
    assert (satu.name, satu.opd, satu.opd_short, satu.probe, satu.kind) == (
        "Aplikasi satu",
        "UJI",
        "Uji",
        "http",
        "http",
    )
    assert (satu.every_s, satu.retry_s, satu.timeout_s, satu.lane) == (600, 60, 2, "")
    assert (satu.state, satu.verdict, satu.reason, satu.status) == ("up", "up", "ok", 200)
    assert (dua.state, dua.verdict, dua.reason, dua.status) == ("down", "down", "status_unexpected", 503)
    assert satu.took_ms > 0
    assert (satu.looks, satu.missed, satu.overrun) == (1, 0, 0)
    assert satu.next_at is not None
    assert satu.due_s is not None
    assert abs((satu.next_at - plan.at).total_seconds() - satu.due_s) < 0.01
    # A failure is looked at again a minute later.
    assert dua.due_s is not None
    assert 50 < dua.due_s <= 60
    assert plan.soon == sum(one.due_s is not None and one.due_s < 60 for one in plan.probes)
    assert (plan.run, plan.bound, plan.per_host, plan.paused) == (1, 200, 2, 0)
    assert (plan.missed, plan.overrun, plan.periods, plan.self_check.status) == (0, 0, (), "unset")
    assert plan.started_at <= plan.at
    assert plan.day_began <= plan.at < plan.day_began + timedelta(days=1)


def test_what_runs_and_what_waits_for_its_host_is_told_apart(office: Office, city: City):
    site = city.site("mute")
    keys = {**SLOW, "timeout": "30s"}
    rows = [application(name, site.url, probe=keys) for name in ("satu", "dua", "tiga")]
    office.write(*rows, settings="[engine]\nper_host = 2\n")
    office.start()
    until(lambda: sorted(one.lane for one in schedule(office).probes) == ["host", "slow", "slow"])
    plan = schedule(office)
    assert (plan.running, plan.waiting, plan.slow_lane) == (2, 1, 2)
    for one in plan.probes:
        assert one.next_at is one.due_s is None
        assert one.work_since is not None
        assert timedelta() < plan.at - one.work_since < timedelta(seconds=30)


def test_a_look_that_takes_longer_than_its_interval_overruns_and_misses_turns(office: Office, city: City):
    host, port = city.black_hole()
    probe = {
        "kind": "tcp",
        "host": host,
        "port": port,
        "every": "200ms",
        "retry": "200ms",
        "timeout": "900ms",
    }
    office.write(application("lubang", probe=probe), application("satu", city.site().url, probe=SLOW))
    office.start()
    until(lambda: schedule(office).overrun >= 4 and schedule(office).missed)
    plan = schedule(office)
    hole = next(one for one in plan.probes if one.application == "lubang")
    assert (
        (hole.overrun, hole.missed) == (plan.overrun, plan.missed) == (hole.overrun_today, hole.missed_today)
    )
    # One period, as long as it goes on without a pause.
    (period,) = plan.periods
    assert (period.cause, period.application, period.probe) == ("overrun", "lubang", "tcp")
    assert (period.missed, period.overrun) == (hole.missed, hole.overrun)
    assert period.since < period.until <= plan.at
    assert planned(office, "satu").missed == 0
    # The next run finds them again.
    office.stop()
    office.start()
    until(lambda: planned(office, "lubang").overrun_today >= hole.overrun)
    after = schedule(office)
    assert after.overrun_today >= plan.overrun_today
    assert after.overrun < plan.overrun
    assert any(one.application == "lubang" and one.overrun >= period.overrun for one in after.periods)


def stopped(office: Office) -> list[Missed]:
    return [one for one in schedule(office).periods if one.cause == "stopped"]


def test_what_fell_due_while_no_engine_ran_is_missed_and_told_of_for_the_day(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe={"every": "100ms", "retry": "100ms"}))
    office.start()
    until(lambda: len(site.hits) > 3)
    office.stop()
    before = datetime.now(UTC)
    until(lambda: datetime.now(UTC) - before > timedelta(milliseconds=400))
    office.start()
    (gap,) = until(lambda: stopped(office))
    assert gap.missed >= 4
    assert (gap.application, gap.probe, gap.overrun) == ("", "", 0)
    assert gap.since <= gap.first_at <= gap.since + timedelta(milliseconds=200)
    assert gap.since <= before < gap.until
    assert schedule(office).missed_today >= gap.missed
    assert schedule(office).missed < gap.missed
    office.kill()
    office.start()
    until(lambda: len(stopped(office)) == 2)
    assert gap.missed in [one.missed for one in stopped(office)]
