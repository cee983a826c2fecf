"""`probe`: one line of JSON, or phases on one axis; it ends as a Nagios plug-in does."""

import io
import json
import sys
from datetime import UTC, datetime

import pytest

from opsconsole.cli.phases import draw
from opsconsole.cli.probe import worst
from probes.observation import DnsFacts, Observation, Phases, Verdict


def spec(folder, *tables: str) -> str:
    file = folder / "spec.toml"
    file.write_text("\n".join(f"[[probes]]\n{table}" for table in tables))
    return str(file)


def test_json_is_one_line_for_each_probe_in_their_order(command, tmp_path, site):
    port = site.url.split(":")[2].rstrip("/")
    file = spec(
        tmp_path,
        f'kind = "http"\nurl = "{site.url}broken"',
        f'kind = "tcp"\nhost = "127.0.0.1"\nport = {port}',
        f'kind = "http"\nurl = "{site.url}"\nbody_must_match = ["selamat"]',
    )
    done = command("probe", "--spec", file, "--json")
    seen = [json.loads(line) for line in done.out.splitlines()]
    assert [one["kind"] for one in seen] == ["http", "tcp", "http"]
    assert [one["verdict"] for one in seen] == ["down", "up", "up"]
    assert seen[0]["reason"] == "status_unexpected"
    assert seen[0]["http"]["status"] == 503
    assert set(seen[2]["phases_ms"]) == {"resolve", "connect", "tls", "send", "wait", "receive"}
    assert done.code == 2


def test_a_file_may_hold_the_keys_of_one_probe_alone(command, tmp_path, site):
    file = tmp_path / "one.toml"
    file.write_text(f'kind = "http"\nurl = "{site.url}"\n')
    done = command("probe", "--spec", str(file), "--json")
    assert done.code == 0
    assert json.loads(done.out)["verdict"] == "up"


def test_a_hyphen_is_standard_input(command, monkeypatch, site):
    keys = f'kind = "http"\nurl = "{site.url}"\n'.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(keys)))
    assert json.loads(command("probe", "--spec", "-", "--json").out)["verdict"] == "up"


def test_a_refused_spec_prints_every_mistake_and_looks_at_nothing(command, tmp_path, site):
    file = spec(
        tmp_path,
        f'kind = "http"\nurl = "{site.url}"',
        'kind = "http"\nurl = "x"\ntimout = "1s"',
        'kind = "nope"',
    )
    done = command("probe", "--spec", file, "--json")
    assert (done.code, done.out) == (3, "")
    lines = done.err.splitlines()
    assert lines[0].startswith("spec.toml:6: url:")
    assert lines[1].startswith("spec.toml:7: timout: unknown key; nearest: timeout")
    assert lines[2].startswith("spec.toml:9: kind:")
    assert "mistakes: 3" in lines[3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "kind: missing"),
        ("probes = []\n", "probes: want at least one"),
        ("probes = [3]\n", "probes: want a table"),
        ('kind = "http"\n[[probes]]\nkind = "http"\n', "kind: not known beside"),
        ("kind = [\n", "not TOML"),
    ],
)
def test_a_spec_that_is_none_says_what_is_wanted(command, tmp_path, content, said):
    file = tmp_path / "spec.toml"
    file.write_text(content)
    done = command("probe", "--spec", str(file))
    assert done.code == 3
    assert said in done.err


def test_a_spec_that_is_not_there_is_unknown_too(command, tmp_path):
    done = command("probe", "--spec", str(tmp_path / "none.toml"))
    assert (done.code, done.out) == (3, "")
    assert "can not be read" in done.err


def test_files_that_a_spec_names_are_found_beside_it(command, secure_site):
    file = secure_site.ca_file.with_name("spec.toml")
    file.write_text(f'kind = "http"\nurl = "{secure_site.url}"\ntls = {{ ca_file = "ca.pem" }}\n')
    done = command("probe", "--spec", str(file))
    assert done.code == 0
    assert "certificate until 2031-05-06" in done.out
    assert " tls " in done.out


def test_the_drawing_is_plain_ascii_within_80_columns(command, tmp_path, site):
    long = "x" * 200
    file = spec(tmp_path, f'kind = "http"\nurl = "{site.url}broken"\nstatus = ["200"]')
    out = command("probe", "--spec", file).out
    assert long not in out
    assert out.isascii() or out.replace("\ufffd", "").isascii()
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "! DOWN  status 503, want 200" in out
    assert "#" in out
    assert "[31mKota [/]" in out
    assert "\x1b" not in out


def test_a_name_server_that_refuses_is_critical(command, tmp_path):
    file = spec(tmp_path, 'kind = "dns"\nserver = "127.0.0.1:1"\nname = "portal.example"')
    done = command("probe", "--spec", file, "--json")
    assert (json.loads(done.out)["reason"], done.code) == ("connect_refused", 2)


def test_of_a_dns_answer_the_drawing_tells_its_records_and_no_connection():
    seen = Observation(
        kind="dns",
        target="dns://127.0.0.1:53/portal.example?type=A",
        started_at=datetime(2026, 11, 24, tzinfo=UTC),
        duration_ms=3.0,
        verdict=Verdict.UP,
        reason="ok",
        phases_ms=Phases(wait=3.0),
        address="127.0.0.1",
        port=53,
        dns=DnsFacts(
            rcode="NOERROR",
            authoritative=True,
            transport="tcp",
            truncated=True,
            records=12,
            answers=("portal.example. 300 IN A 127.20.2.59",),
        ),
    )
    drawn = "\n".join(draw(seen))
    assert "NOERROR, 12 records" in drawn
    assert "did not fit over UDP, asked again over TCP" in drawn
    assert "authoritative answer" in drawn
    assert "portal.example. 300 IN A 127.20.2.59" in drawn
    assert "and 11 more records" in drawn
    assert " send " in drawn and " connect " not in drawn


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [("up", 0), ("up degraded", 1), ("degraded unknown up", 3), ("unknown down degraded", 2)],
)
def test_of_several_the_worst_counts(verdicts, code):
    assert worst(Verdict(word) for word in verdicts.split()) == code


def test_an_application_is_looked_at_by_the_engine(command, office):
    done = command("--home", office.home, "probe", "situs", "--json")
    assert done.code == 0
    assert json.loads(done.out)["target"] == office.site
    drawn = command("--home", office.home, "probe", "situs", "--probe", "http")
    assert "+ UP  answered as expected" in drawn.out


def test_an_application_that_is_none_is_named(command, office):
    done = command("--home", office.home, "probe", "nothing-such")
    assert (done.code, done.out) == (3, "")
    assert "nothing-such" in done.err
