"""Configurations of other monitors, read whole: what comes of them, and every key that does not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomlkit
import yaml

from opsconsole.inventory.imports.blackbox import from_blackbox, prometheus_targets
from opsconsole.inventory.imports.gatus import from_gatus
from opsconsole.inventory.imports.kuma import from_kuma
from opsconsole.inventory.imports.source import Imported, Names
from opsconsole.inventory.imports.words import go_duration
from probes.registry import KINDS

HERE = Path(__file__).parent
# Keys whose value is carried over under another name, or that only structure a file.
STRUCTURE = ("type", "prober", "name", "version", "dns", "active", "enabled")


def read(name: str) -> str:
    return (HERE / name).read_text()


def kuma() -> Imported:
    return from_kuma(read("kuma.json"), Names())


def gatus() -> Imported:
    return from_gatus(read("gatus.yaml"), Names())


def blackbox() -> Imported:
    targets = prometheus_targets(read("prometheus.yml"))
    return from_blackbox(read("blackbox.yaml"), Names(), targets)


def application(imported: Imported, id_: str) -> dict[str, Any]:
    return next(one for one in imported.applications if one["id"] == id_)


def probe(imported: Imported, id_: str) -> dict[str, Any]:
    (only,) = application(imported, id_)["probes"]
    return only


def lost(imported: Imported) -> dict[str, str]:
    return {loss.path: loss.code for loss in imported.losses}


@pytest.mark.parametrize("source", [kuma, gatus, blackbox])
def test_every_probe_is_one_that_we_can_run_and_every_file_can_be_written(source: Any) -> None:
    imported = source()
    for one in imported.applications:
        for keys in one["probes"]:
            KINDS[keys["kind"]].spec.model_validate(keys)
    assert tomlkit.parse(tomlkit.dumps({"applications": list(imported.applications)}))
    assert len({one["id"] for one in imported.applications}) == len(imported.applications)


@pytest.mark.parametrize("source", [kuma, gatus, blackbox])
def test_no_secret_of_the_source_is_carried_over_or_told(source: Any) -> None:
    assert "RAHASIA" not in json.dumps(source(), default=str)


def leaves(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from leaves(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from leaves(one, f"{path}[{number}]")
    else:
        yield path


@pytest.mark.parametrize(
    ("source", "document"),
    [(kuma, json.loads(read("kuma.json"))), (gatus, yaml.safe_load(read("gatus.yaml")))],
)
def test_what_is_taken_and_what_is_lost_is_the_whole_source(source: Any, document: Any) -> None:
    """Take any key away, and either what comes of it or what is lost changes: none is passed over."""
    whole = source()
    named = set(lost(whole))
    for path in leaves(document):
        beheaded = json.loads(json.dumps(document))
        remove(beheaded, path)
        text = json.dumps(beheaded)
        try:
            without = from_kuma(text, Names()) if source is kuma else from_gatus(text, Names())
        except ValueError:
            continue
        told = any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in named)
        says_nothing = path.rsplit(".", 1)[-1] in DEFAULTS or value_at(document, path) in SAYS_NOTHING
        assert told or without != whole or says_nothing, path


# What the example says of these is what is so without them.
DEFAULTS = {
    "version",
    "method",
    "interval",
    "active",
    "invertKeyword",
    "maxredirects",
    "query-type",
    "authMethod",
}
# That it connects is what every probe asks.
SAYS_NOTHING = ("[CONNECTED] == true", None, "")


def value_at(document: Any, path: str) -> Any:
    for step in path.replace("[", ".[").split("."):
        document = document[int(step[1:-1])] if step.startswith("[") else document[step]
    return document


def remove(document: Any, path: str) -> None:
    *way, last = path.replace("[", ".[").split(".")
    for step in way:
        document = document[int(step[1:-1])] if step.startswith("[") else document[step]
    if last.startswith("["):
        del document[int(last[1:-1])]
    else:
        del document[last]


def test_a_keyword_monitor_of_uptime_kuma() -> None:
    imported = kuma()
    assert probe(imported, "portal-layanan") == {
        "kind": "http",
        "url": "https://127.20.9.1/",
        "status": ["200-299", "304"],
        "follow_redirects": False,
        "tls": {"verify": False},
        "auth": {"basic": "keyring:opsconsole/portal-layanan"},
        "headers": {"Accept": "text/html"},
        "body_must_match": [r"Selamat datang \(v2\)"],
        "every": "60s",
        "timeout": "48s",
        "attempts": 3,
        "retry": "20s",
    }
    assert application(imported, "portal-layanan")["note"] == "halaman depan"
    assert lost(imported) | {
        "monitorList[0].headers.X-Api-Key": "secret",
        "monitorList[0].basic_auth_pass": "secret",
        "monitorList[0].notificationIDList.1": "unsupported",
        "monitorList[0].somethingNew": "unknown",
        "monitorList[0].grpcUrl": "empty",
        "monitorList[5]": "kind",
        "monitorList[5].docker_container": "kind",
        "monitorList[6]": "kind",
        "notificationList[0].config": "unsupported",
    } == lost(imported)


def test_other_monitors_of_uptime_kuma() -> None:
    imported = kuma()
    assert application(imported, "api-antrean")["active"] is False
    assert probe(imported, "api-antrean")["json"] == ["to_string(status.db) == 'ok'"]
    assert probe(imported, "basis-data") == {
        "kind": "tcp", "host": "127.20.9.3", "port": 5432, "every": "30s",
    }  # fmt: skip
    zone = probe(imported, "zona-kota")
    assert (zone["server"], zone["name"], zone["type"]) == (
        "127.20.0.53:5353", "portal.sukamaju.example", "AAAA",
    )  # fmt: skip
    assert lost(imported)["monitorList[4].dns_resolve_server"] == "unsupported"


def test_the_conditions_of_gatus() -> None:
    imported = gatus()
    front = probe(imported, "portal-depan")
    assert front["status"] == ["200-299"]
    assert (front["slow_over"], front["tls"]) == ("800ms", {"verify": False, "min_days": 10})
    assert front["json"] == ["status == 'UP'", "length(nodes) > `2`", "errors == `null`"]
    assert front["body_must_match"] == ["(?s)^.*siap.*$"]
    assert (front["follow_redirects"], front["timeout"], front["every"]) == (False, "5s", "30s")
    assert front["auth"] == {"bearer": "keyring:opsconsole/portal-depan"}
    assert probe(imported, "sertifikat")["min_days"] == 2
    assert probe(imported, "zona")["rcodes"] == ["NOERROR"]
    losses = lost(imported)
    assert [path for path in losses if path.startswith("endpoints[0].conditions")] == [
        "endpoints[0].conditions[9]",
        "endpoints[0].conditions[10]",
        "endpoints[0].conditions[11]",
    ]
    assert losses["endpoints[5]"] == losses["endpoints[5].body"] == "kind"
    assert losses["endpoints[0].client.tls.private-key-file"] == "secret"
    assert losses["alerting.telegram.token"] == "unsupported"


def test_the_modules_of_blackbox_exporter_with_the_targets_of_prometheus() -> None:
    imported = blackbox()
    web = probe(imported, "web-2xx-127-20-9-2")
    assert web["url"] == "https://127.20.9.2/"
    assert web["body_must_not_match"] == ["(?i)gangguan"]
    assert web["header_must_not_match"] == [{"name": "Set-Cookie", "pattern": "debug", "allow_missing": True}]
    assert (web["body_limit"], web["require_tls"], web["ip_family"]) == ("2MiB", True, "4")
    assert web["tls"] == {
        "verify": False, "ca_file": "ca.pem", "server_name": "portal.sukamaju.example", "min_version": "1.2",
    }  # fmt: skip
    mail = probe(imported, "smtp-starttls-127-20-9-7-25")
    assert [next(iter(step)) for step in mail["script"]] == [
        "expect", "send", "expect", "send", "expect", "starttls",
    ]  # fmt: skip
    assert application(imported, "gema")["active"] is False
    zone = probe(imported, "zona")
    assert (zone["answer_must_match"], zone["answer_must_not_match"], zone["recursion"]) == (
        ["127.20.9.1"], ["127.20.99"], False,
    )  # fmt: skip
    losses = lost(imported)
    assert losses["modules.web_2xx.http.fail_if_body_matches_regexp[1]"] == "pattern"
    assert losses["modules.web_2xx.http.oauth2.client_secret"] == "unsupported"
    assert losses["modules.web_2xx.http.basic_auth.password"] == "secret"
    assert losses["modules.smtp_starttls.tcp.query_response[6].expect_bytes"] == "unsupported"
    assert losses["modules.grpc_sehat.grpc.service"] == "kind"
    assert losses["modules.zona.dns.validate_answer_rrs.fail_if_all_match_regexp"] == "unsupported"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1m30s", 90), ("500ms", 0.5), ("1d", 86_400), ("5", None), ("", None), ("3x", None)],
)
def test_durations_of_other_monitors(text: str, seconds: float | None) -> None:
    assert go_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "[]", "{", "endpoints: 5", "a: &a [*a]", "modules: {}"])
@pytest.mark.parametrize("read_it", [from_kuma, from_gatus, from_blackbox])
def test_what_is_no_such_file_is_refused(read_it: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_it(text, Names())


def test_two_monitors_of_one_name_are_two_applications() -> None:
    names = Names({"portal"})
    assert [names.give("Portal"), names.give("portal!"), names.give("é")] == ["portal-2", "portal-3", "e"]


@pytest.mark.parametrize("read_it", [lambda text: from_gatus(text, Names()), prometheus_targets])
def test_a_few_lines_of_aliases_do_not_become_more_than_memory_holds(read_it: Any) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(ValueError, match="aliases"):
        read_it("\n".join([*lines, "endpoints: *a11", "scrape_configs: *a11"]))


def test_aliases_that_save_writing_are_read() -> None:
    text = "x: &x {interval: 30s}\nendpoints:\n- {<<: *x, name: satu, url: 'http://127.0.0.1/'}\n"
    assert [one["id"] for one in from_gatus(text, Names()).applications] == ["satu"]
