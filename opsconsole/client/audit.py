"""The chain of events, read by itself: its head, and its events in the order in which they are sealed."""

from datetime import datetime

import msgspec

from opsconsole.client.query import Query

MOST_EVENTS = 2000


class AuditHead(msgspec.Struct, frozen=True, kw_only=True):
    """Where the chain ends.

    ``store`` is the store's uuid, ``seq`` the newest event's number (0: there is none), ``hash`` its hash
    in hexadecimal, ``at`` when this was read. Kept where the chain's writer can not change it, it shows
    later whether the chain was cut off or written anew.
    """

    store: str
    seq: int
    hash: str
    at: datetime


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it is stored and sealed.

    ``at_ms`` is milliseconds since the epoch, ``body`` the very text of JSON that was stored, ``prev`` and
    ``hash`` are in hexadecimal: with the store's uuid, all that the seal is made of.
    """

    seq: int
    at_ms: int
    uid: int
    person: str
    via: str
    command_id: str | None
    kind: str
    subject: str
    body: str
    prev: str
    hash: str


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """Events in their order. ``more``: there were newer ones when this was read."""

    events: tuple[AuditEvent, ...] = ()
    more: bool = False


class AskAuditHead(Query[AuditHead], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the chain ends now."""


class AskAuditPage(Query[AuditPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The next ``limit`` events behind number ``after``, at most `MOST_EVENTS`."""

    after: int = 0
    limit: int = MOST_EVENTS
