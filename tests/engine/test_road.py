"""The road in a running engine: proofs, problems, instructions, a reorganisation, the road of a past day."""

import json
from datetime import date
from pathlib import Path

import httpx
import msgspec
import pytest

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.client.agency import AskOpd
from opsconsole.client.commands import Reload
from opsconsole.client.history import AskHistory
from opsconsole.client.incident_pages import AskHandover
from opsconsole.client.instructions import (
    AcknowledgeInstruction,
    AnswerInstruction,
    AskInstructions,
    Instruction,
    IssueInstruction,
    WithdrawInstruction,
)
from opsconsole.client.integration import ApplicationStage, AskRoad, AskStages, AskSwitchOff
from opsconsole.client.integration_commands import Evaluate, Prove, Reorganise, Reorganised, VoidProof
from opsconsole.client.logbook import AskLog
from opsconsole.client.problem_register import (
    AddProblem,
    AskProblems,
    DescribeProblem,
    LinkProblem,
    MoveProblem,
    NoteProblem,
    RegisteredProblem,
)
from opsconsole.client.usage import (
    CheckUsage,
    ImportUsage,
    RecordUsage,
    UsageLine,
    UsageReport,
    VoidUsage,
    quarter_from,
)
from tests.engine.city import City
from tests.engine.offices import Office, application, until

ROAD = """
[rules]
register_fields = ["probe"]

[[definitions]]
version = "v1"
kinds = ["dinas"]

[[milestones]]
id = "satu"
name = "Semua terintegrasi"
date = 2099-12-31
start = 2020-01-01
measure = "integrated"
target = "all"
definition = "v1"

[[history]]
date = 2020-02-03
opd = "UJI"
measure = "integrated"

[[history]]
date = 2020-02-03
applications = ["satu"]
stage = 3

[[problems]]
id = "lama"
date = 2020-01-01
text = "Persoalan lama"
category = "people"
"""
PLAN = """
date = 2026-01-01
basis = "Perda 1/2026"

[[start]]
code = "BARU"
name = "Dinas Baru"
short = "Baru"
predecessors = ["UJI"]

[[end]]
code = "uji"

[[move]]
to = "BARU"
applications = ["satu"]
people = ["ani"]
"""


@pytest.fixture
def running(office: Office, city: City) -> Office:
    """One application that answers, of an OPD with a person, on a road."""
    office.write(
        "# Yang ini penting.\n"
        + application(
            "satu", city.site().url, lines=["tier = 1                 # publik", 'note = "catatan"']
        )
    )
    (office.place.config / "road.toml").write_text(ROAD)
    people = office.place.config / "people"
    people.mkdir()
    (people / "uji.toml").write_text('# Rekaan.\n[[people]]\nid = "ani"\nname = "Ani"\n')
    office.start()
    until(lambda: office.row("satu").state == "up")
    return office


def send(office: Office, command: msgspec.Struct, command_id: str = "") -> object:
    with office.client() as client:
        result = client.command(command, command_id=command_id) if command_id else client.command(command)
    return msgspec.json.decode(result.result)


def stage(office: Office) -> ApplicationStage:
    with office.client() as client:
        [one] = client.query(AskStages(application="satu")).applications
    return one


def proof(office: Office, name: str) -> bool:
    return next(one.holds for one in stage(office).proofs if one.id == name)


def kinds(office: Office) -> list[str]:
    with office.client() as client:
        return [one.kind for one in client.query(AskLog(window="24h")).entries]


def test_history_stands_until_it_is_looked_over_and_papers_prove_and_are_voided(running: Office):
    before = stage(running)
    assert (before.stage, before.since) == (3, date(2020, 2, 3))
    assert not proof(running, "agreement")
    send(running, Prove("satu", "agreement", "PKS 1/2026", "2099-01-01"))
    assert proof(running, "agreement")
    send(running, Evaluate())
    # The API has no probe here: its proof has stopped, and its stage goes on for fourteen days.
    [api] = [one for one in stage(running).proofs if one.id == "api"]
    assert (api.holds, api.proven, stage(running).stage) == (True, False, 3)
    assert stage(running).falls_on == api.falls_on
    send(running, VoidProof("satu", "agreement", "dicabut"))
    assert not proof(running, "agreement")
    assert {"integration.proved", "integration.evaluated", "integration.voided"} <= set(kinds(running))


def test_a_stage_falls_at_once_when_its_paper_is_void(running: Office):
    send(running, VoidProof("satu", "api_document", "keliru"))
    send(running, Evaluate())
    assert stage(running).stage == 2
    assert "integration.stage_fell" in kinds(running)


def test_a_proof_names_an_application_a_document_and_a_day_to_come(running: Office):
    with pytest.raises(NotFound):
        send(running, Prove("tiada", "agreement", "x"))
    with pytest.raises(Invalid, match="document"):
        send(running, Prove("satu", "agreement", " "))
    with pytest.raises(Invalid, match="over since"):
        send(running, Prove("satu", "agreement", "x", "2020-01-01"))
    with pytest.raises(Invalid, match="no day"):
        send(running, Prove("satu", "agreement", "x", "besok"))
    with pytest.raises(Invalid, match="reason"):
        send(running, VoidProof("satu", "agreement", ""))


def test_the_road_of_a_past_day_is_told_and_of_a_day_to_come_refused(running: Office):
    with running.client() as client:
        before, now = client.query(AskRoad(at=date(2020, 2, 2))), client.query(AskRoad())
        assert (before.integrated, now.integrated, now.scope) == (0, 1, 1)
        assert before.register_date == date(2020, 2, 2)
        assert sum(now.stages) == 1
        for day in (date(2099, 1, 1), date(1, 1, 1)):
            with pytest.raises(Invalid):
                client.query(AskRoad(at=day))


def test_problems_of_the_files_are_taken_up_once_and_worked_on_by_command(running: Office):
    def problem(number: int) -> RegisteredProblem:
        with running.client() as client:
            return client.query(AskProblems(number=number)).problems[0]

    until(lambda: "problem.recorded" in kinds(running))
    assert (problem(1).text, problem(1).key) == ("Persoalan lama", "lama")
    number = send(running, AddProblem("data", "Data tidak lengkap", application="satu"))
    assert number == 2
    assert problem(2).opd == "UJI"
    with pytest.raises(Invalid, match="solution, pic"):
        send(running, MoveProblem(2, "agreed"))
    send(running, DescribeProblem(2, "solution", "Isi bersama"))
    send(running, DescribeProblem(2, "pic", "Ani"))
    send(running, DescribeProblem(2, "due", "2020-03-01"))
    send(running, MoveProblem(2, "agreed"))
    send(running, NoteProblem(2, "sudah dibahas"))
    send(running, LinkProblem(2, "stage", "satu:T5"))
    found = problem(2)
    assert (found.status, found.due, found.links) == ("agreed", date(2020, 3, 1), (("stage", "satu:T5"),))
    assert [one.text for one in found.notes] == ["sudah dibahas"]
    with running.client() as client:
        assert [one.number for one in client.query(AskProblems()).problems] == [2, 1]  # late ones first
    for command in (
        NoteProblem(9, "x"),
        LinkProblem(2, "incident", "77"),
        LinkProblem(2, "stage", "satu:T9"),
    ):
        with pytest.raises(NotFound):
            send(running, command)
    with pytest.raises(Conflict):
        send(running, DescribeProblem(2, "pic", "Ani"))
    running.stop()
    running.start()
    with running.client() as client:
        assert len(client.query(AskProblems(all=True)).problems) == 2


def test_an_instruction_is_issued_understood_answered_with_proof_and_then_over(running: Office):
    def listed(**keys: object) -> list[Instruction]:
        with running.client() as client:
            return list(client.query(AskInstructions(**keys)).instructions)  # type: ignore[arg-type]

    first = send(running, IssueInstruction("uji", "14d", "Kirim dokumen API"), "command-1")
    again = send(running, IssueInstruction("ani", "2d", "Perbarui kontak"))
    assert (first, again) == (1, 2)
    one, two = listed()[1], listed()[0]
    assert (one.opd, one.person, two.opd, two.person_name) == ("UJI", "", "UJI", "Ani")
    assert (one.due - two.due).days == 12
    send(running, AcknowledgeInstruction(1, by="Ani"))
    with pytest.raises(Conflict):
        send(running, AcknowledgeInstruction(1))
    with pytest.raises(Invalid, match="proof"):
        send(running, AnswerInstruction(1, "", "sudah"))
    send(running, AnswerInstruction(1, "surat 5/2026", "sudah dikirim", by="Ani"))
    [done] = [one for one in listed(all=True) if one.number == 1]
    assert (done.status, done.document, done.answered_by, done.answered_late) == (
        "answered", "surat 5/2026", "Ani", False,
    )  # fmt: skip
    with pytest.raises(Conflict):
        send(running, WithdrawInstruction(1, "x"))
    send(running, WithdrawInstruction(2, "tidak perlu"))
    assert listed() == []
    for to, due in (("tiada", "14d"), ("", "14d")):
        with pytest.raises(NotFound):
            send(running, IssueInstruction(to, due, "x"))
    for due in ("kapan", "2020-01-01", "9999d"):
        with pytest.raises(Invalid):
            send(running, IssueInstruction("UJI", due, "x"))


def test_what_a_reorganisation_would_change_is_told_and_nothing_is_changed(running: Office):
    files = {path: path.read_bytes() for path in running.place.config.rglob("*.toml")}
    told = msgspec.convert(send(running, Reorganise(PLAN)), Reorganised)
    assert (told.applied, told.ended, told.started) == (False, ("UJI",), ("BARU",))
    assert told.moved == (("satu", "UJI", "BARU"),)
    assert told.people == (("ani", "UJI", "BARU"),)
    assert told.lost == (("UJI", "integrated"),)
    assert ("added", "opd/baru.toml") in {(one.change, one.subject) for one in told.differences}
    assert {path: path.read_bytes() for path in running.place.config.rglob("*.toml")} == files


def test_a_reorganisation_moves_applications_with_their_history_and_voids_what_was_signed(running: Office):
    with running.client() as client:
        looks = client.query(AskHistory(application="satu", window="1h")).looks
    assert looks
    send(running, Prove("satu", "agreement", "PKS 1"))
    send(running, Reorganise(PLAN, apply=True))
    moved = (running.place.config / "opd" / "baru.toml").read_text()
    assert "# Yang ini penting." in moved and "tier = 1                 # publik" in moved
    assert 'earlier = [{ opd = "UJI", until = 2025-12-31 }]' in moved
    assert "valid_to = 2025-12-31" in (running.place.config / "opd" / "uji.toml").read_text()
    assert "ani" in (running.place.config / "people" / "baru.toml").read_text()
    assert running.row("satu").opd == "BARU"
    with running.client() as client:
        assert client.query(AskHistory(application="satu", window="1h")).looks >= looks
        road = client.query(AskRoad())
        assert (road.scope, road.integrated) == (1, 0)
        assert [(one.kind, one.before, one.after) for one in road.notes if one.before] == [
            ("renamed", ("UJI",), ("BARU",)),
            ("lost", ("UJI",), ()),
        ]
        assert client.query(AskRoad(at=date(2025, 12, 31))).integrated == 1
    assert not proof(running, "agreement")
    assert not proof(running, "owner_signed")
    assert "integration.reorganised" in kinds(running)
    running.stop()
    assert running.chain().whole


def test_a_plan_that_can_not_be_meant_is_refused_and_changes_nothing(running: Office):
    files = {path: path.read_bytes() for path in running.place.config.rglob("*.toml")}
    plans = {
        PLAN.replace('applications = ["satu"]\n', ""): "satu",
        PLAN.replace('["satu"]', '["tiada"]'): "tiada",
        PLAN.replace('code = "BARU"', 'code = "UJI"', 1): "already",
        PLAN.replace("2026-01-01", "2098-01-01"): "not come",
        PLAN.replace('code = "uji"', 'code = "zzz"'): "zzz",
        PLAN.replace("basis", "dasar"): "mistakes",
        "date = ": "mistakes",
    }
    for plan, says in plans.items():
        with pytest.raises((Invalid, Conflict, NotFound), match=says):
            send(running, Reorganise(plan, apply=True))
    assert {path: path.read_bytes() for path in running.place.config.rglob("*.toml")} == files


def test_two_quarters_are_needed_to_switch_off(running: Office):
    with running.client() as client:
        [one] = client.query(AskSwitchOff()).applications
    assert (one.application, one.verdict, one.reasons) == ("satu", "not_enough", ("watched_too_short",))


def test_figures_of_use_are_told_with_their_source_and_a_wrong_one_is_gone(running: Office):
    with running.client() as client:
        older, newer = (quarter_from(day) for day in client.query(AskSwitchOff()).quarters[:2])
        client.command(RecordUsage("satu", older, 12, "rekap Disdik"))
        client.command(RecordUsage("satu", newer, 7, "salah"))
        client.command(RecordUsage("satu", newer, 5, "surat 4/2026"))
        [one] = client.query(AskSwitchOff()).applications
        assert one.logins == 17
        assert [(use.quarter, use.count, use.source) for use in one.usage if use] == [
            (older, 12, "rekap Disdik"), (newer, 5, "surat 4/2026"),
        ]  # fmt: skip
        client.command(VoidUsage("satu", older, "keliru"))
        with pytest.raises(Conflict):
            client.command(VoidUsage("satu", older, "keliru"))
        line = UsageLine(2, "tiada", older, "1")
        with pytest.raises(Conflict):
            client.command(ImportUsage((line,), "x"))
        checked = client.command(CheckUsage((line, UsageLine(3, "satu", older, "4")), "x"))
        assert msgspec.convert(msgspec.json.decode(checked.result), UsageReport).recorded == (
            ("satu", older, 4),
        )
        [one] = client.query(AskSwitchOff()).applications
        assert (one.usage[0], one.logins) == (None, 5)


def test_files_written_for_a_road_are_whole(running: Office):
    send(running, Reorganise(PLAN, apply=True))
    assert {path.name for path in Path(running.place.config).rglob(".*")} == set()


def test_a_definition_in_force_can_not_be_changed_but_another_version_can_be_added(running: Office):
    file = running.place.config / "road.toml"
    file.write_text(ROAD.replace('kinds = ["dinas"]', 'kinds = ["dinas", "badan"]'))
    with pytest.raises(Invalid) as refused:
        send(running, Reload())
    [line] = refused.value.lines
    assert line.startswith("road.toml:6: version:")
    another = '[[definitions]]\nversion = "v2"\nkinds = ["badan"]\n\n[[milestones]]'
    file.write_text(ROAD.replace("[[milestones]]", another))
    send(running, Reload())


def test_the_page_of_an_opd_and_the_hand_over_show_what_it_was_told(running: Office):
    send(running, IssueInstruction("UJI", "14d", "Kirim dokumen API"))
    with running.client() as client:
        page = client.query(AskOpd(code="UJI"))
        handover = client.query(AskHandover())
    assert [one.text for one in page.instructions] == ["Kirim dokumen API"]
    assert [one.text for one in handover.instructions] == ["Kirim dokumen API"]


VAST = 10**30
HOSTILE = (
    ("road", {"at": "0001-01-01"}),
    ("road", {"at": "9999-12-31"}),
    ("problems", {"number": VAST}),
    ("problems", {"number": -1, "all": True}),
    ("stages", {"opd": "x" * 1000}),
    ("instructions", {"person": "\x1b[2J"}),
)
SENT = (
    *(
        ("instruct", {"to": "UJI", "due": due, "text": "x"})
        for due in ("9" * 30 + "d", "1e400s", "-1d", "x", "")
    ),
    ("instruction-ack", {"instruction": VAST}),
    ("problem-note", {"problem": VAST, "text": "x"}),
    ("problem-note", {"problem": -1, "text": "x"}),
    ("prove", {"application": "satu", "proof": "agreement", "document": "x", "valid_to": "9999-12-31"}),
    ("reorganise", {"plan": "date = 0001-01-01", "apply": True}),
    ("reorganise", {"plan": "date = 9999-12-31", "apply": True}),
    ("reorganise", {"plan": "[" * 5000, "apply": True}),
    ("problem-link", {"problem": 1, "kind": "incident", "target": "9" * 40}),
)


def test_no_question_and_no_command_makes_the_engine_fail(running: Office):
    transport = httpx.HTTPTransport(uds=str(running.place.socket))
    with httpx.Client(transport=transport, base_url="http://engine", timeout=30) as caller:
        answers = [
            (args, caller.get(f"/v1/queries/{name}", params={"args": json.dumps(args)}))
            for name, args in HOSTILE
        ]
        for number, (name, args) in enumerate(SENT):
            body = {"command_id": f"hostile-{number}", "args": args}
            answers.append((args, caller.post(f"/v1/commands/{name}", json=body)))
        assert [
            (args, one.text) for args, one in answers if one.status_code not in (200, 404, 409, 422)
        ] == []
        assert caller.get("/v1/queries/stages", params={"args": "{}"}).status_code == 200
