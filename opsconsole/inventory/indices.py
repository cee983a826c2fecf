"""``indices/<code>.toml``: an index that the office is scored by, as data: no index is known to the code."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from opsconsole.base.text import _
from opsconsole.inventory.fields import SERVICE, Id, Line, Name
from opsconsole.inventory.index import texts
from opsconsole.inventory.mistakes import Mistake, found, nearest
from opsconsole.inventory.read import Documents
from probes.spec import Strict

FOLDER = "indices"
Evidence = Literal[
    "register", "availability", "exchanges", "incidents", "response", "requests", "drills", "bimtek",
    "decrees", "readiness", "changes", "maintenance", "services", "stages", "road", "instructions",
    "problems", "expiries",
]  # fmt: skip
"""What the console has to show: the register, availability by month, exchanges between applications, the log
of incidents, how fast they were answered and over, what people reported and how fast that was answered,
drills, Bimtek, decrees, levels of readiness with what else was recorded of people, hand-overs and
reorganisations, announced maintenance, which applications carry a service, stages, the road to one command,
instructions, the problem register, what expires when."""
Weight = Annotated[float, Field(gt=0, le=100)]


class Domain(Strict):
    """A part of the index; ``weight`` in percent of it, left out where it is not known."""

    id: Id
    name: Name
    weight: Weight | None = None


class Aspect(Strict):
    """A part of a domain."""

    id: Id
    domain: str
    name: Name
    weight: Weight | None = None


class Indicator(Strict):
    """What is scored. ``evidence`` is what this office can show for it, empty where it can show nothing.

    ``applications`` are the ids of those that it is about, empty where it is about all. ``levels`` is the
    scale that it is scored on; ``note`` what the evidence is called there.
    """

    number: Annotated[int, Field(ge=1, le=999)]
    aspect: str
    name: Name
    weight: Weight | None = None
    levels: str = ""
    evidence: list[Evidence] = []
    applications: list[str] = []
    note: Line = ""


class Predicate(Strict):
    """What a score from ``least`` on is called."""

    least: Annotated[float, Field(ge=0, le=5)]
    name: Name


class IndexFile(Strict):
    """One index: valid ``first`` to ``last`` year, both included.

    ``scales`` are the names of the levels 1 to 5 by scale.
    """

    id: Id
    name: Name
    source: str = ""
    first: Annotated[int, Field(ge=2000, le=2100)]
    last: Annotated[int, Field(ge=2000, le=2100)] | None = None
    scales: dict[str, Annotated[list[Name], Field(min_length=5, max_length=5)]] = {}
    predicates: list[Predicate] = []
    domains: list[Domain] = []
    aspects: list[Aspect] = []
    indicators: list[Indicator] = []

    def valid_in(self, year: int) -> bool:
        """Whether the office is scored by it in a year."""
        return self.first <= year <= (self.last or date.max.year)

    def indicator(self, number: int) -> Indicator | None:
        """The indicator of this number."""
        return next((one for one in self.indicators if one.number == number), None)


def check_indices(documents: Documents, rows: Collection[str]) -> Iterator[Mistake]:
    """Parts name parts that are there, and applications that are among ``rows``; no id stands twice."""
    for file, data in documents.below(FOLDER).items():
        if not documents.any_broken("opd/"):
            yield from _applications(file, data, rows)
        for key, of in (("aspects", "domain"), ("indicators", "aspect")):
            above = [one.get("id") for one in _rows(data, of + "s")]
            for number, one in enumerate(_rows(data, key)):
                if one.get(of) not in above:
                    text = _("want the id of one of the {kinds} of this file").format(kinds=of + "s")
                    yield Mistake(file, (key, number, of), text)
        for key, name in (("domains", "id"), ("aspects", "id"), ("indicators", "number")):
            seen: list[object] = []
            for number, one in enumerate(_rows(data, key)):
                if one.get(name) in seen:
                    yield Mistake(file, (key, number, name), _("this id is in use already"))
                seen.append(one.get(name))


def _applications(file: str, data: dict[str, object], rows: Collection[str]) -> Iterator[Mistake]:
    for number, one in enumerate(_rows(data, "indicators")):
        for place, name in texts(one.get("applications")):
            if name not in rows or name.startswith(SERVICE):
                path = ("indicators", number, "applications", place)
                text = _("{found}, which is no application of opd/").format(found=found(name, path))
                yield Mistake(file, path, text + nearest(name, rows))


def _rows(data: dict[str, object], key: str) -> list[dict[str, object]]:
    rows = data.get(key)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
