"""The example office moved into the city: every address replaced, everything else as it was written."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import tomlkit

from opsconsole.base.paths import example_office
from opsconsole.demo.certs import make_certificates
from opsconsole.demo.office import Office
from opsconsole.demo.plan import CityOpened, Door
from opsconsole.demo.story import EVERYWHERE, OUR_CANARIES, OUR_RESOLVER, SHARED_HOST, STORY, WORKS, Ill
from opsconsole.inventory.load import load
from opsconsole.inventory.office import ApplicationEntry, Inventory

OPD = """
# The portal's own comment
code = "DISKOMINFO"
name = "Dinas Komunikasi dan Informatika"
short = "Diskominfo"

[[applications]]
id = "portal"
name = "Portal"

[[applications.probes]]
kind = "http"
url = "https://127.20.9.1:8443/beranda?x=1"  # behind the proxy
slow_over = "3s"
timeout = "10s"
tls = { min_days = 20 }

[[applications]]
id = "api"
name = "API"

[[applications.probes]]
kind = "http"
url = "https://127.20.9.1:8443/health"
every = "60s"
json = ["status == 'ok'"]
timeout = "2s"

[[applications.probes]]
kind = "tcp"
host = "127.20.9.1"
port = 8443
"""
SERVICES = """
[[services]]
id = "bsre"
name = "BSrE"
owner = "BSSN"

[[services.probes]]
kind = "tcp"
host = "127.20.9.2"
port = 443
tls = {}
"""
OTHER_KINDS = """
[[services]]
id = "surel"
name = "Surel"
owner = "BSSN"

[[services.probes]]
kind = "tcp"
host = "127.20.9.3"
port = 25
script = [{ send = "EHLO me" }, { starttls = true }]

[[services.probes]]
kind = "tls"
host = "127.20.9.3"
port = 993

[[services.probes]]
kind = "ping"
host = "127.20.9.3"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "opd").mkdir(parents=True)
    (folder / "opd/diskominfo.toml").write_text(OPD)
    (folder / "services.toml").write_text(SERVICES)
    (folder / "settings.toml").write_text('[office]\nname = "Kominfo"  # ours\n')
    return folder


def moved(office: Office, folder: Path, ca_file: Path = Path("/demo/certs/ca.pem")) -> Path:
    """The office with port 10001, 10002 … for its doors, written out."""
    ports = {door.name: 10001 + number for number, door in enumerate(office.doors())}
    opened = CityOpened(
        ports=ports, gateway="127.20.0.1:9001", dns="127.20.0.53:9002", canaries=("127.20.0.11:9003",)
    )
    office.move_to(opened, ca_file, "id")
    office.write(folder)
    return folder


def test_what_is_looked_at_on_one_address_is_one_door(source: Path) -> None:
    web, service = Office(source).doors()
    assert (web.name, web.protocol) == ("127.20.9.1:8443", "https")
    assert {(page.row, page.path, page.form) for page in web.pages} == {
        ("portal", "/beranda", "html"),
        ("api", "/health", "json"),
    }
    assert (service.name, service.protocol) == ("127.20.9.2:443", "tls")
    assert [(page.row, page.owner) for page in service.pages] == [("service:bsre", "BSSN")]


def test_who_must_show_a_token_finds_it_in_a_private_file_beside_the_office(
    source: Path, tmp_path: Path
) -> None:
    written = source / "opd/diskominfo.toml"
    auth = 'auth = { bearer = "keyring:opsconsole/api" } # kept\nevery = "60s"'
    written.write_text(written.read_text().replace('every = "60s"', auth))
    office = Office(source)
    (token,) = {page.token for page in office.doors()[0].pages if page.row == "api"}
    folder = moved(office, tmp_path / "config")
    kept = tmp_path / "secrets" / "api"
    assert kept.read_text() == token + "\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    text = (folder / "opd/diskominfo.toml").read_text()
    assert f'auth = {{ bearer = "file:{kept}" }} # kept' in text
    assert token not in text
    assert len(token) >= 32
    (other,) = {page.token for page in Office(source).doors()[0].pages if page.row == "api"}
    assert other != token


def test_every_address_gets_its_port_and_the_demo_s_rhythm(source: Path, tmp_path: Path) -> None:
    folder = moved(Office(source), tmp_path / "config")
    written = tomlkit.parse((folder / "opd/diskominfo.toml").read_text()).unwrap()
    portal, api, plain = (probe for entry in written["applications"] for probe in entry["probes"])
    assert portal == {
        "kind": "http",
        "url": "https://127.20.9.1:10001/beranda?x=1",
        "slow_over": "1500ms",
        "timeout": "4s",
        "tls": {"min_days": 20, "ca_file": "/demo/certs/ca.pem"},
        "every": "5s",
        "retry": "2s",
    }
    assert (api["timeout"], api["every"], "slow_over" in api) == ("4s", "5s", False)
    assert (plain["host"], plain["port"], "tls" in plain) == ("127.20.9.1", 10001, False)
    services = tomlkit.parse((folder / "services.toml").read_text()).unwrap()
    assert services["services"][0]["probes"][0]["port"] == 10002


def test_mail_and_certificates_get_doors_that_speak_tls_and_a_ping_needs_none(
    source: Path, tmp_path: Path
) -> None:
    (source / "services.toml").write_text(OTHER_KINDS)
    *_, mail, port = Office(source).doors()
    assert [(door.name, door.protocol) for door in (mail, port)] == [
        ("127.20.9.3:25", "smtp"),
        ("127.20.9.3:993", "tls"),
    ]
    folder = moved(Office(source), tmp_path / "config")
    written = tomlkit.parse((folder / "services.toml").read_text()).unwrap()
    script, tls, ping = written["services"][0]["probes"]
    assert script["tls"] == tls["tls"] == {"ca_file": "/demo/certs/ca.pem"}
    assert ping == {"kind": "ping", "host": "127.20.9.3", "every": "5s", "retry": "2s", "timeout": "4s"}


def test_settings_speak_the_demo_s_language_and_check_ourselves_in_the_city(
    source: Path, tmp_path: Path
) -> None:
    folder = moved(Office(source), tmp_path / "config")
    assert tomlkit.parse((folder / "settings.toml").read_text()).unwrap() == {
        "office": {"name": "Kominfo", "language": "id"},
        "self_check": {
            "gateway": "127.20.0.1:9001",
            "dns": "127.20.0.53:9002",
            "canaries": ["127.20.0.11:9003"],
        },
    }


def test_comments_stay(source: Path, tmp_path: Path) -> None:
    folder = moved(Office(source), tmp_path / "config")
    assert "# The portal's own comment" in (folder / "opd/diskominfo.toml").read_text()
    assert "# ours" in (folder / "settings.toml").read_text()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    ca_file = make_certificates(home / "certs", [], datetime.now(UTC)).ca_file
    return moved(Office(example_office()), home / "config", ca_file)


@pytest.fixture(scope="module")
def inventory(example: Path) -> Inventory:
    return load(example)


@pytest.fixture(scope="module")
def doors() -> tuple[Door, ...]:
    return Office(example_office()).doors()


def entry_of(inventory: Inventory, row: str) -> ApplicationEntry:
    return inventory.entry(row)


def test_the_example_office_loads_clean_once_moved(inventory: Inventory) -> None:
    assert len(inventory.applications) >= 115
    assert inventory.services


def test_nothing_in_the_moved_office_leads_outside_the_city(example: Path) -> None:
    for path in example.rglob("*.toml"):
        for probe in probes_in(tomlkit.parse(path.read_text()).unwrap()):
            plain = probe.get("host", probe.get("server"))
            host = urlsplit(probe["url"]).hostname if "url" in probe else plain
            assert host.startswith("127.20."), (path, host)
            assert probe["every"] == "5s"


def probes_in(file: dict[str, Any]) -> list[dict[str, Any]]:
    entries = [*file.get("applications", []), *file.get("services", [])]
    return [probe for entry in entries for probe in entry.get("probes", [])]


def test_everybody_in_the_story_lives_in_the_example_office(doors: tuple[Door, ...]) -> None:
    known = {page.row for door in doors for page in door.pages}
    known |= {where for door in doors for where in (door.address, door.name)}
    known |= {EVERYWHERE, OUR_RESOLVER, *OUR_CANARIES}
    assert {scene.where for scene in STORY} <= known
    assert {work.row for work in WORKS} <= known


def test_the_shared_host_carries_six_applications(doors: tuple[Door, ...]) -> None:
    rows = {page.row for door in doors if door.address == SHARED_HOST for page in door.pages}
    assert len(rows) == 6


def test_who_is_ill_is_watched_around_the_clock_and_confirmed_in_three(inventory: Inventory) -> None:
    for scene in STORY:
        if scene.where.startswith("127.") or scene.where == EVERYWHERE:
            continue
        entry = entry_of(inventory, scene.where)
        assert entry.service_hours == "always", scene.where
        for configured in inventory.probes():
            if configured.row_id == scene.where:
                assert configured.spec.attempts <= 3, scene.where


def test_who_is_ill_at_the_connection_has_a_door_alone(doors: tuple[Door, ...]) -> None:
    connection = {Ill.SILENT, Ill.RESET, Ill.REFUSED, Ill.EXPIRED, Ill.EXPIRING}
    for scene in STORY:
        if scene.fault.ill in connection:
            behind = [door for door in doors if any(page.row == scene.where for page in door.pages)]
            assert [len(door.pages) for door in behind] == [1] * len(behind), scene.where


def test_who_loses_their_certificate_speaks_tls(doors: tuple[Door, ...]) -> None:
    for scene in STORY:
        if scene.fault.ill in (Ill.EXPIRED, Ill.EXPIRING):
            behind = [door for door in doors if any(page.row == scene.where for page in door.pages)]
            assert all(door.protocol in ("https", "tls") for door in behind), scene.where


def test_who_hangs_on_somebody_in_the_story_is_ill_only_while_they_are(inventory: Inventory) -> None:
    scenes = {scene.where: scene for scene in STORY}
    hanging = [
        (scenes[parent], scene)
        for where, scene in scenes.items()
        if not where.startswith("127.") and where != EVERYWHERE
        for dependency in inventory.parents(where)
        for parent in dependency.any
        if parent in scenes
    ]
    # Or at another time altogether.
    hanging = [
        (parent, child) for parent, child in hanging if parent.start < child.end and child.start < parent.end
    ]
    assert len(hanging) >= 3
    for parent, child in hanging:
        assert parent.start < child.start and child.end < parent.end, child.where


def test_what_is_urgent_is_sent_to_the_city_s_receiver(tmp_path: Path) -> None:
    office = Office(example_office())
    ports = {door.name: 10001 + number for number, door in enumerate(office.doors())}
    opened = CityOpened(
        ports=ports, gateway="127.20.0.1:9001", dns="127.20.0.2:9002", canaries=(), receiver="127.20.6.1:9004"
    )
    ca_file = make_certificates(tmp_path / "certs", [], datetime.now(UTC)).ca_file
    office.move_to(opened, ca_file, "id")
    office.write(tmp_path / "config")
    notify = load(tmp_path / "config").notify
    assert [one.url for one in notify.channels.values()] == ["http://127.20.6.1:9004/pesan"]
    assert [one.severities for one in notify.rules] == [["critical", "high"]]


def test_what_the_city_depends_on_asks_for_a_report(inventory: Inventory) -> None:
    assert {entry.id for entry in inventory.applications.values() if entry.iiv} == {
        "dns",
        "jaringan-intra",
        "simrs",
    }
