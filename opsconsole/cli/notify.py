"""``notify list`` and ``notify test``: messages, and what came of them."""

from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.fields import to_struct
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS
from opsconsole.client.outbox import AskOutbox, Message, MessageState
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.notify_events import KINDS
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_TITLES = (N_("NO"), N_("STATE"), N_("AT"), N_("OF"), N_("WHAT"), N_("CHANNEL"), N_("TO"), N_("WHY"))
_STATES: Mapping[MessageState, str] = {
    "pending": N_("waits"),
    "leased": N_("leaves"),
    "sent": N_("sent"),
    "dead": N_("FAILED"),
    "cancelled": N_("called off"),
}


def run_list(args: Namespace, session: Session) -> int:
    """Print the newest messages, and how many there are in each state."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskOutbox(state=args.state, limit=args.limit))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    print(
        _("waiting {waiting}, sent {sent}, failed {dead}, called off {cancelled}").format(
            waiting=page.pending + page.leased, sent=page.sent, dead=page.dead, cancelled=page.cancelled
        )
    )
    if page.messages:
        view = paper_view(Times(hello.zone), datetime.now(UTC))
        show(
            paper(), columns([translate(one) for one in _TITLES], [_row(one, view) for one in page.messages])
        )
    return exits.OK


def run_test(args: Namespace, session: Session) -> int:
    """Send a test and print what came of it for each recipient; 1 where one did not arrive."""
    with session.client() as client:
        hello = session.greet(client)
        result = client.command(to_struct(COMMANDS[args.command], args))
    messages = msgspec.json.decode(result.result, type=tuple[Message, ...] | None) or ()
    if args.json:
        print(msgspec.json.encode(result).decode())
    else:
        view = paper_view(Times(hello.zone), datetime.now(UTC))
        for one in messages:
            to = printable(one.recipient) or _("whoever is there")
            print(f"{'+' if one.state == 'sent' else '!'} {to}: {_outcome(one, view)}")
    return exits.OK if all(one.state == "sent" for one in messages) else 1


def _outcome(one: Message, view: View) -> str:
    if one.state == "sent":
        return _("arrived")
    return reason_line(one.error, one.params, view) if one.error else _("no answer yet")


def _row(one: Message, view: View) -> tuple[str, ...]:
    why = reason_line(one.error, one.params, view) if one.error else ""
    if one.together > 1:
        why = " ".join(filter(None, (_("one of {count} sent as one").format(count=one.together), why)))
    if one.attempts > 1:
        why = f"{why} ({one.attempts}x)".strip()
    return (
        str(one.id),
        _(_STATES[one.state]),
        view.at(one.sent_at or one.due_at),
        str(one.incident or "-"),
        _(KINDS[one.kind]),
        one.channel,
        printable(one.recipient) or "-",
        printable(why),
    )
