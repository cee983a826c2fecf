"""What a user has chosen for themselves: ``console.toml``, with the theme and the keys.

A mistake in it is never fatal: it is told, and what it would have changed stays as it usually is.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opsconsole.base.paths import Place, personal_file
from opsconsole.base.text import _, safe_text
from opsconsole.base.toml import syntax_error
from opsconsole.console.keys import Chosen, Mistake, nearest, read_keys
from opsconsole.console.own_files import replace_file
from opsconsole.console.themes import THEMES, USUAL

# A few lines are usual; whatever is larger is no settings file of ours.
_MOST_BYTES = 64 * 1024
_THEME_LINE = re.compile(r"^[ \t]*theme[ \t]*=.*$", re.MULTILINE)
_FIRST_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_KNOWN = ("theme", "keys")


@dataclass(frozen=True, slots=True)
class Personal:
    """``path`` is the file, there or not; None means that nothing is read or kept."""

    path: Path | None = None
    theme: str = USUAL
    keys: Chosen = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()


def read_personal(place: Place, environ: Mapping[str, str] = os.environ) -> Personal:
    """The user's choices for the office at ``place``: its home's own file where there is one."""
    path = personal_file(place, environ)
    try:
        text = _read(path)
        document = _loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return Personal(path)
    except OSError as error:
        told = _("can not be read: {error}").format(error=error.strerror or str(error))
        return Personal(path, mistakes=(_line(path, 1, "file", told),))
    except UnicodeDecodeError:
        return Personal(path, mistakes=(_line(path, 1, "file", _("not UTF-8")),))
    except RecursionError:
        return Personal(path, mistakes=(_line(path, 1, "file", _("nested too deeply")),))
    except ValueError as error:
        line, told = syntax_error(text, str(error))
        return Personal(path, mistakes=(_line(path, line, "file", told),))
    theme, keys, mistakes = _checked(document)
    return Personal(path, theme, keys, tuple(_line(path, _at(text, one.key), *one) for one in mistakes))


def keep_theme(path: Path, theme: str) -> bool:
    """Write the theme into the user's file, everything else as it stands; whether that was possible."""
    line = f'theme = "{theme}"'
    try:
        try:
            text = _read(path)
        except FileNotFoundError:
            text = ""
        after = _with_theme(text, line)
        if _loads(after).get("theme") != theme:
            return False
        # A file that is kept elsewhere and linked here stays linked.
        replace_file(path.resolve(), after.encode())
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _with_theme(text: str, line: str) -> str:
    """The text with this line for the theme: before the first table, where top keys stand."""
    first = _FIRST_TABLE.search(text)
    top, rest = (text[: first.start()], text[first.start() :]) if first else (text, "")
    if _THEME_LINE.search(top):
        return _THEME_LINE.sub(line, top, count=1) + rest
    gap = "\n" if rest and not top.strip() else ""
    return f"{line}\n{gap}{top}{rest}"


def _loads(text: str) -> dict[str, Any]:
    """The document. Raises ValueError where it is no TOML."""
    import tomllib  # late: most users have no such file, and a start need not pay for it

    return tomllib.loads(text)


def _read(path: Path) -> str:
    """The text. Raises OSError and UnicodeDecodeError; a pipe or device is not waited for."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(_("is not a regular file"))
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise OSError(_("larger than {size} KiB").format(size=_MOST_BYTES // 1024))
    return content.decode("utf-8-sig")


def _checked(document: dict[str, Any]) -> tuple[str, Chosen, list[Mistake]]:
    mistakes = [
        Mistake(safe_text(name, 40), _("unknown key") + nearest(name, _KNOWN))
        for name in document
        if name not in _KNOWN
    ]
    theme = document.get("theme", USUAL)
    if not isinstance(theme, str) or theme not in THEMES:
        told = _("want one of {allowed}").format(allowed=", ".join(THEMES))
        mistakes.append(Mistake("theme", told + (nearest(theme, THEMES) if isinstance(theme, str) else "")))
        theme = USUAL
    table = document.get("keys", {})
    if not isinstance(table, dict):
        return theme, {}, [*mistakes, Mistake("keys", _('want a table: [keys], then lines as open = "o"'))]
    keys, wrong = read_keys(table)
    return theme, keys, mistakes + wrong


def _line(path: Path, number: int, key: str, text: str) -> str:
    return f"{path.name}:{number}: {key}: {text}"


def _at(text: str, key: str) -> int:
    """The line of a key; a file as small as this one names each only once."""
    last = re.escape(key.rpartition(".")[2])
    found = re.search(rf"^[ \t]*(\[[ \t]*)?[\"']?{last}[\"']?[ \t]*[=\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
