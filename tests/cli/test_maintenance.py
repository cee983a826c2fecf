"""`maintenance list`, `add`, `end`: planned by command as on the screen."""

import json
from datetime import UTC, datetime, timedelta

from opsconsole.client.commands import EndMaintenance, PlanMaintenance
from tests.fakes.canned_maintenance import maintenance_page


def test_the_list_says_what_runs_what_is_to_come_and_how(command, home, engine):
    asked = []
    engine.answers["maintenance"] = lambda args: asked.append(args.application) or maintenance_page(engine)
    base = ("--home", str(home), "--lang", "en", "maintenance", "list")
    done = command(*base, "simrs")
    assert (done.code, asked) == (0, ["simrs"])
    lines = done.out.splitlines()
    assert lines[0].split() == ["NO", "STATE", "FROM", "UNTIL", "OF", "BY", "WHY"]
    assert [line.split()[0] for line in lines[1:]] == ["3", "-", "4", "5"]
    assert lines[1].split()[1] == "runs"
    assert lines[1].endswith("simrs        budi           ganti disk")
    assert lines[3].endswith("pindah jaringan (begins with the first trouble, lasts 1h)")
    assert lines[4].endswith("ikut PDN (begins and ends with service:pdn)")
    done = command(*base, "--json")
    assert [one["by"] for one in json.loads(done.out)["windows"]] == ["budi", "calendar.toml", "sari", "sari"]
    engine.answers["maintenance"] = maintenance_page(engine).__class__(at=engine.now)
    done = command(*base)
    assert done.out == "No maintenance runs or is planned.\n"


def test_it_is_planned_and_ended_with_all_that_a_command_takes(command, home, engine):
    base = ("--home", str(home), "--lang", "en", "maintenance")
    added = command(
        *base, "add", "simrs", "2h", "--reason", "ganti disk", "--start", "22:00", "--lasts", "1h"
    )
    assert (added.code, added.out.startswith("Maintenance no. 1: until ")) == (0, True)
    assert added.out.endswith(" budi: ganti disk\n")
    name, args, _version = engine.commands[-1]
    assert (name, args) == ("maintenance", PlanMaintenance("simrs", "2h", "ganti disk", "22:00", "1h"))
    ended = command(*base, "end", "simrs", "--number", "1")
    assert (ended.code, ended.out) == (0, "Ended: no. 1.\n")
    assert engine.commands[-1][:2] == ("maintenance-end", EndMaintenance("simrs", 1))
    assert command(*base, "add", "simrs", "2h").code == 2, "a reason is asked for"
    assert command(*base).code == 0


def test_a_real_engine_does_so_and_answers_with_its_exit_codes(command, own_office, home):
    base = ("--home", str(home), "maintenance")
    added = command(*base, "add", "situs", "2h", "--reason", "ganti disk", "--json")
    window = json.loads(added.out)["result"]
    until = datetime.fromisoformat(window["until"])
    assert timedelta(hours=1) < until - datetime.now(UTC) <= timedelta(hours=2)
    status = json.loads(command("--home", str(home), "status", "--json").out)
    row = next(row for row in status["applications"] if row["app"] == "situs")
    assert (row["state"], row["reason"]) == ("maint", "maint")
    assert row["detail"].endswith(": ganti disk")
    assert command("--home", str(home), "status").code == 0
    assert command(*base, "end", "situs").code == 0
    assert command(*base, "end", "situs").code == 5
    assert command(*base, "add", "tiada", "2h", "--reason", "uji").code == 2
