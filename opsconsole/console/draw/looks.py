"""The list of looks on an application's page."""

from collections.abc import Sequence

from opsconsole.base.text import N_, _
from opsconsole.client.shapes import Look
from opsconsole.console.draw.columns import Column, head_line, row_line
from opsconsole.console.draw.lines import Line, Span
from opsconsole.console.draw.phases import PHASES, failed_phase
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View

_GLYPHS = {"up": "+", "degraded": "~", "down": "!", "unknown": "?"}
_TONES = {"up": "", "degraded": "warn", "down": "down", "unknown": "unknown"}


def columns(width: int) -> list[Column]:
    """The columns for a screen this wide."""
    listed = [
        Column("at", N_("AT"), 8),
        Column("glyph", "", 1),
        Column("code", N_("CODE"), 4, ">"),
        Column("took", N_("TOOK"), 5, ">"),
        Column("phase", N_("PHASE"), 8),
    ]
    if width >= 100:
        listed += [Column("late", N_("LATE"), 5, ">"), Column("how", N_("HOW"), 8)]
    return [*listed, Column("text", N_("WHAT WAS SEEN"), 0)]


def looks_head(width: int) -> Line:
    """The titles over the columns."""
    return head_line(columns(width), width)


def look_line(look: Look, view: View) -> Line:
    """One look in the width of the screen, less the cursor's column."""
    phase = failed_phase(look)
    tone = _TONES.get(look.verdict, "unknown")
    cells = {
        "at": Span(view.times.look(look.at, view.now)),
        "glyph": Span(_GLYPHS.get(look.verdict, "?"), tone),
        "code": Span(str(look.status) if look.status else "-", tone),
        "took": Span(took(look.duration_ms)),
        "phase": Span(_(PHASES[phase]) if phase in PHASES else "-"),
        "late": Span(took(look.late_ms)),
        "how": Span(_how(look)),
        "text": Span(look_text(look, view)),
    }
    return row_line(columns(view.width), cells, None, view.width - 1)


def look_text(look: Look, view: View) -> str:
    """What was seen: the excerpt of a failure, else why it failed, and what was wrong with us."""
    text = "" if look.reason == "ok" else reason_line(look.reason, look.params, view)
    if look.excerpt:
        text = f"{text}  {look.excerpt}" if text else look.excerpt
    if look.offline:
        return _("we were offline")
    return _("(we were slow) {text}").format(text=text) if look.suspect else text


def key_of(look: Look) -> str:
    """What tells one look from another."""
    return f"{look.probe} {look.at.isoformat()}"


def merged(old: Sequence[Look], new: Sequence[Look], most: int) -> list[Look]:
    """Both lists as one, newest first, each look once."""
    known = {key_of(look): look for look in (*old, *new)}
    return sorted(known.values(), key=lambda look: look.at, reverse=True)[:most]


def _how(look: Look) -> str:
    return _("by hand") if look.trigger == "command" else ""
