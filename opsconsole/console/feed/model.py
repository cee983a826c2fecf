"""The model: the rows that the screens show, and what a batch changed in them. Pure: no clock, no thread."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application, Board, Engine, Hello, Look, Opd, Role, State
from opsconsole.client.status import by_row, open_first
from opsconsole.console.feed.inbox import Batch, Key, Link, Row

# For so long a change stays underlined.
CHANGED_FOR_S = 10.0


class Mark(NamedTuple):
    """A row that changed at ``at`` (monotonic), and what it was before; None for a new one."""

    at: float
    before: Row


class Event(NamedTuple):
    """A state that became another one."""

    before: Application | None
    after: Application


class Turn(NamedTuple):
    """An incident that became another one; ``before`` is None where it is new to us."""

    before: Incident | None
    after: Incident

    @property
    def opens(self) -> bool:
        """Whether somebody has to do something about it who had not to before."""
        return self.after.status.is_open and (self.before is None or not self.before.status.is_open)


@dataclass(slots=True)
class News:
    """What a batch brought. ``downs``: applications that were not confirmed DOWN before."""

    events: list[Event] = field(default_factory=list)
    downs: list[Application] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    looks: dict[str, list[Look]] = field(default_factory=dict)
    link_changed: bool = False
    greeted: bool = False
    replaced: bool = False


class Model:
    """The board as we know it. Empty until a board was read, or one that was kept is given."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.hello: Hello | None = None
        self.engine: Engine | None = None
        self.board_at: datetime | None = None
        self.seq = self.run = 0
        self.applications: dict[str, Application] = {}
        self.opds: dict[str, Opd] = {}
        self.incidents: dict[str, Incident] = {}
        self.marks: dict[Key, Mark] = {}

    @property
    def is_known(self) -> bool:
        """Whether there is a board to show."""
        return self.engine is not None

    @property
    def is_old(self) -> bool:
        """Whether what is shown may no longer be so."""
        return self.link.status in ("connecting", "down")

    @property
    def role(self) -> Role:
        """What the engine lets us do, as far as we know."""
        return self.hello.caller.role if self.hello else Role.NONE

    @property
    def person(self) -> str:
        """Who looks, by the name that the engine knows them by; empty before it has answered."""
        return self.hello.caller.person if self.hello else ""

    def recall(self, hello: Hello, board: Board, at: datetime) -> None:
        """Start with a board that was kept earlier."""
        self.hello, self.board_at = hello, at
        self._replace(board)

    def apply(self, batch: Batch, now: float) -> News:
        """Take a batch in; ``now`` is monotonic seconds."""
        news = News(link_changed=batch.link != self.link)
        self.link = batch.link
        self.board_at = batch.heard_at or self.board_at
        if batch.hello is not None:
            self.hello, news.greeted = batch.hello, True
        if batch.board is not None:
            self._resync(batch.board, news, now)
        for key, row in batch.rows.items():
            self._put(key, row, news, now)
        for row_id, look in batch.looks:
            news.looks.setdefault(row_id, []).append(look)
        return news

    def settle(self, now: float) -> bool:
        """Forget changes that were shown long enough; whether there were any."""
        gone = [key for key, mark in self.marks.items() if now - mark.at >= CHANGED_FOR_S]
        for key in gone:
            del self.marks[key]
        return bool(gone)

    def as_board(self) -> Board | None:
        """The board as it stands, to be kept."""
        if self.engine is None:
            return None
        return Board(
            run=self.run,
            seq=self.seq,
            engine=self.engine,
            applications=tuple(self.applications.values()),
            opds=tuple(self.opds.values()),
            incidents=tuple(self.incidents.values()),
        )

    def counted(self) -> dict[State, int]:
        """How many applications are in each state; services are not the city's own and do not count."""
        counts = dict.fromkeys(State, 0)
        for row in self.own():
            counts[row.state] += 1
        return counts

    def own(self) -> Iterator[Application]:
        """The applications without the services."""
        return (row for row in self.applications.values() if row.kind == "application")

    def open_incidents(self) -> list[Incident]:
        """Those that are not over, the worst and oldest first."""
        return open_first(self.incidents.values())

    def incidents_by_row(self) -> dict[str, Incident]:
        """The open incident of each row that is down, by its id."""
        return by_row(self.incidents.values())

    def members(self, cause: str) -> int:
        """How many are cut off because of ``cause``, directly."""
        return sum(row.parent == cause for row in self.applications.values())

    def _replace(self, board: Board) -> None:
        self.engine, self.run, self.seq = board.engine, board.run, board.seq
        self.applications = {row.id: row for row in board.applications}
        self.opds = {row.code: row for row in board.opds}
        self.incidents = {str(row.number): row for row in board.incidents}

    def _resync(self, board: Board, news: News, now: float) -> None:
        """Take a whole board in; what differs from the last one is news, unless it was the first."""
        first, news.replaced = not self.is_known, True
        if first:
            self._replace(board)
            self.marks.clear()
            return
        rows: dict[Key, Row] = {("application", row.id): row for row in board.applications}
        rows |= {("opd", row.code): row for row in board.opds}
        rows |= {("incident", str(row.number)): row for row in board.incidents}
        for key in self._gone(rows):
            self._put(key, None, news, now)
        for key, row in rows.items():
            self._put(key, row, news, now)
        self._replace(board)

    def _gone(self, rows: Iterable[Key]) -> list[Key]:
        known = [("application", row_id) for row_id in self.applications]
        known += [("opd", code) for code in self.opds]
        known += [("incident", number) for number in self.incidents]
        return [key for key in known if key not in set(rows)]

    def _put(self, key: Key, row: Row, news: News, now: float) -> None:
        before: Row
        match row:
            case Engine():
                self.engine = row
                return
            case Application():
                before = self.applications.get(row.id)
                self.applications[row.id] = row
                self._tell(before, row, news)
            case Opd():
                before = self.opds.get(row.code)
                self.opds[row.code] = row
            case Incident():
                before = self.incidents.get(key[1])
                self.incidents[key[1]] = row
                if before != row:
                    news.turns.append(Turn(before, row))
            case None:
                self._forget(key)
                self.marks.pop(key, None)
                return
        if before != row:
            news.touched.add(key[1])
            mark = self.marks.get(key)
            self.marks[key] = Mark(now, mark.before if mark else before)

    def _forget(self, key: Key) -> None:
        kept: dict[str, dict[str, Any]] = {
            "application": self.applications,
            "opd": self.opds,
            "incident": self.incidents,
        }
        kept[key[0]].pop(key[1], None)

    @staticmethod
    def _tell(before: Application | None, row: Application, news: News) -> None:
        if before is not None and before.state is row.state and before.hard == row.hard:
            return
        if before is None or before.state is not row.state or row.state is State.DOWN:
            news.events.append(Event(before, row))
        was_down = before is not None and before.state is State.DOWN and before.hard
        if row.state is State.DOWN and row.hard and not was_down:
            news.downs.append(row)
