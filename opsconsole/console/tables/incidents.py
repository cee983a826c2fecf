"""The incidents as a table: what is open first, the worst and oldest first, then what is over."""

from collections.abc import Iterable
from datetime import datetime

from opsconsole.base.text import N_, _
from opsconsole.client.incident_pages import AskIncidents, IncidentsPage, IncidentWindow
from opsconsole.client.incidents import Answer, Clock, Incident, Severity, Status
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.clocks import running
from opsconsole.console.draw.lines import Span, fit, printable
from opsconsole.console.draw.times import SINCE_WIDTH
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_SMALL, _MIDDLE, _NARROW, _WIDE, _WIDEST = 60, 70, 80, 100, 132
_APP, _APP_WIDE = 11, 18
WINDOWS: tuple[IncidentWindow, ...] = ("24h", "7d", "30d", "all", "open")
MOST = 5_000
"""So many incidents are read at most."""
FLAGS = {
    "open": N_("open"),
    "unacked": N_("unacked"),
    "mine": N_("mine"),
    "asks": N_("asks"),
    "snoozed": N_("snoozed"),
    "overdue": N_("overdue"),
    "cyber": N_("cyber"),
    "false-alarm": N_("false-alarm"),
}


def columns() -> tuple[TableColumn, ...]:
    """The columns; those that are not drawn at first hold the rest of the record."""
    return (
        TableColumn("id", N_("ID"), 5, kind="number", falling=True),
        TableColumn("state", N_("STATE"), 8, order=tuple(Status), label=N_("STATE")),
        TableColumn("sev", N_("SEV"), 6, order=tuple(Severity), least=_SMALL),
        TableColumn("since", N_("SINCE"), SINCE_WIDTH, kind="time", least=_MIDDLE),
        TableColumn("opd", N_("OPD"), 9, least=_NARROW, steps=((_WIDE, 16),)),
        TableColumn("app", N_("APP"), _APP, steps=((_WIDE, _APP_WIDE),)),
        TableColumn(
            "why", N_("CAUSE"), 12, steps=((_WIDE, 24), (_WIDEST, 36)), least=_SMALL, label=N_("WHAT IT IS")
        ),
        TableColumn("owner", N_("OWNER"), 6, steps=((_WIDE, 10),)),
        TableColumn("due", N_("DUE"), SINCE_WIDTH, kind="due", least=_WIDE),
        TableColumn("note", N_("LAST NOTE"), 0, least=_NARROW),
        *_record_columns(),
    )


def _record_columns() -> tuple[TableColumn, ...]:
    """The rest of what an office's record of an incident has to hold."""
    return (
        TableColumn("code", N_("NUMBER"), 15, optional=True),
        TableColumn("kind", N_("KIND"), 8, optional=True),
        TableColumn("category", N_("CATEGORY"), 10, optional=True),
        TableColumn("source", N_("SOURCE"), 9, optional=True),
        TableColumn("title", N_("TITLE"), 24, optional=True),
        TableColumn("tier", N_("TIER"), 4, kind="number", optional=True),
        TableColumn("happened", N_("BEGAN"), 12, kind="time", falling=True, optional=True),
        TableColumn("opened", N_("OPENED"), 12, kind="time", falling=True, optional=True),
        TableColumn("acked", N_("ACKED"), 12, kind="time", falling=True, optional=True),
        TableColumn("acked_by", N_("ACKED BY"), 10, optional=True),
        TableColumn("mitigated", N_("EASED"), 12, kind="time", falling=True, optional=True),
        TableColumn("recovered", N_("UP AGAIN"), 12, kind="time", falling=True, optional=True),
        TableColumn("resolved", N_("RESOLVED"), 12, kind="time", falling=True, optional=True),
        TableColumn("closed", N_("CLOSED"), 12, kind="time", falling=True, optional=True),
        TableColumn("down", N_("DOWN NOW"), 8, kind="number", falling=True, optional=True),
        TableColumn("members", N_("MEMBERS"), 24, optional=True),
        TableColumn("attribution", N_("CONTROL"), 9, optional=True),
        TableColumn("cause", N_("FOUND CAUSE"), 12, optional=True),
        TableColumn("sev_why", N_("WHY SO BAD"), 20, optional=True),
        TableColumn("reporter", N_("REPORTER"), 16, optional=True),
        TableColumn("questions", N_("QUESTIONS"), 24, optional=True),
        TableColumn("clocks", N_("CLOCKS"), 24, optional=True),
        TableColumn("snoozed", N_("SNOOZED TO"), 12, kind="time", optional=True),
        TableColumn("merged", N_("MERGED INTO"), 11, kind="number", optional=True),
        TableColumn("reopened", N_("REOPENED"), 8, kind="number", falling=True, optional=True),
        TableColumn("note_by", N_("NOTED BY"), 10, optional=True),
        TableColumn("note_at", N_("NOTED"), 12, kind="time", falling=True, optional=True),
        TableColumn("changed", N_("CHANGED"), 12, kind="time", falling=True, optional=True),
        TableColumn("false_alarm", N_("FALSE ALARM"), 11, optional=True),
    )


def row_of(one: Incident, view: View) -> TableRow:
    """An incident as a row; its application is what caused it, else the first that it took down."""
    values = _values(one, view)
    cells = {key: Span(_text(value, view)) for key, value in values.items()}
    cells |= {
        "id": Span(words.number_text(one), "strong"),
        "state": Span(words.status_text(one, view.now), words.status_tone(one, view.now)),
        "sev": Span(_(words.SEVERITIES[one.severity]), _severity_tone(one)),
        "since": Span(view.times.since(one.happened_at, view.now)),
        "opd": Span(one.opd_short or one.opd or "-"),
        "app": Span(_subject(one, view.width), "strong" if one.status.is_open else ""),
        "why": Span(words.cause_text(one, view, short=view.width < _WIDEST)),
        "owner": Span(words.owner_text(one) or "-"),
        "note": Span(printable(one.note) or "-"),
        "kind": Span(_(words.KINDS[one.kind])),
        "category": Span(_(words.CATEGORIES[one.category])),
        "source": Span(_(words.SOURCES[one.source])),
        "cause": Span(_(words.CAUSES[one.cause])),
        "attribution": Span(_(words.ATTRIBUTIONS[one.attribution])),
        "false_alarm": Span(_(words.ANSWERS[_false_alarm(one)])),
    }
    if (due := next_due(one)) is not None:
        late = due < view.now
        cells["due"] = Span(view.times.since(due, view.now), "down" if late else "")
    return TableRow(str(one.number), cells, values, application_of(one), _searched(one), _flags(one, view))


def application_of(one: Incident) -> str:
    """The row that keys on an incident are about: its cause, else the first of its members."""
    return one.subject or (one.members[0].id if one.members else "")


def next_due(one: Incident) -> datetime | None:
    """By when the next thing has to be done; what is to be done at once, since when. None: nothing is."""
    clocks = running(one)
    return (clocks[0].due_at or clocks[0].started_at) if clocks else None


def _values(one: Incident, view: View) -> dict[str, Value]:
    """Raw values by column; codes, not words."""
    return {
        "id": one.number, "state": one.status.value, "sev": one.severity.value, "since": one.happened_at,
        "opd": one.opd or None, "app": one.subject or None, "why": words.cause_text(one, view),
        "owner": one.owner or None, "due": next_due(one), "note": one.note or None, "code": one.code,
        "kind": one.kind, "category": one.category or None, "source": one.source, "title": one.title or None,
        "tier": one.tier, "happened": one.happened_at, "opened": one.opened_at, "acked": one.acknowledged_at,
        "acked_by": one.acknowledged_by or None, "mitigated": one.mitigated_at,
        "recovered": one.recovered_at, "resolved": one.resolved_at, "closed": one.closed_at,
        "down": one.down, "members": " ".join(member.id for member in one.members) or None,
        "attribution": one.attribution or None, "cause": one.cause or None,
        "sev_why": one.severity_why or None, "reporter": one.reporter or None,
        "questions": " ".join(f"{asked.id}={asked.answer or '?'}" for asked in one.questions) or None,
        "clocks": " ".join(_clock(clock) for clock in one.clocks) or None, "snoozed": one.snoozed_until,
        "merged": one.merged_into or None, "reopened": one.reopened, "note_by": one.note_by or None,
        "note_at": one.note_at, "changed": one.changed_at, "false_alarm": _false_alarm(one),
    }  # fmt: skip


def _false_alarm(one: Incident) -> Answer:
    return "yes" if one.false_alarm else "no"


def _clock(clock: Clock) -> str:
    """``respond<2026-11-24T02:20:00+00:00``, with the time it was met in its place after ``=``."""
    if clock.met_at is not None:
        return f"{clock.id}={clock.met_at.isoformat(timespec='seconds')}"
    return f"{clock.id}<{clock.due_at.isoformat(timespec='seconds') if clock.due_at else '-'}"


def _text(value: Value, view: View) -> str:
    if isinstance(value, datetime):
        return view.at(value)
    return "-" if value is None else printable(str(value))


def _subject(one: Incident, screen: int) -> str:
    """What it is about, and how many fell with it: ``gw-satu +29``."""
    more = len(one.members) - (1 if one.subject else 0)
    name = words.subject_text(one)
    if name == "-" and one.members:
        name, more = one.members[0].id, len(one.members) - 1
    suffix = f" +{more}" if more > 0 else ""
    width = _APP_WIDE if screen >= _WIDE else _APP
    return fit(name, width - len(suffix)).rstrip() + suffix if suffix else name


def _severity_tone(one: Incident) -> str:
    return words.SEVERITY_TONES[one.severity] if one.status.is_open else ""


def _searched(one: Incident) -> str:
    """What filter words find beside what is drawn."""
    asked = [f"asks:{question}" for question in one.asks]
    names = [part for member in one.members for part in (member.id, member.name, member.opd_short)]
    return " ".join([words.number_text(one), one.reason, one.address, one.snooze_reason, *asked, *names])


def _flags(one: Incident, view: View) -> frozenset[str]:
    due = next_due(one)
    held = {
        "open": one.status.is_open,
        "unacked": one.status is Status.OPEN,
        "mine": bool(view.person) and view.person in (one.owner, one.acknowledged_by),
        "asks": bool(one.asks),
        "snoozed": words.is_snoozed(one, view.now),
        "overdue": due is not None and due < view.now,
        "cyber": one.kind == "cyber",
        "false-alarm": one.false_alarm,
    }
    return frozenset(flag for flag, holds in held.items() if holds)


def in_order(incidents: Iterable[Incident]) -> list[Incident]:
    """What is open first: the worst, of that what nobody has seen; then the rest, newest first."""
    return sorted(incidents, key=_place)


def _place(one: Incident) -> tuple[bool, int, bool, float]:
    if one.status.is_open:
        return False, one.severity.rank, one.status is not Status.OPEN, one.happened_at.timestamp()
    return True, 0, False, -one.opened_at.timestamp()


def _rows(page: IncidentsPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in in_order(page.incidents)]


def _total(page: IncidentsPage) -> int | None:
    return page.total


def query(window: str) -> AskIncidents:
    """The incidents of a window."""
    known = next((one for one in WINDOWS if one == window), WINDOWS[0])
    return AskIncidents(window=known, limit=MOST)


SPEC: TableSpec[IncidentsPage] = TableSpec(
    "incidents", N_("Incidents"), columns, _rows, query, age="since", windows=WINDOWS, total=_total,
    flags=FLAGS,
)  # fmt: skip
