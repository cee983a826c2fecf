"""Looks go on, and an engine ends, while every channel hangs."""

import asyncio

from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import AskOutbox
from tests.engine.city import City
from tests.engine.offices import Office, application, until
from tests.fakes.receiver import Receiver

NOTIFY = """
[[channels]]
name = "diam"
kind = "webhook"
url = "{url}"
to = ["1", "2", "3", "4", "5", "6"]
text = "{{text}}"

[[rules]]
name = "piket"
severities = ["critical"]
channels = ["diam"]

[heartbeat]
url = "{url}"
"""


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


def test_looks_and_commands_go_on_while_every_channel_hangs(office: Office, city: City):
    site = city.site("ok")
    with Receiver(behave=hangs) as silent:
        office.write(application("satu", site.url, probe={"every": "200ms", "retry": "100ms"}))
        (office.place.config / "notify.toml").write_text(NOTIFY.format(url=silent.url))
        office.start()
        with office.client() as client:
            client.command(ReportIncident(title="Listrik padam", severity="critical"))
            until(lambda: client.query(AskOutbox()).leased == 4)
            seen = len(site.hits)
            until(lambda: len(site.hits) >= seen + 10)
            assert client.query(AskOutbox()).leased == 4
        assert office.stop() == 0
        [cut_off] = office.query("SELECT count(*) FROM engine_run WHERE ended_at IS NULL")
        assert cut_off == (0,)
