"""People, what ends, Bimtek, reminders and the briefing, as the scripted engine tells them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from opsconsole.base.errors import NotFound
from opsconsole.client.briefing import BriefExpiry, Briefing, BriefInstruction, BriefReadiness, Decision
from opsconsole.client.dimensions import Dimension, DimensionsPage
from opsconsole.client.expiries import AskExpiries, ExpiriesPage, Expiry
from opsconsole.client.instructions import AskInstructions, Instruction, InstructionsPage
from opsconsole.client.problem_register import AskProblems, ProblemsPage, RegisteredProblem
from opsconsole.client.readiness import (
    AskPerson,
    Behaviour,
    BimtekPage,
    Evidence,
    Figure,
    HeldDuty,
    LevelWords,
    PersonPage,
    Reminder,
    RemindersPage,
    RuleWords,
    RunningDrill,
    Session,
    Stand,
)
from opsconsole.client.shapes import Why
from opsconsole.integration.road import as_of
from tests.fakes.canned_handover import outage
from tests.fakes.canned_road import instruction, problem, switch_off
from tests.integration.roads import example_facts

AT = datetime(2026, 11, 23, 19, 14, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LEVELS = (LevelWords(1, "Rintisan", "Initial"), LevelWords(2, "Terkelola", "Managed"))
RULES = (
    RuleWords(code="KT", id="Kontak terverifikasi", en="Contact verified", valid="90d"),
    RuleWords(code="UR", id="Uji respons", en="Response drill", valid="90d"),
)


def canned_papers() -> dict[str, Any]:
    """The answers by the name of their query."""

    def ends(args: AskExpiries) -> ExpiriesPage:
        found = tuple(one for one in expiries() if one.left <= args.days)
        return ExpiriesPage(
            at=AT, today=TODAY, days=args.days, expiries=found, over=sum(one.left < 0 for one in found)
        )

    def person(args: AskPerson) -> PersonPage:
        if args.person.casefold() not in ("rina", "rina s."):
            raise NotFound(
                "There is no person {id}.", "`opsconsole export people` lists them.", id=args.person
            )
        return rina()

    def problems(args: AskProblems) -> ProblemsPage:
        return ProblemsPage(at=AT, today=TODAY, problems=(problem(), *(closed() if args.all else ())))

    def instructions(args: AskInstructions) -> InstructionsPage:
        found = (instruction(), to_rina(), *((answered(),) if args.all else ()))
        return InstructionsPage(at=AT, today=TODAY, instructions=found, open=2, late=1)

    return {
        "expiries": ends, "person": person, "problems": problems, "instructions": instructions,
        "bimtek": BimtekPage(at=AT, sessions=(session(),)), "reminders": reminders(),
        "switch_off": switch_off(), "briefing": briefing(),
    }  # fmt: skip


def expiries() -> tuple[Expiry, ...]:
    """An agreement that is over, a certificate, a contact, and a decree that is far off."""
    return (
        Expiry(
            kind="agreement", day=date(2026, 7, 31), left=-116, name="Layanan web NIK", number="PKS 555/0123",
            application="ws-nik", opd="DISDUKCAPIL", opd_short="Disdukcapil", who="Rina S.",
        ),
        Expiry(
            kind="tls", day=date(2026, 11, 30), left=6, name="Portal Kota", application="portal",
            opd="KOMINFO", opd_short="Kominfo",
        ),
        Expiry(
            kind="evidence", day=date(2026, 12, 8), left=14, name="KT", opd="RSUD", opd_short="RSUD",
            person="rina", who="Rina S.",
        ),
        Expiry(
            kind="decree", day=date(2027, 6, 30), left=218, name="SK", opd="RSUD", opd_short="RSUD",
            person="rina", who="Rina S.",
        ),
    )  # fmt: skip


def rina() -> PersonPage:
    """An admin of the hospital, with a drill that runs."""
    stands = (
        Stand(what="SK", level=2, cell="ok", until=datetime(2027, 6, 30, 17, tzinfo=UTC), row=11),
        Stand(what="KT", level=2, cell="soon", until=datetime(2026, 12, 8, 17, tzinfo=UTC), row=14),
        Stand(what="UR", level=4, cell="lacking", why="missing"),
        Stand(what="LG", level=4, cell="not_needed"),
    )
    falls = datetime(2026, 12, 8, 17, tzinfo=UTC)
    return PersonPage(
        at=AT, person="rina", name="Rina S.", opd="RSUD", opd_short="RSUD", duties=("admin", "pic"),
        applications=("simrs", "antrean"), phone="0812-0000-0001", whatsapp="0812-0000-0001",
        backups=("budi",), backup_of=("sari",),
        held=(
            HeldDuty(
                duty="admin", application="simrs", tier=1, person="rina", name="Rina S.", level=2,
                falls_on=falls, falls_to=1, stands=stands,
            ),
            HeldDuty(duty="pic", application="antrean", tier=2, person="rina", name="Rina S.", level=1),
        ),
        drill=drill(), rows=recorded(), levels=LEVELS, evidence=RULES,
    )  # fmt: skip


def drill() -> RunningDrill:
    """One whose answer counts for a quarter of an hour."""
    return RunningDrill(
        number=3, person="rina", name="Rina S.", opd="RSUD", application="simrs", tier=1, asked_at=AT,
        due_at=AT + timedelta(minutes=15), by="budi",
    )  # fmt: skip


def recorded() -> tuple[Evidence, ...]:
    """Seen, stated and imported; the oldest was taken back."""
    usual = {"person": "rina", "opd": "RSUD", "by": "budi"}
    day = timedelta(days=1)
    return (
        Evidence(
            number=14, kind="KT", at=AT - 76 * day, result="answered", variant="wa", recorded_at=AT, **usual
        ),
        Evidence(
            number=12, kind="BT", at=AT - 90 * day, source="imported", variant="BT-2026-01", recorded_at=AT,
            **usual,
        ),
        Evidence(
            number=11, kind="SK", at=AT - 147 * day, until=datetime(2027, 6, 30, 17, tzinfo=UTC),
            source="stated", params={"number": "SK-12"}, recorded_at=AT, **usual,
        ),
        Evidence(
            number=9, kind="UR", at=AT - 200 * day, application="simrs", result="late", variant="inside",
            params={"seconds": 2400}, recorded_at=AT, voided=True, why_void="undone", **usual,
        ),
    )  # fmt: skip


def closed() -> tuple[RegisteredProblem, ...]:
    """One that is over."""
    return (
        RegisteredProblem(
            number=5, text="server belum diserahkan", category="infrastructure", day=date(2026, 1, 5),
            status="closed", opd="RSUD", after="diserahkan", recorded_at=AT, changed_at=AT,
        ),
    )  # fmt: skip


def to_rina() -> Instruction:
    """One to a person, that is not late."""
    return Instruction(
        number=5, opd="RSUD", opd_short="RSUD", person="rina", person_name="Rina S.",
        text="uji pemulihan cadangan", due=date(2026, 12, 1), issued_at=AT, issued_by="budi",
    )  # fmt: skip


def answered() -> Instruction:
    """One that is over."""
    return Instruction(
        number=2, opd="RSUD", opd_short="RSUD", text="ganti kata sandi bawaan", due=date(2026, 11, 1),
        status="answered", issued_at=AT - timedelta(days=30), issued_by="budi",
        answered_at=AT - timedelta(days=25), answered_by="rina", answer="diganti", document="lemari 3",
    )  # fmt: skip


def session() -> Session:
    """One of September with its figures."""
    return Session(
        code="BT-2026-01", title="Tanggap gangguan", at=AT - timedelta(days=90), by="budi",
        attended=("rina", "budi"), opds=("RSUD",),
        behaviour=(
            Behaviour(
                opd="RSUD", days=60, least=5, after_days=60,
                figures=(
                    Figure(what="drill_seconds", before=1500.0, before_n=6, after=600.0, after_n=7),
                    Figure(what="in_date", before=0.4, before_n=20, after_n=3),
                ),
            ),
        ),
    )  # fmt: skip


def reminders() -> RemindersPage:
    """One whose letter is due, one that waits."""
    lacking = Why("missing", {"what": "UR", "name": "Rina S.", "person": "rina"})
    return RemindersPage(
        at=AT, office="Kominfo Kota Contoh",
        reminders=(
            Reminder(
                opd="RSUD", short="RSUD", name="RSUD Kota Contoh", since=AT - timedelta(days=34), days=34,
                due="letter", sent="head", sent_at=AT - timedelta(days=7), to=("Kepala RSUD",),
                head="Kepala RSUD", reasons=(lacking,),
            ),
            Reminder(
                opd="KOMINFO", short="Kominfo", name="Dinas Kominfo", since=AT - timedelta(days=3), days=3,
                next_on=AT + timedelta(days=4), to=("Sari",), reasons=(lacking,),
            ),
        ),
    )  # fmt: skip


def briefing() -> Briefing:
    """A night on which everything has something to tell."""
    return Briefing(
        at=AT, day=TODAY, past=False, office="Kominfo Kota Contoh", opd_term="OPD", down=7, watched=115,
        incidents=(outage(AT),), levels=(1, 20, 12),
        readiness=(
            BriefReadiness(
                opd="RSUD", short="RSUD", claimed=4, proven=2,
                falls_on=datetime(2026, 12, 8, 17, tzinfo=UTC), falls_to=1,
            ),
        ),
        road=as_of(example_facts(), TODAY),
        dimensions=DimensionsPage(
            at=AT, definition="v2", register_date=TODAY, gate=(90, 50, 50), gate_met=False,
            dimensions=(
                Dimension(dimension="governance", applications=40, reachable=38, integrated=9, ready=12),
                Dimension(dimension="society", applications=12, counted=False),
            ),
        ),
        late=(BriefInstruction(number=3, opd_short="RSUD", text="perbarui PKS", due=date(2026, 11, 1)),),
        expiries=(BriefExpiry(kind="tls", day=date(2026, 11, 30), left=6, name="Portal Kota"),),
        decisions=(Decision(kind="letter", opd_short="RSUD"), Decision(kind="problem", number=8, text="NIK")),
    )  # fmt: skip
