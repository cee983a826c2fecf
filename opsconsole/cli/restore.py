"""``store restore``: a backup in the place of the store, after saying what is lost by it."""

import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from opsconsole.base.errors import Conflict, Refused, Unreachable
from opsconsole.base.text import N_, _, ngettext
from opsconsole.cli import exits
from opsconsole.cli.alone import own_times
from opsconsole.cli.session import Session
from opsconsole.client.wire import check_reachable
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times
from opsconsole.engine.offline import Loss, locked, loss_of, restore


def run(args: Namespace, session: Session) -> int:
    """Say what is lost, ask, and put it back. Raises `Conflict` while an engine runs, or if nobody agrees."""
    place = session.found().place
    _require_no_engine(session)
    with locked(place, time.time()):
        loss = loss_of(place, Path(args.file).absolute())
        for line in _loss_lines(loss, own_times(place)):
            print(line, file=sys.stderr)
        if not args.yes:
            _ask()
        done = restore(place, loss)
    if args.json:
        print(msgspec.json.encode(done).decode())
        return exits.OK
    print(_("The store is that of the backup, up to event {seq}.").format(seq=loss.backup.seq))
    if done.aside:
        print(_("What was there before is kept as {file}.").format(file=printable(done.aside)))
    return exits.OK


def _require_no_engine(session: Session) -> None:
    with suppress(Unreachable, Refused):
        check_reachable(session.found().place)
        raise Conflict(
            N_("The engine runs, so its store can not be replaced."),
            N_("End it first: `opsconsole engine stop`, or `systemctl stop opsconsole`."),
        )


def _loss_lines(loss: Loss, times: Times) -> Iterator[str]:
    backup = loss.backup
    at = times.clock(backup.at) if backup.at else "-"
    yield _("The backup is whole: up to event {seq} of {time}.").format(seq=backup.seq, time=at)
    if not loss.is_there:
        yield _("There is no store yet, so nothing is lost.")
    elif loss.seq is None:
        yield _("The store in place can not be read: what is lost can not be told. It is set aside.")
    else:
        yield ngettext(
            "LOST: {n} event behind it, and all looks since then. The store in place is set aside.",
            "LOST: {n} events behind it, and all looks since then. The store in place is set aside.",
            loss.events,
        ).format(n=loss.events)


def _ask() -> None:
    """Raises `Conflict` unless somebody types yes."""
    if not sys.stdin.isatty():
        raise Conflict(
            N_("Nothing was done: nobody could be asked."), N_("Add --yes once you have read this.")
        )
    yes = _("yes")
    print(_('Type "{yes}" to put it back: ').format(yes=yes), end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in {yes, "yes"}:
        raise Conflict(N_("Nothing was done."))
