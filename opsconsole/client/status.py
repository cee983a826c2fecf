"""The board put in order: what `status` prints and what every list of problems shows first.

Pure functions of rows, shared by the commands and the console.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from opsconsole.base.text import reason_text
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application, Board, Engine, State


class Folded(NamedTuple):
    """One row of a list of problems, with the members that it stands for."""

    row: Application
    members: tuple[Application, ...] = ()


class StatusRow(msgspec.Struct, frozen=True, kw_only=True):
    """One application or service of `status --json`; ``app`` is the id that every command takes.

    ``detail`` is the reason as a sentence.
    """

    opd: str
    app: str
    state: State
    since: datetime
    reason: str
    detail: str


class StatusDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `status --json` prints; ``counts`` has every state, and ``total``."""

    engine: Engine
    counts: dict[str, int]
    applications: tuple[StatusRow, ...]


def counts(applications: Iterable[Application]) -> dict[str, int]:
    """How many are in each state, by its JSON word; services outside the city are not counted."""
    seen = Counter(row.state for row in applications if row.kind == "application")
    return {str(state): seen[state] for state in State}


def in_order(applications: Iterable[Application]) -> list[Application]:
    """Worst first: by severity, what is confirmed before what is not, tier, the longest in it, id."""
    return sorted(applications, key=_urgency)


def problems(applications: Iterable[Application]) -> list[Application]:
    """What somebody should look at, worst first."""
    return in_order(row for row in applications if row.state.is_problem)


def fold(rows: Iterable[Application]) -> list[Folded]:
    """The same rows with those that are cut off under what cuts them off, in the order given.

    A row whose parent is cut off itself goes to the one at the top. A row whose parent is not among
    ``rows``, or that depends on itself in a circle, stands alone.
    """
    listed = {row.id: row for row in rows}
    members: dict[str, list[Application]] = {}
    for row in listed.values():
        cause = _cause(row, listed)
        if cause != row.id:
            members.setdefault(cause, []).append(row)
    folded = {member.id for group in members.values() for member in group}
    return [Folded(row, tuple(members.get(row.id, ()))) for row in listed.values() if row.id not in folded]


def status_document(board: Board) -> StatusDocument:
    """The board for machines: every application and service, worst first."""
    rows = tuple(_status_row(row) for row in in_order(board.applications))
    numbers = counts(board.applications)
    return StatusDocument(
        engine=board.engine, counts=numbers | {"total": sum(numbers.values())}, applications=rows
    )


def _urgency(row: Application) -> tuple[int, bool, int, datetime, str]:
    return row.state.severity, not row.hard, row.tier, row.since, row.id


def _cause(row: Application, listed: dict[str, Application]) -> str:
    seen = {row.id}
    here = row
    while here.state is State.UNREACHABLE and here.parent in listed:
        if here.parent in seen:
            return row.id
        seen.add(here.parent)
        here = listed[here.parent]
    return here.id


def _status_row(row: Application) -> StatusRow:
    return StatusRow(
        opd=row.opd,
        app=row.id,
        state=row.state,
        since=row.since,
        reason=row.reason,
        detail=reason_text(row.reason, row.params),
    )


def open_first(incidents: Iterable[Incident]) -> list[Incident]:
    """Those that are not over, the worst first, the oldest of equally bad ones before the others."""
    found = [one for one in incidents if one.status.is_open]
    return sorted(found, key=lambda one: (one.severity.rank, one.happened_at, one.number))


def by_row(incidents: Iterable[Incident]) -> dict[str, Incident]:
    """The open incident of each row that is down, by its id: the one that it caused, else the worst."""
    found: dict[str, Incident] = {}
    listed = open_first(incidents)
    for one in listed:
        for member in one.members:
            if member.recovered_at is None:
                found.setdefault(member.id, one)
    return found | {one.subject: one for one in reversed(listed) if one.subject}
