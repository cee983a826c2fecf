"""Hosts that swallow packets wait by themselves."""

from tests.engine.city import City
from tests.engine.offices import Office, application, until

LONG = {"every": "60s", "retry": "50s", "timeout": "50s"}
QUICK = {"every": "200ms", "retry": "200ms"}


def test_black_holes_take_every_place_but_those_of_healthy_ones(office: Office, city: City):
    holes = [city.black_hole() for _ in range(6)]
    sites = [city.site() for _ in range(4)]
    office.write(
        *(
            application(f"lubang-{number}", f"http://{address}:{port}/", probe=LONG)
            for number, (address, port) in enumerate(holes)
        ),
        *(application(f"sehat-{number}", site.url, probe=QUICK) for number, site in enumerate(sites)),
        settings="[engine]\nconcurrency = 3\n",
    )
    office.start()
    # Three places in the fast lane, and six looks that would each hold one for 50 s.
    until(lambda: all(len(site.hits) >= 5 for site in sites))
    until(lambda: office.board().engine.slow_lane == 6)
    assert all(office.row(f"sehat-{number}").state == "up" for number in range(4))
    assert all(office.row(f"lubang-{number}").state == "pending" for number in range(6))


def test_a_look_longer_than_its_interval_is_counted_and_never_doubled(office: Office, city: City):
    mute = city.site("mute")
    office.write(application("diam", mute.url, probe={"every": "300ms", "retry": "300ms", "timeout": "1s"}))
    office.start()
    until(lambda: len(mute.hits) >= 3)
    until(lambda: office.board().engine.overrun)
    gaps = [after - before for before, after in zip(mute.hits, mute.hits[1:], strict=False)]
    assert min(gaps) > 0.9
