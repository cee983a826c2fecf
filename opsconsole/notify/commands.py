"""What people decide about the outbox: a test, another try, an end."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, NotFound
from opsconsole.base.text import N_
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


def retry(id_: int, author: Author) -> Decide:
    """Try a dead message again. Raises NotFound and Conflict."""

    def decide(conn: Connection) -> Decided:
        subject, body = _dead(conn, id_)
        return Decided((author("notify.retried", subject, body),), id_)

    return decide


def dismiss(id_: int, author: Author) -> Decide:
    """Let a dead message go. Raises NotFound and Conflict."""

    def decide(conn: Connection) -> Decided:
        subject, body = _dead(conn, id_)
        return Decided((author("notify.dismissed", subject, body),), id_)

    return decide


def _dead(conn: Connection, id_: int) -> tuple[str, dict[str, object]]:
    """What a dead message is about, and what an event says of it."""
    found = queries.find(conn, id_)
    if found is None:
        raise NotFound(N_("There is no message {id}."), N_("See `opsconsole notify list`."), id=id_)
    if found.state != "dead":
        raise Conflict(
            N_("Message {id} is none that could not be sent."), N_("See `opsconsole notify list`."), id=id_
        )
    subject = f"{PREFIX}{found.incident}" if found.incident else f"channel:{found.channel}"
    return subject, {"message": id_, "channel": found.channel, "to": found.recipient}
