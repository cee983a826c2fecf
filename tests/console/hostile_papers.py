"""Papers and people to draw, with foreign text wherever a person, a file or an agency may have left some."""

from opsconsole.client.briefing import BriefExpiry, Briefing, BriefInstruction, BriefReadiness, Decision
from opsconsole.client.expiries import Expiry
from opsconsole.client.instructions import Instruction
from opsconsole.client.integration import Road, SwitchOff
from opsconsole.client.problem_register import ProblemNote, RegisteredProblem
from opsconsole.client.readiness import (
    ApplicationReadiness,
    Behaviour,
    Evidence,
    HeldDuty,
    OpdReadiness,
    OpdReadinessPage,
    PersonPage,
    Reminder,
    Session,
    Stand,
)
from opsconsole.client.shapes import Why
from opsconsole.console.draw.bimtek import session_text
from opsconsole.console.draw.briefing import briefing_lines
from opsconsole.console.draw.lines import Line, line
from opsconsole.console.draw.person import PANES, fact_lines, pane_lines, person_text
from opsconsole.console.draw.problem_page import instruction_lines, problem_lines
from opsconsole.console.draw.readiness import reminder_text
from opsconsole.console.tables import (
    evidence,
    expiries,
    instructions,
    people,
    problems,
    reminders,
    sessions,
    switch_off,
)
from tests.console.hostile import Source
from tests.console.rows import NIGHT, VIEW, drawn
from tests.console.test_wire_hostile import FOREIGN


def paper_lines(hostile: Source) -> list[Line]:
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
        at=NIGHT, day=today, past=False, office=hostile(), opd_term=hostile(), road=_road(hostile),
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


def _road(hostile: Source) -> Road:
    """A road with foreign text in the names of its milestones and definition."""
    return Road(
        at=NIGHT.date(), definition=hostile(), definition_seal=hostile(), register_date=NIGHT.date(),
        opd_term=hostile(),
    )  # fmt: skip


def people_lines(hostile: Source) -> list[Line]:
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
