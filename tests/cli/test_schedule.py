"""`schedule`, `pause`, `resume`: the same as the screen shows and does."""

import json

from opsconsole.client.commands import PauseProbes, ResumeProbes
from opsconsole.client.shapes import Role, State


def test_the_text_is_the_totals_every_probe_and_what_was_missed(command, home, engine):
    done = command("--home", str(home), "--lang", "en", "schedule")
    assert done.code == 0
    head, table, missed = done.out.split("\n\n")
    assert "Kominfo Kota Contoh  as of 02:14:00" in head
    assert "running 2 of 200" in head
    assert "missed 2, overrun 3 today" in head
    lines = table.splitlines()
    assert len(lines) == 1 + len(engine.board().applications)
    assert [line.split()[1] for line in lines[1:4]] == ["runs", "runs", "waits"]
    assert missed.splitlines()[0] == "MISSED TODAY"
    assert "no engine ran" in missed
    assert not any(line != line.rstrip() for line in done.out.splitlines())


def test_json_is_what_the_engine_answered(command, home, engine):
    engine.set_state("portal", State.DOWN, "status_unexpected", {"seen": 503, "want": "200-299"}, status=503)
    document = json.loads(command("--home", str(home), "schedule", "--json").out)
    assert (document["bound"], document["missed_today"], len(document["periods"])) == (200, 2, 2)
    (portal,) = (probe for probe in document["probes"] if probe["application"] == "portal")
    assert (portal["state"], portal["verdict"], portal["status"]) == ("down", "down", 503)
    assert portal["pause"] is None
    assert portal["next_at"].endswith("Z")


def test_a_pause_says_until_when_and_is_seen_in_the_schedule(command, home, engine):
    at = ("--home", str(home), "--lang", "en")
    done = command(*at, "pause", "portal", "4h", "--reason", "pindah server")
    assert (done.code, done.out) == (0, "No look is made until Tue 24 Nov 06:14 WIB.\n")
    assert "by budi to 06:14" in command(*at, "schedule").out
    assert "paused by budi until" in command(*at, "status", "--json").out
    done = command(*at, "resume", "portal")
    assert (done.code, done.out) == (0, "Looks are made again: http.\n")
    assert [args for _name, args, _caller in engine.commands] == [
        PauseProbes("portal", "4h", "pindah server"),
        ResumeProbes("portal"),
    ]


def test_a_pause_without_a_reason_is_not_sent(command, home, engine):
    done = command("--home", str(home), "--lang", "en", "pause", "portal", "4h")
    assert done.code == 2
    assert "--reason" in done.err
    assert engine.commands == []


def test_a_viewer_may_look_at_the_schedule_and_not_pause(command, home, engine):
    engine.role = Role.VIEWER
    at = ("--home", str(home), "--lang", "en")
    assert command(*at, "schedule").code == 0
    done = command(*at, "pause", "portal", "4h", "--reason", "uji", "--json")
    assert done.code == 4
    assert "this needs operator" in done.err
