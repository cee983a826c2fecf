"""The lower pane: each OPD with how many of its applications are up, and every one of them by glyph."""

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.cells import cell_len

from opsconsole.base.text import N_, _
from opsconsole.client.shapes import Application, Opd, State
from opsconsole.console.draw.columns import Column
from opsconsole.console.draw.lines import Line, Span, fit
from opsconsole.console.draw.problems import TONES, short_id, tone_of
from opsconsole.console.draw.words import glyph, word, word_width

OpdSort = Literal["name", "worst"]
SORTS: dict[OpdSort, str] = {"name": N_("name"), "worst": N_("worst first")}
_APP_WIDTH = 16
_WIDE, _WIDEST = 100, 132


def columns(width: int) -> list[Column]:
    """The columns for a screen this wide."""
    up = Column("up", N_("UP/ALL"), max(6, cell_len(_("UP/ALL"))), ">")
    listed = [
        Column("short", N_("OPD"), 12 if width < _WIDE else 18),
        up,
        Column("worst", N_("  WORST"), 2 + word_width()),
    ]
    if width >= _WIDEST:
        listed.append(Column("name", N_("NAME"), 40))
    return [*listed, Column("apps", N_("APPLICATIONS"), 0)]


def ordered(opds: Iterable[Opd], sort: OpdSort, backwards: bool) -> list[Opd]:
    """By short name, or the worst first."""

    def by_name(opd: Opd) -> tuple[object, ...]:
        return opd.short.casefold(), opd.code

    def by_worst(opd: Opd) -> tuple[object, ...]:
        return opd.state.severity, opd.up - opd.total, opd.short.casefold()

    return sorted(opds, key=by_name if sort == "name" else by_worst, reverse=backwards)


def line_of(opd: Opd, before: Opd | None, own: Sequence[Application], width: int, marked: set[str]) -> Line:
    """An OPD's row on a screen of ``width``. ``marked``: ids of applications that changed a moment ago."""
    short, up, worst, *more = columns(width)
    was = before or opd
    state = f"{glyph(opd.state)} {word(opd.state)}"
    tone = TONES[opd.state] or "quiet"
    spans = [
        Span(fit(opd.short or opd.code, short.width)),
        Span(" "),
        *_cell(f"{opd.up}/{opd.total}", up.width, ">", "", was.up != opd.up),
        Span(" "),
        *_cell(state, worst.width, "<", tone, was.state is not opd.state),
        Span(" "),
    ]
    room = width - 1 - short.width - up.width - worst.width - 3
    if len(more) > 1:
        spans += [Span(fit(opd.name, more[0].width), "quiet"), Span(" ")]
        room -= more[0].width + 1
    return (*spans, *applications(own, room, marked))


def applications(own: Sequence[Application], room: int, marked: set[str]) -> Line:
    """``!simrs +apotek …`` in ``room`` cells: those in trouble first, the rest counted as ``+3``."""
    listed = sorted(own, key=_urgency)
    texts = [glyph(row.state) + _shortened(short_id(row)) for row in listed]
    spans: list[Span] = []
    for number, (row, text) in enumerate(zip(listed, texts, strict=True)):
        rest = len(listed) - number
        all_fit = sum(map(cell_len, texts[number:])) + rest - 1 <= room
        if not all_fit and cell_len(text) + len(f" (+{rest - 1})") > room:
            spans.append(Span(f"(+{rest})", "quiet"))
            break
        spans += [Span(text, tone_of(row), row.id in marked), Span(" ")]
        room -= cell_len(text) + 1
    return tuple(spans)


def services_row(services: Sequence[Application]) -> Opd:
    """The row under the OPDs that stands for the services outside the city."""
    worst = min(services, key=lambda row: row.state.severity)
    return Opd(
        code="",
        name=_("services outside the city"),
        short=_("(services)"),
        state=worst.state,
        since=worst.since,
        up=sum(row.state is State.UP for row in services),
        total=len(services),
    )


def _urgency(row: Application) -> tuple[int, bool, int, str]:
    """Trouble first, by severity; what is closed or off after what is up."""
    severity = row.state.severity if row.state.is_problem else len(State)
    return severity, row.state is not State.UP, row.tier, row.id


def _shortened(text: str) -> str:
    return text if cell_len(text) <= _APP_WIDTH else fit(text, _APP_WIDTH)


def _cell(text: str, width: int, align: str, tone: str, changed: bool) -> list[Span]:
    if not changed:
        return [Span(fit(text, width, align), tone)]
    pad = Span(" " * max(width - cell_len(text), 0))
    body = Span(fit(text, min(cell_len(text), width)), tone, True)
    return [pad, body] if align == ">" else [body, pad]
