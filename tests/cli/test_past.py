"""`history`, `log`, `inventory`, `opd`: what the screens show, as text and for machines."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest


def rows(done):
    return [json.loads(line) for line in done.out.splitlines()]


def looked_at(command, office):
    """Wait until the office's application was looked at and shows it."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = json.loads(command("--home", office.home, "history", "situs", "--window", "1h", "--json").out)
        if found["looks"] and found["buckets"][-1]["state"] != "pending":
            return
    raise AssertionError("it was not looked at in time")


def test_a_history_adds_up_and_is_the_same_for_people(command, office):
    looked_at(command, office)
    found = json.loads(command("--home", office.home, "history", "situs", "--window", "1h", "--json").out)
    assert found["up_s"] + found["down_s"] + found["unknown_s"] + found["excluded_s"] == 3600
    assert [one["state"] for one in found["stretches"]][-1] == "up"
    assert len(found["buckets"]) == 60
    assert found["looks"] >= 1
    done = command("--home", office.home, "history", "situs", "--window", "1h")
    assert done.code == 0
    assert "available" in done.out
    assert "? UNKNOWN" in done.out, "the engine was off before it was first started"
    assert "the engine was off" in done.out


def test_a_history_ends_when_it_is_told_to(command, home, engine):
    asked = []
    canned = engine.answers["history"]
    engine.answers["history"] = lambda args: asked.append(args) or canned(args)
    base = ("--home", str(home), "--lang", "en", "history", "simrs")
    assert command(*base, "--at", "2026-11-23 22:00", "--window", "7d").code == 0
    assert asked[0].until == datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "in the office's zone"
    assert command(*base, "--at", "yesterday").code == 2
    done = command(*base, "--at", f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}")
    assert (done.code, "has not come yet" in done.err) == (2, True)
    assert command(*base[:-1], "nothing").code == 2


def test_the_log_is_told_the_newest_last_and_filtered_as_on_the_screen(command, home, engine):
    done = command("--home", str(home), "log", "--json", "--filter", "kind:config")
    assert [one["kind"] for one in rows(done)] == ["config.refused", "config.accepted"]
    done = command("--home", str(home), "--lang", "en", "log", "--filter", "who:sari")
    lines = done.out.splitlines()
    assert lines[0].split()[:2] == ["AT", "WHO"]
    assert [" simrs " in line for line in lines[1:]] == [True, False]
    assert all("looked at it by hand" in line for line in lines[1:])
    assert command("--home", str(home), "log", "--filter", "at>soon").code == 2
    assert command("--home", str(home), "log", "--since", "soon").code == 2


def test_the_log_is_followed_as_it_happens(command, home, own_office, site):
    argv = [sys.executable, "-m", "opsconsole", "--home", str(home), "log", "-f", "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        kinds = []
        end = time.monotonic() + 30
        while "engine.started" not in kinds and time.monotonic() < end:
            kinds.append(json.loads(following.stdout.readline())["kind"])
        assert command("--home", str(home), "probe", "situs").code == 0
        while "probe.rechecked" not in kinds and time.monotonic() < end:
            kinds.append(json.loads(following.stdout.readline())["kind"])
        following.terminate()
    assert "probe.rechecked" in kinds


def test_the_inventory_is_told_whole_or_by_its_problems(command, home, engine):
    page = json.loads(command("--home", str(home), "inventory", "--json").out)
    assert page["findings"][0]["code"] == "dns"
    assert len(page["entries"]) == len(engine.board().applications)
    only = json.loads(command("--home", str(home), "inventory", "--problems", "--json").out)
    assert only["findings"] == page["findings"]
    assert only["entries"] == []
    text = command("--home", str(home), "--lang", "en", "inventory").out
    assert text.startswith("PROBLEMS 9\n")
    assert "\nREGISTER 119\n" in text
    assert "opd/bkad.toml:12" in text
    assert "REGISTER" not in command("--home", str(home), "--lang", "en", "inventory", "--problems").out


def test_an_opd_is_told_with_all_that_is_its_own(command, home, engine):
    page = json.loads(command("--home", str(home), "opd", "kominfo", "--json").out)
    assert page["opd"]["code"] == "KOMINFO"
    text = command("--home", str(home), "--lang", "en", "opd", "kominfo").out
    for part in ("3 of 6 up", "APPLICATIONS 6", "gw-satu", "PROBLEMS 1", "LOG 3", "NEEDS 0"):
        assert part in text


@pytest.mark.parametrize("verb", ["history", "opd"])
def test_a_real_engine_says_that_there_is_no_such_thing(command, office, verb):
    done = command("--home", office.home, verb, "nothing")
    assert done.code == 2
    assert "nothing" in done.err


def test_a_real_engine_tells_its_register_and_its_log(command, office):
    page = json.loads(command("--home", office.home, "inventory", "--json").out)
    assert "situs" in {one["id"] for one in page["entries"]}
    assert all(one["file"] for one in page["findings"])
    looked_at(command, office)
    kinds = [one["kind"] for one in rows(command("--home", office.home, "log", "--json"))]
    assert kinds[:2] == ["engine.started", "config.accepted"]


@pytest.mark.parametrize(("view", "key"), [("inventory", "sev"), ("register", "app"), ("log", "text")])
def test_each_list_can_be_written_as_a_file(command, home, engine, view, key):
    done = command("--home", str(home), "--lang", "en", "export", view, "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert len(found) > 5
    assert all(row[key] for row in found)
