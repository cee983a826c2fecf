"""The engine and the secrets its looks need."""

import signal
from pathlib import Path

from opsconsole.client.commands import Reload
from tests.engine.city import City
from tests.engine.offices import Office, application, until


def why(office: Office) -> object:
    row = office.row("satu")
    return row.params["why"] if row.reason == "credential_missing" else ""


def test_a_look_without_its_secret_is_unknown_and_says_why(office: Office, city: City) -> None:
    site, token = city.site(), office.home / "token"
    ref = f"file:{token}"
    office.write(application("satu", site.url) + f'auth = {{ bearer = "{ref}" }}\n')
    office.start()
    until(lambda: why(office) == "file_missing")
    row = office.row("satu")
    assert (row.state, row.params) == ("unknown", {"name": ref, "why": "file_missing"})
    assert not site.hits
    token.write_text("rahasia")
    token.chmod(0o644)
    with office.client() as client:
        client.command(Reload())
    until(lambda: why(office) == "file_mode")
    token.chmod(0o600)
    office.send(signal.SIGHUP)
    until(lambda: office.row("satu").state == "up")
    # What is kept is used until the files are read again.
    token.unlink()
    looks = len(site.hits)
    until(lambda: len(site.hits) > looks + 1)
    assert why(office) == ""
    office.send(signal.SIGHUP)
    until(lambda: why(office) == "file_missing")
    assert "rahasia" not in office.place.engine_log.read_text()


def test_a_crash_of_the_engine_leaves_no_dump_of_its_memory(office: Office) -> None:
    office.write()
    office.start()
    limits = Path(f"/proc/{office.engine}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["1", "1"]
