"""Foreign text in the views beside the board: nothing of it reaches the terminal but what can be read."""

import re
from datetime import date, timedelta

import msgspec

from opsconsole.base.text import safe_text
from opsconsole.client.agency import OpdPage
from opsconsole.client.briefing import BriefExpiry, Briefing, BriefInstruction, BriefReadiness, Decision
from opsconsole.client.expiries import Expiry
from opsconsole.client.findings import Finding, Registered, RegisteredOpd, RegisteredProbe
from opsconsole.client.incident_pages import IncidentDetail, Past, Related, TimelineEntry
from opsconsole.client.incidents import Clock, Incident, Member, Question
from opsconsole.client.instructions import Instruction
from opsconsole.client.integration import (
    ApplicationStage,
    BurnNote,
    ProofStanding,
    Road,
    StagesPage,
    SwitchOff,
)
from opsconsole.client.logbook import STATE, Entry
from opsconsole.client.problem_register import ProblemNote, RegisteredProblem
from opsconsole.client.readiness import (
    ApplicationReadiness,
    Behaviour,
    Evidence,
    HeldDuty,
    LevelWords,
    MeansReadiness,
    OpdReadiness,
    OpdReadinessPage,
    PersonPage,
    ReadinessPage,
    Reminder,
    RuleWords,
    Session,
    SourceWords,
    Stand,
)
from opsconsole.client.shapes import Contact, State, Why
from opsconsole.console.draw import agency, agency_people, incident, readiness_cell, road
from opsconsole.console.draw.bimtek import session_text
from opsconsole.console.draw.briefing import briefing_lines
from opsconsole.console.draw.findings import entry_lines, opd_lines
from opsconsole.console.draw.incident_card import card
from opsconsole.console.draw.incident_lines import law_lines, turn_line
from opsconsole.console.draw.incident_summary import summary_lines
from opsconsole.console.draw.lines import Line, heading, line
from opsconsole.console.draw.person import PANES, fact_lines, pane_lines, person_text
from opsconsole.console.draw.problem_page import instruction_lines, problem_lines
from opsconsole.console.draw.readiness import reminder_text
from opsconsole.console.draw.readiness_page import opd_text
from opsconsole.console.feed.model import Turn
from opsconsole.console.tables import (
    evidence,
    expiries,
    incidents,
    instructions,
    inventory,
    log,
    opd,
    people,
    problems,
    readiness,
    register,
    reminders,
    sessions,
    stages,
    switch_off,
)
from opsconsole.console.tables.spec import TableRow, TableSpec
from opsconsole.console.tables.table import TableView
from opsconsole.console.terminal.grid import Grid, difference
from opsconsole.console.widgets.painting import strip_of
from opsconsole.integration.road import as_of
from tests.console.hostile import Source
from tests.console.rows import NIGHT, VIEW, app
from tests.console.test_wire_hostile import FOREIGN
from tests.integration.roads import example_facts

STRINGS = 10_000
hostile = Source(7, STRINGS)
EXAMPLE = example_facts()


def drawn(spec: TableSpec[object], rows: list[TableRow]) -> list[Line]:
    table = TableView(spec)
    table.load(rows)
    return [one for _key, one in table.lines(table.rows, 160)]


def lines() -> list[Line]:
    """One of everything, with foreign text wherever there can be some."""
    probe = RegisteredProbe(id=hostile(), kind="http", target=hostile())
    person = Contact(name=hostile(), duty=hostile(), phone=hostile(), note=hostile())
    entry = Registered(
        id=hostile(), name=hostile(), opd_short=hostile(), owner=hostile(), hosting=hostile(), note=hostile(),
        depends_on=((hostile(),),), runbook=hostile(), probes=(probe,), contacts=(person,), file=hostile(),
    )  # fmt: skip
    finding = Finding(severity="high", code="refused", params={"text": hostile()}, file=hostile())
    unknown = Finding(severity="low", code=hostile(), opd_short=hostile(), application=hostile())
    agency_ = RegisteredOpd(code=hostile(), name=hostile(), short=hostile(), kind=hostile(), file=hostile())
    logged = (
        Entry(id="e1", at=NIGHT, kind=hostile(), subject=hostile(), person=hostile(),
              body={hostile(): hostile()}),
        Entry(id="e2", at=NIGHT, kind="config.refused", subject="config", body={"lines": [hostile()] * 9}),
        Entry(id="s3", at=NIGHT, kind=STATE, subject=hostile(), after=State.DOWN, reason="tls_failed",
              params={"seen": hostile()}),
    )  # fmt: skip
    page = OpdPage(
        opd=agency_, people=(person,), applications=(entry,), services=((hostile(), 1),),
        findings=(finding, unknown), entries=logged,
    )  # fmt: skip
    row = app(entry.id, State.DOWN, reason="tls_failed", params={"seen": hostile()}, name=hostile())
    found = [*agency.fact_lines(page, None, VIEW), *entry_lines(entry, VIEW), *opd_lines(agency_, VIEW)]
    for number in range(len(agency.PANES)):
        found += agency.pane_lines(number, page, {row.id: row}, VIEW)
    found += drawn(log.SPEC, log.rows_of(logged, VIEW))
    found += drawn(inventory.SPEC, [inventory.row_of(one, VIEW) for one in (finding, unknown)])
    found += drawn(register.SPEC, [register.row_of(entry, VIEW)])
    found += incident_lines() + readiness_lines() + road_lines()
    found += paper_lines()
    found += people_lines()
    found += drawn(opd.SPEC, opd.SPEC.rows(opd.Shown(page, {row.id: row}), VIEW))
    return [*found, heading(line(hostile()), line(hostile()), 80)]


def incident_lines() -> list[Line]:
    """An incident with foreign text wherever a person, a look or a file may have left some."""
    member = Member(
        id=hostile(), name=hostile(), opd_short=hostile(), because="parent", via=hostile(), since=NIGHT
    )
    one = Incident(
        number=412, title=hostile(), subject=hostile(), opd=hostile(), opd_short=hostile(),
        reason="tls_failed", params={"seen": hostile()}, address=hostile(), members=(member,),
        happened_at=NIGHT, opened_at=NIGHT,
        acknowledged_at=NIGHT, acknowledged_by=hostile(), owner=hostile(),
        snoozed_until=NIGHT + timedelta(hours=1), snooze_reason=hostile(),
        reporter=hostile(), source="call", severity_why=hostile(),
        questions=(Question(id="iiv"), Question(id="personal_data", answer="no", by=hostile())),
        clocks=(Clock(id=hostile(), started_at=NIGHT, source=hostile()),), note=hostile(), note_by=hostile(),
        note_at=NIGHT, changed_at=NIGHT,
    )  # fmt: skip
    entry = TimelineEntry(
        at=NIGHT, kind="incident.noted", person=hostile(), via=hostile(), subject=hostile(), text=hostile(),
        params={"note": hostile(), "reason": hostile(), "to": hostile()},
    )  # fmt: skip
    detail = IncidentDetail(
        incident=one, name=hostile(), opd_name=hostile(), hosting=hostile(), vendor=hostile(),
        runbook=hostile(),
        timeline=(entry, msgspec.structs.replace(entry, kind=hostile())),
        related=(Related(number=1, subject=hostile(), title=hostile(), shares=("time",)),),
        past=(Past(number=2, opened_at=NIGHT, cause=hostile(), note=hostile()),),
        contacts=(Contact(name=hostile(), duty=hostile(), phone=hostile()),),
    )  # fmt: skip
    found = [*incident.head_lines(detail, VIEW, 20), *summary_lines(one, detail, VIEW)]
    found += [item.line for item in incident.items(detail, VIEW)]
    found += [line(text) for text in law_lines([one], VIEW)]
    found += [turn_line([Turn(None, one)], NIGHT, VIEW)]
    found += [line(part) for part in card(one, detail, VIEW).splitlines()]
    return [*found, *drawn(incidents.SPEC, [incidents.row_of(one, VIEW)])]


def readiness_lines() -> list[Line]:
    """Readiness with foreign text wherever a file or a recording may have left some."""
    why = Why("missing", {"what": hostile(), "name": hostile(), "application": hostile(), "duty": hostile()})
    one = OpdReadiness(
        opd=hostile(), short=hostile(), name=hostile(), claimed=4, reasons=(why,), cells={"SK": "part"},
        falls_on=NIGHT,
    )  # fmt: skip
    stand = Stand(what="SK", level=2, cell="lacking", why=hostile(), source=hostile())
    held = HeldDuty(duty=hostile(), application=hostile(), person=hostile(), name=hostile(), stands=(stand,))
    row = Evidence(
        number=1, kind="SK", person=hostile(), at=NIGHT, recorded_at=NIGHT, by=hostile(), variant=hostile(),
        voided=True, why_void=hostile(),
    )  # fmt: skip
    rule = RuleWords(
        code="SK", id=hostile(), en=hostile(), valid=hostile(), valid_by_tier={"1": hostile()},
        voided_by=(hostile(),), source="a",
    )  # fmt: skip
    means = MeansReadiness(id="m", kind="link", name=hostile(), proven_by=hostile(), since=NIGHT)
    page = OpdReadinessPage(
        at=NIGHT, readiness=one, rows=(row,), evidence=(rule,), means=(means,),
        applications=(ApplicationReadiness(id=hostile(), name=hostile(), duties=(held,)),),
        levels=(LevelWords(2, hostile(), hostile(), "b"),),
        sources=(SourceWords(id="a", number=hostile(), title=hostile(), kept=hostile()),),
    )  # fmt: skip
    listed = ReadinessPage(at=NIGHT, opds=(one,), levels=page.levels, evidence=page.evidence)
    texts = [*readiness_cell.rule_lines("SK", one, listed, VIEW)]
    texts += readiness_cell.cell_text(page, "SK", VIEW).splitlines() + opd_text(page, VIEW).splitlines()
    known = RegisteredOpd(code="X", name="X", short="X")
    whole = OpdPage(opd=known, readiness=one, levels=page.levels, means=(means,))
    found = [*agency_people.readiness_lines(whole, VIEW), *agency_people.means_lines(whole, VIEW)]
    found += [line(text) for text in texts]
    return [*found, *drawn(readiness.SPEC, readiness.SPEC.rows(listed, VIEW))]


def road_lines() -> list[Line]:
    """The road with foreign text in its milestones, its notes, its stages and their papers."""
    proof = ProofStanding(
        id=hostile(),
        stage=1,
        automatic=False,
        holds=True,
        proven=True,
        document=hostile(),
        since=NIGHT.date(),
    )
    one = ApplicationStage(
        application=hostile(), name=hostile(), opd=hostile(), opd_short=hostile(), dimension=hostile(),
        proofs=(proof,), exempt=((2, hostile()),),
    )  # fmt: skip
    seen = as_of(EXAMPLE, date(2020, 8, 31))
    milestone = msgspec.structs.replace(seen.milestones[-1], name=hostile(), note=hostile())
    seen = msgspec.structs.replace(
        seen, opd_term=hostile(), milestones=(*seen.milestones[:-1], milestone),
        notes=(BurnNote(day=date(2020, 1, 1), kind="renamed", why=hostile(), before=(hostile(),)),),
    )  # fmt: skip
    texts = [
        *road.road_lines(seen, VIEW),
        *road.part_lines(seen, [one], None, VIEW),
        *stages.proof_lines(one),
    ]
    table = drawn(stages.SPEC, stages.SPEC.rows(StagesPage(at=NIGHT, applications=(one,)), VIEW))
    return [*(line(text) for text in texts), *table]


def paper_lines() -> list[Line]:
    """Papers with foreign text wherever a person, a file or an agency may have left some."""
    today = NIGHT.date()
    ends = Expiry(
        kind="document", day=today, left=0, name=hostile(), number=hostile(), application=hostile(),
        opd_short=hostile(), who=hostile(),
    )  # fmt: skip
    problem = RegisteredProblem(
        number=8, text=hostile(), category="data", day=today, opd=hostile(), root=hostile(), pic=hostile(),
        solution=hostile(), links=(("stage", hostile()),), reason=hostile(),
        notes=(ProblemNote(at=NIGHT, by=hostile(), text=hostile()),), recorded_at=NIGHT, changed_at=NIGHT,
    )  # fmt: skip
    told = Instruction(
        number=3, opd=hostile(), person_name=hostile(), text=hostile(), due=today, source=hostile(),
        issued_at=NIGHT, issued_by=hostile(), acknowledged_at=NIGHT, acknowledged_by=hostile(),
        answered_at=NIGHT, answered_by=hostile(), answer=hostile(), document=hostile(),
        withdrawn_at=NIGHT, withdrawn_why=hostile(),
    )  # fmt: skip
    may_go = SwitchOff(
        application=hostile(), name=hostile(), opd=hostile(), reasons=(hostile(), "up"), verdict="candidate"
    )
    brief = Briefing(
        at=NIGHT, day=today, past=False, office=hostile(), opd_term=hostile(), road=some_road(),
        readiness=(BriefReadiness(opd="A", short=hostile(), falls_on=NIGHT),),
        late=(BriefInstruction(number=3, opd_short=hostile(), text=hostile(), due=today),),
        expiries=(BriefExpiry(kind="tls", day=today, left=1, name=hostile(), opd_short=hostile()),),
        decisions=(Decision(kind="problem", number=8, text=hostile()),),
    )  # fmt: skip
    texts = [*problem_lines(problem, VIEW), *instruction_lines(told, today, VIEW)]
    texts += briefing_lines(brief, VIEW)
    # These are copied as well, past the cells.
    assert not FOREIGN.search("".join(texts))
    return [
        *(line(text) for text in texts),
        *drawn(expiries.SPEC, [expiries.row_of(ends, VIEW)]),
        *drawn(problems.SPEC, [problems.row_of(problem, today, VIEW)]),
        *drawn(instructions.SPEC, [instructions.row_of(told, today, VIEW)]),
        *drawn(switch_off.SPEC, [switch_off.row_of(may_go, VIEW)]),
    ]


def some_road() -> Road:
    """A road with foreign text in the names of its milestones and definition."""
    return Road(
        at=NIGHT.date(), definition=hostile(), definition_seal=hostile(), register_date=NIGHT.date(),
        opd_term=hostile(),
    )  # fmt: skip


def people_lines() -> list[Line]:
    """People, what was recorded of them, Bimtek and reminders, with foreign text in every name."""
    held = HeldDuty(
        duty=hostile(), application=hostile(), person="rina", name=hostile(), falls_on=NIGHT,
        stands=(Stand(what=hostile(), level=2, cell="lacking", why=hostile()),),
    )  # fmt: skip
    row = Evidence(
        number=1, kind="BT", person="rina", application=hostile(), at=NIGHT, variant=hostile(),
        params={"number": hostile()}, by=hostile(), via=hostile(), recorded_at=NIGHT, result=hostile(),
    )  # fmt: skip
    who = PersonPage(
        at=NIGHT, person=hostile(), name=hostile(), opd=hostile(), opd_short=hostile(), duties=(hostile(),),
        applications=(hostile(),), phone=hostile(), whatsapp=hostile(), email=hostile(), backups=(hostile(),),
        backup_of=(hostile(),), held=(held,), rows=(row,),
    )  # fmt: skip
    of_opd = OpdReadinessPage(
        at=NIGHT, readiness=OpdReadiness(opd="A", short="A", name="A"), people=(("rina", hostile()),),
        applications=(ApplicationReadiness(id=hostile(), name=hostile(), duties=(held,)),),
    )  # fmt: skip
    held_once = Session(
        code=hostile(), title=hostile(), at=NIGHT, applications=(hostile(),), by=hostile(),
        attended=(hostile(),), opds=(hostile(),), behaviour=(Behaviour(opd=hostile(), days=60, least=5),),
    )  # fmt: skip
    late = Reminder(
        opd=hostile(), short=hostile(), name=hostile(), since=NIGHT, days=3, to=(hostile(),), head=hostile(),
        reasons=(Why("missing", {"what": "UR", "name": hostile()}),),
    )  # fmt: skip
    texts = [*session_text(held_once, VIEW).splitlines(), *person_text(who, VIEW).splitlines()]
    texts += reminder_text(late, hostile(), VIEW).splitlines()
    assert not FOREIGN.search("".join(texts))
    found = [*fact_lines(who, VIEW), *(line(text) for text in texts)]
    for number in range(len(PANES)):
        found += pane_lines(number, who, VIEW, 7)
    found += drawn(evidence.SPEC, evidence.SPEC.rows(who, VIEW))
    found += drawn(people.SPEC, people.SPEC.rows(of_opd, VIEW))
    found += drawn(sessions.SPEC, [sessions.row_of(held_once, VIEW)])
    return [*found, *drawn(reminders.SPEC, [reminders.row_of(late, VIEW)])]


def test_ten_thousand_hostile_strings_in_every_view_leave_no_trace() -> None:
    while hostile.given < STRINGS:
        for one in lines():
            text = "".join(segment.text for segment in strip_of(one, 80))
            assert not FOREIGN.search(text)
            # The way to the terminal: cells, and the bytes for them.
            wanted = Grid(80, 1)
            wanted.feed(f"\x1b[1;1H{text}")
            sent = difference(Grid(80, 1), wanted)
            assert not FOREIGN.search(re.sub("\x1b\\[[0-9;]*[HGmK]", "", sent))
            assert len(sent) < 600, "a flood of marks"


def test_what_draws_past_the_sanitiser_is_stopped_at_the_cells() -> None:
    for text in Source(11, 3_000).texts:
        wanted = Grid(80, 2)
        wanted.feed(f"\x1b[1;1H{text}")
        sent = difference(Grid(80, 2), wanted)
        assert not FOREIGN.search(re.sub("\x1b\\[(?:[0-9;]*[HGK]|(?!8m)[0-9;]*m)", "", sent))
        assert all(len(cell) <= 4 for row in wanted.rows for cell, _codes in row)
    unsafe = [chr(code) for code in range(0x110000) if safe_text(chr(code)) == "\ufffd" and code != 0xFFFD]
    grid = Grid(2, 1)
    for character in unsafe:
        grid.feed(f"\x1b[1;1H{character}a")
        assert character not in "".join(cell for cell, _codes in grid.rows[0])
