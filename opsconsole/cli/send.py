"""Verbs that post one command to the engine and say what came of it."""

from argparse import Namespace
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec

from opsconsole.base.paths import Place
from opsconsole.base.text import _, safe_text
from opsconsole.cli import exits
from opsconsole.cli.fields import to_struct
from opsconsole.cli.paper import PIPE_WIDTH
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS
from opsconsole.client.maintenance import Maintenance
from opsconsole.client.planned import Pause
from opsconsole.client.shapes import CommandResult, Difference, Hello
from opsconsole.console.draw.maintenance import window_text
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
Report = Callable[[CommandResult, Place, Hello], Iterable[str]]


def run(args: Namespace, session: Session) -> int:
    """Post the command ``args.command`` with its fields from the arguments."""
    shape = COMMANDS[args.command]
    with session.client() as client:
        hello = session.greet(client)
        result = client.command(to_struct(shape, args))
    if args.json:
        print(msgspec.json.encode(result).decode())
        return exits.OK
    for line in REPORTS.get(shape.name, _done)(result, session.found().place, hello):
        print(line)
    return exits.OK


def _done(result: CommandResult, place: Place, hello: Hello) -> Iterable[str]:
    yield _("Done.")


def _reloaded(result: CommandResult, place: Place, hello: Hello) -> Iterable[str]:
    yield _("The engine has read the files in {folder} again.").format(folder=safe_text(str(place.config)))


def _differences(result: CommandResult, place: Place, hello: Hello) -> Iterable[str]:
    differences = msgspec.json.decode(result.result, type=tuple[Difference, ...])
    if not differences:
        yield _("The files say what the engine already does.")
    for one in differences:
        yield f"{_SIGNS[one.change]} {one.subject}"
        for key, was, now in zip(one.keys, one.was, one.now, strict=True):
            yield f"    {key}: {was or '-'} -> {now or '-'}"


def _paused(result: CommandResult, place: Place, hello: Hello) -> Iterable[str]:
    pause = msgspec.json.decode(result.result, type=Pause | None)
    if pause is None:
        yield _("Done.")
    else:
        times = Times(hello.zone)
        yield _("No look is made until {until}.").format(until=times.clock(pause.until))


def _resumed(result: CommandResult, place: Place, hello: Hello) -> Iterable[str]:
    names = msgspec.json.decode(result.result, type=tuple[str, ...] | None) or ()
    yield _("Looks are made again: {probes}.").format(probes=", ".join(names) or "-")


def _planned(result: CommandResult, place: Place, hello: Hello) -> Iterable[str]:
    window = msgspec.json.decode(result.result, type=Maintenance | None)
    if window is None:
        yield _("Done.")
    else:
        view = View(PIPE_WIDTH, 24, datetime.now(UTC), Times(hello.zone))
        yield _("Maintenance no. {number}: {window}").format(
            number=window.number, window=window_text(window, view)
        )


def _ended(result: CommandResult, place: Place, hello: Hello) -> Iterable[str]:
    numbers = msgspec.json.decode(result.result, type=tuple[int, ...] | None) or ()
    yield _("Ended: no. {numbers}.").format(numbers=", ".join(map(str, numbers)) or "-")


REPORTS: dict[str, Report] = {
    "reload": _reloaded,
    "diff": _differences,
    "pause": _paused,
    "resume": _resumed,
    "maintenance": _planned,
    "maintenance-end": _ended,
}
