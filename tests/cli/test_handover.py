"""`incidents handover` and `incidents report-form`: papers on standard output."""

import json

from opsconsole.client.incident_pages import AskHandover, AskIncident
from tests.fakes.canned_handover import HASH, handover, outage_detail
from tests.fakes.scripted_engine import NIGHT


def test_the_hand_over_is_text_of_80_columns_or_json(command, home, engine):
    asked = []
    engine.answers["handover"] = lambda args: asked.append(args) or handover(NIGHT)
    base = ("--home", str(home), "--lang", "en", "incidents", "handover")
    done = command(*base)
    assert (done.code, asked) == (0, [AskHandover()])
    lines = done.out.splitlines()
    assert lines[0] == "SHIFT HAND-OVER: malam"
    assert lines[-1] == HASH
    assert max(map(len, lines)) <= 80
    told = json.loads(command(*base, "--json").out)
    assert (told["shift"], told["head_seq"], told["open"][0]["number"]) == ("malam", 4711, 123)


def test_it_is_asked_for_by_a_time(command, home, engine):
    asked = []
    engine.answers["handover"] = lambda args: asked.append(args.at) or handover(NIGHT)
    base = ("--home", str(home), "--lang", "en", "incidents", "handover", "--at")
    assert command(*base, "2026-01-23 22:00").code == 0
    assert [f"{at:%Y-%m-%d %H:%M}" for at in asked] == ["2026-01-23 15:00"]
    assert command(*base, "kemarin").code == 2


def test_the_report_form_is_markdown_to_be_completed(command, home, engine):
    asked = []
    engine.answers["incident"] = lambda args: asked.append(args) or outage_detail(NIGHT)
    base = ("--home", str(home), "--lang", "en", "incidents", "report-form")
    done = command(*base, "INS-2026-000123")
    assert (done.code, asked) == (0, [AskIncident(number=123)])
    assert done.out.startswith("# Incident report INS-2026-000123\n")
    assert done.out.count("\n## ") == 5
    assert command(*base, "#123", "--law", "pdp").out.count("\n## ") == 1
    assert command(*base, "123", "--law", "gdpr").code == 2
    assert command(*base, "portal").code == 2


def test_an_engine_hands_over_a_shift_in_which_nothing_was(command, own_office, home):
    done = command("--home", str(home), "incidents", "handover", "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert (told["shift"] in ("pagi", "siang", "malam"), told["open"], told["head_seq"] > 0) == (
        True,
        [],
        True,
    )
