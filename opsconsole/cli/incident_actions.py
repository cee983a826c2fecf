"""``incidents ack``, ``note``, ``resolve`` and the rest: one command for each incident, told one by one."""

import sys
import uuid
from argparse import Namespace
from collections.abc import Iterable, Sequence

import msgspec

from opsconsole.base.errors import Invalid, Problem, Unreachable
from opsconsole.base.text import N_, _, language, safe_text, translate, translations
from opsconsole.cli import exits
from opsconsole.cli.incident_line import commands_of, fields_of
from opsconsole.cli.session import Session
from opsconsole.cli.trouble import show_problem
from opsconsole.client.calls import Client
from opsconsole.client.commands import COMMANDS, CommandShape
from opsconsole.client.shapes import CommandResult

# Of several the worst counts: what says least about the others comes last.
_ORDER = (exits.OK, 5, exits.USAGE, 1, 4, 3)
_DONE = {
    "ack": N_("{number}: acknowledged"),
    "unack": N_("{number}: no longer acknowledged"),
    "take": N_("{number}: it is yours"),
    "assign": N_("{number}: assigned"),
    "note": N_("{number}: noted"),
    "snooze": N_("{number}: quiet for a while"),
    "unsnooze": N_("{number}: heard again"),
    "mitigate": N_("{number}: people can work again"),
    "resolve": N_("{number}: resolved"),
    "close": N_("{number}: closed"),
    "reopen": N_("{number}: open again"),
    "merge": N_("{number}: merged"),
    "unmerge": N_("{number}: an incident of its own again"),
    "split": N_("{number}: split"),
    "severity": N_("{number}: its severity is set"),
    "attribute": N_("{number}: attributed"),
    "triage": N_("{number}: answered"),
    "reported": N_("{number}: the notice is recorded"),
}


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one command: its result, or what went wrong, in words; ``code`` as `cli.exits` has it."""

    incident: int | None = None
    code: int = 0
    result: CommandResult | None = None
    problem: str = ""


def run(args: Namespace, session: Session) -> int:
    """Post a command for each incident that is named; the worst of their exit codes.

    Raises `Invalid` for what is typed wrongly, before anything is done.
    """
    shape = COMMANDS[args.command]
    names = {field.name for field in fields_of(shape)}
    options = {name: value for name, value in vars(args).items() if name in names}
    commands = commands_of(shape, args.words, getattr(args, "message", None), options)
    with session.client() as client:
        session.greet(client)
        outcomes = []
        for one in commands:
            outcomes.append(_post(client, one, _command_id(args.command_id, one, len(commands))))
            if outcomes[-1].code == Unreachable.exit_code:
                break
    if args.json:
        print(msgspec.json.encode(outcomes).decode())
    else:
        for line in _lines(shape, outcomes):
            print(line)
    if len(outcomes) < len(commands):
        _tell_left(commands[len(outcomes) :])
    return max((one.code for one in outcomes), key=_ORDER.index)


def _command_id(given: str | None, command: msgspec.Struct, count: int) -> str | None:
    """The id that was given; of several commands each has one of its own that follows from it."""
    if given is None:
        return None
    try:
        base = uuid.UUID(given)
    except ValueError:
        raise Invalid(N_("{text} is no UUID."), N_("`uuidgen` makes one."), text=given) from None
    if count > 1:
        base = uuid.uuid5(base, str(_number(command)))
    return base.hex


def _post(client: Client, command: msgspec.Struct, command_id: str | None) -> Outcome:
    try:
        return Outcome(incident=_number(command), result=client.command(command, command_id))
    except Problem as problem:
        if _number(command) is not None:
            print(f"#{_number(command)}: ", end="", file=sys.stderr)
        show_problem(problem)
        said = " ".join(half for half in problem.sentences(translations(language())) if half)
        code = problem.exit_code if problem.exit_code in _ORDER else 1
        return Outcome(incident=_number(command), code=code, problem=safe_text(said, 1000))


def _number(command: msgspec.Struct) -> int | None:
    number: int | None = getattr(command, "incident", None)
    return number


def _lines(shape: CommandShape, outcomes: Sequence[Outcome]) -> Iterable[str]:
    for one in outcomes:
        if one.result is None:
            continue
        if shape.name == "report":
            number = msgspec.json.decode(one.result.result, type=object)
            if number is None:  # of a repetition the engine knows only that it was done
                yield _("That was reported before; `opsconsole incidents list` shows it.")
                continue
            yield _("Incident {number} is open.").format(number=f"#{number}")
            continue
        told = translate(_DONE[shape.name], {"number": f"#{one.incident}"})
        again = _("it was done before")
        yield f"{told} ({again})" if one.result.repeated else told


def _tell_left(commands: Sequence[msgspec.Struct]) -> None:
    numbers = ", ".join(f"#{_number(one)}" for one in commands)
    print(_("Not done: {numbers}.").format(numbers=numbers), file=sys.stderr)
