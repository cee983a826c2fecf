"""The fixed lines of every screen: title, counts, events, hints, the rules above panes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from rich.cells import cell_len

from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.shapes import Role, State
from opsconsole.console.draw.lines import Line, Span, cut, fit, justify, line, width_of
from opsconsole.console.draw.problems import TONES
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word
from opsconsole.console.feed.inbox import Link
from opsconsole.console.feed.model import Event
from opsconsole.console.keymap import Action
from opsconsole.console.views import INCIDENTS, VIEWS, ConsoleView

# States that are counted even when nothing is in them would only add noise; these two always show.
_ALWAYS = (State.UP, State.DOWN)
_COUNTED = (
    State.UP, State.WARN, State.DOWN, State.UNREACHABLE, State.UNKNOWN, State.STALE,
    State.PENDING, State.MAINT, State.CLOSED, State.OFF,
)  # fmt: skip
_MODES: dict[Role, str] = {
    Role.NONE: "--",
    Role.VIEWER: "RO",
    Role.OPERATOR: "RW",
    Role.ADMIN: "RW",
}
_EVENT_STATES = N_("{app} {state}")


def title(where: Sequence[str], role: Role, marks: Sequence[str], clock: str, width: int) -> Line:
    """Line 1: where am I, what may I do, what is special, what time is it."""
    mode = _MODES[role]
    right = line(" ", clock)
    special = [Span(f"  {mark}", "strong") for mark in (mode, *marks)]
    name = Span("opsconsole", "strong")
    room = width - width_of([name, *special, *right]) - 2
    trail = list(where)
    while len(trail) > 1 and cell_len(" > ".join(trail)) > room:
        del trail[0]
    text = " > ".join(trail)
    if cell_len(text) > room:
        text = fit(text, max(room, 8)).rstrip()
    return justify((name, Span(f"  {text}"), *special), right, width)


def second(current: str, counted: Mapping[State, int], width: int, incidents: int = 0) -> Line:
    """Line 2: the views there are, and how many applications are in each state; ``incidents`` are open.

    Where both do not fit, what does not count goes first, then the names get shorter, then the words
    become glyphs, of which again what does not count goes first, then the views become bare numbers.
    """
    full, short = (
        view_names(current, [_numbered(view, view.title, incidents) for view in VIEWS]),
        view_names(current, [_numbered(view, view.short, incidents) for view in VIEWS]),
    )
    everything, fewer = (count_spans(counted, states) for states in (_COUNTED, _COUNTED[:-3]))
    glyphs, fewer_glyphs = glyph_counts(counted), glyph_counts(counted, _COUNTED[:-3])
    for views, counts in (
        (full, everything), (full, fewer), (short, fewer), (full, glyphs), (short, glyphs),
        (short, fewer_glyphs),
    ):  # fmt: skip
        if width_of((*views, *counts)) < width:
            return justify(views, counts, width)
    return justify(view_names(current, [""] * len(VIEWS)), fewer_glyphs, width)


def view_names(current: str, names: Sequence[str]) -> Line:
    """`` 1*Board 5 Schedule``: the number of each view, its word of ``names``, the one on top with a star."""
    spans: list[Span] = []
    for view, name in zip(VIEWS, names, strict=True):
        on_top = view.name == current
        told = f"{view.key}{'*' if on_top else ' '}{name}"
        spans += [Span(" "), Span(told.rstrip(), "strong" if on_top else "")]
    return tuple(spans)


def _numbered(view: ConsoleView, title: str, incidents: int) -> str:
    """Its title; that of the incidents with how many are open."""
    return f"{_(title)}({incidents})" if view.name == INCIDENTS and incidents else _(title)


def count_spans(counted: Mapping[State, int], states: Sequence[State]) -> Line:
    """``UP 110  WARN 2  DOWN 3``; states that nothing is in are left out, except up and down."""
    spans: list[Span] = []
    for state in states:
        if counted[state] or state in _ALWAYS:
            tone = TONES[state] if counted[state] else ""
            spans += [Span("  "), Span(f"{word(state)} {counted[state]}", tone)]
    return tuple(spans)


def glyph_counts(counted: Mapping[State, int], states: Sequence[State] = _COUNTED) -> Line:
    """``+110 ~2 !3``."""
    spans: list[Span] = []
    for state in states:
        if counted[state]:
            spans += [Span(f"{glyph(state)}{counted[state]}", TONES[state]), Span(" ")]
    return tuple(spans)


def small_title(counted: Mapping[State, int], role: Role, clock: str, width: int) -> Line:
    """The one line above the small page: ``+110 ~2 !3  RW  02:14 WIB``."""
    return justify(glyph_counts(counted), line(f" {_MODES[role]} {clock}"), width)


def hint_line(actions: Sequence[Action], refused: Callable[[Action], bool], width: int) -> Line:
    """The last line: what keys do here, at most eight; what the caller may not do is grey."""
    items = [_hint(action, refused(action)) for action in actions]
    if sum(map(width_of, items)) > width:
        items = [item[1:] for item in items]  # closer together, before any is left out
        items[:1] = [(Span(" "), *item) for item in items[:1]]
    while len(items) > 1 and sum(map(width_of, items)) > width:
        # The last two say how to get help and how to leave: what stands before them gives way.
        del items[max(len(items) - 3, 0)]
    return cut([span for item in items for span in item], width)


def _hint(action: Action, grey: bool) -> Line:
    key = Span(action.keys_shown, "quiet" if grey else "key")
    return Span(" ", "quiet"), key, Span(f" {_(action.hint)} ", "quiet")


def event_line(events: Sequence[Event], at: datetime, view: View) -> Line:
    """The last change of a state, with its time; the worst one when several came together."""
    worst = min(events, key=lambda event: event.after.state.severity)
    row = worst.after
    more = len(events) - 1
    rest = ""
    if more:
        rest = "  " + ngettext("and {n} more", "and {n} more", more).format(n=more)
    why = why_text(row, view)
    place = f"{row.opd_short}/{row.id}" if row.opd_short else row.id
    text = _(_EVENT_STATES).format(app=place, state=word(row.state))
    tone = TONES[row.state] if row.state.is_problem else ""
    return line(Span(f"{view.times.exact(at)} ", "quiet"), Span(text, tone), f"  {why}" if why else "", rest)


def freshness(link: Link, heard_at: datetime | None, times: Times) -> str:
    """Said only when the engine has been silent for more than five seconds."""
    if link.status == "silent" and heard_at is not None:
        return _("silent since {time}").format(time=times.exact(heard_at))
    return ""
