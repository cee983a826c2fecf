"""The commands that record evidence of readiness, each a few keys or one line.

``people`` are ids with commas between. ``at`` is when it was so: empty for now, else as in
`moments.parse_moment`. ``source`` says whether it was seen, stated by the OPD, or imported.
"""

from typing import Literal

from opsconsole.base.text import N_
from opsconsole.client.attendance import AttendanceLine
from opsconsole.client.command import Args, CommandShape, Target
from opsconsole.client.readiness import Source
from opsconsole.client.shapes import Role

Channel = Literal["wa", "phone", "telegram", "none"]
Change = Literal["retirement", "number", "acting", "version", "reorganisation"]
Step = Literal["first", "second", "head", "letter"]


class RecordContact(Args, frozen=True):
    """Somebody was called. ``channel`` is how they answered; ``none``: they did not."""

    person: str
    channel: Channel
    at: str = ""
    note: str = ""


class StartDrill(Args, frozen=True):
    """Ask somebody for an answer and let the time run. The result is a `readiness.RunningDrill`.

    ``application`` empty: for the most critical one that they answer for. At times when nobody is drilled
    it is refused, unless it is ``meant`` so.
    """

    person: str
    application: str = ""
    meant: bool = False


class AnswerDrill(Args, frozen=True):
    """They answered: it passes if that was in time."""

    person: str


class MissDrill(Args, frozen=True):
    """They did not answer."""

    person: str


class PlanBimtek(Args, frozen=True):
    """A session of technical training; ``code`` names it from now on.

    ``applications`` are ids with commas between, empty for all.
    """

    code: str
    title: str
    at: str = ""
    applications: str = ""


class RecordAttendance(Args, frozen=True):
    """These people were at a session."""

    session: str
    people: str
    certificate: str = ""


class ImportAttendance(Args, frozen=True):
    """Whoever of a list can be known was at a session. The result is an `attendance.AttendanceReport`."""

    session: str
    lines: tuple[AttendanceLine, ...]


class CheckAttendance(Args, frozen=True):
    """What `ImportAttendance` would record; it records nothing."""

    session: str
    lines: tuple[AttendanceLine, ...]


class RecordDecree(Args, frozen=True):
    """A decree names these people.

    ``day`` and ``valid_until`` are dates; without the second it holds to the end of its year. ``scan`` is
    where a copy is kept, ``sha256`` its digest; both empty: it is not attached yet.
    """

    people: str
    number: str
    day: str
    signer: str = ""
    valid_until: str = ""
    scan: str = ""
    sha256: str = ""
    application: str = ""


class RecordSop(Args, frozen=True):
    """These people acknowledged a version of the SOP or runbook."""

    people: str
    version: str
    application: str = ""
    at: str = ""
    source: Source = "stated"


class RecordLogin(Args, frozen=True):
    """Somebody was logged in to the application's admin side."""

    person: str
    at: str = ""
    application: str = ""
    source: Source = "seen"


class RecordRoster(Args, frozen=True):
    """These people are on the duty roster from a day to another, both included."""

    people: str
    start: str
    end: str
    application: str = ""


class RecordHandOver(Args, frozen=True):
    """Whoever left an OPD has handed their duty over: minutes with a checklist.

    ``leaving`` and ``to`` are ids; ``leaving`` empty: of everybody who left.
    """

    opd: str
    leaving: str = ""
    to: str = ""
    at: str = ""
    note: str = ""


class Transfer(Args, frozen=True):
    """These people go elsewhere: what has to be proven again is taken away (mutasi)."""

    people: str
    note: str = ""


class RecordChange(Args, frozen=True):
    """Something else that takes evidence away, of these people, of all of an OPD, or for an application.

    ``retirement`` and ``number`` are about people, ``acting`` (Plt) and ``reorganisation`` about an OPD,
    ``version`` (a new major one) about an application.
    """

    what: Change
    people: str = ""
    opd: str = ""
    application: str = ""
    note: str = ""


class RecordReview(Args, frozen=True):
    """How an OPD keeps its duties was looked over."""

    opd: str
    note: str
    at: str = ""


class ProveMeans(Args, frozen=True):
    """Something that people need to work with was seen to be there. ``valid_until`` is a date."""

    opd: str
    means: str
    note: str = ""
    valid_until: str = ""
    at: str = ""
    source: Source = "seen"


class SendReminder(Args, frozen=True):
    """A step of the chain was taken: somebody of the OPD was told."""

    opd: str
    step: Step
    note: str = ""


class VoidEvidence(Args, frozen=True):
    """Take a recording back: with a ``number`` that row, else all of the caller's last recording.

    Nothing is deleted: it is a row of its own, and can be taken back too.
    """

    number: int = 0
    reason: str = ""


def _shape(
    name: str, verb: str, args: type[Args], help_text: str, *, rest: str = "", writes: bool = True
) -> CommandShape:
    fields = args.__struct_fields__
    on: Target = "person" if "person" in fields else "opd" if fields[0] == "opd" else ""
    return CommandShape(name, ("readiness", verb), args, Role.OPERATOR, writes, help_text, on=on, rest=rest)


READINESS_COMMANDS: tuple[CommandShape, ...] = (
    _shape(
        "contact", "contact", RecordContact, N_("somebody was called: PERSON wa, phone or none"), rest="note"
    ),
    _shape("drill", "drill", StartDrill, N_("ask for an answer and let the time run")),
    _shape("answered", "answered", AnswerDrill, N_("they answered the drill")),
    _shape("missed", "missed", MissDrill, N_("they did not answer the drill")),
    _shape("bimtek", "bimtek", PlanBimtek, N_("plan a Bimtek: CODE TITLE"), rest="title"),
    _shape("attend", "attend", RecordAttendance, N_("these people were at a Bimtek: CODE PEOPLE")),
    _shape(
        "attendance", "import-attendance", ImportAttendance, N_("record who attended, from a spreadsheet")
    ),
    _shape(
        "attendance-check",
        "import-attendance",
        CheckAttendance,
        N_("what a spreadsheet of attendance comes to"),
        writes=False,
    ),
    _shape("decree", "decree", RecordDecree, N_("a decree names these people: PEOPLE NUMBER DATE")),
    _shape("sop", "sop", RecordSop, N_("these people acknowledged the SOP: PEOPLE VERSION")),
    _shape("login", "login", RecordLogin, N_("somebody was logged in to the admin side")),
    _shape("roster", "roster", RecordRoster, N_("these people are on duty: PEOPLE FROM TO")),
    _shape("bast", "bast", RecordHandOver, N_("who left has handed over: OPD"), rest="note"),
    _shape("transfer", "transfer", Transfer, N_("these people go elsewhere (mutasi): PEOPLE"), rest="note"),
    _shape("change", "change", RecordChange, N_("a retirement, new number, acting head or new version")),
    _shape("review", "review", RecordReview, N_("the OPD was looked over: OPD WHAT"), rest="note"),
    _shape(
        "means", "means", ProveMeans, N_("a link, hosting, device or account was seen: OPD ID"), rest="note"
    ),
    _shape("remind", "remind", SendReminder, N_("a reminder was sent: OPD STEP"), rest="note"),
    _shape("undo", "void", VoidEvidence, N_("take your last recording back"), rest="reason"),
)
