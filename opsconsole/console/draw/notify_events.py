"""What the log tells of messages, in words: the events ``notify.*``."""

from collections.abc import Mapping
from typing import Any

from opsconsole.base.text import N_, _, translate
from opsconsole.client.outbox import MessageKind
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.view import View
from probes.observation import Param

PREFIX = "notify."
EVENTS: Mapping[str, str] = {
    "notify.cancelled": N_("messages that are not sent any more: {count}"),
    "notify.dead": N_("{what} could not be sent to {to} by {channel}: {reason}"),
    "notify.dismissed": N_("message {message} to {to} by {channel} was let go"),
    "notify.failed": N_("{what} not sent to {to} by {channel}, tried again: {reason}"),
    "notify.retried": N_("message {message} to {to} by {channel} is tried again"),
    "notify.sent": N_("{what} sent to {to} by {channel}"),
    "notify.tested": N_("a test through {channel}"),
}
TROUBLES = frozenset({"notify.dead"})
KINDS: Mapping[MessageKind | str, str] = {
    "opened": N_("a call"),
    "reminder": N_("a reminder"),
    "merged": N_("the merge"),
    "ended": N_("the end"),
    "test": N_("a test"),
    "digest": N_("a digest of {count}"),
}


def notify_event_text(kind: str, body: Mapping[str, Any], view: View) -> str:
    """An event of a message as a sentence."""
    params: dict[str, Param] = {
        name: value for name, value in body.items() if isinstance(value, str | int | bool)
    }
    messages = body.get("messages")
    count = len(messages) if isinstance(messages, list) else 0
    what = str(body.get("what", ""))
    params["what"] = translate(KINDS.get(what, what), {"count": count})
    params["to"] = str(body.get("to", "")) or _("whoever is there")
    inner = body.get("params")
    reason = str(body.get("reason", ""))
    params["reason"] = reason_line(reason, dict(inner) if isinstance(inner, dict) else {}, view)
    return translate(EVENTS[kind], {**dict.fromkeys(("channel", "message", "count"), "-"), **params})
