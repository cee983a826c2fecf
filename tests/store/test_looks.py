"""Looks: what is kept of them, in which order, and in how few bytes."""

import random
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from opsconsole.base.clock import utc
from opsconsole.client.shapes import Look
from opsconsole.store.database import Store
from opsconsole.store.looks import TRIGGERS, LookRecord, insert, measured, oldest, pack, recent, unpack
from probes.observation import DnsFacts, Expectation, HttpFacts, Observation, Phases, TlsFacts, Verdict
from probes.reasons import REASONS

T0 = 1_795_000_000.0


def observed(
    at: float = T0,
    verdict: Verdict = Verdict.UP,
    reason: str = "ok",
    *,
    duration_ms: float = 132.5,
    phases: Phases = Phases(12.0, 8.2, 30.5, 0.3, 70.1, 11.4),  # noqa: B008 - immutable
    http: HttpFacts | None = HttpFacts(status=200),  # noqa: B008 - immutable
    **more: object,
) -> Observation:
    """An observation of an http probe."""
    return Observation(
        kind="http",
        target="https://127.20.4.9:9443/health",
        started_at=utc(at),
        duration_ms=duration_ms,
        verdict=verdict,
        reason=reason,
        phases_ms=phases,
        http=http,
        **more,
    )


def recorded(observation: Observation, probe_id: int = 1, **more: object) -> LookRecord:
    """The record of an observation that was due when it started."""
    due = observation.started_at.timestamp()
    return LookRecord(**{"due": due, "rev": 1, "run": 1, **more}, probe_id=probe_id, observation=observation)


def stored(store: Store, *records: LookRecord, probe_id: int = 1, **more: object) -> list[Look]:
    """Write records, then read the probe's looks."""
    with store.writer() as conn:
        insert(conn, list(records))
    with store.reader() as conn:
        return recent(conn, probe_id, "http", **{"limit": 50, **more})


def test_a_look_comes_back_as_it_went(store: Store) -> None:
    failure = observed(
        verdict=Verdict.DOWN,
        reason="status_unexpected",
        params={"seen": 503, "want": "200-299"},
        http=HttpFacts(status=503, excerpt="upstream connect error", title="Error"),
        expectations=(Expectation("status", "503", False), Expectation("body", "", True)),
        tls=TlsFacts(version="TLSv1.3", fingerprint="ab"),
    )
    record = recorded(
        failure,
        due=T0 - 0.030,
        queued=0.012,
        lag=1.25,
        trigger="retry",
        suspect=True,
        offline=True,
        rev=7,
        run=9,
    )
    assert stored(store, record) == [
        Look(
            probe="http",
            at=utc(T0),
            verdict="down",
            reason="status_unexpected",
            params={"seen": 503, "want": "200-299"},
            status=503,
            duration_ms=132.5,
            phases_ms=Phases(12.0, 8.2, 30.5, 0.3, 70.1, 11.4),
            late_ms=30,
            queued_ms=12,
            lag_ms=1250,
            trigger="retry",
            suspect=True,
            offline=True,
            excerpt="upstream connect error",
        )
    ]
    with store.reader() as conn:
        assert conn.exec_driver_sql("SELECT rev, run FROM look").one() == (7, 9)


def test_of_a_dns_answer_that_failed_its_first_records_are_kept(store: Store) -> None:
    records = ("portal.example. 300 IN A 127.66.6.6", "portal.example. 300 IN A 127.66.6.7")
    facts = DnsFacts(rcode="NOERROR", transport="udp", records=2, answers=records)
    seen = observed(verdict=Verdict.DOWN, reason="dns_unexpected", http=None, dns=facts)
    [look] = stored(store, recorded(seen))
    assert (look.reason, look.excerpt) == ("dns_unexpected", " | ".join(records))


def test_of_a_look_that_passed_only_the_row_is_kept(store: Store) -> None:
    [look] = stored(store, recorded(observed(http=None, params={"note": "x"})))
    assert (look.verdict, look.reason, look.params, look.status, look.excerpt) == ("up", "ok", {}, 0, "")
    with store.reader() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM look_detail").scalar() == 0


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_verdict_and_trigger_comes_back(store: Store, verdict: Verdict, trigger: str) -> None:
    [look] = stored(store, recorded(observed(verdict=verdict, reason="address_denied"), trigger=trigger))
    assert (look.verdict, look.trigger, look.reason) == (verdict, trigger, "address_denied")


def test_every_reason_has_room_in_a_row() -> None:
    assert max(reason.number for reason in REASONS) < 256


def test_looks_come_newest_first_and_page_by_page(store: Store) -> None:
    seen = [
        observed(T0 + n, *((Verdict.DOWN, "connect_refused") if n % 3 == 0 else (Verdict.UP, "ok")))
        for n in range(9)
    ]
    looks = stored(store, *map(recorded, seen), recorded(observed(T0 + 99), probe_id=2))
    assert [look.at for look in looks] == [utc(T0 + n) for n in range(8, -1, -1)]
    with store.reader() as conn:
        page = recent(conn, 1, "http", limit=2, before=T0 + 5)
        failures = recent(conn, 1, "http", limit=2, failures=True)
        assert recent(conn, 3, "http", limit=2) == []
    assert [look.at for look in page] == [utc(T0 + 4), utc(T0 + 3)]
    assert [look.at for look in failures] == [utc(T0 + 6), utc(T0 + 3)]


def test_times_within_a_probe_always_grow(store: Store) -> None:
    """Two looks of one millisecond, and a clock that was set back, in one batch and over several."""
    failed = observed(T0 - 3600, Verdict.DOWN, "connect_refused", params={"address": "x"})
    stored(store, recorded(observed(T0)), recorded(observed(T0)))
    looks = stored(store, recorded(failed), recorded(observed(T0 + 9)), recorded(observed(T0), probe_id=2))
    assert [round(look.at.timestamp() - T0, 3) for look in looks] == [9.0, 0.002, 0.001, 0.0]
    assert looks[1].params == {"address": "x"}
    with store.reader() as conn:
        assert [look.at for look in recent(conn, 2, "http", limit=1)] == [utc(T0)]


def test_a_look_that_started_before_it_was_due_is_not_late(store: Store) -> None:
    [look] = stored(store, recorded(observed(), due=T0 + 1))
    assert look.late_ms == 0


def test_no_looks_are_no_work(store: Store) -> None:
    assert stored(store) == []


TIME = st.floats(0, 600_000).map(lambda number: round(number, 1))


@given(st.tuples(*[TIME] * 8))
def test_times_survive_packing_to_a_tenth_of_a_millisecond(times: tuple[float, ...]) -> None:
    assert unpack(pack(times)) == list(times)


def test_what_was_not_reached_takes_no_room() -> None:
    assert pack([0.0] * 8) == b""
    assert pack([1.0] + [0.0] * 7) == b"\x0a"


def _city(probes: int, rounds: int) -> Iterator[LookRecord]:
    """Looks as a city's applications give them: over TLS, some 100 ms, two in a hundred failing."""
    luck = random.Random(11)
    usual = [
        [luck.lognormvariate(middle, 0.8) for middle in (1.5, 1.5, 3.0, -1.5, 4.0, 1.0)]
        for _ in range(probes)
    ]
    for number in range(rounds):
        for probe, phases in enumerate(usual, 1):
            spent = Phases(*(phase * luck.lognormvariate(0, 0.25) for phase in phases))
            due = T0 + number * 60 + probe * 60 / probes
            failed = luck.random() < 0.02
            yield recorded(
                observed(
                    due + luck.random() * 0.025,
                    Verdict.DOWN if failed else Verdict.UP,
                    "status_unexpected" if failed else "ok",
                    duration_ms=sum(astuple(spent)) + 0.4,
                    phases=spent,
                    http=HttpFacts(status=503 if failed else 200),
                ),
                probe,
                due=due,
                queued=luck.choice([0.0] * 9 + [0.004]),
                lag=luck.choice([0.0, 0.0, 0.001]),
                trigger="retry" if failed else "schedule",
                rev=200 + number // 20,
                run=400 + number // 30,
            )


def test_a_look_takes_at_most_45_bytes(store: Store) -> None:
    """The details of the failures lie elsewhere, as a table of this connection, and do not count."""
    records = list(_city(probes=200, rounds=500))
    with store.writer() as conn:
        conn.exec_driver_sql("CREATE TEMP TABLE look_detail (probe, at, body)")
        empty = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        for start in range(0, len(records), 100):
            insert(conn, records[start : start + 100])
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one() - empty
    bytes_a_row = pages * 4096 / len(records)
    print(f"{len(records)} looks of 200 probes: {bytes_a_row:.1f} bytes each")
    assert len(records) == 100_000
    assert bytes_a_row <= 45


def test_the_time_of_a_look_is_aware(store: Store) -> None:
    [look] = stored(store, recorded(observed()))
    assert isinstance(look.at, datetime)
    assert look.at.utcoffset() is not None


def test_what_is_measured_is_when_how_long_and_what_it_said(store: Store) -> None:
    seen = [
        observed(T0 + 60, duration_ms=12.5),
        observed(T0 + 120, Verdict.DOWN, "connect_refused", duration_ms=3000.0, http=None),
        observed(T0 + 180, Verdict.DEGRADED, "slow", duration_ms=99.9),
    ]
    with store.writer() as conn:
        insert(conn, [recorded(one) for one in seen])
        insert(conn, [recorded(observed(T0 + 30), probe_id=2)])
    with store.reader() as conn:
        start = round(T0 * 1000)
        assert list(measured(conn, 1, start + 60_000, start + 180_000)) == [
            (start + 60_000, 12.5, Verdict.UP),
            (start + 120_000, 3000.0, Verdict.DOWN),
        ]
        assert oldest(conn, [1, 2]) == start + 30_000
        assert oldest(conn, [3]) is None
