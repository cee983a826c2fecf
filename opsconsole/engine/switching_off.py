"""The evidence of two quarters about every application, for whoever asks which may be switched off."""

from collections import Counter
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.integration import SwitchOff, SwitchOffPage
from opsconsole.client.shapes import State
from opsconsole.client.usage import quarter_from
from opsconsole.engine.office import Office
from opsconsole.engine.staging import firsts
from opsconsole.engine.watched import WatchedRow
from opsconsole.health import history
from opsconsole.health.turns import turns_of
from opsconsole.integration import stored
from opsconsole.integration.switchoff import Evidence, Quarter, judge, logins, quarters
from opsconsole.store import runs

_ORDER = ("candidate", "watch", "not_enough", "keep")
# What people do about an incident; what the engine does by itself shows no interest.
_INTEREST = """
SELECT json_each.value ->> 'id' FROM event
JOIN incident ON event.subject = 'incident:' || incident.number
CROSS JOIN json_each(CAST(incident.body AS TEXT), '$.members')
WHERE event.kind LIKE 'incident.%' AND event.via != 'engine' AND event.at >= ? AND event.at < ?
"""


def candidates(conn: Connection, office: Office, now: float) -> SwitchOffPage:
    """Every active application with what two whole quarters say of it; candidates first."""
    zone = office.inventory.calendar.zone
    days = quarters(utc(now).astimezone(zone).date())
    sight = _Sight(conn, days, office)
    found = [
        sight.of(row, days[0])
        for row in office.rows.values()
        if row.entry.kind == "application" and row.entry.active
    ]
    found.sort(key=lambda one: (_ORDER.index(one.verdict), one.tier, one.application))
    return SwitchOffPage(at=utc(now), quarters=days, applications=tuple(found))


class _Sight:
    """What is read once for all applications; ``days`` are the ends of the quarters."""

    def __init__(self, conn: Connection, days: tuple[date, date, date], office: Office) -> None:
        self._conn = conn
        bounds = [_ms(day, office.inventory.calendar.zone) for day in days]
        self._names = quarter_from(days[0]), quarter_from(days[1])
        self._usage = stored.usage(conn)
        self._windows = (bounds[0], bounds[1]), (bounds[1], bounds[2])
        self._zone = office.inventory.calendar.zone
        self._first = firsts(conn)
        self._ran = runs.between(conn, bounds[0], bounds[2])
        self._needed = {
            one for row in office.rows.values() for group in row.entry.depends_on for one in group.any
        }
        self._interest = [
            Counter(row_id for (row_id,) in conn.exec_driver_sql(_INTEREST, window))
            for window in self._windows
        ]

    def of(self, row: WatchedRow, start: date) -> SwitchOff:
        """One application; ``start`` is the first day of the two quarters."""
        first = self._first.get(row.id, self._windows[1][1])
        watched = utc(first / 1000).astimezone(self._zone).date()
        one, two = (
            self._quarter(row, first, window, interest[row.id])
            for window, interest in zip(self._windows, self._interest, strict=True)
        )
        older, newer = (self._usage.get((row.id, quarter)) for quarter in self._names)
        figures = (older.count if older else None, newer.count if newer else None)
        judged = judge(Evidence(watched, (one, two), figures, row.id in self._needed), start)
        return SwitchOff(
            application=row.id,
            name=row.entry.name,
            opd=row.entry.opd,
            tier=row.entry.tier,
            verdict=judged.verdict,
            reasons=judged.reasons,
            up_percent=(one.up_percent, two.up_percent),
            known_percent=(one.known_percent, two.known_percent),
            interest=(one.interest, two.interest),
            logins=logins(figures),
            usage=(older, newer),
            watched_since=watched,
        )

    def _quarter(self, row: WatchedRow, first: int, window: tuple[int, int], interest: int) -> Quarter:
        turns = turns_of(self._conn, "application", row.id, *window)
        shown = State.PENDING if row.shown is None else row.shown.state
        spent = history.account(history.held(turns, shown, first, self._ran, window))
        known = spent.up + spent.down
        return Quarter(
            up_percent=100 * spent.up / known if known else None,
            known_percent=100 * known / spent.counted if spent.counted else 0.0,
            interest=interest,
        )


def _ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)
