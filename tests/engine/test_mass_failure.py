"""Most hosts fail at once: it is one cause, about us, until shown otherwise."""

from pathlib import Path

from msgspec.structs import replace

from probes.observation import Verdict
from tests.engine.city import City, Site
from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.offices import Office, application, until

HOSTS = 12
DEAD = [f"app-{number}" for number in range(10)]
ALIVE = ["app-10", "app-11"]
# Many attempts: the fifth host must be seen to fail before the first is confirmed.
KEYS = {"every": "300ms", "retry": "200ms", "attempts": 10, "recoveries": 1}


def hosts(city: City, office: Office, settings: str = "") -> dict[str, Site]:
    """Twelve applications, each on a host of its own, all up."""
    sites = {f"app-{number}": city.site(address=f"127.7.0.{number + 1}") for number in range(HOSTS)}
    office.write(
        *(application(name, site.url, probe=KEYS) for name, site in sites.items()), settings=settings
    )
    office.start()
    until(lambda: all(row.state == "up" for row in office.board().applications))
    return sites


def told(office: Office) -> list[str]:
    """Of whom an outage was announced. Only while no engine runs."""
    kind = "application.announced"
    return sorted(row for (row,) in office.query("SELECT subject FROM event WHERE kind = ?", kind))


def held(office: Office) -> bool:
    """Whether all that fail have failed for long, and none is confirmed."""
    rows = [row for row in office.board().applications if row.id in DEAD]
    assert not any(row.state == "down" and row.hard for row in rows)
    return all(row.reason == "mass_failure" and row.attempt > KEYS["attempts"] for row in rows)


def test_without_a_self_check_it_is_about_us_until_hosts_answer_again(office: Office, city: City):
    sites = hosts(city, office)
    for name in DEAD:
        city.close_site(sites[name])
    until(lambda: held(office))
    [notice] = office.board().engine.notices
    assert (notice.code, notice.params["failed"]) == ("mass_failure", 10)
    assert all(office.row(name).state == "up" for name in ALIVE)
    with office.client() as client:
        assert "mass_failure" in [why.code for why in client.detail(DEAD[0]).why]
    # A restart does not forget it.
    office.kill()
    office.start()
    before = office.row(DEAD[0]).attempt
    until(lambda: held(office) and office.row(DEAD[0]).attempt > before + 2)
    back, gone = DEAD[:5], DEAD[5:]
    for name in back:
        city.site(port=sites[name].port, address=sites[name].address)
    until(lambda: all(office.row(name).state == "up" for name in back))
    until(lambda: all(office.confirmed_down(name) for name in gone))
    until(lambda: not office.board().engine.notices)
    office.stop()
    assert told(office) == gone
    [began] = office.events("engine.mass_failure")
    assert 5 <= began["failed"] <= began["hosts"] <= HOSTS
    [ended] = office.events("engine.mass_failure_ended")
    assert ended["why"] == "answers"


def test_a_self_check_that_passes_shows_that_it_is_they(office: Office, city: City):
    own = city.site()
    sites = hosts(city, office, f'[self_check]\ncanaries = ["127.0.0.1:{own.port}"]\n')
    for name in DEAD:
        city.close_site(sites[name])
    until(lambda: all(office.confirmed_down(name) for name in DEAD))
    until(lambda: not office.board().engine.notices)
    office.stop()
    assert told(office) == DEAD
    ended = [body["why"] for body in office.events("engine.mass_failure_ended")]
    assert ended == ["self_check"] * len(office.events("engine.mass_failure"))


def once(number: int) -> str:
    """An application on a host of its own whose first failure confirms."""
    return application(
        f"app-{number}", f"http://127.7.0.{number + 1}:9/", probe={"every": "60s", "attempts": 1}
    )


def fail(inside: Inside, number: int, host: int | None = None) -> None:
    """A look that finds an application, on a host of its own or on that one, refusing."""
    address = f"127.7.0.{(number if host is None else host) + 1}"
    seen = observation(Verdict.DOWN, "connect_refused", address=address)
    inside.look(f"app-{number}", replace(seen, address=address))


async def test_the_look_that_makes_it_most_confirms_nothing_any_more(home: Path):
    inside = Inside(home, *(once(number) for number in range(6)))
    inside.fit("unset")
    for number in range(6):
        fail(inside, number)
    shown = [inside.row(f"app-{number}").shown for number in range(6)]
    assert [one.hard for one in shown] == [True] * 4 + [False] * 2
    assert [one.reason for one in shown[4:]] == ["mass_failure"] * 2
    await inside.written()
    assert inside.query("SELECT sum(result >> 13 & 1) FROM look") == [(2,)]
    # To set no self-check anew shows nothing.
    inside.fit("unset")
    inside.board.settle()
    assert not inside.row("app-5").shown.hard
    inside.close()


async def test_with_canaries_it_waits_for_them(home: Path):
    inside = Inside(home, *(once(number) for number in range(6)))
    inside.fit("pending")
    for number in range(6):
        fail(inside, number)
    [notice] = inside.judge.notices()
    assert (notice.params["failed"], notice.params["hosts"]) == (6, 6)
    inside.clock.advance(1)
    inside.fit("ok", passed_at=inside.clock.now())
    inside.board.settle()
    assert inside.judge.notices() == ()
    shown = [inside.row(f"app-{number}").shown for number in range(6)]
    # Those that failed before it was noticed are confirmed; of the others another look tells.
    assert [one.hard for one in shown] == [True] * 4 + [False] * 2
    fail(inside, 5)
    inside.clock.advance(1)
    inside.fit("ok", passed_at=inside.clock.now())
    inside.board.settle()
    assert inside.row("app-5").shown.hard
    await inside.written()
    kinds = [kind for (kind,) in inside.query("SELECT kind FROM event WHERE kind LIKE 'engine.mass%'")]
    assert kinds == ["engine.mass_failure", "engine.mass_failure_ended"]
    inside.close()


async def test_while_we_are_offline_nothing_is_counted(home: Path):
    inside = Inside(home, *(once(number) for number in range(6)))
    inside.fit("offline")
    for number in range(6):
        fail(inside, number)
    assert inside.judge.notices() == ()
    inside.close()


async def test_many_names_at_one_address_are_one_host(home: Path):
    """A shared machine that dies takes all that is on it along: that is no failure of ours."""
    inside = Inside(home, *(once(number) for number in range(6)))
    inside.fit("unset")
    for number in range(6):
        fail(inside, number, host=0)
    assert all(inside.row(f"app-{number}").shown.hard for number in range(6))
    assert inside.judge.notices() == ()
    inside.close()
