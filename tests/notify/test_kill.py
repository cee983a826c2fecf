"""Killed at any moment, an engine loses no message, and sends at most one twice."""

import random
import signal
import threading
from collections import Counter

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import AskOutbox, OutboxPage
from tests.engine.offices import Office, until
from tests.fakes.receiver import Received, Receiver, reply

KILLS = 3
# After the last kill: two retries, each at most so far apart (5 s and 10 s, a fifth later).
_PATIENCE_SECONDS = 45.0
# So slow that there is one on its way whenever an engine is killed.
_SLOW_SECONDS = 0.03
NOTIFY = """
[[channels]]
name = "hook"
kind = "webhook"
url = "{url}"
to = ["rina"]
json = {{ incident = "{{incident}}", key = "{{key}}" }}

[[rules]]
name = "piket"
severities = ["critical"]
channels = ["hook"]

[digest]
over = 1000
"""


class Refusing:
    """Answers a share of what comes with 503, until it is told to stop; keeps what it took."""

    def __init__(self, luck: random.Random, share: float = 0.2) -> None:
        self.luck = luck
        self.share = share
        self.refused = 0
        self.taken: list[dict[str, str]] = []

    def __call__(self, received: Received) -> bytes:
        if self.luck.random() < self.share:
            self.refused += 1
            return reply(503)
        self.taken.append(msgspec.json.decode(received.body))
        return reply()


def kill_again_and_again(office: Office, kills: int, luck: random.Random) -> None:
    """Report incidents, kill the engine a moment after, and hold what arrived against what was reported."""
    refusing = Refusing(luck)
    with Receiver(refusing, slow=_SLOW_SECONDS) as taker:
        office.write()
        (office.place.config / "notify.toml").write_text(NOTIFY.format(url=taker.url))
        reported = 0
        for _life in range(kills):
            office.start()
            for _number in range(5):
                reported += report(office)
            threading.Event().wait(luck.uniform(0.0, 0.1))
            office.send(signal.SIGKILL)
            office.wait()
        refusing.share = 0.0
        office.start()
        until(lambda: (page := outbox(office)).pending + page.leased == 0, _PATIENCE_SECONDS)
        page = outbox(office)
        assert office.stop() == 0
    assert reported == 5 * kills
    opened = {row for (row,) in office.query("SELECT number FROM incident")}
    arrived = Counter(one["incident"] for one in refusing.taken)
    assert len(opened) >= reported
    assert {int(code.rpartition("-")[2]) for code in arrived} == opened, "no message was lost"
    assert sum(arrived.values()) - len(arrived) <= kills, "at most one was sent twice for each kill"
    print(f"{kills} kills: {sum(arrived.values())} messages of {len(arrived)}, {refusing.refused} refused")
    keys: dict[str, set[str]] = {}
    for one in refusing.taken:
        keys.setdefault(one["incident"], set()).add(one["key"])
    assert all(len(of_one) == 1 for of_one in keys.values()), "what comes twice can be known again"
    assert (page.sent, page.dead, page.cancelled) == (len(opened), 0, 0)
    assert refusing.refused
    assert office.chain().whole


def report(office: Office) -> int:
    """Report one incident; 1 where it was acknowledged."""
    try:
        with office.client() as client:
            client.command(ReportIncident(title="Listrik padam", severity="critical"))
    except Problem:
        return 0
    return 1


def outbox(office: Office) -> OutboxPage:
    with office.client() as client:
        return client.query(AskOutbox())


def test_three_kills_lose_no_message(office: Office):
    kill_again_and_again(office, KILLS, random.Random(3))
