"""What Textual reads from the environment when it is imported: set before, never after."""

from collections.abc import MutableMapping

# A lone escape over a slow line comes apart from what follows it: 250 ms were measured.
_ESCAPE_DELAY_SLOW_MS, _ESCAPE_DELAY_MS = "400", "100"


def is_far(environ: MutableMapping[str, str]) -> bool:
    """Whether the terminal is at the other end of a line."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def prepare(environ: MutableMapping[str, str], *, low_bandwidth: bool) -> None:
    """Choose what suits the line and the terminal; what the user has set stays."""
    far = low_bandwidth or is_far(environ)
    environ.setdefault("ESCDELAY", _ESCAPE_DELAY_SLOW_MS if far else _ESCAPE_DELAY_MS)
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    environ.setdefault("TEXTUAL_COLOR_SYSTEM", "standard")
    environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    # A size that a shell once exported would outlive every change of the window.
    environ.pop("COLUMNS", None)
    environ.pop("LINES", None)
