"""What a source is asked for, and what it gives."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from opsconsole.base.text import _
from opsconsole.client.calls import Client
from opsconsole.client.findings import AskInventory, InventoryPage
from opsconsole.client.indices import IndicesPage
from opsconsole.client.integration import AskRoad, Road
from opsconsole.client.query import Query, R
from opsconsole.console.draw.view import View
from opsconsole.exports.contacts import masked
from opsconsole.exports.sheet import Column, Value

Row = Sequence[Value]


class Piece(NamedTuple):
    """One file to be: its ``name`` without ending, what it ``shows`` in a sentence, its columns and rows.

    ``as_of``: the rows are how things stood on the last day; else they are what was so in the year.
    ``schema`` grows when a column is renamed, moved or taken away. ``notes`` are what a reader has to know.
    ``defined``: what counts in it goes by the definition of the road.
    """

    name: str
    shows: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    as_of: bool = False
    notes: tuple[str, ...] = ()
    defined: bool = False
    schema: int = 1


class Lacking(NamedTuple):
    """What could not be produced, and why."""

    what: str
    why: str


Found = Piece | Lacking


@dataclass(frozen=True, slots=True)
class Span:
    """A year in the office's zone, or what has been of it by ``today``."""

    year: int
    today: date

    @property
    def first(self) -> date:
        """1 January."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """31 December, or today while the year runs."""
        return min(date(self.year, 12, 31), self.today)

    @property
    def running(self) -> bool:
        """Whether the year is not over."""
        return self.year == self.today.year


@dataclass(frozen=True)
class Asking:
    """A year of the office, of some applications or of all (empty). Each query is asked once."""

    client: Client
    view: View
    page: IndicesPage
    span: Span
    applications: frozenset[str] = frozenset()
    _answers: dict[Query[Any], Any] = field(default_factory=dict)

    def ask(self, query: Query[R]) -> R:
        """The answer to a query."""
        if query not in self._answers:
            self._answers[query] = self.client.query(query)
        answer: R = self._answers[query]
        return answer

    def of(self, applications: Iterable[str]) -> "Asking":
        """The same year, of these applications."""
        return Asking(self.client, self.view, self.page, self.span, frozenset(applications), self._answers)

    def about(self, *rows: str) -> bool:
        """Whether any of these rows is among what is asked about."""
        return not self.applications or not self.applications.isdisjoint(rows)

    def about_opd(self, opd: str) -> bool:
        """Whether an OPD runs any of what is asked about."""
        return not self.applications or opd.casefold() in self.opds

    @cached_property
    def opds(self) -> frozenset[str]:
        """The codes, case folded, of the OPD that run what is asked about."""
        return frozenset(one.opd.casefold() for one in self.inventory.entries if one.id in self.applications)

    @property
    def inventory(self) -> InventoryPage:
        """The register as it runs."""
        return self.ask(AskInventory())

    @property
    def road(self) -> Road:
        """The road as it was on the last day."""
        return self.ask(AskRoad(at=self.span.last))

    def in_year(self, *moments: datetime | None) -> bool:
        """Whether any of these lies in the year, as the office's clock has it."""
        years = (self.view.times.local(moment).year for moment in moments if moment is not None)
        return self.span.year in years

    @property
    def start(self) -> datetime:
        """The beginning of the year."""
        return datetime(self.span.year, 1, 1, tzinfo=self.view.times.tzinfo)

    @property
    def end(self) -> datetime:
        """The beginning of the day after the last one."""
        after = self.span.last + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=self.view.times.tzinfo)

    def register_of_year(self) -> bool:
        """Whether the register that runs was in force on the last day of the year."""
        since = self.page.register_since
        return self.span.running or (since is not None and since < self.end)

    def nothing(self, what: str) -> Lacking:
        """Of this nothing was recorded."""
        return Lacking(what, _("nothing of it was recorded in {year}").format(year=self.span.year))

    def only_now(self, what: str) -> Lacking:
        """This is known as it is now alone."""
        return Lacking(
            what,
            _("it is known only as it is now, and {year} is over: make the pack within its year").format(
                year=self.span.year
            ),
        )


class Source(NamedTuple):
    """What an index may name: its ``title`` (a template), and what makes its pieces."""

    title: str
    make: Callable[[Asking], Iterable[Found]]


def day(value: date | None) -> str | None:
    """A day as files have it."""
    return value.isoformat() if value else None


def yes(value: bool) -> str:
    """Yes or no."""
    return _("yes") if value else _("no")


def cleaned(columns: Sequence[Column], row: Row) -> list[Value]:
    """A row without telephone numbers and mail addresses: how people are reached never leaves in a pack."""
    return [
        masked(value) if isinstance(value, str) and column.kind == "text" else value
        for column, value in zip(columns, row, strict=True)
    ]
