"""The indices that the office is scored by, as the files have them: query and shapes."""

from datetime import date, datetime

import msgspec

from opsconsole.client.query import Query


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """What is scored. ``evidence`` are the codes of what the console has to show for it.

    ``domain`` and ``aspect`` are the names of what it is a part of, ``weight`` in percent where it is known,
    ``levels`` the names of the five levels, where its scale has such. ``applications`` are the ids of those
    that it is about, empty for all.
    """

    number: int
    name: str
    domain: str = ""
    aspect: str = ""
    weight: float | None = None
    levels: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    note: str = ""


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """One index, in force from ``first`` to ``last`` year, None where no end is known.

    ``source`` is what it goes by: the number and title of the reference, or its id where none is listed.
    """

    id: str
    name: str
    source: str = ""
    first: int
    last: int | None = None
    indicators: tuple[Indicator, ...] = ()

    def valid_in(self, year: int) -> bool:
        """Whether the office is scored by it in a year."""
        return self.first <= year and (self.last is None or year <= self.last)


class IndicesPage(msgspec.Struct, frozen=True, kw_only=True):
    """All indices, in the order of their files.

    ``rev`` is the revision of the files that runs, ``register_since`` since when it does; ``today`` is the
    day in the office's zone.
    """

    at: datetime
    today: date
    rev: int
    register_since: datetime | None = None
    indices: tuple[Index, ...] = ()


class AskIndices(Query[IndicesPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The indices as they run."""
