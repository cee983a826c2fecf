"""What answers the queries ``audit_head`` and ``audit_page``: the chain of events as it is stored."""

import asyncio

from opsconsole.base.clock import utc
from opsconsole.client.audit import MOST_EVENTS, AskAuditPage, AuditEvent, AuditHead, AuditPage
from opsconsole.engine.asked import Asked
from opsconsole.store.database import Store

_NEWEST = "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"
_NEXT = """
SELECT seq, at, uid, person, via, command_id, kind, subject, CAST(body AS TEXT), hex(prev), hex(hash)
FROM event WHERE seq > ? ORDER BY seq LIMIT ?
"""
# What the first event seals.
_NOTHING = bytes(32)


async def answer_head(asked: Asked) -> AuditHead:
    """The newest event's number and hash."""
    seq, sealed = await asyncio.to_thread(_newest, asked.store)
    return AuditHead(store=asked.store.uuid, seq=seq, hash=sealed.hex(), at=utc(asked.clock.now()))


async def answer_page(asked: Asked) -> AuditPage:
    """Events behind a number."""
    return await asyncio.to_thread(read_page, asked.store, asked.args)


def read_page(store: Store, args: AskAuditPage) -> AuditPage:
    """As `answer_page`, in the caller's thread."""
    limit = max(1, min(args.limit, MOST_EVENTS))
    with store.answering() as conn:
        rows = conn.exec_driver_sql(_NEXT, (args.after, limit + 1)).all()
    events = (
        AuditEvent(
            seq=seq, at_ms=at, uid=uid, person=person, via=via, command_id=command_id, kind=kind,
            subject=subject, body=body, prev=prev.lower(), hash=sealed.lower(),
        )
        for seq, at, uid, person, via, command_id, kind, subject, body, prev, sealed in rows[:limit]
    )  # fmt: skip
    return AuditPage(events=tuple(events), more=len(rows) > limit)


def _newest(store: Store) -> tuple[int, bytes]:
    with store.answering() as conn:
        row = conn.exec_driver_sql(_NEWEST).one_or_none()
    return (0, _NOTHING) if row is None else (row[0], row[1])
