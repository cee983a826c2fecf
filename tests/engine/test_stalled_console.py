"""A console whose terminal stops reading: no look is late for it, and it goes on when it is read again."""

import time
from itertools import pairwise

from tests.console.test_wire import REDRAW, console
from tests.engine.city import City
from tests.engine.offices import Office, application, until

STALL_S = 6.0
QUICK = {"every": "200ms", "retry": "200ms", "timeout": "1s"}
# The beat of the schedule, and what a busy machine adds to it.
MOST_GAP_S = 1.0


def gaps(hits: list[float], since: float) -> list[float]:
    """The seconds between looks since then."""
    during = [hit for hit in hits if hit >= since]
    return [after - before for before, after in pairwise(during)]


def stall(office: Office, city: City, seconds: float) -> None:
    """Leave a console unread for so long while states change under it and keys are pressed."""
    steady, troubled = [city.site() for _ in range(3)], [city.site() for _ in range(6)]
    sites = [(f"tenang-{number}", site) for number, site in enumerate(steady)]
    sites += [(f"goyah-{number}", site) for number, site in enumerate(troubled)]
    office.write(*(application(name, site.url, probe=QUICK) for name, site in sites))
    office.start()
    until(lambda: all(len(site.hits) >= 3 for site in steady))
    with console(office.place, shows="APPLICATIONS") as wire:
        wire.settle(0.5, timeout=3)
        begun = time.monotonic()
        turn = 0
        while (left := begun + seconds - time.monotonic()) > 0:
            turn += 1
            for site in troubled:
                site.behaviour = "fail" if turn % 2 else "ok"
            for _ in range(20):  # a whole picture each; a terminal takes a few of them before it is full
                wire.send(REDRAW)
            time.sleep(min(left, 0.5))
        looked = {id(site): gaps(site.hits, begun) for site in steady}
        for found in looked.values():
            assert len(found) >= seconds * 2
            assert max(found) < MOST_GAP_S
        before = len(wire.received)
        wire.send(":app tenang-1\r")
        wire.until(lambda: wire.shows("LAST LOOK"))
        assert len(wire.received) - before < 80_000, "the pictures between were not kept"
        wire.send("q")
        assert wire.wait() == 0
    assert office.board().engine.missed == 0


def test_an_unread_console_delays_no_look(office: Office, city: City):
    stall(office, city, STALL_S)
