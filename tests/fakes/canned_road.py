"""One stage, problems and instructions of the example office, for the scripted engine."""

from datetime import UTC, date, datetime
from typing import Any

from opsconsole.client.instructions import Instruction, InstructionsPage
from opsconsole.client.integration import (
    ApplicationStage,
    ProofStanding,
    StagesPage,
    SwitchOff,
    SwitchOffPage,
)
from opsconsole.client.problem_register import ProblemNote, ProblemsPage, RegisteredProblem

AT = datetime(2026, 11, 23, 19, 14, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def canned_road() -> dict[str, Any]:
    """The answers by the name of their query."""
    return {
        "stages": StagesPage(at=AT, evaluated_at=AT, applications=(stage(),)),
        "switch_off": switch_off(),
        "problems": ProblemsPage(at=AT, today=TODAY, problems=(problem(),)),
        "instructions": InstructionsPage(at=AT, today=TODAY, instructions=(instruction(),), open=1, late=1),
    }


def stage() -> ApplicationStage:
    """One that has reached T4, and whose agreement is over."""
    return ApplicationStage(
        application="ws-nik", name="Layanan web NIK", opd="DISPENDUKCAPIL", opd_short="Dispendukcapil",
        tier=1, stage=4, cleared=4, since=date(2022, 9, 5), falls_on=date(2026, 12, 8),
        exempt=((4, "audience"),),
        proofs=(
            ProofStanding(
                id="reachable", stage=2, automatic=True, holds=True, proven=False, since=TODAY,
                falls_on=date(2026, 12, 8),
            ),
            ProofStanding(id="exchange", stage=5, automatic=True, holds=True, proven=True, since=TODAY),
            ProofStanding(
                id="agreement", stage=5, automatic=False, holds=False, proven=True, since=date(2022, 8, 1),
                document="PKS 555/0123/2022", until=date(2026, 7, 31),
            ),
        ),
    )  # fmt: skip


def switch_off() -> SwitchOffPage:
    """A candidate, and one of which too little is known."""
    return SwitchOffPage(
        at=AT, quarters=(date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)),
        applications=(
            SwitchOff(
                application="forum-csr", name="Forum CSR", opd="BAPPEDA", verdict="candidate",
                reasons=("never_up", "no_interest", "login_unknown"), up_percent=(0.0, 0.0),
            ),
            SwitchOff(application="mcc", name="MCC", opd="DISKOPINDAG", reasons=("watched_too_short",)),
            SwitchOff(application="portal", name="Portal", opd="DISKOMINFO", verdict="keep", reasons=("up",)),
        ),
    )  # fmt: skip


def problem() -> RegisteredProblem:
    """One that is late."""
    return RegisteredProblem(
        number=8, text="Perjanjian akses NIK habis", category="policy", day=date(2026, 7, 31),
        status="analysed", opd="DISPENDUKCAPIL", due=date(2026, 11, 1), root="tidak ada pengingat",
        links=(("stage", "ws-nik:T5"),),
        notes=(ProblemNote(at=AT, by="sari", text="sudah disurati"),), recorded_at=AT, changed_at=AT,
    )  # fmt: skip


def instruction() -> Instruction:
    """One that is late."""
    return Instruction(
        number=3, opd="DISDIKBUD", opd_short="Disdikbud", person="ani", person_name="Ani",
        text="Kirim dokumen API", due=date(2026, 11, 20), issued_at=AT, issued_by="sari",
    )  # fmt: skip
