"""What people decide about the outbox: a test, another try, an end."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, NotFound
from opsconsole.base.text import N_
from opsconsole.client.outbox import Message
from opsconsole.incidents.bodies import PREFIX
from opsconsole.inventory.notify import Notify
from opsconsole.notify import queries
from opsconsole.store.drafts import Decide, Decided, EventDraft

# Makes an event of kind, subject and body in the name of whoever asked.
Author = Callable[[str, str, Mapping[str, object]], EventDraft]


def try_channel(notify: Notify, name: str, author: Author) -> EventDraft:
    """The event that asks for a test. Raises NotFound for a channel that is not there."""
    if name not in notify.channels:
        raise NotFound(
            N_("There is no channel {name}."),
            N_("Channels of notify.toml: {names}."),
            name=name,
            names=", ".join(notify.channels) or "-",
        )
    return author("notify.tested", f"channel:{name}", {"channel": name})


def retry(which: int | str, author: Author) -> Decide:
    """Try a dead message again, or all of a channel. Raises NotFound and Conflict."""
    return _answer("notify.retried", which, author)


def dismiss(which: int | str, author: Author) -> Decide:
    """Let a dead message go, or all of a channel. Raises NotFound and Conflict."""
    return _answer("notify.dismissed", which, author)


def _answer(kind: str, which: int | str, author: Author) -> Decide:
    """An event of this kind for each of the dead messages that are meant; the result is their numbers."""

    def decide(conn: Connection) -> Decided:
        is_number = isinstance(which, int) or (which.isascii() and which.isdigit())
        found = [_dead(conn, int(which))] if is_number else _dead_of(conn, str(which))
        return Decided(tuple(_event(kind, one, author) for one in found), [one.id for one in found])

    return decide


def _event(kind: str, message: Message, author: Author) -> EventDraft:
    subject = f"{PREFIX}{message.incident}" if message.incident else f"channel:{message.channel}"
    body = {"message": message.id, "channel": message.channel, "to": message.recipient}
    return author(kind, subject, body)


def _dead(conn: Connection, id_: int) -> Message:
    found = queries.find(conn, id_)
    if found is None:
        raise NotFound(N_("There is no message {id}."), N_("See `opsconsole notify list`."), id=id_)
    if found.state != "dead":
        raise Conflict(
            N_("Message {id} is none that could not be sent."), N_("See `opsconsole notify list`."), id=id_
        )
    return found


def _dead_of(conn: Connection, channel: str) -> list[Message]:
    found = queries.dead_of(conn, channel)
    if not found:
        raise NotFound(
            N_("There is no message of a channel {name} that could not be sent."),
            N_("See `opsconsole notify list`."),
            name=channel,
        )
    return found
