"""Mistakes in files, and how each becomes one located line."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from opsconsole.base.text import _, safe_text
from opsconsole.inventory.scan import Path, key_lines, line_of
from probes.secrets import is_sound_reference

_SECRET = re.compile(r"auth|bearer|basic|cookie|pass|secret|token|key|credential", re.IGNORECASE)
# What in an address may be a secret: a password before the host, the values of its query.
_ADDRESS_SECRETS = re.compile(r"(?<=://)[^/?#\s]*@|(?<==)[^&#\s]+")
_SHOWN = 60


class Mistake(NamedTuple):
    """One thing that is wrong at ``path`` of ``file``.

    ``key`` is named instead of the path's own last key where it is given, as for one that is
    missing. ``line`` is set where there is no document to find it in, as in one that is no TOML.
    """

    file: str
    path: Path
    text: str
    key: str = ""
    line: int = 0


def located(mistakes: Iterable[Mistake], texts: Mapping[str, str]) -> tuple[str, ...]:
    """``FILE.toml:LINE: key: …`` for each, in the order of files and lines; ``texts`` are the files."""
    lines: dict[str, dict[Path, int]] = {}
    rows = set()
    for mistake in mistakes:
        line = mistake.line
        if not line:
            if mistake.file not in lines:
                lines[mistake.file] = _key_lines(texts[mistake.file])
            line = line_of(lines[mistake.file], mistake.path)
        rows.add((mistake.file, line, _key(mistake), mistake.text))
    return tuple(f"{safe_text(file)}:{line}: {key}: {text}" for file, line, key, text in sorted(rows))


def _key_lines(text: str) -> dict[Path, int]:
    try:
        return key_lines(text)
    except RecursionError:
        return {}


def _key(mistake: Mistake) -> str:
    names = [part for part in mistake.path if isinstance(part, str)]
    return safe_text(mistake.key or (names[-1] if names else "file"), _SHOWN)


def found(value: object, path: Path) -> str:
    """A value as the file has it, short; one that may be a secret is not repeated."""
    return _("found {value}").format(value=shown(value, path))


def shown(value: object, path: Path) -> str:
    """A value as a file writes it, short; one that may be a secret is left out, a reference to one is not."""
    refers = isinstance(value, str) and is_sound_reference(value)
    if not refers and any(isinstance(part, str) and _SECRET.search(part) for part in path):
        return _("a value that is not shown")
    if isinstance(value, str) and "-----BEGIN" in value:
        return _("a value that is not shown")
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            masked = _ADDRESS_SECRETS.sub("…", value) if "://" in value else value
            return f'"{safe_text(masked, _SHOWN)}"'
        case dict():
            return _("a table")
        case list() if any(isinstance(one, dict | list) for one in value):
            return _("a list")
        case list():
            return safe_text(f"[{', '.join(shown(one, ()) for one in value)}]", _SHOWN)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return safe_text(str(value), _SHOWN)


def nearest_name(name: object, allowed: Iterable[str]) -> str:
    """The one of ``allowed`` that ``name`` was probably meant to be, empty when none looks like it."""
    names = {one.casefold(): one for one in allowed}
    near = difflib.get_close_matches(str(name)[:_SHOWN].casefold(), names, 1, 0.55)
    return names[near[0]] if near else ""


def nearest(name: object, allowed: Iterable[str]) -> str:
    """``; nearest: …`` to end a line with, empty when there is none."""
    near = nearest_name(name, allowed)
    return _("; nearest: {near}").format(near=near) if near else ""


def one_of(allowed: Iterable[str]) -> str:
    """Values a file may have, in a row, as it writes them."""
    return ", ".join(f'"{name}"' for name in allowed)
