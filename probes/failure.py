"""How a look ends early: one reason with its parameters, raised from wherever it was found."""

from probes.observation import Param, Verdict
from probes.reasons import BY_CODE
from probes.text import safe_text


class LookError(Exception):
    """The look is over. ``verdict`` is the reason's own unless the circumstances say otherwise."""

    def __init__(self, reason: str, /, verdict: Verdict | None = None, **params: Param):
        super().__init__(reason)
        self.reason = reason
        self.verdict = verdict or BY_CODE[reason].verdict
        self.params = params


def our_own(error: BaseException) -> LookError:
    """Trouble of ours, which says nothing about the target."""
    return LookError("internal_error", seen=safe_text(f"{type(error).__name__}: {error}", 200))
