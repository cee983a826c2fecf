"""``opsconsole notify``: what is printed of messages, and with which code it ends."""

import json
from pathlib import Path

import pytest

from opsconsole.cli.main import main
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import AskOutbox
from tests.engine.conftest import city, office, zygote
from tests.engine.offices import Office, until
from tests.fakes.receiver import Receiver, reply

__all__ = ["city", "office", "zygote"]

NOTIFY = """
[[channels]]
name = "hook"
kind = "webhook"
url = "{url}"
to = ["rina"]
text = "{{text}}"

[[rules]]
name = "piket"
severities = ["critical"]
channels = ["hook"]
"""
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def write(office: Office, url: str) -> None:
    office.write()
    (office.place.config / "notify.toml").write_text(NOTIFY.format(url=url))


def run(office: Office, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["--home", str(office.home), "--lang", "en", *words])
    return code, capsys.readouterr().out


def test_messages_are_listed_tried_again_and_let_go(office: Office, capsys: pytest.CaptureFixture[str]):
    with Receiver(lambda _received: reply(403, b"blocked")) as taker:
        write(office, taker.url)
        office.start()
        assert run(office, capsys, "notify", "list") == (0, "waiting 0, sent 0, failed 0, called off 0\n")
        with office.client() as client:
            client.command(ReportIncident(title="Listrik padam", severity="critical"))
            until(lambda: client.query(AskOutbox()).dead)
            until(lambda: client.board().engine.outbox_dead == 1)
            assert "notify_dead" in [one.code for one in client.board().engine.notices]
        code, said = run(office, capsys, "notify", "list", "--state", "dead")
        assert (code, said.splitlines()[0]) == (0, "waiting 0, sent 0, failed 1, called off 0")
        assert "FAILED" in said and "refused with status 403: blocked" in said
        taker.answer = lambda _received: reply()
        assert run(office, capsys, "notify", "retry", "1") == (0, "Done.\n")
        until(lambda: json.loads(run(office, capsys, "notify", "list", "--json")[1])["sent"] == 1)
        assert main(["--home", str(office.home), "--lang", "en", "notify", "dismiss", "1"]) == 5
        assert run(office, capsys, "status", "--json")[0] == 0
        assert office.stop() == 0


def test_a_test_says_whether_it_arrived(office: Office, capsys: pytest.CaptureFixture[str]):
    with Receiver() as taker:
        write(office, taker.url)
        office.start()
        assert run(office, capsys, "notify", "test", "hook") == (0, "+ rina: arrived\n")
        taker.answer = lambda _received: reply(401, b"who are you")
        assert run(office, capsys, "notify", "test", "hook") == (
            1,
            "! rina: refused with status 401: who are you\n",
        )
        assert main(["--home", str(office.home), "--lang", "en", "notify", "test", "gone"]) == 2
        assert office.stop() == 0


def test_a_reload_takes_another_channel(office: Office, capsys: pytest.CaptureFixture[str]):
    with Receiver() as taker:
        office.write()
        office.start()
        assert main(["--home", str(office.home), "--lang", "en", "notify", "test", "hook"]) == 2
        Path(office.place.config / "notify.toml").write_text(NOTIFY.format(url=taker.url))
        assert run(office, capsys, "config", "reload")[0] == 0
        assert run(office, capsys, "notify", "test", "hook") == (0, "+ rina: arrived\n")
        assert office.stop() == 0
