"""What people are told of applications, and that a restart neither repeats nor loses it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsconsole.base.paths import home_place
from opsconsole.client.commands import Recheck
from opsconsole.engine.schedule import spread
from probes.observation import Verdict
from tests.engine.city import City, Site
from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.offices import Office, application, until

FAILED = observation(Verdict.DOWN, "connect_refused", address="127.0.0.1", seen=1.5)
PASSED = observation()
KEYS = {"every": "60s", "retry": "10s", "attempts": 2, "recoveries": 1}
QUICK = {"every": "300ms", "retry": "100ms", "attempts": 2, "recoveries": 2}
OPENS = datetime(2026, 11, 25, 15, tzinfo=UTC).timestamp()
FILES = (
    application("induk", "http://127.0.0.1:9/", probe=KEYS),
    application("anak", "http://127.0.0.1:9/", probe=KEYS, lines=['depends_on = ["induk"]']),
)


@pytest.fixture
async def inside(home: Path) -> Iterator[Inside]:
    made = Inside(home, *FILES)
    made.fit("unset")
    yield made
    made.close()


async def told(inside: Inside, kind: str = "application.announced") -> list[dict[str, Any]]:
    """The events of a kind, each with its subject."""
    await inside.written()
    rows = inside.query(f"SELECT subject, body FROM event WHERE kind = '{kind}' ORDER BY seq")
    return [{"id": subject, **msgspec.json.decode(body)} for subject, body in rows]  # type: ignore[dict-item]


def looks(inside: Inside, row_id: str, *seen: Any) -> None:
    """These looks, ten seconds apart."""
    for one in seen:
        inside.clock.advance(10)
        inside.look(row_id, one)


async def restarted(inside: Inside, home: Path) -> Inside:
    """The engine after the one before was ended."""
    await inside.written()
    inside.close()
    after = Inside(home, *FILES, clock=inside.clock)
    after.fit("unset")
    return after


async def test_a_confirmed_outage_is_an_event_with_all_that_an_incident_needs(inside: Inside):
    looks(inside, "induk", PASSED, FAILED, FAILED)
    [event] = await told(inside)
    assert (event["id"], event["before"], event["after"]) == ("induk", "up", "down")
    assert (event["reason"], event["params"]) == ("connect_refused", {"address": "127.0.0.1", "seen": "1.5"})
    assert (event["probe"], event["held"]) == ("http", "")
    assert event["happened_at"] < event["noticed_at"]
    assert inside.query("SELECT announced FROM state WHERE entity = 'application' AND id = 'induk'") == [
        ("down",)
    ]


async def test_who_is_cut_off_is_no_news_but_stands_in_the_chain(inside: Inside):
    for row_id in ("induk", "anak"):
        looks(inside, row_id, PASSED)
    looks(inside, "induk", FAILED, FAILED)
    looks(inside, "anak", FAILED, FAILED)
    assert inside.row("anak").shown.state == "unreachable"
    assert [event["id"] for event in await told(inside)] == ["induk"]
    [cut] = await told(inside, "application.cut_off")
    assert (cut["id"], cut["via"]) == ("anak", "induk")
    assert inside.soon == []
    # Its parent is back: what was seen before that says nothing, so it is looked at soon, and told then.
    looks(inside, "induk", PASSED)
    assert inside.row("anak").shown.state == "down"
    assert set(inside.soon) == {"anak"}
    assert [event["after"] for event in await told(inside)] == ["down", "up"]
    [over] = await told(inside, "application.cut_off_ended")
    assert (over["id"], over["via"], over["state"]) == ("anak", "induk", "down")
    looks(inside, "anak", FAILED)
    assert [(event["id"], event["after"], event["held"]) for event in await told(inside)][-1] == (
        "anak",
        "down",
        "parent",
    )
    looks(inside, "anak", FAILED)
    assert len(await told(inside)) == 3


async def test_a_child_that_is_back_with_its_parent_is_never_told_of(inside: Inside):
    for row_id in ("induk", "anak"):
        looks(inside, row_id, PASSED)
    looks(inside, "induk", FAILED, FAILED)
    looks(inside, "anak", FAILED, FAILED)
    looks(inside, "induk", PASSED)
    looks(inside, "anak", PASSED)
    assert {event["id"] for event in await told(inside)} == {"induk"}


async def test_a_child_is_not_told_of_before_it_is_known_what_its_parent_has(inside: Inside):
    for row_id in ("induk", "anak"):
        looks(inside, row_id, PASSED)
    looks(inside, "induk", FAILED)
    looks(inside, "anak", FAILED, FAILED)
    assert (inside.row("anak").shown.state, inside.row("anak").shown.hard) == ("down", True)
    assert await told(inside) == []
    looks(inside, "induk", PASSED)
    assert await told(inside) == []
    looks(inside, "anak", FAILED)
    assert [event["id"] for event in await told(inside)] == ["anak"]


@pytest.mark.parametrize("unknown", [("induk",), ("induk", "anak"), ("anak", "induk")])
async def test_a_child_is_not_told_of_before_its_parent_is_known_again(
    inside: Inside, unknown: tuple[str, ...]
):
    for row_id in ("induk", "anak"):
        looks(inside, row_id, PASSED)
    looks(inside, "induk", FAILED, FAILED)
    looks(inside, "anak", FAILED, FAILED)
    inside.fit("offline")
    for row_id in unknown:
        looks(inside, row_id, FAILED)
    inside.fit("unset")
    looks(inside, "anak", FAILED)
    assert [inside.row(row_id).shown.state for row_id in ("induk", "anak")] == ["unknown", "down"]
    looks(inside, "induk", FAILED)
    assert inside.row("anak").shown.state == "unreachable"
    assert [event["id"] for event in await told(inside)] == ["induk"]


async def test_a_child_is_told_of_once_its_parent_is_known_to_work(inside: Inside):
    for row_id in ("induk", "anak"):
        looks(inside, row_id, PASSED)
    looks(inside, "induk", FAILED, FAILED)
    looks(inside, "anak", FAILED, FAILED)
    inside.fit("offline")
    looks(inside, "induk", FAILED)
    inside.fit("unset")
    looks(inside, "induk", PASSED)
    looks(inside, "anak", FAILED)
    heard = [(event["id"], event["after"]) for event in await told(inside)]
    assert heard == [("induk", "down"), ("induk", "up"), ("anak", "down")]


async def test_a_child_that_fails_again_is_cut_off_again(inside: Inside):
    """It was told of as DOWN before its parent failed, and nothing was known of it for a while."""
    for row_id in ("induk", "anak"):
        looks(inside, row_id, PASSED)
    looks(inside, "anak", FAILED, FAILED)
    looks(inside, "induk", FAILED, FAILED)
    assert inside.row("anak").shown.state == "unreachable"
    inside.fit("offline")
    looks(inside, "anak", FAILED)
    assert inside.row("anak").shown.state == "unknown"
    inside.fit("unset")
    looks(inside, "anak", FAILED)
    assert inside.row("anak").shown.state == "unreachable"


async def test_a_restart_repeats_nothing(home: Path):
    inside = Inside(home, *FILES)
    inside.fit("unset")
    looks(inside, "induk", PASSED, FAILED, FAILED)
    inside = await restarted(inside, home)
    looks(inside, "induk", FAILED)
    inside = await restarted(inside, home)
    assert [event["after"] for event in await told(inside)] == ["down"]
    looks(inside, "induk", PASSED)
    assert [event["after"] for event in await told(inside)] == ["down", "up"]
    inside.close()


async def test_a_restart_loses_nothing_that_is_held_back(home: Path):
    inside = Inside(home, *FILES)
    inside.fit("unset")
    for row_id in ("induk", "anak"):
        looks(inside, row_id, PASSED)
    looks(inside, "induk", FAILED, FAILED)
    looks(inside, "anak", FAILED, FAILED)
    inside = await restarted(inside, home)
    looks(inside, "induk", PASSED)
    inside = await restarted(inside, home)
    assert "anak" in inside.soon
    assert [event["id"] for event in await told(inside)] == ["induk", "induk"]
    looks(inside, "anak", FAILED)
    inside = await restarted(inside, home)
    looks(inside, "anak", FAILED)
    assert [event["id"] for event in await told(inside)] == ["induk", "induk", "anak"]
    inside.close()


async def test_what_an_explanation_says_of_it_ends_with_the_look_that_decides(inside: Inside):
    looks(inside, "induk", FAILED, FAILED)
    looks(inside, "anak", FAILED, FAILED)
    looks(inside, "induk", PASSED)
    assert inside.row("anak").shown.told.awaits_look
    looks(inside, "anak", FAILED)
    assert not inside.row("anak").shown.told.held


async def test_nothing_is_told_twice_across_a_kill(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe=QUICK))
    office.start()
    until(lambda: office.row("satu").state == "up")
    site.behaviour = "fail"
    until(lambda: office.confirmed_down("satu"))
    office.kill()
    office.start()
    seen = len(site.hits)
    until(lambda: len(site.hits) > seen + 2)
    site.behaviour = "ok"
    until(lambda: office.row("satu").state == "up")
    office.stop()
    told = [(body["before"], body["after"]) for body in office.events("application.announced")]
    assert told == [("up", "down"), ("down", "up")]


async def test_when_the_service_hours_begin_the_next_look_decides(home: Path):
    config = home_place(home).config
    config.mkdir(parents=True)
    (config / "calendar.toml").write_text(
        '[[hours]]\nname = "kantor"\nzone = "UTC"\nweek = [{ days = "mon-sun", open = ["15:00-16:00"] }]\n'
    )
    inside = Inside(
        home,
        *(
            application(row_id, "http://127.0.0.1:9/", probe=KEYS, lines=['service_hours = "kantor"'])
            for row_id in ("satu", "dua")
        ),
    )
    inside.fit("unset")
    for row_id in ("satu", "dua"):
        looks(inside, row_id, PASSED, FAILED, FAILED)
        assert inside.row(row_id).shown.state == "closed"
    inside.clock.advance(OPENS - inside.clock.now())
    inside.board.edge()
    assert [inside.row(row_id).shown.state for row_id in ("satu", "dua")] == ["down", "down"]
    assert await told(inside) == []
    assert inside.soon == ["satu", "dua"]
    looks(inside, "satu", FAILED)
    looks(inside, "dua", PASSED)
    assert [(event["id"], event["after"], event["held"]) for event in await told(inside)] == [
        ("satu", "down", "closed")
    ]
    inside.close()


def early() -> str:
    """A name whose place in the minute is near its beginning, so that no test need wait for it."""
    names = (f"anak-{number}" for number in range(1000))
    return next(name for name in names if spread(f"{name}/http") < 0.01)


RARE = {"every": "1h", "retry": "50m", "timeout": "1s", "attempts": 3}


@pytest.fixture
def family(office: Office, city: City) -> tuple[str, Site, Site]:
    """A child that is hardly ever looked at, cut off by its parent."""
    parent, child, anak = city.site("fail"), city.site("fail"), early()
    office.write(
        application("induk", parent.url, probe=QUICK),
        application(anak, child.url, probe=RARE, lines=['depends_on = ["induk"]']),
    )
    office.start()
    until(lambda: office.row(anak).state == "unreachable")
    return anak, parent, child


def test_when_a_parent_is_back_its_children_are_looked_at_soon(
    office: Office, family: tuple[str, Site, Site]
):
    anak, parent, child = family
    parent.behaviour = child.behaviour = "ok"
    until(lambda: office.row("induk").state == "up")
    until(lambda: office.row(anak).state == "up")
    office.stop()
    told = office.query("SELECT DISTINCT subject FROM event WHERE kind = 'application.announced'")
    assert told == [("induk",)]


def test_a_child_that_is_being_looked_at_then_is_looked_at_once_more(
    office: Office, family: tuple[str, Site, Site]
):
    anak, parent, child = family
    child.behaviour, seen = "mute", len(child.hits)
    with office.client() as client:
        client.command(Recheck(anak))
    until(lambda: len(child.hits) > seen)
    parent.behaviour = child.behaviour = "ok"
    until(lambda: office.row("induk").state == "up")
    until(lambda: office.row(anak).state == "up")
    assert len(child.hits) == seen + 2
    office.stop()
