"""What the user last looked at in this office, so that the next start goes on there."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from opsconsole.base.paths import Place, user_state
from opsconsole.console.own_files import replace_file
from opsconsole.console.tables.table import TableState
from opsconsole.console.views import BOARD

# Raised whenever what was kept could no longer be read as it was meant.
_VERSION = 1


class Kept(msgspec.Struct, frozen=True):
    """The view that was on top, and what was chosen of each table by its name.

    ``looked_at`` is when this person last pressed a key here, seconds since the epoch; None: never yet.
    """

    view: str = BOARD
    tables: dict[str, TableState] = {}
    looked_at: float | None = None
    version: int = _VERSION


class Memory:
    """Remembers for this user and office: inside a home of its own, else in the state folder."""

    def __init__(self, place: Place, environ: Mapping[str, str] = os.environ) -> None:
        # A home that is gone, as a demo's at its end, is not made again for this.
        self._makes_folder = place.kind != "home"
        if place.kind == "home":
            self.path: Path = place.run / f"console-{os.getuid()}.json"
        else:
            self.path = user_state(environ) / f"console-{place.kind}.json"

    def recall(self) -> Kept:
        """What was kept; nothing where it is absent, broken or of another version."""
        try:
            kept = msgspec.json.decode(self.path.read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return Kept()
        return kept if kept.version == _VERSION else Kept()

    def keep(self, kept: Kept) -> None:
        """Write it down; where that is not possible nothing happens."""
        try:
            replace_file(self.path, msgspec.json.encode(kept), makes_folder=self._makes_folder)
        except OSError:
            pass
