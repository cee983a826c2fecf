"""Killed at any moment, an engine loses nothing that it acknowledged."""

import random
import signal
import threading
import uuid

import pytest

from opsconsole.base.errors import Problem
from opsconsole.client.commands import Recheck
from tests.engine.city import City
from tests.engine.offices import Office, application

KILLS = 50
LIVES_BETWEEN_CHECKS = 10


class Operators:
    """Two people who ask for looks without a pause. ``acknowledged`` maps ids of commands to their events."""

    def __init__(self, office: Office) -> None:
        self.acknowledged: dict[str, int] = {}
        self.sent: set[str] = set()
        self._office = office
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        self._stop.clear()
        self._threads = [threading.Thread(target=self._work, args=(name,)) for name in ("satu", "dua")]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, application_id: str) -> None:
        # What was not acknowledged is sent again under the same id, as a client does.
        command_id = uuid.uuid4().hex
        with self._office.client() as client:
            while not self._stop.is_set():
                self.sent.add(command_id)
                try:
                    result = client.command(Recheck(application_id), command_id)
                except Problem:
                    continue
                self.acknowledged[command_id] = result.seq
                command_id = uuid.uuid4().hex


def kill_again_and_again(office: Office, city: City, kills: int, luck: random.Random) -> None:
    """Kill ``kills`` engines, each a moment after it answered, and hold the store against what was said."""
    sites = [city.site("ok"), city.site("fail")]
    quick = {"every": "200ms", "retry": "100ms"}
    office.write(
        *(application(name, site.url, probe=quick) for name, site in zip(("satu", "dua"), sites, strict=True))
    )
    operators = Operators(office)
    for life in range(kills):
        office.start()
        operators.begin()
        threading.Event().wait(luck.uniform(0.0, 0.15))
        office.send(signal.SIGKILL)
        operators.end()
        office.wait()
        if (life + 1) % LIVES_BETWEEN_CHECKS == 0:
            check(office, operators, life + 1)


def check(office: Office, operators: Operators, lives: int) -> None:
    """Nothing acknowledged is missing, nothing was done twice, the chain and the file are whole."""
    assert office.chain().whole
    stored = dict(office.query("SELECT command_id, seq FROM event WHERE command_id IS NOT NULL"))
    assert len(operators.acknowledged) > lives
    assert {key: stored.get(key) for key in operators.acknowledged} == operators.acknowledged
    assert set(stored) <= operators.sent
    assert office.query("SELECT run FROM engine_run ORDER BY run") == [(run + 1,) for run in range(lives)]
    assert office.query("SELECT count(*), count(DISTINCT name) FROM probe") == [(2, 1)]
    assert office.query("PRAGMA integrity_check") == [("ok",)]


def test_fifty_kills_lose_nothing_and_leave_the_chain_whole(office: Office, city: City):
    kill_again_and_again(office, city, KILLS, random.Random(50))


@pytest.mark.parametrize("when", [0.0, 0.05, 0.1, 0.15, 0.2])
def test_a_kill_while_it_starts_leaves_an_office_that_starts(office: Office, when: float):
    office.write()
    office.begin()
    threading.Event().wait(when)
    office.kill()
    office.start()
    assert office.stop() == 0
    assert office.chain().whole
