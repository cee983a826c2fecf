"""The verbs of being woken: what was sent, a test, another try, an end."""

from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _, translate
from opsconsole.cli.common_verbs import group, send
from opsconsole.cli.fields import add_fields
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

OWN_VERB = ("notify-test", "notify-retry", "notify-dismiss")
STATES = ("pending", "leased", "sent", "dead", "cancelled")


def add_notify(tree: "Tree") -> None:
    """``notify list``, ``test``, ``retry`` and ``dismiss``."""
    as_json = _("print JSON, for machines")
    tree.verb(("notify",), _("messages that wake somebody: what waits, was sent, could not be"), group)
    parser = tree.verb(("notify", "list"), _("the newest messages and what came of them"), listing)
    parser.add_argument("--state", choices=STATES, default="", help=_("only those in this state"))
    parser.add_argument("--limit", metavar="N", type=int, default=50, help=_("at most so many; 50"))
    parser.add_argument("--json", action="store_true", help=as_json)
    for name, run in zip(OWN_VERB, (try_channel, send, send), strict=True):
        shape = COMMANDS[name]
        parser = tree.verb(shape.verb, translate(shape.help), run)
        parser.set_defaults(command=name)
        add_fields(parser, shape)
        parser.add_argument("--json", action="store_true", help=as_json)


def listing(args: Namespace, session: Session) -> int:
    """The outbox."""
    from opsconsole.cli.notify import run_list

    return run_list(args, session)


def try_channel(args: Namespace, session: Session) -> int:
    """A test through one channel."""
    from opsconsole.cli.notify import run_test

    return run_test(args, session)
