"""What the user has switched on or off, shared by all screens for as long as the console runs."""

from dataclasses import dataclass, field

# At most one batch of changes a second is drawn; over a thin line one in five.
BATCH_S, BATCH_LOW_S = 1.0, 5.0


@dataclass(slots=True)
class Settings:
    """``language``: the one asked for, None for the office's. ``commands``, ``filters``: histories."""

    language: str | None = None
    low_bandwidth: bool = False
    bell: bool = True
    paused: bool = False
    usual_batch_s: float = BATCH_S
    commands: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)

    @property
    def batch_s(self) -> float:
        """How long to wait between two batches, in seconds."""
        return BATCH_LOW_S if self.low_bandwidth else self.usual_batch_s
