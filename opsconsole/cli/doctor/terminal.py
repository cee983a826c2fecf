"""Checks of where the console is drawn: the terminal, its colours, the locale, the user's own settings."""

import codecs
import locale
import os
import sys

from opsconsole.base.text import N_, _, language, ngettext
from opsconsole.cli.doctor.check import Check, Finding, Patient, fail, ok, warn
from opsconsole.console.environment import colours, is_far
from opsconsole.console.personal import read_personal
from opsconsole.console.themes import THEMES

_WIDTH, _HEIGHT = 80, 24
_SMALL_WIDTH, _SMALL_HEIGHT = 60, 15


def terminal(patient: Patient) -> Finding:
    """Whether the console can be drawn here, and how large it is."""
    try:
        size = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)
    except (OSError, ValueError):
        return ok(_("output is no terminal: opsconsole prints the board once"))
    return terminal_verdict(patient, size.columns, size.lines)


def terminal_verdict(patient: Patient, width: int, height: int) -> Finding:
    """What a terminal of this size and environment means."""
    term = patient.environ.get("TERM", "")
    inside = "tmux" if patient.environ.get("TMUX") else "screen" if patient.environ.get("STY") else ""
    found = ", ".join(filter(None, (f"TERM={term}", f"{width}x{height}", inside)))
    if term in ("", "dumb", "unknown"):
        return fail(
            _("{found}: nothing can be drawn").format(found=found),
            _("Set TERM to what the terminal is, such as xterm-256color; opsconsole status works anyway."),
        )
    if width < _SMALL_WIDTH or height < _SMALL_HEIGHT:
        return warn(found, _("Below 60x15 only the list of problems is shown; make the window larger."))
    if width < _WIDTH or height < _HEIGHT:
        return warn(found, _("It is meant for 80x24; below that columns are left out."))
    return ok(found)


def colour(patient: Patient) -> Finding:
    """How many colours there are, and which themes that allows."""
    if "NO_COLOR" in patient.environ:
        return ok(_("NO_COLOR is set: words, glyphs and bold type alone"))
    number = colours(patient.environ)
    grounds = ", ".join(theme.name for theme in THEMES.values() if theme.ground is not None)
    if number < 256:
        told = _("16 colours; the themes {themes} need 256").format(themes=grounds)
        return ok(told)
    return ok(_("256 colours"))


def words(patient: Patient) -> Finding:
    """The locale: its encoding, and the language that is spoken."""
    encoding = locale.getencoding()
    found = _("{encoding}, language {language}").format(encoding=encoding, language=language())
    if codecs.lookup(encoding).name != "utf-8":
        return warn(found, _("Set LANG to a UTF-8 locale, such as C.UTF-8 or id_ID.UTF-8."))
    return ok(found)


def personal(patient: Patient) -> Finding:
    """The user's own settings of the console: mistakes and clashes."""
    if patient.place is None:
        return ok(_("not read"))
    own = read_personal(patient.place, patient.environ)
    if own.mistakes:
        count = len(own.mistakes)
        said = ngettext("{n} mistake: {lines}", "{n} mistakes: {lines}", count)
        todo = _("Correct {path}; until then what is usual holds.").format(path=own.path)
        return warn(said.format(n=count, lines=" | ".join(own.mistakes)), todo)
    if own.path is None or not own.path.exists():
        return ok(_("none; {path} may hold theme and keys").format(path=own.path))
    return ok(_("theme {theme}, {n} actions with other keys").format(theme=own.theme, n=len(own.keys)))


def ssh(patient: Patient) -> Finding:
    """Whether the terminal is at the other end of a line."""
    if not is_far(patient.environ):
        return ok(_("not over SSH"))
    return ok(_("over SSH; where the line is thin: L in the console, and ssh -C"))


CHECKS = (
    Check("terminal", N_("terminal"), terminal),
    Check("colours", N_("colours"), colour),
    Check("locale", N_("locale"), words),
    Check("console", N_("console.toml"), personal),
    Check("ssh", N_("SSH"), ssh),
)
