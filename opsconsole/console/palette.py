"""The command line: what ``:`` understands, and what it offers while it is typed.

Its words come from three tables: the client's registry of commands, the keymap, and the places to go.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.client.commands import COMMANDS, CommandShape
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application, Opd, Role
from opsconsole.console import incident_palette
from opsconsole.console.draw.words import word
from opsconsole.console.keymap import ACTIONS, BY_ID, Action, Scope
from opsconsole.console.themes import THEMES

GO_APP, GO_OPD, GO_AT, FILTER, THEME, EXPLAIN = "app", "opd", "at", "filter", "theme", "explain"
GO_INCIDENT, GO_PERSON, SINCE = "incident", "person", "since"
EDIT = "edit"
_WAIT = "wait"
_PLACES = {
    GO_APP: N_("open an application"),
    GO_INCIDENT: N_("open an incident"),
    GO_OPD: N_("open the page of an OPD"),
    GO_PERSON: N_("open the page of a person"),
    GO_AT: N_("go to the looks of a time: 01:30, 2026-11-23 22:00, 2h, now"),
    FILTER: N_("filter the board"),
    THEME: N_("change the colours: ansi, dark, light, high-contrast"),
}


# Words of commands that, alone, show what there is of it.
_ALONE = {"bimtek": "sessions"}
# Fields that hold the number of an incident, which people write as #412.
_NUMBERED = ("incident", "into")
_WANTS = {
    GO_APP: "ID",
    GO_INCIDENT: N_("NUMBER"),
    GO_OPD: N_("CODE"),
    GO_PERSON: N_("NAME"),
    GO_AT: N_("TIME"),
    FILTER: N_("WORDS"),
    THEME: N_("NAME"),
}


class Suggestion(NamedTuple):
    """A line that could be meant, what it does, and its key. ``refused`` says why it can not be done."""

    line: str
    help: str
    key: str = ""
    refused: str = ""
    complete: bool = True


class Go(NamedTuple):
    """Go somewhere: ``place`` is a word of `_PLACES`, ``explain`` or ``since``."""

    place: str
    target: str


class Press(NamedTuple):
    """Do what a key does."""

    action: Action


class Send(NamedTuple):
    """Send a command to the engine."""

    shape: CommandShape
    args: msgspec.Struct


class SendEach(NamedTuple):
    """Send a command to the engine once for each of several incidents."""

    shape: CommandShape
    each: tuple[msgspec.Struct, ...]


class Wrong(NamedTuple):
    """The line means nothing; ``text`` says why."""

    text: str


class Under(NamedTuple):
    """What a line without a name is about: the application and the incident under the cursor.

    ``marked`` are the numbers of the marked incidents.
    """

    application: str = ""
    incident: int = 0
    marked: tuple[int, ...] = ()


Meaning = Go | Press | Send | SendEach | Wrong


def words() -> list[str]:
    """Every first word, in the order in which they are offered."""
    return [*_PLACES, *COMMANDS, *(action.word for action in ACTIONS if action.word)]


def places() -> list[tuple[str, str]]:
    """The places to go, each as ``opd CODE`` and what it does."""
    return [(f"{name} {_(_WANTS[name])}", _(help_text)) for name, help_text in _PLACES.items()]


def meaning(text: str, under: Under) -> Meaning:
    """What a whole line means; ``under`` is what commands act on that name nothing."""
    try:
        parts = shlex.split(text)
    except ValueError:
        parts = text.split()
        # Jum'at is a Friday, and a sentence may hold one.
        if (shape := COMMANDS.get(parts[0].casefold())) is None or not shape.rest:
            return Wrong(_("a quote is not closed"))
    if not parts:
        return Wrong("")
    first, rest = parts[0].casefold(), parts[1:]
    if _is_number(first) and not rest:
        return Go(GO_INCIDENT, first)
    if first in _PLACES:
        if not rest and first not in (FILTER, THEME):
            return Wrong(_("{word}: which one?").format(word=first))
        return Go(first, " ".join(rest))
    if (name := _ALONE.get(first)) is not None and not rest:
        return Press(BY_ID[name])
    if first in COMMANDS:
        return _sending(COMMANDS[first], rest, under)
    if first in (EXPLAIN, SINCE) and rest:
        return Go(first, " ".join(rest))
    for action in ACTIONS:
        if action.word == first:
            return Press(action)
    return Wrong(_("no command {word}; tab completes what there is").format(word=parts[0]))


def _is_number(word: str) -> bool:
    return len(incident_palette.numbers_in(word, ()) or ()) == 1


def _sending(shape: CommandShape, given: Sequence[str], under: Under) -> Meaning:
    """One command, or for several incidents as many."""
    if shape.on != "incident" or any(part.startswith("incident=") for part in given):
        return _send(shape, given, under.application)
    numbers = incident_palette.numbers_in(given[0], under.marked) if given else None
    rest = given if numbers is None else given[1:]
    if numbers is None:
        numbers = (under.incident,) if under.incident else ()
    # Into itself nothing is merged, also when it is among the marked ones.
    into = rest[0].lstrip("#") if shape.name == "merge" and rest else ""
    numbers = tuple(one for one in numbers if str(one) != into)
    if not numbers:
        return Wrong(_("{word}: which incident? {usage}").format(word=shape.name, usage=usage(shape)))
    if len(numbers) > incident_palette.MOST_AT_ONCE:
        return Wrong(_("at most {n} incidents at once").format(n=incident_palette.MOST_AT_ONCE))
    meant = [_send(shape, (f"incident={number}", *rest), "") for number in numbers]
    args = tuple(one.args for one in meant if isinstance(one, Send))
    if len(args) < len(meant) or len(args) == 1:
        return meant[0]
    return SendEach(shape, args)


def _send(shape: CommandShape, given: Sequence[str], row_id: str) -> Meaning:
    fields = [field.encode_name for field in msgspec.structs.fields(shape.args)]
    values: dict[str, str] = {}
    free = iter(fields)
    field = None
    for part in given:
        name, equals, value = part.partition("=")
        if equals and name in fields:
            values[name] = value.lstrip("#") if name in _NUMBERED else value
        elif field is not None and field == shape.rest:
            values[field] += f" {part}"
        elif (field := next((field for field in free if field not in values), None)) is not None:
            values[field] = part.lstrip("#") if field in _NUMBERED else part
        else:
            return Wrong(_("too many words, want {usage}").format(usage=usage(shape)))
    # Whoever types it stays to see what comes of it.
    if _WAIT in fields:
        values.setdefault(_WAIT, "true")
    if shape.on == "application" and "application" not in values and row_id:
        values["application"] = row_id
    for one in msgspec.structs.fields(shape.args):
        if one.type is bool and one.encode_name in values:
            said = values[one.encode_name].casefold()
            values[one.encode_name] = {"yes": "true", "no": "false"}.get(said, said)
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


class Names(NamedTuple):
    """What there is to be named: rows by id, agencies by code, the probes of applications by their id.

    ``incidents`` go by their number; ``person`` is who types. ``keys`` are what can be edited of
    applications by their id, each with its value as it would be typed.
    """

    applications: Mapping[str, Application]
    opds: Mapping[str, Opd]
    probes: Mapping[str, Sequence[str]] = {}
    incidents: Mapping[str, Incident] = {}
    person: str = ""
    keys: Mapping[str, Sequence[tuple[str, str]]] = {}


def suggestions(
    text: str, names: Names, role: Role, most: int, *, scope: Scope | None = None
) -> list[Suggestion]:
    """What the line could become, the likeliest first; ``scope``: the screen on which it is typed."""
    first, blank, rest = text.lstrip().partition(" ")
    if not blank:
        found = _first_words(first.casefold(), names, role, scope)
    else:
        found = _arguments(first.casefold(), rest.lstrip(), names, role)
    return list(found)[:most]


def _first_words(typed: str, names: Names, role: Role, scope: Scope | None) -> Iterator[Suggestion]:
    """Words of ours, then the names of applications and agencies that begin so."""
    starting = sorted((word for word in words() if word.startswith(typed)), key=lambda word: word != typed)
    containing = [word for word in words() if typed in word and word not in starting]
    for name in (*starting, *containing):
        yield _first_word(name, role, scope)
    if len(typed) > 1:
        for row in _likely_applications(typed, names.applications.values()):
            yield Suggestion(f"{GO_APP} {row.id}", _told_of(row))
        for opd in _likely_opds(typed, names.opds.values()):
            yield _of_opd(opd)


def _first_word(name: str, role: Role, scope: Scope | None) -> Suggestion:
    if name in _PLACES:
        key = BY_ID[name].shown if name in BY_ID else ""
        return Suggestion(f"{name} ", _(_PLACES[name]), key, complete=False)
    if name in COMMANDS:
        return _of_command(name, COMMANDS[name], role)
    action = next(action for action in ACTIONS if action.word == name)
    refused = "" if scope is None or scope in action.scopes else _("not in this view")
    return Suggestion(name, _(action.help), action.shown, refused)


def _of_command(text: str, shape: CommandShape, role: Role) -> Suggestion:
    key = next((action.shown for action in ACTIONS if action.command == shape.name), "")
    return Suggestion(text, translate(shape.help), key, _refused(shape, role), complete=_is_complete(shape))


def _is_complete(shape: CommandShape) -> bool:
    """Whether its name alone can be run: what it acts on is under the cursor."""
    needed = [field.encode_name for field in msgspec.structs.fields(shape.args) if field.required]
    return not needed or shape.on == "application" or needed == [shape.on]


def _refused(shape: CommandShape, role: Role) -> str:
    return "" if role.covers(shape.role) else _("needs {role}").format(role=shape.role.value)


def _arguments(first: str, rest: str, names: Names, role: Role) -> Iterator[Suggestion]:
    typed = rest.strip().casefold()
    if first == GO_OPD:
        yield from map(_of_opd, _likely_opds(typed, names.opds.values()))
    elif first in (GO_APP, EXPLAIN):
        for row in _likely_applications(typed, names.applications.values()):
            yield Suggestion(f"{first} {row.id}", _told_of(row))
    elif first == GO_INCIDENT:
        for number, told in incident_palette.offered("incident", rest, (), names.incidents, names.person):
            yield Suggestion(f"{first} {number}", told)
    elif first == THEME:
        yield from (Suggestion(f"{first} {name}", _("theme")) for name in THEMES if name.startswith(typed))
    elif first in COMMANDS:
        for suggestion in _fields(COMMANDS[first], rest, names):
            yield suggestion._replace(refused=_refused(COMMANDS[first], role))


def _fields(shape: CommandShape, rest: str, names: Names) -> Iterator[Suggestion]:
    """Values of the field that is being typed; where they can not be known, what the command wants."""
    *given, typed = rest.split(" ")
    field, equals, value = typed.partition("=")
    if not equals:
        free = [
            name for name in _field_names(shape) if not any(part.startswith(f"{name}=") for part in given)
        ]
        place = sum("=" not in part for part in given)
        field, value = free[place] if place < len(free) else "", typed
    before = " ".join([shape.name, *given])
    lead = f"{field}=" if equals else ""
    values: Iterable[tuple[str, str]] = ()
    if field == "application":
        rows = _likely_applications(value.casefold(), names.applications.values())
        values = ((row.id, _told_of(row)) for row in rows)
    elif field == "opd":
        opds = _likely_opds(value.casefold(), names.opds.values())
        values = ((opd.code, opd.name) for opd in opds)
    elif field == "probe":
        known = names.probes.get(application_in(f"{shape.name} {rest}"), ())
        values = ((name, _("a probe of it")) for name in known if name.startswith(value))
    elif shape.name == EDIT and field in ("key", "value"):
        values = _edits(names.keys.get(edited_in(f"{shape.name} {rest}"), ()), field, value, given)
    elif field in incident_palette.FIELDS:
        values = incident_palette.offered(field, value, given, names.incidents, names.person)
    offered = [Suggestion(f"{before} {lead}{name}", told) for name, told in values]
    if offered or (shape.on == "application" and not given):
        yield from offered
    else:
        line = f"{shape.name} {rest.rstrip()}".rstrip()
        yield Suggestion(line, usage(shape), complete=_is_complete(shape))


def _edits(
    keys: Sequence[tuple[str, str]], field: str, typed: str, given: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Keys that begin so, then those that hold it, each with what stands there; of a chosen one its value."""
    if field == "value":
        now = dict(keys).get(given[-1].removeprefix("key="), "")
        if now.startswith(typed):
            yield now, _("as it is now")
        return
    starting = [one for one in keys if one[0].startswith(typed)]
    yield from starting
    yield from (one for one in keys if typed in one[0] and one not in starting)


def edited_in(text: str) -> str:
    """The application that an edit names, so that its keys can be offered."""
    first, _blank, rest = text.lstrip().partition(" ")
    word, blank, _rest = rest.lstrip().partition(" ")
    return word.removeprefix("application=") if first.casefold() == EDIT and blank else ""


def application_in(text: str) -> str:
    """The application that a line of a command names first, so that its probes can be offered."""
    first, _blank, rest = text.lstrip().partition(" ")
    shape = COMMANDS.get(first.casefold())
    if shape is None or shape.on != "application" or "probe" not in _field_names(shape):
        return ""
    word, blank, _rest = rest.lstrip().partition(" ")
    return word.removeprefix("application=") if blank else ""


def _field_names(shape: CommandShape) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(shape.args) if field.encode_name != _WAIT]


def _told_of(row: Application) -> str:
    return ", ".join((row.name, row.opd_short or _("service"), word(row.state)))


def _of_opd(opd: Opd) -> Suggestion:
    told = _("{name}, {up} of {all} up").format(name=opd.short, up=opd.up, all=opd.total)
    return Suggestion(f"{GO_OPD} {opd.code.lower()}", told)


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


def is_exact(text: str, names: Names) -> bool:
    """Whether the line says what it means in full, so that nothing need be guessed."""
    first, _blank, rest = text.strip().partition(" ")
    first, rest = first.casefold(), rest.strip()
    if first == GO_APP or (first == EXPLAIN and rest):
        return rest in names.applications
    if first == GO_OPD:
        return rest.casefold() in {code.casefold() for code in names.opds}
    if first == GO_INCIDENT:
        return rest.lstrip("#") in names.incidents
    if _is_number(first):
        return not rest
    if first == THEME:
        return not rest or rest in THEMES
    if rest and first in COMMANDS and COMMANDS[first].on == "application":
        row_id = rest.split()[0]
        return "=" in row_id or row_id == "*" or row_id.startswith("opd:") or row_id in names.applications
    return first in words()


def only_goes(text: str) -> bool:
    """Whether the line only shows something, so that a guess can do no harm."""
    return text.partition(" ")[0] not in COMMANDS
