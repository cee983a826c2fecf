"""The schedule as a table: what runs, then what waits, then what is due next, and last what is paused."""

from opsconsole.base.text import N_, _
from opsconsole.client.planned import AskSchedule, PlannedProbe, Schedule
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.planned import last_text
from opsconsole.console.draw.problems import TONES
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.times import every, took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_WIDE, _WIDEST = 100, 132
_LANES = {"fast": N_("fast"), "slow": N_("slow"), "host": N_("host"), "place": N_("place")}
_RUNNING = ("fast", "slow")
# A day ahead a time of day says too little.
_FAR_SECONDS = 20 * 3600


def columns() -> tuple[TableColumn, ...]:
    """The columns. LANE is where a look runs, or what it waits for."""
    return (
        TableColumn("state", "", 1, kind="state", label=N_("STATE")),
        TableColumn("next", N_("NEXT"), 8, kind="time"),
        TableColumn("opd", N_("OPD"), 12, steps=((_WIDE, 16),)),
        TableColumn("app", N_("APP"), 14, steps=((_WIDE, 20),)),
        TableColumn("probe", N_("PROBE"), 8, steps=((_WIDE, 12),)),
        TableColumn("every", N_("EVERY"), 5, ">", kind="seconds"),
        TableColumn("took", N_("TOOK"), 5, ">", kind="seconds", falling=True),
        TableColumn("runs", N_("RUNS"), 6, ">", kind="number", falling=True),
        TableColumn("lane", N_("LANE"), 6, least=_WIDE),
        TableColumn("missed", N_("MISSED"), 6, ">", kind="number", falling=True, least=_WIDE),
        TableColumn("overrun", N_("OVERRUN"), 7, ">", kind="number", falling=True, least=_WIDEST),
        TableColumn("retry", N_("RETRY"), 5, ">", kind="seconds", optional=True),
        TableColumn("limit", N_("LIMIT"), 5, ">", kind="seconds", optional=True),
        TableColumn("at", N_("LOOKED"), 8, kind="time", falling=True, optional=True),
        TableColumn("until", N_("UNTIL"), 12, kind="time", optional=True),
        TableColumn("by", N_("BY"), 10, optional=True),
        TableColumn("why", N_("WHY"), 20, optional=True),
        TableColumn("last", N_("RESULT"), 0),
    )


def row_of(probe: PlannedProbe, view: View) -> TableRow:
    """A probe as a row; enter opens its application."""
    tone, pause = TONES[probe.state], probe.pause
    cells = {
        "state": Span(glyph(probe.state), tone),
        "next": Span(_next(probe, view), "quiet" if pause else "strong" if probe.lane else ""),
        "opd": Span(probe.opd_short or _("(service)")),
        "app": Span(probe.application.removeprefix("service:"), "strong"),
        "probe": Span(probe.probe),
        "every": Span(every(probe.every_s)),
        "took": Span(took(probe.took_ms)),
        "runs": Span(str(probe.looks)),
        "lane": Span(_(_LANES[probe.lane]) if probe.lane else "-"),
        "missed": Span(str(probe.missed_today), "warn" if probe.missed_today else ""),
        "overrun": Span(str(probe.overrun_today), "warn" if probe.overrun_today else ""),
        "retry": Span(every(probe.retry_s)),
        "limit": Span(every(probe.timeout_s)),
        "at": Span(view.times.look(probe.last_at, view.now) if probe.last_at else "-"),
        "until": Span(view.at(pause.until) if pause else "-"),
        "by": Span(pause.by if pause else "-"),
        "why": Span(pause.why if pause else "-"),
        "last": Span(last_text(probe, view), "quiet" if pause else tone),
    }
    seen = reason_line(probe.reason, probe.params, view) if probe.verdict else None
    values: dict[str, Value] = {
        "state": probe.state.value, "next": probe.next_at, "opd": probe.opd_short or None,
        "app": probe.application, "every": probe.every_s, "took": round(probe.took_ms / 1000, 4) or None,
        "runs": probe.looks, "lane": probe.lane or None, "missed": probe.missed_today,
        "overrun": probe.overrun_today, "retry": probe.retry_s, "limit": probe.timeout_s, "at": probe.last_at,
        "until": pause.until if pause else None, "by": pause.by if pause else None,
        "why": pause.why if pause else None, "last": seen,
    }  # fmt: skip
    words = " ".join((probe.name, probe.reason, probe.kind, _("paused") if pause else ""))
    return TableRow(key_of(probe), cells, values, probe.application, words)


def key_of(probe: PlannedProbe) -> str:
    """What a probe's row is known by."""
    return f"{probe.application}/{probe.probe}"


def in_order(probes: tuple[PlannedProbe, ...]) -> list[PlannedProbe]:
    """What runs, since longest first, what waits, what is due, what is paused."""
    return sorted(probes, key=_turn)


def _turn(probe: PlannedProbe) -> tuple[int, float, str]:
    if probe.pause is not None:
        return 3, probe.pause.until.timestamp(), key_of(probe)
    if probe.work_since is not None:
        return 0 if probe.lane in _RUNNING else 1, probe.work_since.timestamp(), key_of(probe)
    return 2, probe.next_at.timestamp() if probe.next_at else 0.0, key_of(probe)


def _next(probe: PlannedProbe, view: View) -> str:
    if probe.pause is not None:
        return _("paused")
    if probe.lane:
        return _("runs") if probe.lane in _RUNNING else _("waits")
    if probe.next_at is None:
        return "-"
    far = (probe.next_at - view.now).total_seconds() > _FAR_SECONDS
    return view.times.day(probe.next_at) if far else view.times.exact(probe.next_at)


def _rows(plan: Schedule, view: View) -> list[TableRow]:
    return [row_of(probe, view) for probe in in_order(plan.probes)]


def query(window: str) -> AskSchedule:
    """There is one schedule: that of now."""
    return AskSchedule()


SPEC: TableSpec[Schedule] = TableSpec("schedule", N_("Schedule"), columns, _rows, query)
