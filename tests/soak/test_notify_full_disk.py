"""A disk that is full while a message is on its way: sent once, twice where the engine is killed over it."""

import os
import signal
import subprocess
import sys

import pytest

from opsconsole.base.errors import Problem
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import AskOutbox, OutboxPage
from tests.engine.city import City
from tests.engine.conftest import city, office, zygote
from tests.engine.offices import Office, application, until
from tests.engine.test_full_disk import DISK, MOUNT, SmallDisk, can_mount
from tests.engine.zygote import ROOT
from tests.fakes.receiver import Receiver
from tests.notify.conftest import HOOK, RULE

__all__ = ["city", "office", "zygote"]

# Longer than a lease would have to be waited for.
_PATIENCE_SECONDS = 45.0


def outbox(office: Office) -> OutboxPage:
    with office.client() as client:
        return client.query(AskOutbox())


def report(office: Office) -> None:
    with office.client() as client:
        client.command(ReportIncident(title="Listrik padam", severity="critical"))


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.skipif(not can_mount(), reason="this account may not mount")
def test_a_message_that_leaves_while_the_disk_is_full_is_not_lost_and_comes_twice_only_after_a_kill(
    office: Office, city: City
):
    site = city.site()
    with Receiver() as taker:
        taker.hold()
        office.write(application("satu", site.url, probe={"every": "100ms", "retry": "100ms"}))
        (office.place.config / "notify.toml").write_text(HOOK.format(url=taker.url) + RULE)
        office.place.store.mkdir(parents=True)
        engine = '"$2" -m opsconsole --home "$3" engine'
        script = f'mount -t tmpfs -o {DISK} tmpfs "$1" && {engine}; exec {engine}'
        command = [*MOUNT, "sh", "-c", script, "sh", str(office.place.store), sys.executable]
        process = subprocess.Popen([*command, str(office.home)], cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            until(office.answers)
            disk = SmallDisk(office, process)
            report(office)
            until(lambda: len(taker.received) == 1)
            with disk.full():
                until(lambda: office.board().engine.store == "full")
                disk.refill()
                taker.release()
                seen = len(site.hits)
                until(lambda: len(site.hits) > seen + 5)
                with pytest.raises(Problem, match="takes nothing"):
                    report(office)
                assert outbox(office).leased == 1, "that it arrived could not be written down"
            until(lambda: outbox(office).sent == 1)
            assert len(taker.received) == 1
            until(lambda: office.board().engine.store == "ok")
            taker.hold()
            report(office)
            until(lambda: len(taker.received) == 2)
            with disk.full():
                until(lambda: office.board().engine.store == "full")
                disk.refill()
                taker.release()
                seen = len(site.hits)
                until(lambda: len(site.hits) > seen + 5)
                os.kill(disk.engine(), signal.SIGKILL)
            until(lambda: office.answers() and office.board().run == 2)
            until(lambda: outbox(office).sent == 2, _PATIENCE_SECONDS)
            keys = [text.split(" ")[3] for text in taker.texts]
            assert (len(keys), len(set(keys))) == (3, 2)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
