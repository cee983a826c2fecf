"""The registry of commands: their shapes, seen from outside.

A command's CLI verb, palette entry, help line and console action are made from its shape here; its
handler is registered in the room of the capability. To add one: a struct and a line in `COMMANDS`; a
capability with many has a module of its own.
"""

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.backups import BACKUP_COMMANDS
from opsconsole.client.command import CommandShape
from opsconsole.client.importing import IMPORT_COMMANDS
from opsconsole.client.incident_commands import INCIDENT_COMMANDS
from opsconsole.client.instructions import INSTRUCTION_COMMANDS
from opsconsole.client.integration_commands import INTEGRATION_COMMANDS
from opsconsole.client.outbox import OUTBOX_COMMANDS
from opsconsole.client.problem_register import PROBLEM_COMMANDS
from opsconsole.client.readiness_commands import READINESS_COMMANDS
from opsconsole.client.shapes import Role
from opsconsole.client.usage import USAGE_COMMANDS

__all__ = ["COMMANDS", "CommandShape"]


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


COMMANDS: dict[str, CommandShape] = {
    shape.name: shape
    for shape in (
        CommandShape(
            "recheck", ("probe",), Recheck, Role.OPERATOR, True, N_("look at it now"), on="application"
        ),
        CommandShape(
            "pause",
            ("pause",),
            PauseProbes,
            Role.OPERATOR,
            True,
            N_("make no looks until a time: ID 2h WHY"),
            on="application",
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
            on="application",
            versioned=True,
        ),
        CommandShape(
            "maintenance",
            ("maintenance", "add"),
            PlanMaintenance,
            Role.OPERATOR,
            True,
            N_("plan maintenance until a time: ID 2h WHY"),
            on="application",
            rest="reason",
        ),
        CommandShape(
            "maintenance-end",
            ("maintenance", "end"),
            EndMaintenance,
            Role.OPERATOR,
            True,
            N_("end maintenance before its time"),
            on="application",
        ),
        CommandShape(
            "reload", ("config", "reload"), Reload, Role.ADMIN, True, N_("read the configuration again")
        ),
        CommandShape(
            "diff", ("config", "diff"), DiffConfig, Role.ADMIN, False, N_("what a reload would change")
        ),
        CommandShape("add", ("add",), AddApplication, Role.ADMIN, True, N_("watch another address")),
        CommandShape("stop", ("engine", "stop"), StopEngine, Role.ADMIN, True, N_("end the engine")),
        *IMPORT_COMMANDS,
        *INCIDENT_COMMANDS,
        *BACKUP_COMMANDS,
        *OUTBOX_COMMANDS,
        *READINESS_COMMANDS,
        *INTEGRATION_COMMANDS,
        *USAGE_COMMANDS,
        *PROBLEM_COMMANDS,
        *INSTRUCTION_COMMANDS,
    )
}
