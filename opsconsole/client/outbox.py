"""The outbox as it crosses the socket: messages that wait, have left, or could not; and its commands."""

from datetime import datetime
from typing import Literal

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.command import Args, CommandShape
from opsconsole.client.query import Query
from opsconsole.client.shapes import Role
from probes.observation import Param

MessageState = Literal["pending", "leased", "sent", "dead", "cancelled"]
MessageKind = Literal["opened", "reminder", "merged", "ended", "test"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one recipient.

    ``incident`` is 0 for a test. ``error`` and ``params`` say why the last attempt failed, ``due_at`` when
    the next one is, ``sent_at`` when it was taken. ``together`` is how many left as one with it.
    """

    id: int
    incident: int = 0
    kind: MessageKind
    severity: str = ""
    rule: str = ""
    channel: str
    recipient: str = ""
    state: MessageState
    due_at: datetime
    attempts: int = 0
    error: str = ""
    params: dict[str, Param] = {}
    sent_at: datetime | None = None
    together: int = 1


class OutboxPage(msgspec.Struct, frozen=True, kw_only=True):
    """The outbox: how many messages are in each state, and the newest of those that were asked for."""

    at: datetime
    pending: int = 0
    leased: int = 0
    sent: int = 0
    dead: int = 0
    cancelled: int = 0
    messages: tuple[Message, ...] = ()


class AskOutbox(Query[OutboxPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The newest messages, at most ``limit``; ``state`` empty: of any."""

    state: Literal["", "pending", "leased", "sent", "dead", "cancelled"] = ""
    limit: int = 100


class TryChannel(Args, frozen=True):
    """Send a message that says that it is a test, to all whom a channel reaches.

    The result is a list of `Message`.
    """

    channel: str


class RetryMessage(Args, frozen=True):
    """Try a message again that could not be sent, or all such of a channel. The result is their numbers."""

    message: int | str


class DismissMessage(Args, frozen=True):
    """Let a message go that could not be sent, or all such of a channel. The result is their numbers."""

    message: int | str


OUTBOX_COMMANDS: tuple[CommandShape, ...] = (
    CommandShape(
        "notify-test",
        ("notify", "test"),
        TryChannel,
        Role.OPERATOR,
        True,
        N_("send a test through a channel"),
    ),
    CommandShape(
        "notify-retry",
        ("notify", "retry"),
        RetryMessage,
        Role.OPERATOR,
        True,
        N_("try a message again that could not be sent"),
    ),
    CommandShape(
        "notify-dismiss",
        ("notify", "dismiss"),
        DismissMessage,
        Role.OPERATOR,
        True,
        N_("let a message go that could not be sent"),
    ),
)
