"""Copying out of a terminal: OSC 52, wrapped where a multiplexer stands between, and a file beside it."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path

from opsconsole.base.paths import Place, user_place
from opsconsole.console.own_files import replace_file

# Terminals cut longer sequences off or drop them: xterm's own limit.
MOST_BASE64 = 74_994
# GNU screen takes device control strings of at most 768 bytes, some builds 256.
_SCREEN_PIECE = 250


def sequences(text: str, environ: Mapping[str, str]) -> list[str]:
    """What to write so that the terminal of ``environ`` takes ``text``; nothing when it is too long.

    Inside tmux both forms are sent: which one it takes depends on its settings. Behind an ssh that was
    started in a multiplexer only TERM tells, and ``screen`` may be tmux as well: neither minds the other's.
    """
    encoded = base64.b64encode(text.encode()).decode()
    if len(encoded) > MOST_BASE64:
        return []
    bare = f"\x1b]52;c;{encoded}\x07"
    if environ.get("TMUX") or environ.get("TERM", "").startswith("tmux"):
        return [bare, "\x1bPtmux;" + bare.replace("\x1b", "\x1b\x1b") + "\x1b\\"]
    if environ.get("STY") or environ.get("TERM", "").startswith("screen"):
        pieces = [bare[start : start + _SCREEN_PIECE] for start in range(0, len(bare), _SCREEN_PIECE)]
        wrapped = "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
        return [wrapped] if environ.get("STY") else [bare, wrapped]
    return [bare]


def card_path(place: Place, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the last card lies: the office's own exports where they are ours, else the user's."""
    folder = user_place(environ).exports if place.kind == "system" else place.exports
    return folder / "card.txt"


def write_card(path: Path, text: str) -> bool:
    """Keep the card in a file for its owner alone; whether that was possible."""
    try:
        replace_file(path, f"{text}\n".encode())
    except OSError:
        return False
    return True
