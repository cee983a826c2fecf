"""From looks to what is shown: confirmation by our own check, who cuts off whom, hours, the events left."""

from datetime import UTC, datetime, timedelta

from opsconsole.client.shapes import Engine
from tests.engine.city import City
from tests.engine.offices import Office, application, until

QUICK = {"every": "300ms", "retry": "100ms", "attempts": 2, "recoveries": 2}


def canary(port: int) -> str:
    return f'[self_check]\ncanaries = ["127.0.0.1:{port}"]\n'


def test_down_is_confirmed_once_our_own_check_has_passed(office: Office, city: City):
    site, own = city.site(), city.site()
    office.write(application("satu", site.url, probe=QUICK), settings=canary(own.port))
    office.start()
    until(lambda: office.row("satu").state == "up" and office.board().engine.self_check.status == "ok")
    site.behaviour = "fail"
    until(lambda: office.confirmed_down("satu"))
    assert office.row("satu").reason == "status_unexpected"
    with office.client() as client:
        assert "self_checked" in [why.code for why in client.detail("satu").why]
    site.behaviour = "ok"
    until(lambda: office.row("satu").state == "up")
    office.stop()
    told = [(body["before"], body["after"]) for body in office.events("application.announced")]
    assert told == [("up", "down"), ("down", "up")]
    hard = office.query("SELECT to_state, hard FROM transition WHERE entity = 'application' ORDER BY id")
    assert [tuple(row) for row in hard] == [("up", 1), ("down", 0), ("down", 1), ("up", 1)]


def test_nobody_is_down_while_we_are_offline(office: Office, city: City):
    site, own = city.site(), city.site()
    office.write(application("satu", site.url, probe=QUICK), settings=canary(own.port))
    office.start()
    until(lambda: office.row("satu").state == "up")
    # Our own path breaks: the canary goes first, then what depends on it.
    city.close_site(own)
    site.behaviour = "fail"
    engine: Engine = until(lambda: (found := office.board().engine).self_check.status == "offline" and found)
    assert engine.self_check.failed == (f"127.0.0.1:{own.port}",)
    until(lambda: office.row("satu").reason == "offline")
    assert office.row("satu").state == "unknown"
    site.behaviour = "ok"
    city.site(port=own.port)
    until(lambda: office.row("satu").state == "up")
    office.stop()
    assert office.events("application.announced") == []
    assert office.query("SELECT kind FROM event WHERE kind LIKE 'engine.o%'") == [
        ("engine.offline",),
        ("engine.online",),
    ]
    assert office.query("SELECT count(*) > 0 FROM look WHERE result & (1 << 14)") == [(1,)]
    assert office.query("SELECT count(*) FROM transition WHERE to_state = 'down' AND hard") == [(0,)]


def test_what_depends_on_something_down_is_cut_off_and_not_down_itself(office: Office, city: City):
    parent, child = city.site(), city.site()
    office.write(
        application("induk", parent.url, probe=QUICK),
        application("anak", child.url, probe=QUICK, lines=['depends_on = ["induk"]']),
    )
    office.start()
    until(lambda: all(row.state == "up" for row in office.board().applications))
    parent.behaviour = child.behaviour = "fail"
    row = until(lambda: (row := office.row("anak")).state == "unreachable" and row)
    assert row.parent == "induk"
    assert office.row("induk").state == "down"
    with office.client() as client:
        detail = client.detail("anak")
        assert [(link.id, link.state) for link in detail.parents] == [("induk", "down")]
        assert [link.id for link in client.detail("induk").children] == ["anak"]
    office.kill()
    # Cut off it stays over a restart, without a look.
    office.start()
    assert office.row("anak").state == "unreachable"
    parent.behaviour = "ok"
    until(lambda: office.row("anak").state == "down")
    child.behaviour = "ok"
    until(lambda: office.row("anak").state == "up")


def test_outside_its_service_hours_it_is_closed_and_still_looked_at(office: Office, city: City):
    site = city.site("fail")
    office.write(application("satu", site.url, probe=QUICK, lines=['service_hours = "lusa"']))
    day = f"{datetime.now(UTC) + timedelta(days=3):%a}".lower()
    (office.place.config / "calendar.toml").write_text(
        f'[[hours]]\nname = "lusa"\nweek = [{{ days = "{day}", open = ["08:00-09:00"] }}]\n'
    )
    office.start()
    until(lambda: len(site.hits) >= 3)
    row = office.row("satu")
    assert (row.state, row.params) == ("closed", {"hours": "lusa"})
    (opd,) = office.board().opds
    assert (opd.state, opd.total) == ("closed", 0)


def test_looks_reach_those_who_watch_and_the_store(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe={"every": "100ms", "retry": "100ms"}))
    office.start()
    until(lambda: len(site.hits) >= 10)
    with office.client() as client:
        looks = client.looks("satu")
        assert all(look.verdict == "up" and look.status == 200 for look in looks)
        assert [look.at for look in looks] == sorted((look.at for look in looks), reverse=True)
        assert client.looks("satu", failures=True) == []
        assert len(client.detail("satu").looks) <= 20
    until(lambda: office.board().engine.looks >= 10)
    assert office.board().engine.store == "ok"
