"""``probe``: look now, at an application through the engine or at what a file describes without one.

It ends as a Nagios plug-in does.
"""

import sys
from argparse import Namespace
from collections.abc import Iterable

import msgspec

from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_, _
from opsconsole.cli import exits
from opsconsole.cli.fields import to_struct
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS
from probes.observation import Observation, Verdict

# Worst first.
_EXITS = {
    Verdict.DOWN: exits.CRITICAL,
    Verdict.UNKNOWN: exits.UNKNOWN,
    Verdict.DEGRADED: exits.WARNING,
    Verdict.UP: exits.OK,
}


def run(args: Namespace, session: Session) -> int:
    """Look, print, and return the exit code of the worst that was seen."""
    seen = _from_file(args.spec) if args.spec else _from_engine(args, session)
    _print(seen, as_json=args.json)
    return worst(one.verdict for one in seen)


def worst(verdicts: Iterable[Verdict]) -> int:
    """The exit code of several looks."""
    seen = set(verdicts)
    return next(code for verdict, code in _EXITS.items() if verdict in seen)


def _from_file(spec: str) -> list[Observation]:
    from opsconsole.cli.looking import look_at
    from opsconsole.cli.spec import read_spec

    return look_at(read_spec(spec))


def _from_engine(args: Namespace, session: Session) -> list[Observation]:
    """Have the engine look and wait for it. Raises NotFound where the application has no such probe."""
    with session.client() as client:
        session.greet(client)
        result = client.command(to_struct(COMMANDS["recheck"], args, wait=True))
    if result.unrecorded:
        print(_("This look could not be recorded: the store takes nothing."), file=sys.stderr)
    seen = msgspec.json.decode(result.result, type=list[Observation] | None)
    if not seen:
        raise NotFound(
            N_("Nothing was seen of {application}: it has no probe, or the answer was lost."),
            N_("`opsconsole status` shows what is known."),
            application=args.application,
        )
    return seen


def _print(seen: list[Observation], *, as_json: bool) -> None:
    if as_json:
        for one in seen:
            print(msgspec.json.encode(one).decode())
        return
    from opsconsole.cli.phases import draw

    for number, one in enumerate(seen):
        for line in ("", *draw(one)) if number else draw(one):
            print(line)
