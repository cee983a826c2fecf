"""``audit verify``: the chain of events, held against its seals and against heads that were kept elsewhere.

It ends with 0 when all is whole and every anchor holds, with 1 when that could not be found out, with 2
when something is broken or an anchor does not hold.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from opsconsole.base.errors import Invalid, Problem, Unreachable
from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.anchors import Anchor, Judged, Verdict, judge, read_anchors
from opsconsole.cli.session import Session
from opsconsole.cli.trouble import show_problem
from opsconsole.client.calls import Client
from opsconsole.client.verified import MOST_WANTED, AskVerify, Verified
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times

Told = Callable[[Verified], None]
WHY = {
    "gap": N_("events before it are missing"),
    "prev": N_("it seals another event than the one before it"),
    "hash": N_("it was changed: its seal does not match what it says"),
    "unreadable": N_("it can not be read"),
}
VERDICTS = {
    Verdict.HOLDS: N_("holds"),
    Verdict.CUT_OFF: N_("DOES NOT HOLD: the log ends before it, so its end was cut off"),
    Verdict.REWRITTEN: N_("DOES NOT HOLD: that event has another seal, so the log was written anew"),
    Verdict.OTHER_STORE: N_("DOES NOT HOLD: it is of another store"),
    Verdict.BEHIND_BREAK: N_("can not be held: it lies behind the break"),
}


class AnchorReport(msgspec.Struct, frozen=True, kw_only=True):
    """One anchor as JSON has it."""

    source: str
    seq: int
    hash: str
    verdict: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What ``--json`` prints. ``whole`` is of the chain alone; ``ok`` also that every anchor holds."""

    ok: bool
    whole: bool
    chain: Verified
    anchors: tuple[AnchorReport, ...]
    seconds: float


def run(args: Namespace, session: Session) -> int:
    """Verify, and print what was found."""
    began = time.monotonic()
    try:
        anchors = read_anchors(args.anchors)
        found, times = _verified(session, anchors, quiet=args.json)
    except Invalid:
        raise
    except Problem as problem:
        show_problem(problem)
        return exits.WARNING
    marks = found.marks
    judged = judge(anchors, store=found.store, seq=found.seq, broken=found.broken_at is not None, marks=marks)
    report = report_of(found, judged, time.monotonic() - began)
    if args.json:
        print(msgspec.json.encode(report).decode())
    else:
        for line in (*_chain_lines(report, times), *anchor_lines(judged)):
            print(line)
    return exits.OK if report.ok else exits.CRITICAL


def report_of(found: Verified, judged: Sequence[Judged], seconds: float) -> Report:
    """All of it for machines."""
    whole = found.broken_at is None
    return Report(
        ok=whole and all(one.verdict is Verdict.HOLDS for one in judged),
        whole=whole,
        chain=replace(found, marks={}),
        anchors=anchor_reports(judged),
        seconds=round(seconds, 3),
    )


def anchor_reports(judged: Iterable[Judged]) -> tuple[AnchorReport, ...]:
    """Anchors for machines."""
    return tuple(
        AnchorReport(source=one.source, seq=one.seq, hash=one.hash, verdict=verdict.value)
        for one, verdict in judged
    )


def wanted_of(anchors: Iterable[Anchor]) -> tuple[int, ...]:
    """The events whose hashes are needed. Raises `Invalid` when they are more than can be asked for."""
    wanted = tuple(sorted({one.seq for one in anchors}))
    if len(wanted) > MOST_WANTED:
        raise Invalid(
            N_("{count} anchors are more than {most}."), N_("Give fewer files, or fewer lines."),
            count=len(wanted), most=MOST_WANTED,
        )  # fmt: skip
    return wanted


def _verified(session: Session, anchors: Sequence[Anchor], *, quiet: bool) -> tuple[Verified, Times]:
    """What the engine finds; where none runs and the store is ours, what we find under its lock."""
    wanted = wanted_of(anchors)
    with drawn(quiet=quiet) as told:
        try:
            with session.client() as client:
                hello = session.greet(client)
                return by_engine(client, wanted, told), Times(hello.zone)
        except Unreachable as problem:
            from opsconsole.cli.alone import alone, own_times

            with alone(session, problem) as place:
                from opsconsole.engine.offline import verify_offline

                return verify_offline(place, wanted, told), own_times(place)


def by_engine(client: Client, wanted: tuple[int, ...], told: Told) -> Verified:
    """Ask for one step after the other."""
    found = client.query(AskVerify(wanted=wanted))
    told(found)
    while not found.ended:
        behind = tuple(seq for seq in wanted if seq > found.seq)
        step = client.query(AskVerify(after=found.seq, hash=found.hash, wanted=behind))
        found = replace(
            step, events=found.events + step.events, marks={**found.marks, **step.marks},
            at=step.at or found.at,
        )  # fmt: skip
        told(found)
    return found


class drawn:  # noqa: N801 - used as a function is
    """A progress bar on a terminal, nothing elsewhere. ``with drawn() as told: told(verified)``."""

    def __init__(self, *, quiet: bool) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"))
        self._progress = Progress(
            *columns, TimeElapsedColumn(), console=console, transient=True,
            disable=quiet or not sys.stderr.isatty(),
        )  # fmt: skip
        self._task = self._progress.add_task(_("verifying events"), total=None)

    def __enter__(self) -> Told:
        self._progress.start()
        return self._tell

    def __exit__(self, *exc: object) -> None:
        self._progress.stop()

    def _tell(self, found: Verified) -> None:
        self._progress.update(self._task, total=max(found.newest, 1), completed=found.seq)


def _chain_lines(report: Report, times: Times) -> Iterator[str]:
    found = report.chain
    if report.whole:
        yield _("The log of store {store} is whole: {events} events.").format(
            store=found.store, events=f"{found.events:,}"
        )
    else:
        yield _("The log of store {store} is BROKEN at event {seq}: {why}.").format(
            store=found.store, seq=found.broken_at, why=translate(WHY[found.why])
        )
        yield _("The {events} events before it are whole; nothing is proven of those from there on.").format(
            events=f"{found.events:,}"
        )
    yield _("head: event {seq}, hash {hash}, {time}").format(
        seq=found.seq, hash=found.hash, time=times.clock(found.at) if found.at else "-"
    )
    yield _("verified in {seconds} s").format(seconds=f"{report.seconds:.1f}")


def anchor_lines(judged: Sequence[Judged]) -> Iterator[str]:
    """What is said of each anchor, and that there was none."""
    for one, verdict in judged:
        yield _("anchor {source}, event {seq}: {verdict}").format(
            source=printable(one.source), seq=one.seq, verdict=translate(VERDICTS[verdict])
        )
    if not judged:
        yield _("Without an anchor (--anchor FILE) nobody can tell whether the end of the log was cut off.")
