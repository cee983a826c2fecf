"""What a command is, apart from the registry of all of them, which imports every one."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from opsconsole.client.shapes import Role

Target = Literal["", "application", "incident", "opd", "person", "problem"]
"""What a command acts on, which is also the field of its arguments that names it. Empty: on nothing."""


class Args(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of what commands take."""


@dataclass(frozen=True, slots=True)
class CommandShape:
    """One command: its name on the wire, its CLI verb, what it takes, who may, whether it writes.

    ``help`` is one line for palette, help page and ``--help``. ``on`` is the field that the console fills
    with what is under the cursor. ``versioned``: it is refused when that is no longer of the version that
    the caller saw, if one is given. ``rest`` is the field that takes what is left of a line, so that a
    sentence needs no quotes. ``seconds`` is how long its answer may take, ``most_bytes`` how large a request.
    """

    name: str
    verb: tuple[str, ...]
    args: type[msgspec.Struct]
    role: Role
    writes: bool
    help: str
    on: Target = ""
    versioned: bool = False
    rest: str = ""
    # A recheck that waits takes as long as the longest probe timeout and its place in the queue.
    seconds: float = 60.0
    # The largest of the usual ones is a note of a few thousand characters.
    most_bytes: int = 64 * 1024
