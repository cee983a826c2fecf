"""An explanation as lines: state, rules, and the looks that led to it. Screen and command draw the same."""

from collections.abc import Iterator, Sequence

from opsconsole.base.text import N_, _, ngettext
from opsconsole.base.text import why_text as rule_text
from opsconsole.client.explained import Explained, Led, LedLook
from opsconsole.console.draw import problems
from opsconsole.console.draw.lines import Line, Span, cut, fit, heading, line, printable, wrap
from opsconsole.console.draw.reasons import reason_line, shown_params, why_text
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import SEEN, glyph, word
from probes.observation import Verdict

_NUMBER = 5
# Where what was seen begins.
_NOTE = 33
_WIDEST_RULE = 132
_MOST_LINES = 6
_ROLES = {
    "before": N_("before"),
    "first": N_("first"),
    "confirming": N_("confirms"),
    "last": N_("newest"),
}
_UNCOUNTED = {
    "offline": N_("does not count: we were offline"),
    "unknown": N_("does not count: we could not look"),
    "suspect": N_("counts, but confirms nothing: it may be us"),
    "other": N_("not enough to change it"),
}


def explained_lines(told: Explained, view: View) -> list[Line]:
    """Everything, from top to bottom."""
    lines = [_state_line(told, view), *_reason_lines(told, view), ()]
    lines.append(_rule(_("WHY, RULE BY RULE"), view))
    for number, why in enumerate(told.lines, 1):
        lines += _rule_lines(number, rule_text(why.code, shown_params(why.params, view)), view.width)
    for led in told.led:
        lines += [(), *_led_lines(led, view)]
    return lines


def _rule(title: str, view: View) -> Line:
    # On paper lines are as long as they please.
    return heading(line(Span(title, "strong")), (), min(view.width, _WIDEST_RULE))


def _state_line(told: Explained, view: View) -> Line:
    row = told.row
    since = _("since {time}").format(time=view.at(row.since))
    soft = "" if row.hard else ", " + _("not confirmed")
    state = Span(f"{glyph(row.state)} {word(row.state)}", problems.tone_of(row))
    return cut(line(" ", state, f" {since}{soft}  ", Span(printable(row.name), "strong")), view.width)


def _reason_lines(told: Explained, view: View) -> Iterator[Line]:
    text = why_text(told.row, view) or _("answers as expected")
    for one in wrap(text, view.width - _NUMBER - 1, _MOST_LINES):
        yield line(" " * _NUMBER, one)


def _rule_lines(number: int, text: str, width: int) -> Iterator[Line]:
    for place, one in enumerate(wrap(text, width - _NUMBER - 1, _MOST_LINES)):
        yield line(Span(fit("" if place else f"{number}.", _NUMBER - 1, ">") + " ", "quiet"), one)


def _led_lines(led: Led, view: View) -> Iterator[Line]:
    title = _("LOOKS THAT LED TO IT: {probe}").format(probe=led.probe)
    yield _rule(title, view)
    if not led.looks:
        yield line("  ", _("no look is recorded yet"))
    shown: Sequence[LedLook] = led.looks
    for place, one in enumerate(shown):
        if led.left_out and place == len(shown) - 1:
            text = ngettext("{n} look between them", "{n} looks between them", led.left_out)
            yield line(Span("  … " + text.format(n=led.left_out), "quiet"))
        yield _look_line(one, view)
        if one.uncounted:
            yield cut(line(" " * _NOTE, Span(_(_UNCOUNTED[one.uncounted]), "quiet")), view.width)


def _look_line(one: LedLook, view: View) -> Line:
    look = one.look
    state = SEEN[Verdict(look.verdict)]
    counts = str(one.number) if one.number else "-"
    role = _(_ROLES[one.role]) if one.role else ""
    seen = _("passed") if look.verdict == "up" else reason_line(look.reason, look.params, view)
    return cut(
        line(
            " " + view.times.look(look.at, view.now) + " ",
            Span(glyph(state), problems.TONES.get(state, "")),
            Span(f" {fit(role, 10)}", "strong"),
            fit(counts, 2, ">") + "  " + fit(took(look.duration_ms), 5, ">") + "  ",
            seen,
        ),
        view.width,
    )
