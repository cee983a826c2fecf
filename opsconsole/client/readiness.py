"""Readiness as it crosses the socket: levels, the evidence behind them, drills, Bimtek, reminders.

A level says how far evidence supports that people can do their duty; what an OPD says of itself is
``claimed`` and is never the same thing. All of it is about people: it is shown to console users and is never
published.
"""

from datetime import datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query
from opsconsole.client.shapes import Why
from probes.observation import Param

Source = Literal["seen", "stated", "imported"]
"""dilihat, dinyatakan, impor."""
Cell = Literal["ok", "soon", "lacking", "not_needed"]
"""How one kind of evidence stands: held, held but ending soon, not held, not asked of such an application."""


class LevelWords(msgspec.Struct, frozen=True):
    """A level's name in each language, and the reference that it comes from."""

    level: int
    id: str
    en: str
    source: str = ""


class RuleWords(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of evidence or of means: its name in each language, how long it holds as the file writes it.

    ``voided_by`` are the changes that take it away.
    """

    code: str
    id: str
    en: str
    valid: str = ""
    valid_by_tier: dict[str, str] = {}
    voided_by: tuple[str, ...] = ()
    source: str = ""


class SourceWords(msgspec.Struct, frozen=True, kw_only=True):
    """The reference that a rule goes by. ``confirm``: the office has yet to hold it against the text."""

    id: str
    number: str = ""
    title: str = ""
    kept: str = ""
    confirm: bool = False


class OpdReadiness(msgspec.Struct, frozen=True, kw_only=True):
    """How ready the people of one OPD are.

    ``claimed`` is what the OPD says, None where it says nothing; ``proven`` what evidence supports: the
    lowest of what counts, and ``median`` the one in its middle. ``falls_on`` is when ``proven`` falls to
    ``falls_to`` if nothing is done, None where nothing ends. ``reasons`` are what keeps it from the next
    level, the weakest parts first. ``means`` and ``means_proven`` count what people need to work with.
    ``cells`` say of each need how it stands for all who answer for what counts: ``ok``, ``part`` (of some of
    them) or ``lacking``; what nobody is asked for is absent.
    """

    opd: str
    short: str
    name: str
    claimed: int | None = None
    proven: int = 0
    median: float = 0.0
    falls_on: datetime | None = None
    falls_to: int = 0
    reasons: tuple[Why, ...] = ()
    more_reasons: int = 0
    applications: int = 0
    people: int = 0
    means: int = 0
    means_proven: int = 0
    running_drills: int = 0
    reminder: str = ""
    cells: dict[str, str] = {}


class RunningDrill(msgspec.Struct, frozen=True, kw_only=True):
    """A drill whose answer is waited for: an answer until ``due_at`` passes it."""

    number: int
    person: str
    name: str
    opd: str
    application: str = ""
    tier: int = 4
    hours: Literal["inside", "outside"] = "inside"
    meant: bool = False
    asked_at: datetime
    due_at: datetime
    by: str = ""


class ReadinessPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every OPD in being at ``at``, in the order of the files; what levels are called; drills that run."""

    at: datetime
    opds: tuple[OpdReadiness, ...] = ()
    levels: tuple[LevelWords, ...] = ()
    evidence: tuple[RuleWords, ...] = ()
    drills: tuple[RunningDrill, ...] = ()


class AskReadiness(Query[ReadinessPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All OPD, or the one of this code."""

    opd: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One recording, as it was written down; ``number`` names it to `readiness_commands.VoidEvidence`.

    ``until`` is when it ends, None where nothing ends it; ``result`` is ``pass``, ``late``, ``missed``,
    ``answered``, ``none`` or empty. ``variant`` is the channel, session, hours, change, means or step.
    ``voided``: it was taken back, or a change took it away; ``why_void`` is ``undone`` or that change.
    """

    number: int
    kind: str
    person: str = ""
    opd: str = ""
    application: str = ""
    at: datetime
    until: datetime | None = None
    result: str = ""
    source: Source = "seen"
    variant: str = ""
    params: dict[str, Param] = {}
    by: str = ""
    uid: int = 0
    via: str = ""
    recorded_at: datetime
    voided: bool = False
    why_void: str = ""


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """How one need of a level stands for somebody in a duty.

    ``what`` is the need (``SK``, ``UR-outside``, ``named`` …), ``level`` the one that asks for it. ``why`` is
    empty where it is met, else ``missing``, ``expired``, ``failed``, ``voided``, ``nobody``, ``not_held`` or
    ``late``. ``row`` is the number of the evidence that shows it, 0 for none.
    """

    what: str
    level: int
    cell: Cell
    why: str = ""
    until: datetime | None = None
    row: int = 0
    source: str = ""


class HeldDuty(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a duty, with every need of it. ``person`` is empty where nobody holds it."""

    duty: str
    application: str = ""
    tier: int = 4
    person: str = ""
    name: str = ""
    level: int = 0
    falls_on: datetime | None = None
    falls_to: int = 0
    stands: tuple[Stand, ...] = ()


class ApplicationReadiness(msgspec.Struct, frozen=True, kw_only=True):
    """An application: its level is that of its weakest duty. ``id`` is empty for the OPD as a whole.

    ``counts``: it decides where the OPD stands.
    """

    id: str
    name: str
    tier: int = 4
    counts: bool = True
    claimed: int | None = None
    level: int = 0
    falls_on: datetime | None = None
    falls_to: int = 0
    duties: tuple[HeldDuty, ...] = ()


class MeansReadiness(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people need to work with.

    ``proven_by`` is the application or service whose probes show it, empty where dated evidence does;
    ``proven`` says whether it is shown now, ``since`` since when, ``until`` how long that evidence holds.
    """

    id: str
    kind: str
    name: str
    proven_by: str = ""
    proven: bool = False
    since: datetime | None = None
    until: datetime | None = None
    row: int = 0


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be told that something is missing of an OPD.

    ``since`` is when it was first missing; ``due`` the step of the chain that is due and not done, empty
    where none is; ``sent`` the last that was, ``sent_at`` when; ``next_on`` when the next step is due.
    ``to`` are the names of whom it goes to, ``reasons`` what it is about.
    """

    opd: str
    short: str
    name: str
    since: datetime
    days: int
    due: str = ""
    sent: str = ""
    sent_at: datetime | None = None
    next_on: datetime | None = None
    to: tuple[str, ...] = ()
    head: str = ""
    reasons: tuple[Why, ...] = ()


class RemindersPage(msgspec.Struct, frozen=True, kw_only=True):
    """The OPD of which something is missing, the longest first. ``office`` is who writes."""

    at: datetime
    office: str = ""
    reminders: tuple[Reminder, ...] = ()


class AskReminders(Query[RemindersPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them, or those of one OPD; ``due``: only where a step is due."""

    opd: str = ""
    due: bool = False


class OpdReadinessPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about the readiness of one OPD; ``rows`` are the newest recordings about it.

    ``people`` are all of its people, each an id and a name; ``sources`` what the rules name as theirs.
    """

    at: datetime
    readiness: OpdReadiness
    people: tuple[tuple[str, str], ...] = ()
    applications: tuple[ApplicationReadiness, ...] = ()
    means: tuple[MeansReadiness, ...] = ()
    drills: tuple[RunningDrill, ...] = ()
    reminder: Reminder | None = None
    rows: tuple[Evidence, ...] = ()
    levels: tuple[LevelWords, ...] = ()
    evidence: tuple[RuleWords, ...] = ()
    sources: tuple[SourceWords, ...] = ()


class AskOpdReadiness(Query[OpdReadinessPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One OPD by its code, in whatever case, with at most ``rows`` recordings, of ``kinds`` or of all."""

    code: str
    rows: int = 50
    kinds: tuple[str, ...] = ()


class PersonPage(msgspec.Struct, frozen=True, kw_only=True):
    """One person: their duties, how each stands, and all that was recorded of them, the newest first.

    ``backups`` are who stands in for them, ``backup_of`` for whom they do.
    """

    at: datetime
    person: str
    name: str
    opd: str
    opd_short: str = ""
    duties: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    phone: str = ""
    whatsapp: str = ""
    email: str = ""
    backups: tuple[str, ...] = ()
    backup_of: tuple[str, ...] = ()
    held: tuple[HeldDuty, ...] = ()
    drill: RunningDrill | None = None
    rows: tuple[Evidence, ...] = ()
    levels: tuple[LevelWords, ...] = ()
    evidence: tuple[RuleWords, ...] = ()


class AskPerson(Query[PersonPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person by their id."""

    person: str


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure before and after, each with how many cases it is over; None: not enough data.

    ``what`` is ``drill_seconds`` (median), or a share from 0 to 1: ``acknowledged_first``,
    ``registered_before``, ``announced``, ``in_date``.
    """

    what: str
    before: float | None = None
    before_n: int = 0
    after: float | None = None
    after_n: int = 0


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """What the people of one OPD did in ``days`` days before and after a session.

    ``after_days`` is how many of the days after it there have been. Below ``least`` cases there is no figure.
    """

    opd: str
    days: int
    least: int
    after_days: int = 0
    figures: tuple[Figure, ...] = ()


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One Bimtek: who was there, by id; ``applications`` empty: it was about all of them."""

    code: str
    title: str
    at: datetime
    applications: tuple[str, ...] = ()
    by: str = ""
    attended: tuple[str, ...] = ()
    opds: tuple[str, ...] = ()
    behaviour: tuple[Behaviour, ...] = ()


class BimtekPage(msgspec.Struct, frozen=True, kw_only=True):
    """All sessions, the newest first; with figures where one was asked for."""

    at: datetime
    sessions: tuple[Session, ...] = ()


class AskBimtek(Query[BimtekPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All sessions, or one with its figures."""

    code: str = ""
