"""The command line: what ``:`` understands, and what it offers while it is typed.

Its words come from three tables: the client's registry of commands, the keymap, and the places to go.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.client.commands import COMMANDS, CommandShape
from opsconsole.client.shapes import Application, Opd, Role
from opsconsole.console.draw.words import word
from opsconsole.console.keymap import ACTIONS, Action

GO_APP, GO_OPD, FILTER = "app", "opd", "filter"
_WAIT = "wait"
_PLACES = {
    GO_APP: N_("open an application"),
    GO_OPD: N_("list the applications of an OPD"),
    FILTER: N_("filter the board"),
}


class Suggestion(NamedTuple):
    """A line that could be meant, what it does, and its key. ``refused`` says why it can not be done."""

    line: str
    help: str
    key: str = ""
    refused: str = ""
    complete: bool = True


class Go(NamedTuple):
    """Go somewhere: ``place`` is ``app``, ``opd`` or ``filter``."""

    place: str
    target: str


class Press(NamedTuple):
    """Do what a key does."""

    action: Action


class Send(NamedTuple):
    """Send a command to the engine."""

    shape: CommandShape
    args: msgspec.Struct


class Wrong(NamedTuple):
    """The line means nothing; ``text`` says why."""

    text: str


Meaning = Go | Press | Send | Wrong


def words() -> list[str]:
    """Every first word, in the order in which they are offered."""
    return [*_PLACES, *COMMANDS, *(action.word for action in ACTIONS if action.word)]


def meaning(text: str, row_id: str) -> Meaning:
    """What a whole line means; ``row_id`` is the row under the cursor, for commands that act on one."""
    try:
        parts = shlex.split(text)
    except ValueError:
        return Wrong(_("a quote is not closed"))
    if not parts:
        return Wrong("")
    first, rest = parts[0].casefold(), parts[1:]
    if first in _PLACES:
        if not rest and first != FILTER:
            return Wrong(_("{word}: which one?").format(word=first))
        return Go(first, " ".join(rest))
    if first in COMMANDS:
        return _send(COMMANDS[first], rest, row_id)
    for action in ACTIONS:
        if action.word == first:
            return Press(action)
    return Wrong(_("no command {word}; tab completes what there is").format(word=parts[0]))


def _send(shape: CommandShape, given: Sequence[str], row_id: str) -> Meaning:
    fields = [field.encode_name for field in msgspec.structs.fields(shape.args)]
    values: dict[str, str] = {}
    free = iter(fields)
    for part in given:
        name, equals, value = part.partition("=")
        if equals and name in fields:
            values[name] = value
        elif (field := next((field for field in free if field not in values), None)) is not None:
            values[field] = part
        else:
            return Wrong(_("too many words, want {usage}").format(usage=usage(shape)))
    # Whoever types it stays to see what comes of it.
    if _WAIT in fields:
        values.setdefault(_WAIT, "true")
    if shape.on_row and "application" not in values and row_id:
        values["application"] = row_id
    try:
        return Send(shape, msgspec.convert(values, shape.args, strict=False))
    except msgspec.ValidationError:
        return Wrong(_("want {usage}").format(usage=usage(shape)))


def usage(shape: CommandShape) -> str:
    """``add ID NAME URL [OPD]``."""
    parts = [shape.name]
    for field in msgspec.structs.fields(shape.args):
        if field.encode_name == _WAIT:
            continue
        name = field.encode_name.upper()
        needed = field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT
        parts.append(name if needed else f"[{name}]")
    return " ".join(parts)


def suggestions(
    text: str,
    applications: Mapping[str, Application],
    opds: Mapping[str, Opd],
    role: Role,
    most: int,
) -> list[Suggestion]:
    """What the line could become, the likeliest first."""
    first, blank, rest = text.lstrip().partition(" ")
    if not blank:
        found = _first_words(first.casefold(), role)
    else:
        found = _arguments(first.casefold(), rest.strip(), applications, opds, role)
    return list(found)[:most]


def _first_words(typed: str, role: Role) -> Iterator[Suggestion]:
    starting = [word for word in words() if word.startswith(typed)]
    containing = [word for word in words() if typed in word and word not in starting]
    for name in (*starting, *containing):
        yield _first_word(name, role)


def _first_word(name: str, role: Role) -> Suggestion:
    if name in _PLACES:
        return Suggestion(f"{name} ", _(_PLACES[name]), complete=False)
    if name in COMMANDS:
        return _of_command(name, COMMANDS[name], role)
    action = next(action for action in ACTIONS if action.word == name)
    return Suggestion(name, _(action.help), action.shown)


def _of_command(text: str, shape: CommandShape, role: Role) -> Suggestion:
    key = next((action.shown for action in ACTIONS if action.command == shape.name), "")
    refused = "" if role.covers(shape.role) else _("needs {role}").format(role=shape.role.value)
    needs = any(field.required for field in msgspec.structs.fields(shape.args))
    return Suggestion(text, translate(shape.help), key, refused, complete=not needs or shape.on_row)


def _arguments(
    first: str, given: str, applications: Mapping[str, Application], opds: Mapping[str, Opd], role: Role
) -> Iterator[Suggestion]:
    typed = given.casefold()
    if first == GO_OPD:
        for opd in _likely_opds(typed, opds.values()):
            told = _("{name}, {up} of {all} up").format(name=opd.short, up=opd.up, all=opd.total)
            yield Suggestion(f"{first} {opd.code.lower()}", told)
    elif first in COMMANDS and not COMMANDS[first].on_row:
        told = usage(COMMANDS[first])
        yield _of_command(first, COMMANDS[first], role)._replace(line=f"{first} {given}", help=told)
    elif first == GO_APP or first in COMMANDS:
        refused = ""
        if first in COMMANDS and not role.covers(COMMANDS[first].role):
            refused = _("needs {role}").format(role=COMMANDS[first].role.value)
        for row in _likely_applications(typed, applications.values()):
            told = f"{row.name}, {row.opd_short or _('service')}, {word(row.state)}"
            yield Suggestion(f"{first} {row.id}", told, refused=refused)


def _likely_opds(typed: str, opds: Iterable[Opd]) -> list[Opd]:
    matching = [opd for opd in opds if typed in f"{opd.code}\n{opd.short}\n{opd.name}".casefold()]

    def likeliest(opd: Opd) -> tuple[bool, int, str]:
        starts = opd.code.casefold().startswith(typed) or opd.short.casefold().startswith(typed)
        return not starts, opd.state.severity, opd.code

    return sorted(matching, key=likeliest)


def _likely_applications(typed: str, rows: Iterable[Application]) -> list[Application]:
    matching = [row for row in rows if typed in row.id.casefold() or typed in row.name.casefold()]
    return sorted(
        matching, key=lambda row: (not row.id.casefold().startswith(typed), row.state.severity, row.id)
    )


def is_exact(text: str, applications: Mapping[str, Application], opds: Mapping[str, Opd]) -> bool:
    """Whether the line says what it means in full, so that nothing need be guessed."""
    first, _blank, rest = text.strip().partition(" ")
    first, rest = first.casefold(), rest.strip()
    if first == GO_APP:
        return rest in applications
    if first == GO_OPD:
        return rest.casefold() in {code.casefold() for code in opds}
    if rest and first in COMMANDS and COMMANDS[first].on_row:
        row_id = rest.split()[0]
        return "=" in row_id or row_id in applications
    return first in words()


def only_goes(text: str) -> bool:
    """Whether the line only shows something, so that a guess can do no harm."""
    return text.partition(" ")[0] not in COMMANDS
