"""What is read of incidents beside the board: the list, one with its timeline, the hand-over of a shift."""

from datetime import datetime
from typing import Literal

import msgspec

from opsconsole.client.incidents import Incident
from opsconsole.client.instructions import Instruction
from opsconsole.client.query import Moment, Query
from opsconsole.client.readiness import ContactReadiness, RunningDrill
from opsconsole.client.shapes import Contact, Why
from probes.observation import Param

IncidentWindow = Literal["open", "24h", "7d", "30d", "all"]
"""``open``: all that are not over; else those too that opened or changed so far back."""


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an incident's timeline: an event of it, of a member, or of a look by hand.

    ``happened_at`` is when what it tells of was so, where that is not ``at``. ``kind`` and ``params`` are
    put into words by whoever shows them; ``text`` is what a person wrote.
    """

    at: datetime
    kind: str
    seq: int = 0
    person: str = ""
    via: str = ""
    subject: str = ""
    text: str = ""
    params: dict[str, Param] = {}
    happened_at: datetime | None = None


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """Another incident that may have the same cause; ``shares`` says what they have in common."""

    number: int
    subject: str
    title: str = ""
    shares: tuple[Literal["time", "address", "certificate", "vendor", "dependency"], ...]
    apart_s: float = 0.0
    open: bool = True


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier incident of the same application: how long, what it was, what helped."""

    number: int
    opened_at: datetime
    lasted_s: float = 0.0
    cause: str = ""
    note: str = ""


class IncidentDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one incident.

    ``contacts`` come in the order in which they are called; ``readiness`` is of each of them, in the same
    order and None for whom no evidence is kept of; ``hosting``, ``handed_over`` and ``vendor`` say who can
    touch it. ``merged`` are the incidents that were merged into it.
    """

    incident: Incident
    name: str = ""
    opd_name: str = ""
    hosting: str = ""
    handed_over: bool = False
    vendor: str = ""
    runbook: str = ""
    timeline: tuple[TimelineEntry, ...] = ()
    related: tuple[Related, ...] = ()
    past: tuple[Past, ...] = ()
    contacts: tuple[Contact, ...] = ()
    readiness: tuple[ContactReadiness | None, ...] = ()
    merged: tuple[int, ...] = ()
    why: tuple[Why, ...] = ()


class IncidentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Figures over what a list holds, each with how many incidents it is over.

    Mean time to acknowledge is from opened to the first acknowledgement, mean time to recover from the
    beginning of the trouble to recovery; false alarms count for neither, and those not yet
    there are left out. ``None``: there are none to go by.
    """

    open: int = 0
    acknowledged: int = 0
    mtta_s: float | None = None
    mtta_n: int = 0
    mttr_s: float | None = None
    mttr_n: int = 0


class IncidentsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents: what is open first, the worst and oldest first, then the rest, newest first.

    ``total`` is how many there are in the window, of which at most ``limit`` are told.
    """

    at: datetime
    incidents: tuple[Incident, ...] = ()
    total: int = 0
    figures: IncidentFigures = IncidentFigures()


class AskIncidents(Query[IncidentsPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The incidents of a window; ``application`` and ``opd`` narrow it to those with such a member."""

    window: IncidentWindow = "24h"
    application: str = ""
    opd: str = ""
    limit: int = 1000


class AskIncident(Query[IncidentDetail], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One incident with its timeline."""

    number: int


class HandoverChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a person did in a shift, as in the log; ``text`` is what they wrote with it."""

    at: datetime
    kind: str
    subject: str = ""
    person: str = ""
    params: dict[str, Param] = {}
    text: str = ""


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """What one shift leaves to the next.

    The shift runs from ``start`` to ``end``; ``shift`` is its name in calendar.toml. ``open`` are the
    incidents that are not over at its end (now, if it runs), ``ended`` those that ended in it, ``changes``
    what people did in it, the newest of ``changes_total``; of the shift that runs ``drills`` are those that
    run, ``instructions`` those that are open.
    ``head`` is the event chain's head: sequence number and hash in hexadecimal.
    """

    at: datetime
    shift: str = ""
    start: datetime
    end: datetime
    open: tuple[Incident, ...] = ()
    ended: tuple[Incident, ...] = ()
    changes: tuple[HandoverChange, ...] = ()
    changes_total: int = 0
    drills: tuple[RunningDrill, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    head_seq: int = 0
    head_hash: str = ""


class AskHandover(Query[Handover], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hand-over of the shift that runs at ``at``, now where it is not given."""

    at: Moment | None = None
