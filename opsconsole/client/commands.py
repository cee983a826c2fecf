"""The registry of commands: their shapes, seen from outside.

A command's CLI verb, palette entry, help line and console action are made from its shape here; its
handler is registered in the room of the capability. To add one: a struct and a line in `COMMANDS`.
"""

from dataclasses import dataclass

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.shapes import Role


class Recheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Look at an application now.

    ``probe`` empty means all its probes; ``wait`` that the answer is what they saw.
    """

    application: str
    probe: str = ""
    wait: bool = False


class PauseProbes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Make no more looks at an application until then; ``probe`` empty means all its probes.

    ``until`` is how long (``2h``) or a time (``06:00``, ``2026-11-25T06:00``) in the office's zone, at
    most `planned.MOST_PAUSE_DAYS` from now. A probe that is paused already is paused anew.
    """

    application: str
    until: str
    reason: str
    probe: str = ""


class ResumeProbes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Look at an application again before its pause is over; ``probe`` empty means all that are paused."""

    application: str
    probe: str = ""


class PlanMaintenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Put something under maintenance until then, from now or from ``start`` on.

    ``application`` is an application or service by its id, ``opd:CODE`` or ``*``. ``until`` and ``start`` are
    as in `PauseProbes`; a duration is from the start on. With ``lasts`` it begins with the first trouble
    between the two and lasts so long. With ``parent``, another id, it begins when the maintenance of that one
    does, and ends with it or after ``lasts``.
    """

    application: str
    until: str
    reason: str
    start: str = ""
    lasts: str = ""
    parent: str = ""


class EndMaintenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """End maintenance before its time, or call it off before it begins.

    ``number`` names it; without one it is what runs of exactly this ``application``, or else the only one
    to come.
    """

    application: str = ""
    number: int = 0


class Reload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Read the configuration again."""


class DiffConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `Reload` would change; it changes nothing itself. The result is a list of `shapes.Difference`."""


class AddApplication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Write a new application into an OPD's file. ``opd`` empty: the first one of the office.

    ``note`` is shown on the application's page.
    """

    id: str
    name: str
    url: str
    opd: str = ""
    note: str = ""


class StopEngine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """End the engine after what is running is written down."""


@dataclass(frozen=True, slots=True)
class CommandShape:
    """One command: its name on the wire, its CLI verb, what it takes, who may, whether it writes.

    ``help`` is one line for palette, help page and ``--help``. ``on_row``: it acts on the application
    under the cursor, so the console fills ``application``. ``versioned``: it is refused when the row is no
    longer of the version that the caller saw, if one is given. ``rest`` is the field that takes what is
    left of a line, so that a sentence needs no quotes.
    """

    name: str
    verb: tuple[str, ...]
    args: type[msgspec.Struct]
    role: Role
    writes: bool
    help: str
    on_row: bool = False
    versioned: bool = False
    rest: str = ""


COMMANDS: dict[str, CommandShape] = {
    shape.name: shape
    for shape in (
        CommandShape("recheck", ("probe",), Recheck, Role.OPERATOR, True, N_("look at it now"), on_row=True),
        CommandShape(
            "pause",
            ("pause",),
            PauseProbes,
            Role.OPERATOR,
            True,
            N_("make no looks until a time: ID 2h WHY"),
            on_row=True,
            versioned=True,
            rest="reason",
        ),
        CommandShape(
            "resume",
            ("resume",),
            ResumeProbes,
            Role.OPERATOR,
            True,
            N_("look again before the pause is over"),
            on_row=True,
            versioned=True,
        ),
        CommandShape(
            "maintenance",
            ("maintenance", "add"),
            PlanMaintenance,
            Role.OPERATOR,
            True,
            N_("plan maintenance until a time: ID 2h WHY"),
            on_row=True,
            rest="reason",
        ),
        CommandShape(
            "maintenance-end",
            ("maintenance", "end"),
            EndMaintenance,
            Role.OPERATOR,
            True,
            N_("end maintenance before its time"),
            on_row=True,
        ),
        CommandShape(
            "reload", ("config", "reload"), Reload, Role.ADMIN, True, N_("read the configuration again")
        ),
        CommandShape(
            "diff", ("config", "diff"), DiffConfig, Role.ADMIN, False, N_("what a reload would change")
        ),
        CommandShape("add", ("add",), AddApplication, Role.ADMIN, True, N_("watch another address")),
        CommandShape("stop", ("engine", "stop"), StopEngine, Role.ADMIN, True, N_("end the engine")),
    )
}
