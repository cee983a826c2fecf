"""``store backup``, ``store check`` and ``store verify``."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import msgspec
from rich.console import Console

from opsconsole.base.errors import Invalid, Problem, Unreachable
from opsconsole.base.text import _, translate
from opsconsole.cli import exits
from opsconsole.cli.anchors import Verdict, judge, read_anchors
from opsconsole.cli.audit import WHY, AnchorReport, anchor_lines, anchor_reports, wanted_of
from opsconsole.cli.session import Session
from opsconsole.cli.trouble import show_problem
from opsconsole.client.backups import AskStoreCheck, Backup, BackUpStore, StoreState
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times


class FileReport(msgspec.Struct, frozen=True, kw_only=True):
    """What ``store verify --json`` prints. ``ok``: it is whole, and every anchor holds."""

    ok: bool
    file: str
    state: StoreState
    anchors: tuple[AnchorReport, ...] = ()


def run_backup(args: Namespace, session: Session) -> int:
    """Have the engine make one, and say where it is."""
    file = str(Path(args.file).absolute()) if args.file else ""
    with session.client() as client:
        hello = session.greet(client)
        with _waiting(_("copying the store, then verifying the copy …"), quiet=args.json):
            result = client.command(BackUpStore(file))
    if args.json:
        print(msgspec.json.encode(result).decode())
        return exits.OK
    made = msgspec.json.decode(result.result, type=Backup)
    print(
        _("{file}: {size} MB, made and verified in {seconds} s").format(
            file=printable(made.file), size=f"{made.state.bytes / 1e6:.1f}", seconds=f"{made.seconds:.1f}"
        )
    )
    for line in _state_lines(made.state, Times(hello.zone)):
        print(line)
    print(_("Keep it on another machine too: a backup beside its store is lost with it."))
    return exits.OK


def run_check(args: Namespace, session: Session) -> int:
    """Whether the store in use is whole: 0, 1 when that could not be found out, 2 when it is not."""
    try:
        with _waiting(_("reading all of the store …"), quiet=args.json):
            state, times = _checked(session)
    except Problem as problem:
        show_problem(problem)
        return exits.WARNING
    if args.json:
        print(msgspec.json.encode(state).decode())
    else:
        for line in _state_lines(state, times):
            print(line)
    return exits.OK if state.whole else exits.CRITICAL


def _checked(session: Session) -> tuple[StoreState, Times]:
    try:
        with session.client() as client:
            hello = session.greet(client)
            return client.query(AskStoreCheck()), Times(hello.zone)
    except Unreachable as problem:
        from opsconsole.cli.alone import alone, own_times
        from opsconsole.engine.offline import check_offline

        with alone(session, problem) as place:
            return check_offline(place), own_times(place)


def run_verify(args: Namespace, session: Session) -> int:
    """Whether a backup is whole and its chain holds the anchors; codes as of `run_check`."""
    from opsconsole.cli.alone import own_times
    from opsconsole.engine.offline import check_anchored

    path = Path(args.file)
    try:
        _require_other(session, path)
        anchors = read_anchors(args.anchors)
        with _waiting(_("reading all of the backup …"), quiet=args.json):
            state, marks = check_anchored(path, wanted_of(anchors))
    except Invalid:
        raise
    except Problem as problem:
        show_problem(problem)
        return exits.WARNING
    judged = judge(anchors, store=state.store, seq=state.seq, broken=state.broken_at is not None, marks=marks)
    ok = state.whole and all(one.verdict is Verdict.HOLDS for one in judged)
    if args.json:
        report = FileReport(ok=ok, file=str(path), state=state, anchors=anchor_reports(judged))
        print(msgspec.json.encode(report).decode())
    else:
        for line in (*_state_lines(state, own_times(session.found().place)), *anchor_lines(judged)):
            print(line)
    return exits.OK if ok else exits.CRITICAL


def _require_other(session: Session, path: Path) -> None:
    """The store in use is the engine's to open."""
    from opsconsole.base.text import N_

    try:
        same = path.samefile(session.found().place.database)
    except (OSError, Problem):
        return
    if same:
        raise Problem(
            N_("{path} is the store in use, no backup."), N_("`opsconsole store check` checks it."),
            path=str(path),
        )  # fmt: skip


def _waiting(text: str, *, quiet: bool) -> AbstractContextManager[object]:
    if quiet or not sys.stderr.isatty():
        return nullcontext()
    return Console(stderr=True).status(text)


def _state_lines(state: StoreState, times: Times) -> Iterator[str]:
    """What was found of a store, as lines."""
    if state.whole:
        yield _("whole: store {store}, schema {schema}, {rows} rows in {tables} tables").format(
            store=state.store, schema=state.schema, tables=len(state.counts),
            rows=f"{sum(state.counts.values()):,}",
        )  # fmt: skip
    for fault in state.faults:
        yield _("DAMAGED: {fault}").format(fault=printable(fault))
    for name in state.missing:
        yield _("MISSING: {name}").format(name=printable(name))
    if state.broken_at is not None:
        yield _("The log is BROKEN at event {seq}: {why}.").format(
            seq=state.broken_at, why=translate(WHY[state.why])
        )
    yield _("head: event {seq}, hash {hash}, {time}").format(
        seq=state.seq, hash=state.hash, time=times.clock(state.at) if state.at else "-"
    )
