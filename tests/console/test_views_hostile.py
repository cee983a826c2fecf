"""Foreign text in the views beside the board: nothing of it reaches the terminal but what can be read."""

import re
from datetime import date, timedelta

import msgspec

from opsconsole.base.text import safe_text
from opsconsole.client.agency import OpdPage
from opsconsole.client.findings import Finding, Registered, RegisteredOpd, RegisteredProbe
from opsconsole.client.incident_pages import IncidentDetail, Past, Related, TimelineEntry
from opsconsole.client.incidents import Clock, Incident, Member, Question
from opsconsole.client.integration import ApplicationStage, BurnNote, ProofStanding, StagesPage
from opsconsole.client.logbook import STATE, Entry
from opsconsole.client.readiness import (
    ApplicationReadiness,
    Evidence,
    HeldDuty,
    LevelWords,
    MeansReadiness,
    OpdReadiness,
    OpdReadinessPage,
    ReadinessPage,
    RuleWords,
    SourceWords,
    Stand,
)
from opsconsole.client.shapes import Contact, State, Why
from opsconsole.console.draw import agency, agency_people, incident, readiness_cell, road
from opsconsole.console.draw.findings import entry_lines, opd_lines
from opsconsole.console.draw.incident_card import card
from opsconsole.console.draw.incident_lines import law_lines, turn_line
from opsconsole.console.draw.incident_summary import summary_lines
from opsconsole.console.draw.lines import Line, heading, line
from opsconsole.console.draw.readiness_page import opd_text
from opsconsole.console.feed.model import Turn
from opsconsole.console.tables import incidents, inventory, log, opd, readiness, register, stages
from opsconsole.console.terminal.grid import Grid, difference
from opsconsole.console.widgets.painting import strip_of
from opsconsole.integration.road import as_of
from tests.console.hostile import Source
from tests.console.hostile_papers import paper_lines, people_lines
from tests.console.rows import NIGHT, VIEW, app, drawn
from tests.console.test_wire_hostile import FOREIGN
from tests.integration.roads import example_facts

STRINGS = 10_000
hostile = Source(7, STRINGS)
EXAMPLE = example_facts()


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
    found += paper_lines(hostile) + people_lines(hostile)
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
