"""A canary in the place of every secret of a channel, receivers that echo it, and then a look everywhere."""

import json
import os
import ssl
from pathlib import Path

import pytest

from opsconsole.cli.main import main
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import AskOutbox
from tests.engine.offices import Office, until
from tests.fakes.authority import ca_file, issue, root
from tests.fakes.mail_server import MailServer
from tests.fakes.receiver import Received, Receiver, reply

CANARIES = {
    "jalur": "kenari-jalur-8f3Kq0ZtLw",
    "kepala": "kenari-kepala-Vb71mXc9Pd",
    "surel": "pengirim:kenari-surel-Tr5yH2nGsa",
    "jantung": "kenari-jantung-Wq4eU6iOpz",
}
NOTIFY = """
[[channels]]
name = "hook"
kind = "webhook"
url = "{url}/{{jalur}}"
headers = {{ Authorization = "Bearer {{kepala}}" }}
secrets = {{ jalur = "file:{vault}/jalur", kepala = "file:{vault}/kepala" }}
text = "{{text}}"

[[channels]]
name = "surel"
kind = "smtp"
host = "127.0.0.1"
port = {port}
ca_file = "authorities.pem"
auth = "file:{vault}/surel"
from = "opsconsole@sukamaju.example"
to = ["rina@sukamaju.example"]

[[rules]]
name = "semua"
severities = ["critical"]
channels = ["hook", "surel"]

[heartbeat]
url = "{url}/{{jantung}}"
secrets = {{ jantung = "file:{vault}/jantung" }}
"""


def echo(received: Received) -> bytes:
    """Refuse, and say why with all that came."""
    said = f"no {received.path} {received.headers.get('authorization')}"
    return reply(400, said.encode(), f"X-Echo: {said}")


def parts(secret: str) -> set[bytes]:
    """What is found in whatever has fifteen characters in a row of a secret."""
    halves = secret.split(":")
    return {half[at : at + 10].encode() for half in halves for at in range(0, len(half) - 9, 5)}


@pytest.fixture
def context(office: Office) -> ssl.SSLContext:
    ca = root()
    office.place.config.mkdir(parents=True)
    ca_file(office.place.config, ca)
    return issue("127.0.0.1", by=ca).server_context()


def test_no_secret_of_a_channel_is_found_anywhere(
    office: Office, context: ssl.SSLContext, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    for name, secret in CANARIES.items():
        (tmp_path / name).write_text(secret)
        (tmp_path / name).chmod(0o600)
    refused = f"535 5.7.8 {CANARIES['surel'].partition(':')[2]} is wrong"
    with Receiver(echo) as taker, MailServer(context, refusals={"AUTH": refused}) as server:
        office.write()
        written = NOTIFY.format(url=taker.url, vault=tmp_path, port=server.port)
        (office.place.config / "notify.toml").write_text(written)
        office.start()
        with office.client() as client:
            client.command(ReportIncident(title="Listrik padam", severity="critical"))
            until(lambda: client.query(AskOutbox()).dead == 2)
            until(lambda: len(taker.received) >= 2)
            board = json.dumps([str(client.board()), str(client.query(AskOutbox()))]).encode()
        for command in (
            "notify list",
            "notify list --json",
            "notify test hook",
            "notify test surel",
            "log",
            "secrets list",
        ):
            main(["--home", str(office.home), *command.split(" ")])
        office.stop()
    heard = {one.path.strip("/") for one in taker.received}
    assert heard == {CANARIES["jalur"], CANARIES["jantung"]}, "they were sent, so they could be found"
    found = {"board": board, "commands": "".join(capfd.readouterr()).encode()}
    for folder, _folders, files in os.walk(office.home):
        found |= {name: (Path(folder) / name).read_bytes() for name in files}
    assert b"***" in found["commands"]
    leaks = [
        f"{name} in {where}"
        for where, content in found.items()
        for name, secret in CANARIES.items()
        if any(part in content for part in parts(secret))
    ]
    assert leaks == []
