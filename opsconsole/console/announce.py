"""Telling what changed without drawing it: the bell, and the title of the terminal."""

import os
from typing import Protocol

from opsconsole.client.incidents import Status
from opsconsole.client.shapes import State
from opsconsole.console.feed.model import Model, News
from opsconsole.console.settings import Settings

# XTWINOPS: put the title on the terminal's own stack, and take it from there (xterm, ctlseqs).
_KEEP_TITLE, _RESTORE_TITLE = "\x1b[22;0t", "\x1b[23;0t"


class Speaker(Protocol):
    """What can ring and write to the terminal."""

    def bell(self) -> None:
        """Ring once."""
        ...

    def write_control(self, sequence: str) -> None:
        """Write a control sequence."""
        ...


class Announcer:
    """Rings once for a batch with a new incident, and keeps how many there are in the terminal's title.

    What is acknowledged or kept quiet from the beginning rings nobody; nor does each failure of its own.
    """

    def __init__(self, speaker: Speaker, settings: Settings) -> None:
        self._speaker = speaker
        self._settings = settings
        # The kernel's console has no title.
        self._has_title = os.environ.get("TERM") != "linux"
        self._title = ""

    def announce(self, news: News, model: Model) -> None:
        """Tell of a batch."""
        fresh = any(turn.opens and turn.after.status is Status.OPEN for turn in news.turns)
        if fresh and self._settings.bell:
            self._speaker.bell()
        counts = {
            "INC": len(model.open_incidents()),
            "DOWN": sum(row.state is State.DOWN and row.hard for row in model.own()),
        }
        told = " ".join(f"{count} {what}" for what, count in counts.items() if count)
        title = f"[{told}] opsconsole" if told else "opsconsole"
        if self._has_title and title != self._title:
            keep = "" if self._title else _KEEP_TITLE
            self._title = title
            self._speaker.write_control(f"{keep}\x1b]0;{title}\x07")

    def leave(self) -> None:
        """Give the terminal its title back."""
        if self._title:
            self._speaker.write_control(_RESTORE_TITLE)
