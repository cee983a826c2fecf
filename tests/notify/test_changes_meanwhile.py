"""Configuration that changes, and engines that end, while messages are on their way."""

import signal

import pytest

from opsconsole.cli.main import main
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import AskOutbox, OutboxPage
from tests.engine.offices import Office, until
from tests.fakes.receiver import Receiver, reply

NOTIFY = """
[[channels]]
name = "{name}"
kind = "webhook"
url = "{url}"
to = ["rina"]
text = "{{to}} {{incident}} {{key}}"

[[rules]]
name = "piket"
severities = ["critical"]
channels = ["{name}"]
"""
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def write(office: Office, url: str, name: str = "hook", more: str = "") -> None:
    office.write()
    (office.place.config / "notify.toml").write_text(NOTIFY.format(name=name, url=url) + more)


def reload(office: Office) -> None:
    assert main(["--home", str(office.home), "config", "reload"]) == 0


def outbox(office: Office) -> OutboxPage:
    with office.client() as client:
        return client.query(AskOutbox())


def report(office: Office, title: str = "Listrik padam") -> None:
    with office.client() as client:
        client.command(ReportIncident(title=title, severity="critical"))


def test_what_is_on_its_way_while_its_channel_moves_is_sent_once_and_what_fails_goes_to_the_new_address(
    office: Office,
):
    with Receiver() as old, Receiver() as new:
        old.hold()
        write(office, old.url)
        office.start()
        report(office)
        until(lambda: old.received)
        write(office, new.url)
        reload(office)
        report(office, "Banjir")
        old.answer = lambda _received: reply(503)
        old.release()
        until(lambda: outbox(office).sent == 2)
        assert (len(old.received), len(new.received)) == (1, 2)
        keys = [text.split(" ")[2] for text in new.texts]
        assert old.texts[0].split(" ")[2] in keys, "it is known again"
        assert office.stop() == 0


def test_what_waits_for_a_channel_that_is_taken_away_goes_where_its_rule_says_now(office: Office):
    with Receiver() as old, Receiver() as new:
        old.hold()
        write(office, old.url)
        office.start()
        report(office)
        until(lambda: old.received)
        report(office, "Banjir")
        write(office, new.url, name="lain")
        reload(office)
        until(lambda: outbox(office).sent == 1)
        old.release()
        until(lambda: outbox(office).sent == 2)
        assert (len(old.received), len(new.received)) == (1, 1)
        assert "-000002 " in new.texts[0]
        assert office.stop() == 0


def test_what_fails_when_its_channel_was_taken_away_stands_on_the_board_and_leaves_once_that_is_back(
    office: Office,
):
    with Receiver() as taker:
        taker.hold()
        taker.answer = lambda _received: reply(503, b"", "Retry-After: 0")
        write(office, taker.url)
        office.start()
        report(office)
        until(lambda: taker.received)
        write(office, taker.url, name="lain")
        reload(office)
        taker.release()
        until(lambda: outbox(office).dead == 1)
        taker.answer = lambda _received: reply()
        until(lambda: "notify_dead" in [one.code for one in office.board().engine.notices])
        write(office, taker.url)
        reload(office)
        [dead] = [one for one in outbox(office).messages if one.state == "dead"]
        assert dead.error == "channel_missing"
        assert main(["--home", str(office.home), "notify", "retry", str(dead.id)]) == 0
        until(lambda: outbox(office).sent == 1)
        assert office.stop() == 0


def test_an_engine_that_is_ended_while_it_sends_leaves_at_most_one_to_be_sent_again(office: Office):
    with Receiver() as taker:
        taker.hold()
        write(office, taker.url)
        office.start()
        for number in range(3):
            report(office, f"Listrik padam {number}")
        until(lambda: taker.received)
        office.send(signal.SIGTERM)
        assert office.wait() == 0
        taker.release()
        office.start()
        until(lambda: outbox(office).sent == 3)
        assert office.stop() == 0
        keys = [text.split(" ")[2] for text in taker.texts]
        assert (len(set(keys)), len(keys)) == (3, 4)
