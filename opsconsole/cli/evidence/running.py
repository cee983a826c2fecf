"""How applications ran: availability by month, incidents and how fast they were over."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime

from opsconsole.base.text import _
from opsconsole.cli.evidence.asking import Asking, Found, Lacking, Piece, yes
from opsconsole.client.availability import AskAvailability, Month
from opsconsole.client.incident_pages import AskIncidents
from opsconsole.client.incidents import Clock, Incident
from opsconsole.console.tables import incidents as table
from opsconsole.console.tables.spec import TableColumn
from opsconsole.exports.sheet import Column, Kind, Value
from opsconsole.incidents.metrics import figures

_MOST = 10_000
# Of the table of incidents, without who answered, reported or noted: these are about the trouble.
_INCIDENT = (
    "code", "kind", "category", "source", "state", "sev", "opd", "app", "why", "title", "tier", "happened",
    "opened", "mitigated", "recovered", "resolved", "closed", "members", "attribution", "cause", "reopened",
    "merged",
)  # fmt: skip
_TARGETS = ("respond", "recover")


def availability(asking: Asking) -> Iterable[Found]:
    """Month by month, application by application."""
    months = asking.ask(AskAvailability(year=asking.span.year)).months
    rows: list[list[Value]] = [
        [
            one.application, one.name, one.opd, f"{one.first:%Y-%m}", _watched(one), _percent(one.low_pct),
            _percent(one.high_pct), _percent(one.coverage_pct), round(one.up_s), round(one.down_s),
            round(one.unknown_s), round(one.excluded_s),
        ]
        for one in months
        if asking.about(one.application)
    ]  # fmt: skip
    if not rows:
        return [asking.nothing(_("Availability by month"))]
    columns = [
        Column("app", _("APP")), Column("name", _("NAME")), Column("opd", _("OPD")),
        Column("month", _("MONTH")), Column("watched", _("WATCHED %"), "number"),
        Column("low", _("AT LEAST %"), "number"), Column("high", _("AT MOST %"), "number"),
        Column("known", _("KNOWN %"), "number"),
        Column("up", _("UP (s)"), "number"), Column("down", _("DOWN (s)"), "number"),
        Column("unknown", _("NOT KNOWN (s)"), "number"), Column("excluded", _("NOT COUNTED (s)"), "number"),
    ]  # fmt: skip
    shows = _("how much of each month each application was reachable, as measured by probes")
    notes = (
        _("WATCHED: how much of the calendar month it was watched at all; of the rest nothing is known."),
        _("Of the time watched: AT LEAST takes what is not known as down, AT MOST as up."),
        _("Announced work and closing hours do not count. KNOWN: how much of what counts was measured."),
    )
    return [Piece("availability", shows, columns, rows, notes=notes)]


def incidents(asking: Asking) -> Iterable[Found]:
    """The log of incidents."""
    told = _("Log of incidents")
    chosen, cut = _incidents(asking, told)
    yield from cut
    if not chosen:
        yield asking.nothing(told)
        return
    specs = {one.key: one for one in table.columns()}
    columns = [
        *(column_of(specs[key]) for key in _INCIDENT),
        Column("lasted", _("LASTED (s)"), "number"),
        Column("false_alarm", _("FALSE ALARM")),
    ]
    rows = [
        [
            *(table.row_of(one, asking.view).value(key) for key in _INCIDENT),
            _seconds(one.happened_at, _over(one)),
            yes(one.false_alarm),
        ]
        for one in chosen
    ]
    shows = _("every incident that was opened in the year: what it was, whom it took down, when it was over")
    yield Piece("incidents", shows, columns, rows, notes=(_as_now(),))


def response(asking: Asking) -> Iterable[Found]:
    """Every clock of every incident, and the year month by month."""
    told = _("Response and recovery")
    chosen, cut = _incidents(asking, told)
    yield from cut
    rows = [_clock_row(one, clock, asking) for one in chosen for clock in one.clocks]
    if not rows:
        yield asking.nothing(told)
        return
    columns = [
        Column("code", _("NUMBER")), Column("opd", _("OPD")), Column("app", _("APP")),
        Column("sev", _("SEV")), Column("clock", _("CLOCK")), Column("source", _("BY RULE")),
        Column("started", _("STARTED"), "time"), Column("due", _("DEADLINE"), "time"),
        Column("met", _("DONE AT"), "time"), Column("seconds", _("TOOK (s)"), "number"),
        Column("verdict", _("VERDICT")),
    ]  # fmt: skip
    shows = _("each time within which an incident had to be answered, recovered or reported, and when it was")
    notes = (_("VERDICT: in_time, late, running, overdue, no_limit (the rule gives no number)."), _as_now())
    yield Piece("response", shows, columns, rows, notes=notes)
    yield _recap(asking, chosen)


def requests(asking: Asking) -> Iterable[Found]:
    """What people told of, and how fast they were answered."""
    told = _("Reports by people")
    chosen, cut = _incidents(asking, told)
    yield from cut
    reported = [one for one in chosen if one.source != "probe"]
    if not reported:
        yield Lacking(
            told,
            _(
                "people reported no incident of {year}; requests that are no incident are not kept here"
            ).format(year=asking.span.year),
        )
        return
    columns = [
        Column("code", _("NUMBER")), Column("source", _("SOURCE")), Column("kind", _("KIND")),
        Column("category", _("CATEGORY")), Column("opd", _("OPD")), Column("app", _("APP")),
        Column("title", _("TITLE")), Column("opened", _("OPENED"), "time"),
        Column("answered", _("ANSWERED"), "time"), Column("answer_seconds", _("ANSWER (s)"), "number"),
        Column("over", _("OVER"), "time"), Column("over_seconds", _("OVER AFTER (s)"), "number"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            one.code, one.source, one.kind, one.category or None, one.opd or None,
            table.application_of(one) or None, one.title or None, one.opened_at, one.answered_at,
            _seconds(one.opened_at, one.answered_at), _over(one), _seconds(one.opened_at, _over(one)),
        ]
        for one in reported
    ]  # fmt: skip
    shows = _("what people reported by call, complaint or letter, and how fast it was answered and over")
    notes = (_("Requests that are no incident are kept elsewhere: add that list."), _as_now())
    yield Piece("requests", shows, columns, rows, notes=notes)


def _incidents(asking: Asking, told: str) -> tuple[list[Incident], list[Lacking]]:
    """Those that were opened in the year, the oldest first; and what is said where not all could be read."""
    page = asking.ask(AskIncidents(window="all", limit=_MOST))
    chosen = [
        one
        for one in page.incidents
        if asking.in_year(one.opened_at) and asking.about(one.subject, *(member.id for member in one.members))
    ]
    cut = []
    if page.total > len(page.incidents):
        why = _("of {all} incidents ever, only {n} could be read").format(
            all=page.total, n=len(page.incidents)
        )
        cut.append(Lacking(told, why))
    return sorted(chosen, key=lambda one: one.number), cut


def _recap(asking: Asking, chosen: list[Incident]) -> Piece:
    columns = [
        Column("month", _("MONTH")), Column("opened", _("OPENED"), "number"),
        Column("false_alarms", _("FALSE ALARMS"), "number"), Column("answered", _("ANSWERED"), "number"),
        Column("answer_seconds", _("MEAN ANSWER (s)"), "number"),
        Column("recovered", _("UP AGAIN"), "number"),
        Column("recover_seconds", _("MEAN RECOVERY (s)"), "number"),
        Column("in_time", _("IN TIME"), "number"),
        Column("late", _("LATE"), "number"),
    ]  # fmt: skip
    by_month: dict[str, list[Incident]] = {}
    for one in chosen:
        by_month.setdefault(f"{asking.view.times.local(one.opened_at):%Y-%m}", []).append(one)
    shows = _("the same month by month: how many, how fast on average, how many within their time")
    notes = (_("False alarms and what was merged count for no mean."),)
    return Piece(
        "recap", shows, columns, [_month(*item, asking) for item in sorted(by_month.items())], notes=notes
    )


def _month(month: str, some: list[Incident], asking: Asking) -> list[Value]:
    means = figures(some)
    verdicts = [_verdict(clock, asking) for one in some for clock in one.clocks if clock.id in _TARGETS]
    return [
        month, len(some), sum(one.false_alarm for one in some), means.mtta_n, _whole(means.mtta_s),
        means.mttr_n,
        _whole(means.mttr_s), verdicts.count("in_time"), verdicts.count("late") + verdicts.count("overdue"),
    ]  # fmt: skip


def _clock_row(one: Incident, clock: Clock, asking: Asking) -> list[Value]:
    return [
        one.code, one.opd or None, table.application_of(one) or None, one.severity.value, clock.id,
        clock.source or None, clock.started_at, clock.due_at, clock.met_at,
        _seconds(clock.started_at, clock.met_at), _verdict(clock, asking),
    ]  # fmt: skip


def _verdict(clock: Clock, asking: Asking) -> str:
    if clock.due_at is None:
        return "no_limit"
    if clock.met_at is not None:
        return "in_time" if clock.met_at <= clock.due_at else "late"
    return "running" if asking.view.now <= clock.due_at else "overdue"


def _over(one: Incident) -> datetime | None:
    return one.recovered_at or one.resolved_at


def _seconds(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else max(0, round((end - start).total_seconds()))


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _watched(one: Month) -> float:
    """Percent of the calendar month."""
    spent = one.up_s + one.down_s + one.unknown_s + one.excluded_s
    days = monthrange(one.first.year, one.first.month)[1]
    return round(min(100.0, 100 * spent / (days * 86_400)), 2)


def _percent(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def column_of(spec: TableColumn) -> Column:
    """A column of a table as files have it."""
    kind: Kind = "number" if spec.kind == "number" else "time" if spec.kind in {"time", "due"} else "text"
    return Column(spec.key, spec.name, kind)


def _as_now() -> str:
    return _("As it stands at the audit head: what came after the year is in it.")
