"""The last board that was seen, kept so that the next start, or one without an engine, has one to show."""

import os
from datetime import datetime
from pathlib import Path

import msgspec

from opsconsole.base.paths import Place
from opsconsole.client.shapes import Board, Hello
from opsconsole.console.feed.model import Model
from opsconsole.console.own_files import replace_file

# Raised whenever a kept board could no longer be read as it was meant.
_VERSION = 1


class Snapshot(msgspec.Struct, frozen=True):
    """A board, whose it is, and when the engine was last heard."""

    at: datetime
    hello: Hello
    board: Board
    version: int = _VERSION


class Keeper:
    """Keeps one snapshot for this user: inside a home of its own, else in the cache folder."""

    def __init__(self, place: Place) -> None:
        if place.kind == "home":
            self.path = place.run / f"last-board-{os.getuid()}.json"
            # A home that is gone, as a demo's at its end, is not made again for this.
            self._makes_folder = False
        else:
            base = os.environ.get("XDG_CACHE_HOME", "")
            cache = Path(base) if base.startswith("/") else Path.home() / ".cache"
            self.path = cache / "opsconsole" / f"last-board-{place.kind}.json"
            self._makes_folder = True

    def recall(self) -> Snapshot | None:
        """The kept board, if there is one that can be read."""
        try:
            snapshot = msgspec.json.decode(self.path.read_bytes(), type=Snapshot)
        except (OSError, msgspec.DecodeError):
            return None
        return snapshot if snapshot.version == _VERSION else None

    def keep(self, model: Model) -> None:
        """Write the model's board, for its owner alone, beside and renamed.

        Where there is nothing to write, or it can not be written, nothing happens.
        """
        board = model.as_board()
        if board is None or model.hello is None or model.board_at is None:
            return
        snapshot = Snapshot(model.board_at, model.hello, board)
        try:
            replace_file(self.path, msgspec.json.encode(snapshot), makes_folder=self._makes_folder)
        except OSError:
            pass
