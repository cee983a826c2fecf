"""Verbs that post one command to the engine and say what came of it."""

from argparse import Namespace
from collections.abc import Callable, Iterable

import msgspec

from opsconsole.base.paths import Place
from opsconsole.base.text import _, safe_text
from opsconsole.cli import exits
from opsconsole.cli.fields import to_struct
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS
from opsconsole.client.shapes import CommandResult, Difference

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
Report = Callable[[CommandResult, Place], Iterable[str]]


def run(args: Namespace, session: Session) -> int:
    """Post the command ``args.command`` with its fields from the arguments."""
    shape = COMMANDS[args.command]
    with session.client() as client:
        session.greet(client)
        result = client.command(to_struct(shape, args))
    if args.json:
        print(msgspec.json.encode(result).decode())
        return exits.OK
    for line in REPORTS.get(shape.name, _done)(result, session.found().place):
        print(line)
    return exits.OK


def _done(result: CommandResult, place: Place) -> Iterable[str]:
    yield _("Done.")


def _reloaded(result: CommandResult, place: Place) -> Iterable[str]:
    yield _("The engine has read the files in {folder} again.").format(folder=safe_text(str(place.config)))


def _differences(result: CommandResult, place: Place) -> Iterable[str]:
    differences = msgspec.json.decode(result.result, type=tuple[Difference, ...])
    if not differences:
        yield _("The files say what the engine already does.")
    for one in differences:
        yield f"{_SIGNS[one.change]} {one.subject}"
        for key, was, now in zip(one.keys, one.was, one.now, strict=True):
            yield f"    {key}: {was or '-'} -> {now or '-'}"


REPORTS: dict[str, Report] = {"reload": _reloaded, "diff": _differences}
