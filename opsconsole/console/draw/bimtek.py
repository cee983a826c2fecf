"""A session of Bimtek in words: who was there, and what people did before and after it."""

from collections.abc import Iterable

from opsconsole.base.text import _
from opsconsole.client.readiness import Behaviour, Figure, Session
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import printable, wrap
from opsconsole.console.draw.view import View

_ROOM = 74


def session_text(one: Session, view: View) -> str:
    """All of it, as lines that fit into 80 cells."""
    return "\n".join(_lines(one, view))


def figure_text(what: str, value: float | None, count: int) -> str:
    """A figure with how many cases it is over; that there are too few."""
    if value is None:
        return _("not enough data (n={n})").format(n=count)
    shown = f"{value / 60:.1f} min" if what == "drill_seconds" else f"{value * 100:.0f} %"
    return f"{shown} (n={count})"


def _lines(one: Session, view: View) -> Iterable[str]:
    yield f"{printable(one.code)}  {printable(one.title)}"
    about = printable(", ".join(one.applications)) or _("all applications")
    yield _("on {day}, about {applications}").format(day=words.day(one.at, view), applications=about)
    yield ""
    yield f"{_('ATTENDED')} {len(one.attended)}"
    if not one.attended:
        yield "  " + _("nobody yet: :attend {code} PEOPLE").format(code=printable(one.code))
    yield from (f"  {part}" for part in wrap(printable(", ".join(one.attended)), _ROOM, len(one.attended)))
    for behaviour in one.behaviour:
        yield ""
        yield from _behaviour(behaviour)


def _behaviour(one: Behaviour) -> Iterable[str]:
    told = _("{opd}: {days} days before, {after} of {days} days after")
    yield told.format(opd=printable(one.opd), days=one.days, after=one.after_days)
    for figure in one.figures:
        yield from _figure(figure)


def _figure(one: Figure) -> Iterable[str]:
    yield "  " + words.of(words.FIGURES, one.what)
    yield "    " + _("before {before}, after {after}").format(
        before=figure_text(one.what, one.before, one.before_n),
        after=figure_text(one.what, one.after, one.after_n),
    )
