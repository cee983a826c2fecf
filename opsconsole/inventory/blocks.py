"""Tables of a list in a TOML text, taken out and put in as they are written, comments with them."""

import re

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.inventory.scan import key_lines

_HEADER = re.compile(r"\s*\[\[")


def take(text: str, key: str, name: str) -> tuple[str, str]:
    """The table of the list ``key`` whose id is ``name``, and the text without it.

    Comments right above its header go with it. Raises NotFound where it is not there, Invalid where the
    list is written in brackets, from which nothing can be taken without loss.
    """
    lines, places = text.splitlines(keepends=True), key_lines(text)
    number = _number(lines, places, key, name)
    first = places[key, number] - 1
    if not _HEADER.match(lines[first]):
        raise Invalid(
            N_("{key} are written in brackets: {name} can not be moved from there."),
            N_("Write each as a table of its own, [[{key}]], and try again."),
            key=key,
            name=name,
        )
    later = [line - 1 for path, line in places.items() if line - 1 > first and path[:2] != (key, number)]
    last = _above(lines, min(later)) if later else len(lines)
    first = _above(lines, first)
    block = "".join(lines[first:last]).rstrip() + "\n"
    rest = "".join([*lines[:first], *lines[last:]])
    return block, rest.rstrip() + "\n"


def put(text: str, block: str) -> str:
    """A text with a table at its end."""
    return f"{text.rstrip()}\n\n{block}" if text.strip() else block


def after_key(text: str, key: tuple[str | int, ...], line: str) -> str:
    """A text with a line below the one of a key whose value stands on one line. Raises KeyError."""
    lines = text.splitlines(keepends=True)
    at = key_lines(text)[key]
    return "".join([*lines[:at], f"{line}\n", *lines[at:]])


def _number(lines: list[str], places: dict[tuple[str | int, ...], int], key: str, name: str) -> int:
    wanted = re.compile(rf"\s*id\s*=\s*[\"']{re.escape(name)}[\"']")
    for path, line in places.items():
        match path:
            case (found, int() as number, "id") if found == key and wanted.search(lines[line - 1]):
                return number
    raise NotFound(N_("There is no {name} in {key}."), name=name, key=key)


def _above(lines: list[str], at: int) -> int:
    """The line on which the comments right above a line begin."""
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at
