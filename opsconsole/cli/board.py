"""The board as text: how we are, the counts, the problems, the agencies; a word beside every glyph."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console
from rich.text import Text

from opsconsole.base.text import _, ngettext, notice_text
from opsconsole.cli.paper import Cell, columns, show
from opsconsole.client.shapes import Board, Engine, Hello, Opd, State
from opsconsole.client.status import Folded, counts, fold, problems
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word

# Colour only repeats the word; none of it tells red from green.
_STYLES = {State.DOWN: "bold red", State.UNREACHABLE: "red", State.WARN: "yellow", State.STALE: "magenta"}


def draw_board(console: Console, board: Board, hello: Hello, now: datetime) -> None:
    """Print the board on ``console``, with times in the office's zone."""
    view = View(console.width, console.height, now, Times(hello.zone))
    for line in (f"{board.engine.office}  {view.times.clock(now)}", *_engine(board.engine, view)):
        console.print(line, soft_wrap=True)
    console.print(_counts(board), soft_wrap=True)
    rows = fold(problems(board.applications))
    if rows:
        titles = (_("STATE"), _("SINCE"), hello.opd_term, _("APPLICATION"), _("WHY"))
        console.print("\n" + _("PROBLEMS"))
        show(console, columns(titles, [_problem(row, view) for row in rows]))
    opds = sorted((row for row in board.opds if row.total), key=_worst_first)
    if opds:
        headers = (_("WORST"), _("SINCE"), _("UP/ALL"), hello.opd_term)
        console.print()
        show(console, columns(headers, [_opd(row, view) for row in opds]))


def _engine(engine: Engine, view: View) -> Iterator[str]:
    sentence = ngettext(
        "Engine: running since {since}, {probes} probe, last sign of life {heartbeat}",
        "Engine: running since {since}, {probes} probes, last sign of life {heartbeat}",
        engine.probes,
    )
    yield sentence.format(
        since=view.at(engine.started_at),
        probes=engine.probes,
        heartbeat=view.times.exact(engine.heartbeat_at),
    )
    if engine.self_check.status == "offline":
        yield _("WE ARE OFFLINE: {failed} do not answer; the states below may be old").format(
            failed=", ".join(engine.self_check.failed)
        )
    elif engine.self_check.status == "unset":
        yield _("Self-check: not set, so our own outage would look like theirs")
    if engine.store != "ok":
        yield _("THE STORE CAN NOT BE WRITTEN: nothing is recorded until it can")
    if engine.config_errors:
        yield _("The files have mistakes; what runs is revision {rev}:").format(rev=engine.config_rev)
        yield from (f"  {line}" for line in engine.config_errors)
    yield from (notice_text(notice.code, notice.params) for notice in engine.notices)


def _counts(board: Board) -> Text:
    numbers = counts(board.applications)
    parts = [
        Text(f"{numbers[state]} {word(state)}", style=_STYLES.get(state, ""))
        for state in State
        if numbers[state]
    ]
    total = sum(numbers.values())
    heading = ngettext("{n} application: ", "{n} applications: ", total).format(n=total)
    return Text.assemble(heading, Text(", ").join(parts))


def _state(state: State) -> Text:
    return Text(f"{glyph(state)} {word(state)}", style=_STYLES.get(state, ""))


def _problem(folded: Folded, view: View) -> tuple[Cell, ...]:
    row = folded.row
    why = why_text(row, view)
    if folded.members:
        why += _("; cuts off {ids}").format(ids=", ".join(member.id for member in folded.members))
    opd = row.opd_short if row.kind == "application" else _("(service)")
    return _state(row.state), view.times.since(row.since, view.now), opd, row.id, why


def _worst_first(row: Opd) -> tuple[int, str]:
    return row.state.severity, row.short


def _opd(row: Opd, view: View) -> tuple[Cell, ...]:
    return _state(row.state), view.times.since(row.since, view.now), f"{row.up}/{row.total}", row.short
