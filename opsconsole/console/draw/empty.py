"""What the upper pane says when there is nothing in it: an empty place is never left to be guessed at."""

from opsconsole.base.text import _, ngettext
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import Line, Span
from opsconsole.console.draw.words import word
from opsconsole.console.feed.model import Model

# Said as counts when not everything is up, in this order.
_EXPLAINED = (State.PENDING, State.MAINT, State.CLOSED, State.OFF)


def nothing_listed(model: Model, *, filtered: bool) -> list[Line]:
    """The lines in place of rows."""
    if filtered:
        return [_line(_("nothing matches; esc clears the filter"))]
    if not model.is_known:
        return [_line(_("connecting to the engine"))]
    counts = model.counted()
    total = sum(counts.values())
    if not total:
        return [
            _line(_("no applications are configured")),
            _line(_("opsconsole add URL watches a first one; opsconsole config init writes files to edit")),
        ]
    if model.link.status == "down":
        return [_line(_("nothing was in trouble at the last word from the engine; nobody looks now"))]
    if counts[State.UP] == total:
        all_up = ngettext("the {n} application is up", "all {n} applications are up", total)
        return [_line(all_up.format(n=total))]
    if counts[State.PENDING] == total:
        return [_line(_("the first looks are on their way: 0 of {n} applications seen").format(n=total))]
    rest = [f"{counts[state]} {word(state)}" for state in _EXPLAINED if counts[state]]
    up = _("no problems: {n} of {all} applications are up").format(n=counts[State.UP], all=total)
    return [_line(", ".join([up, *rest]))]


def _line(text: str) -> Line:
    return (Span(f"   {text}"),)
