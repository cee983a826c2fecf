"""The maintenance windows in force: those that calendar.toml declares and those that were planned by command.

What began and what ended is written down as events, what began of the store's also there, so that a
restart lets it go on.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.engine.batch import Command
from opsconsole.engine.office import Office
from opsconsole.engine.record import Recorder
from opsconsole.engine.watched import WatchedRow
from opsconsole.health import maintenance
from opsconsole.health.maintenance import Kind, Subject, Turned, Window
from opsconsole.health.model import TROUBLE
from opsconsole.inventory.recurring import Occurrence, Recurring
from opsconsole.store import maintenance as stored
from opsconsole.store.drafts import EventDraft, own_event
from opsconsole.store.maintenance import StoredMaintenance

FILE = "calendar.toml"


class Windows:
    """Holds them. Everything is called in the loop, `take` first; any thread may read `covers` and `listed`.

    ``kept`` are those of the store. What began by ``told_until`` was told of by an earlier run. ``covers``
    are, by row id, the windows that are shown: of those that run over a row the one that ends last.
    """

    def __init__(self, recorder: Recorder, kept: Iterable[StoredMaintenance], told_until: float) -> None:
        self._recorder = recorder
        self._stored = {one.number: one for one in kept}
        self._told_until = told_until
        self._recurring: tuple[Recurring, ...] = ()
        self._rows: Mapping[str, WatchedRow] = {}
        self.listed: tuple[Window, ...] = ()
        self.covers: Mapping[str, Window] = {}

    def take(self, office: Office) -> None:
        """Cover the rows of this office from the next `turn` on, as its files declare."""
        self._rows = office.rows
        self._recurring = office.inventory.calendar.maintenance

    def find(self, key: int) -> StoredMaintenance | None:
        """One that was planned by command, by its number."""
        return self._stored.get(key)

    def of(self, subject: str) -> list[StoredMaintenance]:
        """Those planned by command for exactly this subject."""
        return [one for one in self._stored.values() if one.subject == subject]

    def put(self, one: StoredMaintenance) -> None:
        """Hold one that is stored, from the next `turn` on."""
        self._stored[one.number] = one

    def drop(self, numbers: Iterable[int]) -> None:
        """Hold these no longer; whoever calls has told of their end."""
        keys = {str(number) for number in numbers}
        for key in keys:
            self._stored.pop(int(key), None)
        self.listed = tuple(one for one in self.listed if one.key not in keys)

    def awaits(self, row: WatchedRow) -> bool:
        """Whether a window is open that begins with trouble of this row."""
        waiting = (one for one in self.listed if one.kind is Kind.FLEXIBLE and not one.runs)
        return any(one.covers(subject(row)) for one in waiting)

    def turn(self, now: float, troubled: Iterable[str] = ()) -> set[str]:
        """Begin and end what is due at ``now``; the rows for which that changes what is shown.

        ``troubled`` are rows that were found to be in trouble just now, beside those that are shown so.
        """
        ids = {
            *troubled,
            *(row.id for row in self._rows.values() if row.shown and row.shown.health in TROUBLE),
        }
        subjects = [subject(self._rows[row_id]) for row_id in ids]
        turned = maintenance.turn(
            self._all(now), now, lambda window: any(window.covers(one) for one in subjects)
        )
        self._record(turned, now)
        self.listed = turned.windows
        before, self.covers = self.covers, self._covering()
        return {row_id for row_id in {*before, *self.covers} if before.get(row_id) != self.covers.get(row_id)}

    def next_edge(self, now: float) -> float | None:
        """The first moment after ``now`` at which one of them begins, may begin or ends."""
        return maintenance.next_edge(self.listed, now)

    def _all(self, now: float) -> Iterator[Window]:
        """Every window that runs, waits or comes next, as it was turned last."""
        known = {one.key: one for one in self.listed}
        when = utc(now)
        for rule in self._recurring:
            coming = rule.coming(when)
            for found in (*rule.running(when), *([coming] if coming else ())):
                window = _declared(rule, found)
                before = known.get(window.key)
                if before is not None and before.runs:
                    window = replace(window, began=before.began, ends=window.end)
                yield window
        for one in self._stored.values():
            yield _planned(one, self._rows)

    def _covering(self) -> dict[str, Window]:
        running = [one for one in self.listed if one.runs]
        found = {row_id: maintenance.cover(running, subject(row)) for row_id, row in self._rows.items()}
        return {row_id: window for row_id, window in found.items() if window is not None}

    def _record(self, turned: Turned, now: float) -> None:
        """Write down what began and what ended."""
        left = {one.key for one in turned.windows}
        # What is declared leaves the list by itself once it is over, or no longer declared.
        ended = [one for one in self.listed if one.runs and not number(one) and one.key not in left]
        ended += [one for one in turned.over if one.runs]
        drafts = [
            *(_event("maintenance.begun", one, now) for one in turned.begun if self._is_new(one)),
            *(_event("maintenance.ended", one, now, why="over") for one in ended),
            *(
                _event("maintenance.ended", one, now, why="never began")
                for one in turned.over
                if not one.runs
            ),
        ]
        starts = [(number(one), one.began or now, one.ends) for one in turned.begun if number(one)]
        numbers = [number(one) for one in turned.over]
        for key, began, ends in starts:
            self._stored[key] = replace(self._stored[key], began=began, ends=ends)
        for key in numbers:
            self._stored.pop(key, None)

        def write(conn: Connection) -> None:
            stored.begin(conn, starts)
            stored.remove(conn, numbers)

        # It is in force whether or not it can be written: at the next start it is tried again.
        events = tuple(draft for group in drafts for draft in group)
        if events or starts or numbers:
            self._recorder.command(Command(None, events, write))

    def _is_new(self, one: Window) -> bool:
        """Whether nobody was told of it by an earlier run; of the store's that stands there."""
        return number(one) > 0 or one.start > self._told_until


def number(window: Window) -> int:
    """Its number in the store; 0 for one that is declared in the files."""
    return int(window.key) if window.key.isdigit() else 0


def subject(row: WatchedRow) -> Subject:
    """A row as windows cover it."""
    return Subject(row.id, row.entry.opd)


def told_by(one: StoredMaintenance) -> str:
    """Who planned it."""
    return one.person or f"uid {one.uid}"


def moment(seconds: float) -> str:
    """A time as events hold it."""
    return utc(seconds).isoformat(timespec="milliseconds")


def _declared(rule: Recurring, found: Occurrence) -> Window:
    start = found.start.timestamp()
    return Window(
        key=f"{rule.name} {start:.0f}", subjects=rule.applies_to, start=start, end=found.end.timestamp(),
        by=FILE, why=rule.name,
    )  # fmt: skip


def _planned(one: StoredMaintenance, rows: Mapping[str, WatchedRow]) -> Window:
    parent = rows.get(one.parent)
    return Window(
        key=str(one.number),
        subjects=(one.subject,),
        kind=Kind(one.kind),
        start=one.start,
        end=one.end,
        lasts=one.lasts,
        parent=Subject(one.parent) if parent is None else subject(parent),
        began=one.began,
        ends=one.ends,
        by=told_by(one),
        why=one.reason,
    )


def _event(kind: str, window: Window, now: float, **more: str) -> list[EventDraft]:
    """One for each of its subjects, so that each finds it in its own log."""
    until = {"until": moment(window.ends)} if kind == "maintenance.begun" else {}
    body = {"by": window.by, "reason": window.why, **until, **more}
    return [own_event(kind, one, now, body) for one in window.subjects]
