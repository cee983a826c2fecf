"""Proofs from looks and transitions, on a clock that the test moves; the engine's daily turn."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from opsconsole.base.paths import home_place
from opsconsole.engine.integration import SETTLED_SECONDS, Roads
from opsconsole.engine.staging import gathered
from opsconsole.integration import stored
from opsconsole.integration.evaluate import Seen
from opsconsole.integration.subscriber import subscriber
from opsconsole.store.drafts import own_event
from probes.observation import Verdict
from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.offices import application

KEYS = {"every": "1h", "retry": "1m", "timeout": "1s", "attempts": 1, "recoveries": 1}
API = {"kind": "http", "url": "http://127.0.0.1:9/", "id": "api", **KEYS}
PASSED, FAILED = observation(), observation(Verdict.DOWN, "connect_refused")
HOUR, DAY = 3600.0, 86_400.0
ROAD = """
[rules]
register_fields = ["probe"]

[[definitions]]
version = "v1"
kinds = ["dinas"]

[[history]]
date = 2020-02-03
applications = ["satu"]
stage = 2
"""


def made(
    home: Path,
    *lines: str,
    probe: dict[str, object] | None = None,
    calendar: str = "",
    more: Sequence[str] = (),
) -> Inside:
    config = home_place(home).config
    config.mkdir(parents=True, exist_ok=True)
    (config / "road.toml").write_text(ROAD)
    (config / "calendar.toml").write_text(calendar)
    inside = Inside(
        home,
        application("satu", "http://127.0.0.1:9/", probe=probe or KEYS, lines=["tier = 1", *lines]),
        *more,
        subscribers=(subscriber,),
    )
    inside.fit("unset")
    return inside


def looked_at(inside: Inside, hours: int, seen: Callable[[int], object] = lambda hour: PASSED) -> None:
    """One look each hour."""
    for hour in range(hours):
        inside.look("satu", seen(hour))  # type: ignore[arg-type]
        inside.clock.advance(HOUR - 0.1)
        inside.board.edge()


def seen(inside: Inside) -> Seen:
    with inside.store.reader() as conn:
        one, *_ = gathered(conn, inside.outset.office, inside.clock.now(), lambda *_: {"satu": 3})
    return one


def roads(inside: Inside) -> Roads:
    return Roads(
        inside.store,
        inside.recorder,
        inside.clock,
        office=lambda: inside.outset.office,
        levels=lambda *_: {"satu": 3},
    )


async def test_seven_days_of_success_prove_that_it_is_reachable(home: Path):
    inside = made(home)
    looked_at(inside, 24 * 5)
    await inside.written()
    # Of the seven days only five are known: no proof yet.
    assert "reachable" not in seen(inside).proofs
    looked_at(inside, 24 * 2)
    await inside.written()
    assert {"registered", "watched", "people", "instructions", "reachable"} == seen(inside).proofs
    assert seen(inside).reachable
    inside.close()


async def test_more_than_one_percent_of_trouble_is_no_proof(home: Path):
    inside = made(home)
    looked_at(inside, 24 * 7, lambda hour: FAILED if hour in (50, 51) else PASSED)
    await inside.written()
    assert "reachable" not in seen(inside).proofs
    inside.close()


async def test_trouble_outside_service_hours_counts_for_nothing(home: Path):
    hours = '[[hours]]\nname = "kantor"\nweek = [{ days = "mon-sun", open = ["06:00-20:00"] }]\n'
    inside = made(home, 'service_hours = "kantor"', calendar=hours)

    def closed(_hour: int) -> object:
        local = (inside.clock.now() / HOUR + 7) % 24
        return FAILED if local >= 20 or local < 5 else PASSED

    looked_at(inside, 24 * 8, closed)
    await inside.written()
    assert "reachable" in seen(inside).proofs
    inside.close()


async def test_a_named_probe_that_passed_today_proves_the_api(home: Path):
    inside = made(home, probe=API)
    inside.look("satu", PASSED)
    await inside.written()
    assert "api" in seen(inside).proofs
    inside.clock.advance(DAY + 1)
    inside.look("satu", FAILED)
    await inside.written()
    assert "api" not in seen(inside).proofs
    inside.close()


async def test_the_day_s_turn_waits_until_it_has_looked_and_comes_once_a_day(home: Path):
    inside = made(home)
    turning = roads(inside)

    def evaluated() -> int:
        return len(inside.query("SELECT 1 FROM event WHERE kind = 'integration.evaluated'"))

    await turning.turn()
    assert evaluated() == 0
    inside.clock.advance(SETTLED_SECONDS)
    await turning.turn()
    await turning.turn()
    assert evaluated() == 1
    inside.clock.advance(DAY)
    await turning.turn()
    assert evaluated() == 2
    inside.close()


async def test_a_stage_whose_proof_stopped_falls_on_the_fourteenth_day_and_that_is_an_event(home: Path):
    inside = made(home)
    turning = roads(inside)
    inside.clock.advance(SETTLED_SECONDS)
    for day in range(16):
        await turning.turn()
        with inside.store.reader() as conn:
            fell = "satu" in stored.stages(conn)
        assert fell is (day >= 14), day
        inside.clock.advance(DAY)
    [(body,)] = inside.query("SELECT CAST(body AS TEXT) FROM event WHERE kind = 'integration.stage_fell'")
    assert '"stage":1' in str(body) and '"was":2' in str(body) and "reachable" in str(body)
    inside.close()


@pytest.mark.parametrize(("days", "kind"), [(-1, "instruction.late"), (3, "instruction.due_soon"), (4, "")])
async def test_a_due_instruction_is_told_of_once(home: Path, days: int, kind: str):
    inside = made(home)
    turning = roads(inside)
    due = turning.today().toordinal() + days
    body = {"number": 1, "opd": "UJI", "person": "", "text": "x", "source": ""}
    body["due"] = type(turning.today()).fromordinal(due).isoformat()
    inside.recorder.event(own_event("instruction.issued", "instruction:1", inside.clock.now(), body))
    await inside.written()
    for _again in range(2):
        await turning.turn()
        turning = roads(inside)
    told = inside.query("SELECT kind FROM event WHERE kind IN ('instruction.late', 'instruction.due_soon')")
    assert told == ([(kind,)] if kind else [])
    inside.close()


@pytest.mark.parametrize("keys", [{"to": "dua", "id": "nik"}, {"id": "exchange"}])
async def test_a_probe_with_another_end_or_of_that_name_proves_an_exchange(
    home: Path, keys: dict[str, object]
):
    inside = made(home, probe={**API, **keys}, more=(application("dua", "http://127.0.0.1:9/", probe=KEYS),))
    looked_at(inside, 1)
    await inside.written()
    assert "exchange" in seen(inside).proofs
    inside.clock.advance(8 * DAY)
    assert "exchange" not in seen(inside).proofs
    inside.close()


async def test_another_probe_proves_no_exchange(home: Path):
    inside = made(home, probe={**API, "id": "lain"})
    looked_at(inside, 1)
    await inside.written()
    assert "exchange" not in seen(inside).proofs
    inside.close()
