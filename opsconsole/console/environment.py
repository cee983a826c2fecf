"""The profile of a line and a terminal, chosen from the environment before Textual is read in."""

from collections.abc import Mapping, MutableMapping

# A lone escape over a slow line comes apart from what follows it: 250 ms were measured.
_ESCAPE_DELAY_SLOW_MS, _ESCAPE_DELAY_MS = "400", "100"
_FRAMES_SLOW, _FRAMES = "25", "60"
_MANY_COLOURS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "rio", "contour")


def is_far(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of a line."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def colours(environ: Mapping[str, str]) -> int:
    """How many colours the terminal has: 256, which is all we use of any that has more, or 16."""
    term = environ.get("TERM", "")
    if "256color" in term or "direct" in term or term in _MANY_COLOURS:
        return 256
    # Multiplexers and the kernel's console hand on a COLORTERM that is not theirs.
    own = not term.startswith(("screen", "linux", "vt", "dumb", "ansi"))
    return 256 if own and environ.get("COLORTERM") in ("truecolor", "24bit") else 16


def prepare(environ: MutableMapping[str, str]) -> None:
    """Choose what suits the line and the terminal; what the user has set stays.

    Over SSH, without being asked: an escape waits longer for what may follow it, and at most
    25 pictures a second are drawn. No mouse, no animation and no keyboard protocol there are anywhere; the
    colours are the terminal's sixteen unless the user has chosen a theme of more. What a user switches
    with `L` is in `opsconsole.console.settings`.
    """
    far = is_far(environ)
    environ.setdefault("ESCDELAY", _ESCAPE_DELAY_SLOW_MS if far else _ESCAPE_DELAY_MS)
    environ.setdefault("TEXTUAL_FPS", _FRAMES_SLOW if far else _FRAMES)
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    environ.setdefault("TEXTUAL_COLOR_SYSTEM", "256" if colours(environ) == 256 else "standard")
    environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    # A size that a shell once exported would outlive every change of the window.
    environ.pop("COLUMNS", None)
    environ.pop("LINES", None)
