"""A storm of critical incidents while most channels hang and flood: who can be reached is told in seconds."""

import threading
import time

import psutil
import pytest

from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import AskOutbox, Message
from tests.engine.city import City, Site
from tests.engine.conftest import city, office, zygote
from tests.engine.offices import Office, application, until
from tests.fakes.receiver import Receiver
from tests.notify.test_hostile import floods_its_body, hangs

__all__ = ["city", "office", "zygote"]

INCIDENTS = 300
# A digest each five seconds, the attempt, and what a machine that is busy takes.
MOST_SECONDS = 12.0
MOST_GROWTH = 48 * 2**20
CHANNEL = """
[[channels]]
name = "{name}"
kind = "webhook"
url = "{url}"
to = {to}
text = "{{text}}"
{more}
"""
RULE = """
[[rules]]
name = "semua"
severities = ["critical"]
channels = ["diam", "banjir", "baik"]
repeat = "1m"

[heartbeat]
url = "{url}"
"""


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_storm_while_channels_hang_reaches_who_can_be_reached(office: Office, city: City):
    sites = [city.site("ok") for _ in range(20)]
    every = {"every": "250ms", "retry": "250ms"}
    with Receiver(behave=hangs) as silent, Receiver(behave=floods_its_body) as flood, Receiver() as taker:
        office.write(*(application(f"a{n}", site.url, probe=every) for n, site in enumerate(sites)))
        many = [str(number) for number in range(8)]
        (office.place.config / "notify.toml").write_text(
            CHANNEL.format(name="diam", url=silent.url, to=many, more="")
            + CHANNEL.format(name="banjir", url=flood.url, to=many, more='answer = "ok"')
            + CHANNEL.format(name="baik", url=taker.url, to=["rina"], more="")
            + RULE.format(url=silent.url)
        )
        office.start()
        engine = psutil.Process(office.engine)
        until(lambda: all(len(site.hits) > 4 for site in sites))
        calm = looks_in(sites, 5.0)
        before = engine.memory_info().rss
        begun = time.monotonic()
        storm = threading.Thread(target=report_all, args=(office,))
        storm.start()
        stormy = looks_in(sites, 5.0)
        storm.join()
        lasted = time.monotonic() - begun
        until(lambda: not waits(office), 60.0)
        growth = engine.memory_info().rss - before
        told = [one for one in messages(office) if one.channel == "baik" and one.kind == "opened"]
        assert len(told) == INCIDENTS
        delays = sorted((one.sent_at - one.due_at).total_seconds() for one in told if one.sent_at)
        print(
            f"{INCIDENTS} incidents in {lasted:.1f} s: {len(taker.received)} messages to who takes them; "
            f"delay median {delays[len(delays) // 2]:.1f} s, most {delays[-1]:.1f} s; "
            f"looks in 5 s: {calm} in the calm, {stormy} in the storm; {growth / 2**20:.1f} MiB more"
        )
        assert len(delays) == INCIDENTS
        assert delays[-1] < MOST_SECONDS
        assert growth < MOST_GROWTH
        assert stormy > 0.8 * calm
        assert office.stop() == 0


def looks_in(sites: list[Site], seconds: float) -> int:
    before = sum(len(site.hits) for site in sites)
    time.sleep(seconds)
    return sum(len(site.hits) for site in sites) - before


def report_all(office: Office) -> None:
    with office.client() as client:
        for number in range(INCIDENTS):
            client.command(ReportIncident(title=f"Aplikasi {number:03}", severity="critical"))


def messages(office: Office) -> tuple[Message, ...]:
    with office.client() as client:
        return client.query(AskOutbox(limit=1000, state="sent")).messages


def waits(office: Office) -> bool:
    sent = [one for one in messages(office) if one.channel == "baik" and one.kind == "opened"]
    return len(sent) < INCIDENTS
