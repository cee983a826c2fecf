"""`integration`, `problem` and `instructions`: what they print, and what they send."""

import json

import msgspec
import pytest

from opsconsole.client.instructions import AnswerInstruction, IssueInstruction
from opsconsole.client.integration_commands import Prove, Reorganise, Reorganised
from opsconsole.client.problem_register import AddProblem, MoveProblem
from opsconsole.client.usage import (
    CheckUsage,
    ImportUsage,
    RecordUsage,
    Unclear,
    UsageLine,
    UsageReport,
    VoidUsage,
)
from tests.fakes.canned_road import canned_road


@pytest.fixture
def ops(command, home, engine):
    """The command in an office whose road is the example's."""
    engine.answers |= canned_road()
    return lambda *words: command("--home", str(home), "--lang", "en", *words)


def test_the_day_after_the_promise_it_says_what_the_second_phase_takes(ops):
    done = ops("integration", "road", "--at", "2019-09-24")
    assert done.code == 0
    assert "integrated 0 of 34 OPD" in done.out
    assert "definition v1" in done.out
    assert "needs 6 to 8 times the pace of Tahap 1" in done.out
    assert "cannot be projected yet" in done.out


def test_the_same_for_machines(ops):
    road = json.loads(ops("integration", "road", "--at", "2019-09-24", "--json").out)
    assert (road["definition"], road["register_date"], road["scope"]) == ("v1", "2019-09-24", 34)
    assert [round(one) for one in road["pace_ratio"]] == [6, 8]
    assert road["required_pace"] == pytest.approx([4 / 99, 5 / 99])
    assert (road["actual_pace"], road["forecast_p50"], road["forecast_p85"]) == (0.0, None, None)
    assert json.loads(ops("integration", "road", "--json").out)["forecast_p50"] > "2027"


def test_a_day_that_is_none_is_refused(ops):
    done = ops("integration", "road", "--at", "kemarin")
    assert (done.code, "2019-09-24" in done.err) == (2, True)


def test_stages_say_what_is_lacking_and_when_they_fall(ops):
    [head, row, *_rest] = ops("integration", "stages").out.splitlines()
    assert head.split() == ["STAGE", "APPLICATION", "OPD", "SINCE", "FALLS", "LACKS"]
    assert row.split() == [
        "T4",
        "ws-nik",
        "Dispendukcapil",
        "5",
        "Sep",
        "2022",
        "8",
        "Dec",
        "agreement",
        "in",
        "force",
    ]
    one = ops("integration", "stages", "ws-nik").out
    assert "PKS 555/0123/2022" in one and "T4 need not be reached: public or national" in one
    assert [line.split()[-6:-3] for line in one.splitlines() if line.startswith("T2")] == [
        ["stopped", "24", "Nov"]
    ]


def test_services_on_paper_and_what_may_be_switched_off_are_listed(ops):
    assert "Dispensasi nikah" in ops("integration", "paper").out
    off = ops("integration", "switch-off").out
    assert "never answered, nobody acted on an incident of it, no figure of log-ins" in off
    assert "not enough data" in off and "portal" not in off
    assert "portal" in ops("integration", "switch-off", "--all").out


def test_the_problem_register_shows_what_is_late_and_one_with_all_it_says(ops):
    assert "1 Nov LATE" in ops("integration", "problems").out
    one = ops("integration", "problems", "8").out
    assert "root cause: tidak ada pengingat" in one
    assert "tied to stage ws-nik:T5" in one and "sari: sudah disurati" in one


def test_instructions_show_who_owes_what(ops):
    done = ops("instructions", "list")
    assert done.out.splitlines()[1].split()[:4] == ["3", "issued", "Disdikbud", "Ani"]
    assert "20 Nov LATE" in done.out and done.out.endswith("Open 1, late 1\n")


def test_what_is_said_without_quotes_is_sent_as_one(ops, engine):
    sent = {
        ("problem", "add", "data", "Isian", "kurang", "--opd", "RSUD"): AddProblem(
            "data", "Isian kurang", "RSUD"
        ),
        ("problem", "status", "8", "cancelled", "sudah", "tidak", "ada"): MoveProblem(
            8, "cancelled", "sudah tidak ada"
        ),
        ("integration", "usage", "ws-nik", "2026-Q3", "12", "--source", "rekap", "BPKAD"): RecordUsage(
            "ws-nik", "2026-Q3", 12, "rekap BPKAD"
        ),
        ("integration", "usage-void", "ws-nik", "2026-Q3", "salah", "kolom"): VoidUsage(
            "ws-nik", "2026-Q3", "salah kolom"
        ),
        ("instructions", "issue", "RSUD", "14d", "Kirim", "dokumen"): IssueInstruction(
            "RSUD", "14d", "Kirim dokumen"
        ),
        ("instructions", "answer", "3", "surat 5", "sudah", "dikirim", "--by", "Ani"): AnswerInstruction(
            3, "surat 5", "sudah dikirim", "Ani"
        ),
        ("integration", "prove", "ws-nik", "agreement", "PKS", "1", "--valid-to", "2027-01-01"): Prove(
            "ws-nik", "agreement", "PKS 1", "2027-01-01"
        ),
    }
    for words, args in sent.items():
        done = ops(*words)
        assert (done.code, done.err) == (0, "")
        assert engine.commands[-1][1] == args


def test_a_plan_is_shown_before_it_is_carried_out(ops, engine, tmp_path, monkeypatch):
    plan = tmp_path / "plan.toml"
    plan.write_text("date = 2026-01-01\n")
    told = Reorganised(
        applied=False, date="2026-01-01", ended=("A",), started=("B",), moved=(("app", "A", "B"),),
        voided=(("app", "agreement"),), lost=(("A", "integrated"),),
    )  # fmt: skip
    monkeypatch.setattr(type(engine), "_carry_out", lambda *_: msgspec.Raw(msgspec.json.encode(told)))
    done = ops("integration", "reorganise", str(plan))
    assert engine.commands[-1][1] == Reorganise("date = 2026-01-01\n")
    assert "~ app: A -> B" in done.out and "app: to be proven again: agreement in force" in done.out
    assert done.out.endswith("Nothing was changed; --apply carries it out.\n")
    ops("integration", "reorganise", str(plan), "--apply")
    assert engine.commands[-1][1].apply
    assert ops("integration", "reorganise", str(tmp_path / "none.toml")).code == 2


def test_figures_of_use_come_from_a_spreadsheet_after_a_dry_run(ops, engine, tmp_path, monkeypatch):
    file = tmp_path / "rekap.csv"
    file.write_text("Aplikasi;Jumlah\nws-nik;12\ntiada;3\n")
    report = UsageReport(
        recorded=(("ws-nik", "2026-Q3", 12),), not_understood=(Unclear(3, "tiada", "application"),)
    )
    monkeypatch.setattr(type(engine), "_carry_out", lambda *_: msgspec.Raw(msgspec.json.encode(report)))
    asked = ("integration", "import-usage", str(file), "--quarter", "2026-Q3", "--source", "rekap")
    dry = ops(*asked, "--dry-run")
    assert dry.out.splitlines() == [
        "1 figure would be recorded.",
        "line 3: tiada: no application of the office",
    ]
    lines = (UsageLine(2, "ws-nik", "2026-Q3", "12"), UsageLine(3, "tiada", "2026-Q3", "3"))
    assert engine.commands[-1][1] == CheckUsage(lines, "rekap")
    assert ops(*asked).out.startswith("1 figure recorded.\n")
    assert engine.commands[-1][1] == ImportUsage(lines, "rekap")
    sent = len(engine.commands)
    assert ops("integration", "import-usage", str(file), "--source", "rekap").code == 2
    assert ops("integration", "import-usage", str(tmp_path / "tiada.csv"), "--source", "x").code == 2
    assert ops("integration", "import-usage", str(file), "--quarter", "2026-Q3").code == 2
    assert len(engine.commands) == sent
