"""`incidents list`, `show` and the actions: what is typed, what is sent for it, and how each ends."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from opsconsole.base.errors import Conflict, NotFound
from opsconsole.client.incident_commands import (
    INCIDENT_COMMANDS,
    Acknowledge,
    AnswerTriage,
    Assign,
    Close,
    Merge,
    Note,
    ReportIncident,
    Resolve,
    SetSeverity,
    Snooze,
    Split,
    Take,
)
from opsconsole.client.incident_pages import (
    IncidentDetail,
    IncidentsPage,
    Past,
    Related,
    TimelineEntry,
)
from opsconsole.client.incidents import Clock, Incident, Member, Question, Severity, Status
from opsconsole.client.readiness import ContactReadiness
from opsconsole.client.shapes import Contact
from tests.fakes import scripted_engine
from tests.fakes.canned_incidents import carry_out
from tests.fakes.scripted_engine import NIGHT


def incident(number=412, **fields):
    """One of SIMRS that began at 02:02 and takes antrian with it."""
    began = NIGHT - timedelta(minutes=12)
    usual = {
        "number": number, "severity": Severity.CRITICAL, "subject": "simrs", "opd": "RSUD",
        "opd_short": "RSUD", "tier": 1, "state": "down", "reason": "connect_refused",
        "params": {"address": "127.20.4.9:9443"}, "happened_at": began,
        "opened_at": began + timedelta(minutes=1), "changed_at": NIGHT,
        "members": (
            Member(id="simrs", name="SIMRS", opd="RSUD", opd_short="RSUD", tier=1, since=began),
            Member(id="antrian", name="Antrian", opd="RSUD", opd_short="RSUD", since=began,
                   because="parent", via="simrs", recovered_at=NIGHT),
        ),
        "clocks": (Clock(id="recover", started_at=began, due_at=NIGHT + timedelta(hours=2)),),
    }  # fmt: skip
    return Incident(**(usual | fields))


@pytest.fixture
def incidents(command, home, engine):
    """Run ``opsconsole incidents`` in the office of the scripted engine, which has 409 to 415."""
    engine.set_incident(414)
    engine.set_incident(415)
    return lambda *words: command("--home", str(home), "--lang", "en", "incidents", *words)


@pytest.fixture
def sent(incidents, engine):
    """What an action sends, as (name, arguments), and its exit code."""

    def send(*words):
        engine.commands.clear()
        done = incidents(*words)
        return done.code, [(name, args) for name, args, _caller in engine.commands]

    return send


LINES = {
    "ack 412": [Acknowledge(412)],
    "ack #412 sedang dicek": [Acknowledge(412, "sedang dicek")],
    "ack INS-2026-000412 --until 2h lihat log": [Acknowledge(412, "lihat log", "2h")],
    "ack 412 413 415": [Acknowledge(412), Acknowledge(413), Acknowledge(415)],
    "ack 412,413 sedang dicek": [Acknowledge(412, "sedang dicek"), Acknowledge(413, "sedang dicek")],
    "ack 412 #413 sedang dicek": [Acknowledge(412, "sedang dicek"), Acknowledge(413, "sedang dicek")],
    "ack 412 413 -m dicek": [Acknowledge(412, "dicek"), Acknowledge(413, "dicek")],
    "ack 412 412": [Acknowledge(412)],
    "take 412 413": [Take(412), Take(413)],
    "assign 412 413 sari": [Assign(412, "sari"), Assign(413, "sari")],
    "note 412 telepon Bu Rina, tak diangkat": [Note(412, "telepon Bu Rina, tak diangkat")],
    "note 412 -m 2": [Note(412, "2")],
    "snooze 412 413 2h menunggu vendor": [
        Snooze(412, "2h", "menunggu vendor"), Snooze(413, "2h", "menunggu vendor")
    ],
    "resolve 412 network kabel diganti --attribution outside": [
        Resolve(412, "network", "kabel diganti", "outside")
    ],
    "resolve 412 unknown -m tak-jelas --false-alarm --even-so": [
        Resolve(412, "unknown", "tak-jelas", "", True, True)
    ],
    "close 412": [Close(412)],
    "merge 412 413 satu sebab": [Merge(412, 413, "satu sebab")],
    "merge 411,412 INS-2026-000413": [Merge(411, 413), Merge(412, 413)],
    "split 412 a,service:b sebab lain": [Split(412, "a,service:b", "sebab lain")],
    "severity 412 high banyak warga": [SetSeverity(412, Severity.HIGH, "banyak warga")],
    "triage 412 personal_data yes": [AnswerTriage(412, "personal_data", "yes")],
    "report layanan lambat sejak pagi --application simrs --source complaint": [
        ReportIncident("layanan lambat sejak pagi", "simrs", "complaint")
    ],
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_an_action_takes_numbers_then_what_it_needs_then_words_without_quotes(sent, line):
    name = line.split()[0]
    assert sent(*line.split()) == (0, [(name, args) for args in LINES[line]])


WRONG = {
    "ack simrs": "simrs is no number of an incident. Write 412, #412 or INS-2026-000412.",
    "ack 412 413 orang menelepon": "Is 413 another incident, or does the text begin with it?",
    "note 412 2 server mati": "Is 2 another incident, or does the text begin with it?",
    "note 412 413": "Is 413 another incident, or does the text begin with it?",
    "note 412": "note needs TEXT.",
    "note 412 ada -m teks": "ada is one word too many.",
    "take 412 sari": "sari is one word too many.",
    "snooze 412 2h": "snooze needs REASON.",
    "snooze 412": "snooze needs UNTIL.",
    "resolve 412 jaringan kabel": "CAUSE is not jaringan. It is one of: application, server,",
    "merge 412 simrs": "simrs is no number of an incident.",
    "severity 412 parah banyak": "SEVERITY is not parah. It is one of: critical, high, medium, low.",
    "ack 412 --id abc": "abc is no UUID.",
    "ack 412 --nonsense x": "unrecognized arguments: --nonsense x",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_could_mean_two_things_or_nothing_is_refused_before_anything_is_done(incidents, engine, line):
    done = incidents(*line.split())
    assert (done.code, done.out, engine.commands) == (2, "", [])
    assert WRONG[line] in done.err


def test_each_of_several_is_told_and_the_worst_is_how_it_ends(incidents, engine, monkeypatch):
    refused = {
        413: Conflict("{number} is closed since {at}.", "Reopen it.", number="#413", at="01:30"),
        414: NotFound("There is no incident {number}.", number=414),
    }

    def carry(scripted, args, person, version):
        if args.incident in refused:
            raise refused[args.incident]
        return carry_out(scripted, args, person, version)

    monkeypatch.setattr(scripted_engine, "carry_out", carry)
    done = incidents("ack", "412", "413", "415")
    assert (done.code, done.out) == (5, "#412: acknowledged\n#415: acknowledged\n")
    assert done.err == "#413: #413 is closed since 01:30. Reopen it.\n"
    done = incidents("ack", "412", "413", "414", "--json")
    told = json.loads(done.out)
    assert done.code == 2
    assert [(one["incident"], one.get("code", 0)) for one in told] == [(412, 0), (413, 5), (414, 2)]
    assert told[0]["result"]["seq"] > 0
    assert told[1]["problem"] == "#413 is closed since 01:30. Reopen it."


def test_asked_again_with_the_same_id_nothing_is_done_twice(incidents, engine):
    given = str(uuid.UUID(int=7))
    assert incidents("note", "412", "satu", "--id", given).out == "#412: noted\n"
    again = incidents("note", "412", "satu", "--id", given)
    assert (again.code, again.out) == (0, "#412: noted (it was done before)\n")
    assert len(engine.commands) == 1
    assert incidents("take", "412", "413", "--id", given).code == 0
    assert incidents("take", "413", "412", "--id", given).out.count("done before") == 2
    assert len(engine.commands) == 3


def test_an_engine_that_goes_away_in_between_leaves_the_rest_undone(incidents, engine, monkeypatch):
    def gone(scripted, *args):
        scripted.stop()
        raise AssertionError("nobody hears the answer")

    monkeypatch.setattr(scripted_engine, "carry_out", gone)
    done = incidents("take", "412", "413", "414")
    assert done.code == 3
    assert "Not done: " in done.err
    assert "#414" in done.err


def test_the_list_says_what_is_open_who_has_it_and_what_it_waits_for(incidents, engine):
    asked = []
    page = IncidentsPage(
        at=NIGHT,
        total=2,
        incidents=(
            incident(questions=(Question(id="personal_data"),)),
            incident(
                413, status=Status.ACKNOWLEDGED, acknowledged_by="sari", clocks=(), title="telepon\x1b[31m"
            ),
        ),
    )
    engine.answers["incidents"] = lambda args: asked.append(args) or page
    done = incidents("list", "--opd", "rsud")
    assert (done.code, asked[0].window, asked[0].opd) == (2, "open", "rsud")
    first, second = done.out.splitlines()[1:]
    assert first.split()[:2] == ["#412", "crit"]
    assert "recover: " in first
    assert first.endswith("personal data concerned?]")
    assert " ACK " in second
    assert " sari " in second
    assert "\x1b" not in second
    done = incidents("list", "--window", "7d", "--json")
    assert asked[-1].window == "7d"
    assert [one["number"] for one in json.loads(done.out)["incidents"]] == [412, 413]


def test_the_list_takes_the_words_of_the_console(incidents, engine):
    page = IncidentsPage(
        at=NIGHT,
        total=3,
        incidents=(
            incident(),
            incident(413, severity=Severity.LOW, owner="sari", attribution="outside"),
            incident(
                410, status=Status.RESOLVED, severity=Severity.LOW, false_alarm=True, attribution="inside"
            ),
        ),
    )
    engine.answers["incidents"] = lambda args: page

    def numbers(*words):
        found = json.loads(incidents("list", "--window", "7d", "--json", "--filter", " ".join(words)).out)
        return [one["number"] for one in found["incidents"]], found["total"]

    assert numbers("sev:low") == ([413, 410], 2)
    assert numbers("sev:low", "-false-alarm") == ([413], 1)
    assert numbers("owner:sari") == ([413], 1)
    assert numbers("false_alarm:yes") == ([410], 1)
    done = incidents("list", "--window", "7d", "--filter", "sev:low")
    assert done.code == 2, "one that is listed was seen by nobody"
    first, second = done.out.splitlines()[1:]
    assert first.endswith("(outside the city's control)")
    assert second.endswith("(false alarm, inside the city's control)")
    done = incidents("list", "--filter", "xyz")
    assert (done.code, done.out) == (0, "No incident matches these words.\n")
    done = incidents("list", "--filter", "sevv:low")
    assert done.code == 3
    assert "no field sevv" in done.err


def test_with_words_all_of_the_window_is_read(incidents, engine):
    asked = []
    page = IncidentsPage(at=NIGHT, total=1200, incidents=(incident(),))
    engine.answers["incidents"] = lambda args: asked.append(args.limit) or page
    incidents("list", "--filter", "crit")
    assert asked == [1000, 1200]


ENDS = {
    "nothing": ((), 0),
    "all over": ((incident(status=Status.CLOSED),), 0),
    "seen": ((incident(status=Status.ACKNOWLEDGED), incident(status=Status.MITIGATED)), 1),
    "snoozed": ((incident(snoozed_until=NIGHT + timedelta(hours=1)),), 1),
    "a snooze that is over": ((incident(snoozed_until=NIGHT),), 2),
    "one that nobody has seen": ((incident(status=Status.ACKNOWLEDGED), incident()), 2),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_list_ends_as_a_plug_in_does(incidents, engine, name):
    found, code = ENDS[name]
    engine.answers["incidents"] = IncidentsPage(at=NIGHT, incidents=found, total=len(found))
    assert incidents("list").code == code
    assert incidents("list", "--json").code == code


def test_a_list_that_nobody_could_read_knows_nothing(incidents, engine):
    assert incidents("list", "--window", "1y").code == 3
    engine.die()
    assert incidents("list").code == 3


def test_one_is_shown_with_all_that_belongs_to_it(incidents, engine):
    detail = IncidentDetail(
        incident=incident(questions=(Question(id="personal_data", answer="yes", by="sari"),), owner="budi"),
        name="SIM RS",
        opd_name="RSUD Sukamaju",
        hosting="opd",
        runbook="docs/rb-17.md",
        vendor="PT Contoh",
        timeline=(TimelineEntry(at=NIGHT, kind="incident.noted", person="sari", text="telepon [/] Bu Rina"),),
        related=(Related(number=413, subject="antrian", shares=("time", "address")),),
        past=(Past(number=398, opened_at=NIGHT - timedelta(days=20), lasted_s=2400, cause="database"),),
        contacts=(
            Contact(name="Rina S.", duty="admin", phone="0812-0000-1234"),
            Contact(name="Budi", duty="backup", phone="0812-0000-1235"),
            Contact(name="PT Contoh", duty="owner"),
        ),
        readiness=(
            ContactReadiness(level=3, answered_at=datetime.now(UTC) - timedelta(days=12)),
            ContactReadiness(level=1),
            None,
        ),
        merged=(410,),
    )
    engine.answers["incident"] = lambda args: detail if args.number == 412 else None
    done = incidents("show", "INS-2026-000412")
    assert done.code == 0
    lines = [line.strip() for line in done.out.splitlines()]
    assert lines[0].startswith("INS-2026-000412  critical  ")
    assert lines[1].startswith("SIM RS  RSUD Sukamaju  ")
    for wanted in (
        "owner: budi", "personal data concerned? yes (sari)", "docs/rb-17.md", "telepon [/] Bu Rina",
        "#413  antrian  at the same time, same address", "#410 was merged into it", "40 minutes",
        "Rina S. (admin) 0812-0000-1234  level 3, answered 12 d ago\n",
        "Budi (backup) 0812-0000-1235  level 1, never answered\n", "PT Contoh (owner)\n",
        "vendor: PT Contoh", "cut off by simrs",
    ):  # fmt: skip
        assert wanted in done.out, wanted
    shown = json.loads(incidents("show", "412", "--json").out)
    assert shown["incident"]["number"] == 412
    assert incidents("show", "simrs").code == 2


def test_every_action_has_help_that_says_what_stands_where(incidents):
    for shape in INCIDENT_COMMANDS:
        help_text = incidents(shape.name, "--help")
        assert help_text.code == 0
        assert f"usage: opsconsole incidents {shape.name} " in help_text.out


def test_a_real_engine_carries_out_what_is_typed(command, own_office, home):
    def ops(*words):
        return command("--home", str(home), "--lang", "en", "incidents", *words)

    assert ops("list").code == 0
    opened = ops(
        "report", "situs", "lambat", "--application", "situs", "--source", "call", "--reporter", "Bu Rina"
    )
    assert (opened.code, opened.out) == (0, "Incident #1 is open.\n")
    twice = [ops("report", "surat", "--id", str(uuid.UUID(int=7))) for _again in range(2)]
    assert twice[0].out == "Incident #2 is open.\n"
    assert (twice[1].code, twice[1].out) == (
        0,
        "That was reported before; `opsconsole incidents list` shows it.\n",
    )
    assert ops("resolve", "2", "unknown", "dijawab").code == 0
    assert ops("list").code == 2
    assert ops("ack", "1", "sedang", "dicek").out == "#1: acknowledged\n"
    assert ops("list").code == 1
    given = str(uuid.uuid4())
    for _again in range(2):
        assert ops("note", "1", "ditelepon", "--id", given).code == 0
    assert ops("resolve", "1", "network", "kabel", "diganti", "--even-so").code == 0
    assert ops("list").code == 0
    assert ops("ack", "1").code == 5
    assert ops("ack", "99").code == 2
    shown = ops("show", "1")
    assert shown.code == 0
    assert shown.out.count("ditelepon") == 1
    for wanted in ("situs lambat", "Bu Rina", "sedang dicek", "kabel diganti"):
        assert wanted in shown.out, wanted
    assert json.loads(ops("show", "1", "--json").out)["incident"]["cause"] == "network"
