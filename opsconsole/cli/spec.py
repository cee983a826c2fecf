"""Probes from a file that is no office's: the same keys, checked in the same way."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _
from opsconsole.inventory.mistakes import Mistake, located
from opsconsole.inventory.read import parse_documents
from opsconsole.inventory.scan import Path as KeyPath
from opsconsole.inventory.sections import type_probe
from probes.target import Target

STDIN = "-"


def read_spec(file: str) -> list[Target]:
    """The probes that FILE (``-``: standard input) describes, made ready, in order.

    Raises Invalid with one line for each mistake, and nothing is looked at.
    """
    name, folder = ("stdin", Path()) if file == STDIN else (Path(file).name, Path(file).parent)
    documents = parse_documents({name: _content(file)})
    mistakes = documents.mistakes
    if not mistakes:
        targets, mistakes = _targets(documents.data[name], name, folder)
    if mistakes:
        lines = located(mistakes, documents.texts)
        raise Invalid(
            N_("{file} is not accepted; mistakes: {count}."),
            N_("Correct them and try again; nothing was looked at."),
            lines,
            file=name,
            count=len(lines),
        )
    return targets


def _content(file: str) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Invalid(
            N_("{file} can not be read: {error}."),
            N_("Name a file with the keys of a probe, or - for standard input."),
            file=file,
            error=error.strerror or str(error),
        ) from error


def _targets(data: dict[str, Any], name: str, folder: Path) -> tuple[list[Target], list[Mistake]]:
    targets: list[Target] = []
    mistakes: list[Mistake] = []
    for path, table in _tables(data, mistakes, name):
        typed = type_probe(table, name, path, folder)
        if isinstance(typed, list):
            mistakes += typed
        else:
            targets.append(typed[1])
    return targets, mistakes


def _tables(
    data: dict[str, Any], mistakes: list[Mistake], name: str
) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """The one table of the file, or those below ``[[probes]]``."""
    if "probes" not in data:
        yield (), data
        return
    for key in data:
        if key != "probes":
            mistakes.append(Mistake(name, (key,), _("not known beside [[probes]]; put it into one of them")))
    probes = data["probes"]
    if not isinstance(probes, list) or not probes:
        mistakes.append(Mistake(name, ("probes",), _("want at least one table [[probes]]")))
        return
    for number, table in enumerate(probes):
        if isinstance(table, dict):
            yield ("probes", number), table
        else:
            mistakes.append(Mistake(name, ("probes", number), _("want a table of a probe's keys")))
