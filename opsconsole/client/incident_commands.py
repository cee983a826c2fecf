"""The commands that change incidents, and the one that reports a new one.

Each acts on one incident by its number; several are as many commands. The ``version`` that was seen may
come with each: an incident that has changed meanwhile refuses, and says who did what.
"""

from opsconsole.base.text import N_
from opsconsole.client.command import Args, CommandShape, Target
from opsconsole.client.incidents import Answer, Attribution, Category, Cause, Kind, Severity, Source
from opsconsole.client.shapes import Role


class Acknowledge(Args, frozen=True):
    """Somebody has seen it: nobody else is called. It ends with the shift, or at ``until``, or on recovery.

    ``until`` is as in `commands.PauseProbes`.
    """

    incident: int
    note: str = ""
    until: str = ""


class Unacknowledge(Args, frozen=True):
    """Take an acknowledgement back: it is nobody's again."""

    incident: int
    reason: str = ""


class Take(Args, frozen=True):
    """Make it the caller's own; one that is open is acknowledged with it."""

    incident: int


class Assign(Args, frozen=True):
    """Make it somebody's: an account's name, or the id of a person of the office."""

    incident: int
    person: str


class Note(Args, frozen=True):
    """Add a line to its timeline. Nothing is ever taken out of that."""

    incident: int
    text: str


class Snooze(Args, frozen=True):
    """Keep it quiet until then, for a reason; ``until`` is as in `commands.PauseProbes`."""

    incident: int
    until: str
    reason: str


class Unsnooze(Args, frozen=True):
    """Let it be heard again before its snooze is over."""

    incident: int


class Mitigate(Args, frozen=True):
    """People can work again, the cause is still there; ``note`` says how."""

    incident: int
    note: str


class Resolve(Args, frozen=True):
    """It is over: what it was and what was done, in one action.

    ``even_so``: also while members are still down, or where its cause was said before, which it corrects.
    ``false_alarm``: it was none.
    """

    incident: int
    cause: Cause
    note: str
    attribution: Attribution = ""
    false_alarm: bool = False
    even_so: bool = False


class Close(Args, frozen=True):
    """Nothing is left to do or to write. It needs a cause."""

    incident: int
    note: str = ""


class Reopen(Args, frozen=True):
    """It was not over."""

    incident: int
    reason: str


class Merge(Args, frozen=True):
    """The same cause as another one: its members go there."""

    incident: int
    into: int
    note: str = ""


class Unmerge(Args, frozen=True):
    """It was another cause after all: it gets its members back."""

    incident: int
    reason: str = ""


class Split(Args, frozen=True):
    """These members have a cause of their own: a new incident. ``members`` are row ids, commas between."""

    incident: int
    members: str
    reason: str


class SetSeverity(Args, frozen=True):
    """It is worse, or less bad, than it was taken for, for a reason."""

    incident: int
    severity: Severity
    reason: str


class Attribute(Args, frozen=True):
    """Say whether its cause lies within the city's control."""

    incident: int
    attribution: Attribution
    reason: str


class AnswerTriage(Args, frozen=True):
    """Answer a question of triage: ``personal_data`` or ``iiv``. Yes starts the clock of its law."""

    incident: int
    question: str
    answer: Answer
    note: str = ""


class Reported(Args, frozen=True):
    """What a clock asks for was done: the notice was sent. ``clock`` is its id."""

    incident: int
    clock: str
    note: str


class ReportIncident(Args, frozen=True):
    """Open an incident by hand: a call, a complaint, a letter. The result is its number.

    ``application`` is a row's id, empty where it is about none. ``at`` is when it began: how long
    ago, ``2h``, or a time as in `commands.PauseProbes`; empty for now. ``severity`` empty: the suggested one.
    """

    title: str
    application: str = ""
    source: Source = "call"
    kind: Kind = "outage"
    category: Category = ""
    severity: str = ""
    reporter: str = ""
    at: str = ""


def _shape(
    name: str, args: type[Args], help_text: str, *, rest: str = "", role: Role = Role.OPERATOR
) -> CommandShape:
    on: Target = "incident" if "incident" in args.__struct_fields__ else ""
    return CommandShape(
        name, ("incidents", name), args, role, True, help_text, on=on, versioned=bool(on), rest=rest
    )


INCIDENT_COMMANDS: tuple[CommandShape, ...] = (
    _shape("ack", Acknowledge, N_("say that you have seen it"), rest="note"),
    _shape("unack", Unacknowledge, N_("take the acknowledgement back"), rest="reason"),
    _shape("take", Take, N_("make it yours")),
    _shape("assign", Assign, N_("make it somebody's: N PERSON")),
    _shape("note", Note, N_("add a line to its timeline"), rest="text"),
    _shape("snooze", Snooze, N_("keep it quiet until a time: N 2h WHY"), rest="reason"),
    _shape("unsnooze", Unsnooze, N_("let it be heard again")),
    _shape("mitigate", Mitigate, N_("people can work again: N HOW"), rest="note"),
    _shape("resolve", Resolve, N_("it is over: N CAUSE WHAT WAS DONE"), rest="note"),
    _shape("close", Close, N_("nothing is left to do or to write"), rest="note"),
    _shape("reopen", Reopen, N_("it was not over: N WHY"), rest="reason"),
    _shape("merge", Merge, N_("the same cause as another one: N OTHER"), rest="note"),
    _shape("unmerge", Unmerge, N_("another cause after all"), rest="reason"),
    _shape("split", Split, N_("members with a cause of their own: N IDS WHY"), rest="reason"),
    _shape("severity", SetSeverity, N_("worse or less bad than it was taken for: N HOW WHY"), rest="reason"),
    _shape("attribute", Attribute, N_("inside or outside the city's control: N WHICH WHY"), rest="reason"),
    _shape("triage", AnswerTriage, N_("answer a question of triage: N QUESTION ANSWER"), rest="note"),
    _shape("reported", Reported, N_("the notice that a clock asks for was sent: N CLOCK HOW"), rest="note"),
    _shape("report", ReportIncident, N_("open one by hand: a call, a complaint, a letter"), rest="title"),
)
