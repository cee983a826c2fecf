"""Thresholds that a replay may change, read as a file would write them."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.replayed import SETTABLE
from opsconsole.health.model import Policy
from probes.spec import parse_duration

# Under these other looks would have been made than those that are recorded.
_RHYTHM = ("every", "retry", "timeout")
# As many as a file may ask for.
_MOST_IN_A_ROW = 20


class Thresholds(NamedTuple):
    """What is changed; None leaves it as each probe has it. ``slow_over`` is in seconds."""

    attempts: int | None = None
    recoveries: int | None = None
    slow_over: float | None = None

    def of(self, policy: Policy) -> Policy:
        """A probe's policy with this in it."""
        changed = {"attempts": self.attempts, "recoveries": self.recoveries}
        return replace(policy, **{name: value for name, value in changed.items() if value is not None})


def read_thresholds(sets: Mapping[str, str]) -> Thresholds:
    """What ``sets`` say. Raises `Invalid` for what can not be replayed, with the reason."""
    values: dict[str, int | float] = {}
    for name, text in sets.items():
        if name in _RHYTHM:
            raise Invalid(
                N_("{name} can not be replayed: other looks would have been made than those recorded."),
                N_("What can be set: {names}."),
                name=name,
                names=", ".join(SETTABLE),
            )
        if name not in SETTABLE:
            raise Invalid(
                N_("{name} is nothing that a replay can set."),
                N_("What can be set: {names}."),
                name=name,
                names=", ".join(SETTABLE),
            )
        values[name] = _duration(name, text) if name == "slow_over" else _count(name, text)
    return Thresholds(**values)  # type: ignore[arg-type]


def _count(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_IN_A_ROW:
        raise Invalid(
            N_("{name} is a number from 1 to {most}, not {text}."), name=name, text=text, most=_MOST_IN_A_ROW
        )
    return int(text)


def _duration(name: str, text: str) -> float:
    try:
        return parse_duration(text)
    except ValueError:
        raise Invalid(
            N_("{name} is a duration, not {text}."), N_("Such as 500ms or 2s."), name=name, text=text
        ) from None
