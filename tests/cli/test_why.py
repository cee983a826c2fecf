"""`explain` and `replay`: for people and for machines."""

import json
import re

import pytest


def test_an_explanation_is_the_same_as_on_the_screen_and_ends_well_whatever_the_state(command, home, engine):
    base = ("--home", str(home), "--lang", "en", "explain")
    done = command(*base, "simrs")
    assert done.code == 0
    for wanted in ("DOWN since", "WHY, RULE BY RULE", "3. http: DOWN is confirmed", "LED TO IT: http",
                   "confirms   3", "does not count: we could not look", "8 looks between them"):  # fmt: skip
        assert wanted in done.out, wanted
    found = json.loads(command(*base, "simrs", "--json").out)
    assert found["row"]["state"] == "down"
    assert [one["code"] for one in found["lines"]][:2] == ["group_works", "decides"]
    assert command(*base, "presensi").code == 0
    assert command(*base, "nothing").code == 2


def test_a_replay_says_what_other_thresholds_would_have_brought(command, home, engine):
    asked = []
    canned = engine.answers["replay"]
    engine.answers["replay"] = lambda args: asked.append(args) or canned(args)
    base = ("--home", str(home), "--lang", "en", "replay", "--since", "7d")
    done = command(*base, "--set", "attempts=5", "--set", "slow_over=2s", "--app", "simrs", "--app", "siakad")
    assert done.code == 0
    for wanted in ("1310400 looks of 130 applications, judged again in 9.8 s", "as configured: 2 alarms",
                   "with attempts=5, slow_over=2s: 1 alarm\n", "avoided 1, of which 1 recovered",
                   "later by 2m 00s (median), at most 2h 05m", "would have known of: 3m 20s",
                   "The clock was set back 1 times", "40 of the looks"):  # fmt: skip
        assert wanted in done.out, wanted
    assert asked[0].sets == {"attempts": "5", "slow_over": "2s"}
    assert asked[0].applications == ("simrs", "siakad")
    found = json.loads(command(*base, "--set", "attempts=5", "--json").out)
    assert found["total"]["avoided"] == 1


def test_without_other_thresholds_it_counts_the_alarms_that_there_were(command, home, engine):
    done = command("--home", str(home), "--lang", "en", "replay", "--since", "7d")
    assert "as configured: 2 alarms" in done.out
    assert "avoided" not in done.out
    assert "2       simrs" in done.out


@pytest.mark.parametrize(
    "wrong", [("--set", "attempts"), ("--set", "=5"), ("--since", "soon"), ("--until", "soon"), ()]
)
def test_what_means_nothing_is_refused(command, home, engine, wrong):
    since = () if not wrong or "--since" in wrong else ("--since", "1h")
    assert command("--home", str(home), "replay", *since, *wrong).code == 2


def test_a_rhythm_can_not_be_replayed_and_the_reason_is_said(command, office):
    done = command("--home", office.home, "--lang", "en", "replay", "--since", "1h", "--set", "retry=5s")
    assert done.code == 2
    assert "other looks would have been made" in done.err
    done = command("--home", office.home, "--lang", "en", "replay", "--since", "1h")
    assert done.code == 0
    # At most the one that is down from the start, when it is confirmed by now.
    assert re.search(r"^as configured: [01] alarms?$", done.out, re.MULTILINE)
