"""The strip of an application's page: what it showed and how fast it answered, one glyph for each cell."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from rich.cells import cell_len

from opsconsole.base.text import N_, _
from opsconsole.client.history import SECONDS, Bucket, History, Window
from opsconsole.console.draw.lines import Line, Span, fit, heading, line, width_of
from opsconsole.console.draw.problems import TONES
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph

# The strip with its rule: state, latency, hours.
STRIP_LINES = 4
_LABEL = 8
_TITLES: dict[Window, str] = {"1h": N_("1 HOUR"), "24h": N_("24 HOURS"), "7d": N_("7 DAYS")}
# How far apart the times below the cells stand.
_TICKS: dict[Window, timedelta] = {
    "1h": timedelta(minutes=10), "24h": timedelta(hours=3), "7d": timedelta(days=1),
}  # fmt: skip
_NO_LOOK, _NO_ANSWER, _OVER = " ", "x", "#"
_LEVELS = ((0.25, "."), (0.5, ":"), (1.0, "|"))
_PLACE = "^"


def cells_in(width: int) -> int:
    """How many cells a screen of ``width`` has room for."""
    return max(width - _LABEL, 1)


def strip_rule(history: History | None, window: Window, view: View) -> Line:
    """``24 HOURS, one cell = 20 min, worst wins … available 98.61-98.70 %  p95 1.9s``."""
    if history is None:
        return heading(line(Span(_(_TITLES[window]), "strong")), (), view.width)
    known = line(_availability(history), f"  p95 {took(history.p95_ms)}" if history.p95_ms else "")
    left = line(Span(_(_TITLES[history.window]), "strong"), f" {history.probe}" if history.probe else "")
    for more in (
        _(", one cell = {step}, worst wins").format(step=_step(history.step_s)),
        _(", one cell = {step}").format(step=_step(history.step_s)),
    ):
        if width_of((*left, *known)) + cell_len(more) + 8 <= view.width:
            return heading((*left, Span(more)), known, view.width)
    return heading(left, known, view.width)


def strip_lines(history: History | None, at: datetime | None, view: View) -> list[Line]:
    """State, latency and times; ``at`` is the moment whose place is marked, None for none."""
    if history is None:
        return [line(Span("  " + _("reading …"), "quiet")), (), ()]
    top = history.slow_over_s * 1000 or max((one.p95_ms for one in history.buckets), default=0.0)
    latencies = "".join(_latency(one, top) for one in history.buckets)
    return [
        (_label(_("state")), *_states(history)),
        (_label("p95"), *_toned(latencies)),
        (_label(""), Span(_axis(history, at, view), "quiet")),
    ]


def percent(value: float) -> str:
    """To two digits, never rounded up: what was not whole is not shown as 100."""
    return f"{int(value * 100 + 1e-6) / 100:.2f}"


def _availability(history: History) -> str:
    if history.low_pct is None or history.high_pct is None:
        return _("nothing counts")
    low, high = percent(history.low_pct), percent(history.high_pct)
    return _("available {share} %").format(share=low if low == high else f"{low}-{high}")


def _step(seconds: int) -> str:
    if seconds % 3600:
        return _("{n} min").format(n=seconds // 60)
    return _("{n} h").format(n=seconds // 3600)


def _label(text: str) -> Span:
    return Span(" " + fit(text, _LABEL - 1), "quiet")


def _states(history: History) -> Iterator[Span]:
    for state, group in groupby(history.buckets, key=lambda one: one.state):
        yield Span(glyph(state) * len(list(group)), TONES[state])


def _latency(bucket: Bucket, top: float) -> str:
    if not bucket.looks:
        return _NO_LOOK
    if not bucket.answered:
        return _NO_ANSWER
    share = bucket.p95_ms / top if top else 0.0
    return next((mark for most, mark in _LEVELS if share <= most), _OVER)


def _toned(latencies: str) -> Iterator[Span]:
    tones = {_NO_ANSWER: "down", _OVER: "warn"}
    for mark, group in groupby(latencies):
        yield Span("".join(group), tones.get(mark, ""))


def _axis(history: History, at: datetime | None, view: View) -> str:
    """The times under their cells, and the mark of a place over them."""
    count = len(history.buckets)
    cells = [" "] * count
    for moment in _ticks(history, view):
        place = int((moment - history.start).total_seconds() // history.step_s)
        text = _tick(history.window, moment, view)
        if place + cell_len(text) <= count and not "".join(cells[max(place - 1, 0) :]).strip():
            cells[place : place + len(text)] = text
    if at is not None and history.start <= at <= history.end:
        cells[min(int((at - history.start).total_seconds() // history.step_s), count - 1)] = _PLACE
    return "".join(cells)


def _ticks(history: History, view: View) -> Iterator[datetime]:
    """The round times in the window, in the office's zone."""
    tick = _TICKS[history.window]
    moment = view.times.local(history.start).replace(hour=0, minute=0, second=0, microsecond=0)
    end = history.start + timedelta(seconds=SECONDS[history.window])
    while moment < end:
        if moment >= history.start:
            yield moment
        moment += tick


def _tick(window: Window, moment: datetime, view: View) -> str:
    local = view.times.local(moment)
    if window == "7d":
        return view.times.day(moment)
    return f"{local:%H:%M}" if window == "1h" else f"{local:%H}"
