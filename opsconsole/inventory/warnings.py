"""What is allowed in the files and still worth a look."""

from collections.abc import Iterator
from datetime import date

from opsconsole.base.text import _
from opsconsole.inventory.mistakes import Mistake, located
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.scan import Path


def warnings(inventory: Inventory, today: date) -> tuple[str, ...]:
    """One located line for each; ``today`` is the date in the office's zone.

    A circle of dependencies is one of them: nothing in it is ever shown as cut off by the rest of it.
    """
    texts = {name: content.decode("utf-8-sig") for name, content in inventory.files.items()}
    return located([*_circles(inventory), *_ended(inventory, today), *_calendar(inventory, today)], texts)


def _circles(inventory: Inventory) -> Iterator[Mistake]:
    needs = {row.id: [one for group in row.depends_on for one in group.any] for row in inventory.rows()}
    told: set[str] = set()
    for start in needs:
        circle = _circle(needs, start)
        if circle and told.isdisjoint(circle):
            told.update(circle)
            text = _("depends on itself: {circle}").format(circle=" > ".join([*circle, start]))
            yield Mistake(inventory.entry(start).file, (*_place(inventory, start), "depends_on"), text)


def _circle(needs: dict[str, list[str]], start: str) -> list[str]:
    """The shortest way from a row back to itself, empty when there is none."""
    ways = [[start]]
    seen: set[str] = set()
    for way in ways:
        for one in needs[way[-1]]:
            if one == start:
                return way
            if one not in seen:
                seen.add(one)
                ways.append([*way, one])
    return []


def _ended(inventory: Inventory, today: date) -> Iterator[Mistake]:
    for row in inventory.applications.values():
        opd = inventory.opds[row.opd]
        if row.active and opd.valid_to and opd.valid_to < today:
            text = _("{opd} ended on {day}, but {id} is still looked at").format(
                opd=opd.code, day=opd.valid_to, id=row.id
            )
            yield Mistake(row.file, ("valid_to",), text)


def _calendar(inventory: Inventory, today: date) -> Iterator[Mistake]:
    if inventory.calendar.hours and not inventory.calendar.knows(today.year):
        text = _("no day off of {year} is listed: each of its weekdays counts as a working day")
        yield Mistake("calendar.toml", ("holidays",), text.format(year=today.year), key="holidays")


def _place(inventory: Inventory, row_id: str) -> Path:
    """Where a row stands in its file."""
    row = inventory.entry(row_id)
    inside = [one.id for one in inventory.rows() if one.file == row.file]
    return ("services" if row.kind == "service" else "applications", inside.index(row_id))
