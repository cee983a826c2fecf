"""What is allowed in the files and still worth a look."""

from collections.abc import Iterator
from datetime import date

import httpx

from opsconsole.base.text import _
from opsconsole.inventory.mistakes import Mistake, located
from opsconsole.inventory.office import ConfiguredProbe, Inventory
from opsconsole.inventory.scan import Path
from probes.dial import is_literal
from probes.http import HttpSpec
from probes.policy import Reach, examine


def warnings(inventory: Inventory, today: date) -> tuple[str, ...]:
    """One located line for each; ``today`` is the date in the office's zone.

    A circle of dependencies is one of them: nothing in it is ever shown as cut off by the rest of it.
    """
    texts = {name: content.decode("utf-8-sig") for name, content in inventory.files.items()}
    found = [
        *_circles(inventory),
        *_open_secrets(inventory),
        *_open_ends(inventory),
        *_ended(inventory, today),
        *_calendar(inventory, today),
    ]
    return located(found, texts)


def circles(inventory: Inventory) -> Iterator[list[str]]:
    """The rows of each circle of dependencies, in its order."""
    needs = {row.id: [one for group in row.depends_on for one in group.any] for row in inventory.rows()}
    told: set[str] = set()
    for start in needs:
        circle = _circle(needs, start)
        if circle and told.isdisjoint(circle):
            told.update(circle)
            yield circle


def _circles(inventory: Inventory) -> Iterator[Mistake]:
    for circle in circles(inventory):
        start = circle[0]
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


def sends_openly(probe: ConfiguredProbe) -> bool:
    """Whether a probe sends a secret in the clear to an address that is not on this machine or private.

    A name counts as one: where it leads is not looked up here.
    """
    spec = probe.spec
    if not isinstance(spec, HttpSpec) or spec.auth is None:
        return False
    url = httpx.URL(spec.url)
    return url.scheme == "http" and not _is_near(url.host)


def _is_near(host: str) -> bool:
    if not is_literal(host):
        return host.rstrip(".") == "localhost"
    return examine(host).reach is not Reach.PUBLIC


def _open_secrets(inventory: Inventory) -> Iterator[Mistake]:
    for row in inventory.rows():
        for number, probe in enumerate(row.probes):
            if sends_openly(probe):
                text = _("its secret goes over http, where everybody on the way can read it; want https")
                path = (*_place(inventory, row.id), "probes", number, "auth")
                yield Mistake(row.file, path, text, key="auth")


def _open_ends(inventory: Inventory) -> Iterator[Mistake]:
    """Probes that prove an exchange of data by their name, and do not say with whom."""
    names = inventory.road.rules.exchange_probes
    for row in inventory.applications.values():
        for number, probe in enumerate(row.probes):
            if probe.name in names and not probe.spec.to:
                text = _("{name} proves stage T5 by its name; say with `to` with whom data is exchanged")
                path = (*_place(inventory, row.id), "probes", number)
                yield Mistake(row.file, path, text.format(name=probe.name), key="to")


def _ended(inventory: Inventory, today: date) -> Iterator[Mistake]:
    for row in inventory.applications.values():
        opd = inventory.opds[row.opd]
        if row.active and opd.valid_to and opd.valid_to < today:
            text = _("{opd} ended on {day}, but {id} is still looked at").format(
                opd=opd.code, day=opd.valid_to, id=row.id
            )
            yield Mistake(row.file, ("valid_to",), text)


def _calendar(inventory: Inventory, today: date) -> Iterator[Mistake]:
    texts = {
        "holidays": _("no day off of {year} is listed: each of its weekdays counts as a working day"),
        "ramadan": _("no Ramadan of {year} is listed: its days count as ordinary ones"),
    }
    for key, year in inventory.calendar.missing(today):
        yield Mistake("calendar.toml", (key,), texts[key].format(year=year), key=key)


def _place(inventory: Inventory, row_id: str) -> Path:
    """Where a row stands in its file."""
    row = inventory.entry(row_id)
    inside = [one.id for one in inventory.rows() if one.file == row.file]
    return ("services" if row.kind == "service" else "applications", inside.index(row_id))
