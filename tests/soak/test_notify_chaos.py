"""Kills, ends, reloads and commands of chance while a receiver refuses a fifth: nobody is left uncalled."""

import random
import signal
import threading

import msgspec
import pytest

from opsconsole.base.errors import Problem
from opsconsole.cli.main import main
from opsconsole.client.incident_commands import Acknowledge, Merge, ReportIncident, Resolve
from opsconsole.client.outbox import AskOutbox
from tests.engine.conftest import city, office, zygote
from tests.engine.offices import Office, until
from tests.fakes.receiver import Receiver
from tests.notify.test_kill import Refusing

__all__ = ["city", "office", "zygote"]

ROUNDS = 60
# After the last round: retries as they come, each at most so far apart (5 s, 10 s, 20 s, a fifth later).
_PATIENCE_SECONDS = 90.0
NOTIFY = """
[[channels]]
name = "hook"
kind = "webhook"
url = "{url}"
to = ["rina"]
json = {{ incident = "{{incident}}", event = "{{event}}", key = "{{key}}" }}

[[rules]]
name = "{rule}"
severities = ["critical"]
channels = ["hook"]

[digest]
over = 1000
"""


class Chaos:
    """One office and what was done to it. ``answered`` are the incidents that somebody has dealt with."""

    def __init__(self, office: Office, urls: list[str], luck: random.Random) -> None:
        self.office = office
        self.urls = urls
        self.luck = luck
        self.opened: list[int] = []
        self.answered: set[int] = set()
        self.ends = 0

    def write(self) -> None:
        url, rule = self.luck.choice(self.urls), self.luck.choice(["piket", "siaga"])
        (self.office.place.config / "notify.toml").write_text(NOTIFY.format(url=url, rule=rule))

    def report(self) -> None:
        with self.office.client() as client:
            result = client.command(ReportIncident(title="Listrik padam", severity="critical"))
        found = msgspec.json.decode(result.result)
        self.opened.append(found["number"] if isinstance(found, dict) else found)

    def answer(self) -> None:
        number, other = self.luck.choice(self.opened), self.luck.choice(self.opened)
        said = self.luck.choice(
            [Acknowledge(number), Merge(number, other), Resolve(number, "power", "nyala")]
        )
        try:
            with self.office.client() as client:
                client.command(said)
        except Problem:
            return
        self.answered |= {number, other}

    def reload(self) -> None:
        self.write()
        assert main(["--home", str(self.office.home), "config", "reload"]) == 0

    def end(self) -> None:
        self.ends += 1
        self.office.send(self.luck.choice([signal.SIGKILL, signal.SIGTERM]))
        self.office.wait()
        self.write()
        self.office.start()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("seed", range(5))
def test_chance_leaves_nobody_uncalled(office: Office, seed: int):
    luck = random.Random(seed)
    refusing = Refusing(luck)
    with Receiver(refusing, slow=0.03) as one, Receiver(refusing, slow=0.03) as other:
        chaos = Chaos(office, [one.url, other.url], luck)
        office.write()
        chaos.write()
        office.start()
        for _round in range(ROUNDS):
            chaos.report()
            act = luck.choice([chaos.report, chaos.answer, chaos.answer, chaos.reload, chaos.end])
            act()
            threading.Event().wait(luck.uniform(0.0, 0.1))
        refusing.share = 0.0
        with office.client() as client:
            until(lambda: not (page := client.query(AskOutbox())).pending + page.leased, _PATIENCE_SECONDS)
            page = client.query(AskOutbox(limit=1000))
        assert office.stop() == 0
    called = {int(one["incident"].rpartition("-")[2]) for one in refusing.taken if one["event"] == "opened"}
    twice = len(refusing.taken) - len({one["key"] for one in refusing.taken})
    print(
        f"{len(chaos.opened)} incidents, {len(chaos.answered)} answered, {chaos.ends} ends of the engine: "
        f"{len(refusing.taken)} messages taken, {refusing.refused} refused, {twice} twice, "
        f"{page.sent} sent, {page.cancelled} called off, {page.dead} dead"
    )
    assert set(chaos.opened) - chaos.answered <= called, "no call was lost"
    assert twice <= chaos.ends
    assert page.dead == 0
    assert office.chain().whole
