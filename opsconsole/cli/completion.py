"""Shell completion: the scripts of the shells, and the words that they ask for.

The scripts know nothing but how to ask; the answer is made from the parser itself, so that neither can fall
behind. Names come from the board that a console kept last, else from the office's files: no engine is asked.
"""

import argparse
import os
import shlex
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place
from opsconsole.base.text import safe_text
from opsconsole.cli.parser import Parser, Tree, build_tree
from opsconsole.cli.verbs import SHELLS

# What a script is told where only the shell knows what there is.
FILES, FOLDERS = ":files", ":folders"
_SCRIPTS = {"bash": "opsconsole.bash", "zsh": "_opsconsole", "fish": "opsconsole.fish"}
_PATHS = {"home": FOLDERS, "dir": FOLDERS, "spec": FILES, "file": FILES, "output": FILES, "out": FILES}


class Word(NamedTuple):
    """A word that may stand here, and what it is."""

    text: str
    told: str = ""


class _Row(msgspec.Struct, frozen=True):
    id: str
    name: str = ""


class _Agency(msgspec.Struct, frozen=True):
    code: str
    name: str = ""


class _Rows(msgspec.Struct, frozen=True):
    applications: tuple[_Row, ...] = ()
    opds: tuple[_Agency, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    board: _Rows


def run(shell: str) -> int:
    """Print the script of a shell, or, for ``words``, what may end the line on standard input."""
    if shell in SHELLS:
        script = resources.files("opsconsole.cli").joinpath(f"share/{_SCRIPTS[shell]}").read_text("utf-8")
        print(script, end="")
        return 0
    for word in words_for(sys.stdin.readline().rstrip("\n"), build_tree()):
        print(f"{word.text}\t{word.told}" if word.told else word.text)
    return 0


def words_for(line: str, tree: Tree) -> list[Word]:
    """What the last word of a line may become; the line ends at the cursor."""
    *before, current = _arguments(line)
    walk = _Walk(tree, before)
    if walk.waiting is not None:
        return _beginning(_values(walk.waiting, walk), current)
    option, equals, value = current.partition("=")
    if current.startswith("-") and equals:
        action = walk.option(option)
        found = _beginning(_values(action, walk), value) if action is not None else []
        return [
            word if word.text in (FILES, FOLDERS) else word._replace(text=f"{option}={word.text}")
            for word in found
        ]
    if current.startswith("-"):
        return _beginning(_options(walk.parser), current)
    below = [
        Word(path[-1], _help_of(tree, path))
        for path in tree.paths()
        if path[:-1] == walk.path and not walk.placed
    ]
    here = walk.positional()
    words = [*below, *(_values(here, walk) if here is not None else ())]
    return _beginning(words or list(_options(walk.parser)), current)


def _arguments(line: str) -> list[str]:
    """The words after the command's own; the last one, which may be empty, is being typed."""
    for end in ("", '"', "'", "\\"):
        try:
            words = shlex.split(line + end)
            break
        except ValueError:
            continue
    else:
        words = line.split()
    if not words or (line[-1:].isspace() and not end):
        words.append("")
    return words[1:] or [""]


class _Walk:
    """Where the words before the last one lead: a verb, its options, an option that wants a value."""

    def __init__(self, tree: Tree, before: Iterable[str]) -> None:
        self.path: tuple[str, ...] = ()
        self.placed = 0
        self.home = ""
        self.waiting: argparse.Action | None = None
        self._tree = tree
        paths = set(tree.paths())
        for word in before:
            if self.waiting is not None:
                self._take(self.waiting, word)
                self.waiting = None
            elif word.startswith("-") and len(word) > 1:
                name, equals, value = word.partition("=")
                action = self.option(name)
                if action is not None and equals:
                    self._take(action, value)
                elif action is not None and action.nargs != 0:
                    self.waiting = action
            elif (*self.path, word) in paths and not self.placed:
                self.path = (*self.path, word)
            else:
                self.placed += 1

    @property
    def parser(self) -> Parser:
        """The parser of the verb so far."""
        return self._tree.parser(self.path)

    def option(self, name: str) -> argparse.Action | None:
        """The option of this verb with this name."""
        actions = self.parser._actions  # argparse has no public list of what a parser takes
        return next((action for action in actions if name in action.option_strings), None)

    def positional(self) -> argparse.Action | None:
        """What the next word without a dash would be."""
        actions = [
            action
            for action in self.parser._actions
            if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
        ]
        if actions and actions[-1].nargs in ("*", "+"):
            return actions[min(self.placed, len(actions) - 1)]
        return actions[self.placed] if self.placed < len(actions) else None

    def _take(self, action: argparse.Action, value: str) -> None:
        if action.dest == "home":
            self.home = value


def _options(parser: Parser) -> Iterator[Word]:
    for action in parser._actions:
        for option in action.option_strings:
            if action.help != argparse.SUPPRESS and option.startswith("--"):
                yield Word(option, (action.help or "").replace("%%", "%"))


def _values(action: argparse.Action, walk: _Walk) -> Iterator[Word]:
    """What may stand for an argument, by what it is called."""
    if action.dest in _PATHS:
        yield Word(_PATHS[action.dest])
    elif action.dest == "shell":
        yield from map(Word, SHELLS)
    elif action.choices is not None:
        yield from (Word(str(choice)) for choice in action.choices)
    elif action.dest in ("application", "applications"):
        yield from (Word(row.id, row.name) for row in _rows(walk.home).applications)
    elif action.dest in ("opd", "opds"):
        yield from (Word(opd.code, opd.name) for opd in _rows(walk.home).opds)


def _beginning(words: Iterable[Word], current: str) -> list[Word]:
    """Those that begin as typed, made safe for a terminal and one line each."""
    wanted = current.casefold()
    return [
        Word(safe_text(word.text, 200), safe_text(word.told, 80).replace("\t", " "))
        for word in words
        if word.text in (FILES, FOLDERS) or word.text.casefold().startswith(wanted)
    ]


def _help_of(tree: Tree, path: tuple[str, ...]) -> str:
    return (tree.parser(path).description or "").rstrip(".")


def _rows(home: str) -> _Rows:
    """The names of the office that is meant: of the board that was kept, else of its files."""
    from opsconsole.client.locate import locate
    from opsconsole.console.feed.snapshot import Keeper

    try:
        place = locate(Path(home).expanduser() if home else None, os.environ).place
    except Problem:
        return _Rows()
    try:
        return msgspec.json.decode(Keeper(place).path.read_bytes(), type=_Kept).board
    except (OSError, msgspec.DecodeError):
        return _rows_in_files(place)


def _rows_in_files(place: Place) -> _Rows:
    """As much as the files say; what is wrong with them is not for here."""
    rows: list[_Row] = []
    opds: list[_Agency] = []
    for path in sorted(place.config.glob("opd/*.toml")):
        try:
            document = tomllib.loads(path.read_text("utf-8"))
            found = [
                _Row(str(one["id"]), str(one.get("name", ""))) for one in document.get("applications", ())
            ]
            opds.append(_Agency(str(document["code"]), str(document.get("name", ""))))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        rows += found
    return _Rows(tuple(rows), tuple(opds))
