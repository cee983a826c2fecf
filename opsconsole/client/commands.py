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
    under the cursor, so the console fills ``application``.
    """

    name: str
    verb: tuple[str, ...]
    args: type[msgspec.Struct]
    role: Role
    writes: bool
    help: str
    on_row: bool = False


COMMANDS: dict[str, CommandShape] = {
    shape.name: shape
    for shape in (
        CommandShape("recheck", ("probe",), Recheck, Role.OPERATOR, True, N_("look at it now"), on_row=True),
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
