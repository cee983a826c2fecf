"""How much room there is, what time it is, and in which zone: what every page is drawn for."""

from datetime import datetime
from typing import NamedTuple

from opsconsole.console.draw.times import Times


class View(NamedTuple):
    """A screen of ``width`` by ``height`` cells at ``now``, its times shown as ``times`` says.

    ``person`` is who looks at it, by the name that the engine knows them by.
    """

    width: int
    height: int
    now: datetime
    times: Times
    person: str = ""

    def at(self, moment: datetime) -> str:
        """A moment to the minute."""
        return self.times.at(moment, self.now)
