"""``notify.toml``: what is refused, with its line and what to write instead."""

from pathlib import Path

import pytest

from opsconsole.base.errors import Invalid
from opsconsole.base.paths import example_office
from opsconsole.inventory.load import load
from opsconsole.inventory.notify import filled, placeholders_in
from opsconsole.inventory.secrets import secret_uses

HOOK = """
[[channels]]
name = "hook"
kind = "webhook"
url = "http://127.0.0.1:8081/{token}"
headers = { Authorization = "Bearer {token}" }
secrets = { token = "env:TOKEN" }
json = { text = "{text}" }
"""
MAIL = """
[[channels]]
name = "surel"
kind = "smtp"
host = "127.0.0.1"
auth = "env:LOGIN"
from = "opsconsole@sukamaju.example"
to = ["rina@sukamaju.example"]
"""
RULE = """
[[rules]]
name = "piket"
severities = ["critical"]
channels = ["hook", "surel"]
shifts = ["malam"]
"""
WRITTEN = HOOK + MAIL + RULE


def office(folder: Path, notify: str) -> Path:
    (folder / "settings.toml").write_text("")
    (folder / "notify.toml").write_text(notify.lstrip())
    return folder


def test_what_is_written_rightly_is_taken(tmp_path: Path):
    inventory = load(office(tmp_path, WRITTEN))
    assert list(inventory.notify.channels) == ["hook", "surel"]
    assert [rule.name for rule in inventory.notify.rules] == ["piket"]
    assert {
        ref: [(use.row, use.probe, use.key) for use in uses] for ref, uses in secret_uses(inventory).items()
    } == {
        "env:TOKEN": [("notify.toml", "hook", "secrets.token")],
        "env:LOGIN": [("notify.toml", "surel", "auth")],
    }


def test_an_office_without_the_file_wakes_nobody(tmp_path: Path):
    (tmp_path / "settings.toml").write_text("")
    assert not load(tmp_path).notify.rules


def test_the_example_office_is_right_as_it_is_and_with_every_comment_sign_taken_away(tmp_path: Path):
    text = (example_office() / "notify.toml").read_text("utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    kept = [line for line in lines if line.startswith("[") or " = " in line.split("#")[0]]
    inventory = load(office(tmp_path, "\n".join(kept)))
    assert list(inventory.notify.channels) == ["telegram-piket", "wa-piket", "surel"]
    assert [rule.name for rule in inventory.notify.rules] == ["piket", "piket-malam", "kepala", "surel"]
    assert inventory.notify.heartbeat is not None
    assert not load(example_office()).notify.channels, "nobody is woken by an example"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('kind = "webhook"', 'kind = "webhok"', 'notify.toml:3: kind: found "webhok", want one of "smtp", "'),
        ('kind = "webhook"\n', "", "notify.toml:1: kind: missing; want one of"),
        ("127.0.0.1:8081", "{name}:8081", "notify.toml:4: url: want the host written out"),
        ("http://127.0.0.1:8081", "http://a:b@127.0.0.1", "notify.toml:4: url: a user name or password can"),
        ("{token}\"\nheaders", "{tokn}\"\nheaders", "notify.toml:4: url: nothing fills {tokn}; want one of"),
        ("Bearer {token}", "Bearer abc", "notify.toml:5: headers: Authorization carries a secret"),
        ("{ Authorization", "{ Host", "notify.toml:5: headers: 'Host' is no header"),
        ('token = "env:TOKEN"', 'token = "abc"', "notify.toml:6: token: found a value that is not shown, wa"),
        ('token = "env:TOKEN"', 'text = "env:TOKEN"', "notify.toml:6: secrets: "),
        ('json = { text = "{text}" }', "", "notify.toml:1: json: want exactly one of json, form and text"),
        ('"{text}" }', '"{txt}" }', "notify.toml:7: json: nothing fills {txt}"),
        ('"{text}" }', '"{text}" }\nanswer = "ok ="', "notify.toml:8: answer: "),
        ('"{text}" }', '"{text}" }\ntimeout = "30s"', 'notify.toml:8: timeout: found "30s", want at most 10'),
        ('auth = "env:LOGIN"', 'auth = "env:LOGIN"\ntls = "none"', 'notify.toml:14: tls: want "starttls" or'),
        ("opsconsole@sukamaju.example", "opsconsole", 'notify.toml:14: from: found "opsconsole"'),
        ('["rina@sukamaju.example"]', "[]", "notify.toml:15: to: found [], want at least 1"),
        ('host = "127.0.0.1"', 'host = "127.0.0.1"\nca_file = "gone.pem"', "notify.toml:13: ca_file: can no"),
        ('"hook", "surel"', '"hok"', 'notify.toml:20: channels: found "hok", but there is no channel'),
        ('["malam"]', '["subuh"]', 'notify.toml:21: shifts: found "subuh", but calendar.toml has no such sh'),
        ('["malam"]', '["malam"]\nto = ["0812"]', 'notify.toml:22: to: found "0812", want an address'),
        ('["malam"]', '["malam"]\nto = ["a@b.example,c@d.example"]', "notify.toml:22: to: found "),
        ('["malam"]', '["malam"]\nto = ["rína@b.example"]', "notify.toml:22: to: found "),
        ('["malam"]', '["malam"]\nafter = "nanti"', "notify.toml:22: after: "),
        ('["critical"]', '["kritis"]', 'notify.toml:19: severities: found "kritis", want one of'),
        (RULE, RULE + RULE, 'notify.toml:24: name: found "piket", which is there already'),
        (RULE, RULE + '[heartbeat]\nurl = "ftp://a"', "notify.toml:23: url: want an address that begins wit"),
        (RULE, RULE + '[heartbeat]\nurl = "http://a"\nca_file = "gone.pem"', "notify.toml:24: ca_file: "),
        (RULE, RULE + "[digest]\nover = 0", "notify.toml:23: over: found 0, want at least 1"),
        (RULE, RULE + '[digest]\nurgent = "0s"', "notify.toml:23: urgent: "),
        (RULE, RULE + '[outbox]\nkeep = "1h"', 'notify.toml:23: keep: found "1h", want at least 1d'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: str):
    assert WRITTEN.count(old) >= 1
    with pytest.raises(Invalid) as refused:
        load(office(tmp_path, WRITTEN.replace(old, new, 1)))
    assert any(one.startswith(line) for one in refused.value.lines), refused.value.lines


def test_a_secret_that_stands_in_the_file_is_not_repeated(tmp_path: Path):
    with pytest.raises(Invalid) as refused:
        load(office(tmp_path, WRITTEN.replace('"env:TOKEN"', '"kenari-rahasia"')))
    assert "kenari" not in "".join(refused.value.lines)


def test_a_value_is_filled_in_once():
    assert filled("{a}{b}{c}", {"a": "{b}", "b": "2"}) == "{b}2{c}"
    assert list(placeholders_in('{a} {"x": {b_1}} {} {A b}')) == ["a", "b_1"]
