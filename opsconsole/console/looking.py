"""When the person at this console last looked: a key is what shows it. Pure: times are passed in."""

from datetime import UTC, datetime, timedelta

from opsconsole.console.since import AWAY

# Who was never here is told of a day.
_NEVER = timedelta(hours=24)


class LastLook:
    """``before`` is until when they had looked before they were away; ``at`` when they last pressed a key."""

    def __init__(self, looked_at: float | None = None) -> None:
        self.before = None if looked_at is None else datetime.fromtimestamp(looked_at, UTC)
        self.at = self.before

    def press(self, now: datetime) -> bool:
        """A key was pressed; whether they come back with it."""
        comes_back = self.at is not None and now - self.at > AWAY
        if comes_back:
            self.before = self.at
        self.at = now
        return comes_back

    def since(self, now: datetime) -> datetime:
        """Since when they have not seen what happened."""
        return self.before if self.before is not None else now - _NEVER

    @property
    def kept(self) -> float | None:
        """What is remembered for the next start, in seconds since the epoch."""
        return None if self.at is None else self.at.timestamp()
