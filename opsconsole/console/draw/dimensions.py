"""The six dimensions as lines of text: counts, and the gate that the first has to pass."""

from collections.abc import Collection, Mapping

from opsconsole.base.text import N_, _, translate
from opsconsole.client.dimensions import Dimension, DimensionsPage

DIMENSIONS: Mapping[str, str] = {
    "governance": N_("Smart Government"),
    "society": N_("Smart Society"),
    "branding": N_("Smart Branding"),
    "economy": N_("Smart Economy"),
    "living": N_("Smart Living"),
    "environment": N_("Smart Environment"),
}
_NAME = 18


def dimension_lines(page: DimensionsPage, only: Collection[str] = ()) -> list[str]:
    """The heading, six rows (or ``only`` those) and the gate, none wider than 80 cells."""
    apps, reachable, integrated, ready = _("apps"), _("reachable"), _("integrated"), _("ready")
    head = f"{'':<{_NAME}} {apps:>6} {reachable:>11} {integrated:>12} {ready:>7}"
    rows = [one for one in page.dimensions if not only or one.dimension in only]
    return [head, *map(_row, rows), *gate_lines(page)]


def gate_lines(page: DimensionsPage) -> list[str]:
    """What the first dimension must reach before the next is counted; nothing where no gate is set."""
    if not any(page.gate):
        return []
    reachable, integrated, ready = page.gate
    told = _("gate: {reachable} % reachable, {integrated} % integrated, {ready} % ready; {state}")
    state = _("passed") if page.gate_met else _("not passed yet")
    return [told.format(reachable=reachable, integrated=integrated, ready=ready, state=state)]


def _row(one: Dimension) -> str:
    name = f"{translate(DIMENSIONS[one.dimension]):<{_NAME}} {one.applications:>6}"
    if not one.counted:
        return f"{name} {'-':>11} {'-':>12} {'-':>7}"
    return f"{name} {one.reachable:>11} {one.integrated:>12} {one.ready:>7}"
