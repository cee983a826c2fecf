"""What answers the query ``indices``: what the office is scored by, as its files say it."""

import asyncio
from collections.abc import Mapping

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.indices import Index, Indicator, IndicesPage
from opsconsole.engine.asked import Asked
from opsconsole.engine.integration import day_of
from opsconsole.engine.office import Office
from opsconsole.inventory.indices import IndexFile
from opsconsole.inventory.references import Reference

# Files that come back keep the number of their revision: when they came back, the event says.
_IN_FORCE = """
SELECT ifnull((SELECT max(at) FROM event WHERE kind = 'config.accepted'),
    (SELECT accepted_at FROM config_rev WHERE rev = ?))
"""


async def answer_indices(asked: Asked) -> IndicesPage:
    """All of them."""
    return await asyncio.to_thread(_read, asked)


def _read(asked: Asked) -> IndicesPage:
    office, now = asked.office, asked.clock.now()
    with asked.store.answering() as conn:
        since = _in_force_since(conn, office)
    return IndicesPage(
        at=utc(now),
        today=day_of(office.inventory, now),
        rev=office.rev,
        register_since=None if since is None else utc(since / 1000),
        indices=tuple(_index(one, office.inventory.references) for one in office.inventory.indices.values()),
    )


def _in_force_since(conn: Connection, office: Office) -> int | None:
    """Since when the files that run do, in milliseconds."""
    since: int | None = conn.exec_driver_sql(_IN_FORCE, (office.rev,)).scalar_one_or_none()
    return since


def _index(file: IndexFile, references: Mapping[str, Reference]) -> Index:
    domains = {one.id: one.name for one in file.domains}
    aspects = {one.id: one for one in file.aspects}
    return Index(
        id=file.id,
        name=file.name,
        source=_source(file.source, references),
        first=file.first,
        last=file.last,
        indicators=tuple(
            Indicator(
                number=one.number,
                name=one.name,
                domain=domains.get(aspects[one.aspect].domain, "") if one.aspect in aspects else "",
                aspect=aspects[one.aspect].name if one.aspect in aspects else "",
                weight=one.weight,
                levels=tuple(file.scales.get(one.levels, ())),
                evidence=tuple(one.evidence),
                applications=tuple(one.applications),
                note=one.note,
            )
            for one in file.indicators
        ),
    )


def _source(name: str, references: Mapping[str, Reference]) -> str:
    known = references.get(name)
    if known is None:
        return name
    return ", ".join(part for part in (known.number, known.title) if part)
