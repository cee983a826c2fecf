"""Which index, indicator and year are meant; what is not there is told with what is near."""

import difflib
from collections.abc import Iterable

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.indices import Index, Indicator, IndicesPage

_EARLIEST = 2000


def year_of(page: IndicesPage, wanted: int | None) -> int:
    """The year, this one where none is given. Raises Invalid for one that is none or has not begun."""
    year = page.today.year if wanted is None else wanted
    if year > page.today.year:
        raise Invalid(N_("{year} has not begun."), N_("Ask for a year up to this one."), year=year)
    if year < _EARLIEST:
        raise Invalid(N_("{text} is no year."), N_("Write it as 2026."), text=str(year))
    return year


def index_of(page: IndicesPage, wanted: str, year: int) -> Index:
    """The index of this id; where none is given, the only one of the year, or the only one there is.

    Raises NotFound, and Invalid where several could be meant.
    """
    known = {one.id: one for one in page.indices}
    if not known:
        raise NotFound(
            N_("No index is configured."), N_("Write one to indices/ID.toml; docs/config.md says how.")
        )
    if wanted:
        if wanted not in known:
            raise NotFound(
                N_("There is no index {id}."), N_("There is: {near}."), id=wanted,
                near=", ".join(_near(wanted, known) or known),
            )  # fmt: skip
        return known[wanted]
    fitting = [one for one in page.indices if one.valid_in(year)] or list(page.indices)
    if len(fitting) > 1:
        raise Invalid(
            N_("There are several indices."), N_("Name one with --index: {ids}."),
            ids=", ".join(one.id for one in fitting),
        )  # fmt: skip
    return fitting[0]


def indicator_of(index: Index, wanted: str) -> Indicator:
    """The indicator of this number or name. Raises NotFound, and Invalid for a name that several have."""
    if wanted.isdecimal():
        named = [one for one in index.indicators if one.number == int(wanted)]
    else:
        named = [one for one in index.indicators if one.name.casefold() == wanted.casefold()]
    if len(named) > 1:
        raise Invalid(
            N_("Several indicators are called {name}."), N_("Say which by its number: {numbers}."),
            name=wanted, numbers=", ".join(str(one.number) for one in named),
        )  # fmt: skip
    if not named:
        near = nearest_indicator(index, wanted)
        raise NotFound(
            N_("{index} has no indicator {wanted}."),
            N_("Nearest: {near}. `opsconsole evidence list` shows all.")
            if near
            else N_("`opsconsole evidence list` shows all."),
            index=index.id, wanted=wanted, near=f"{near.number} {near.name}" if near else "",
        )  # fmt: skip
    return named[0]


def nearest_indicator(index: Index, wanted: str) -> Indicator | None:
    """The one whose number is closest, or whose name is most alike; None where none is."""
    if wanted.isdecimal():
        return min(index.indicators, key=lambda one: abs(one.number - int(wanted)), default=None)
    named = {one.name.casefold(): one for one in reversed(index.indicators)}
    within = [name for name in named if wanted.casefold() in name]
    near = within or _near(wanted.casefold(), named)
    return named[near[0]] if near else None


def _near(wanted: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(wanted, list(known), 1)
