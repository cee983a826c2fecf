"""From where to where a problem may go, and what has to be known by then. Pure."""

from typing import get_args

from opsconsole.base.errors import Conflict, Invalid
from opsconsole.base.text import N_
from opsconsole.client.problem_register import RegisteredProblem, Standing

_ORDER = get_args(Standing)
# What a problem must say of itself to stand there; a name is a part of it.
_NEEDS: dict[str, tuple[str, ...]] = {
    "agreed": ("solution", "pic"),
    "bimtek_planned": ("bimtek",),
    "bimtek_done": ("bimtek",),
    "shown": ("before", "after"),
}


def check_move(problem: RegisteredProblem, status: Standing, reason: str) -> None:
    """Refuse a move that is none, that nothing stands behind, or that needs a reason and has none.

    Steps may be passed over: not every solution is a Bimtek. Back, cancelled, and closed without a change
    that was shown, need a reason.
    """
    if status == problem.status:
        raise Conflict(N_("Problem {number} stands there already."), number=problem.number)
    missing = [part for part in _NEEDS.get(status, ()) if not getattr(problem, part)]
    if missing:
        raise Invalid(
            N_("Problem {number} does not say yet: {parts}."),
            N_("`opsconsole problem set {number} PART TEXT` says it."),
            number=problem.number,
            parts=", ".join(missing),
        )
    back = _ORDER.index(status) < _ORDER.index(problem.status)
    unshown = status == "closed" and problem.status != "shown"
    if (back or unshown or status == "cancelled") and not reason:
        raise Invalid(N_("That needs a reason."), N_("Say in a few words why."))
