"""A message by mail: SMTP played as a script on a checked address, under one deadline."""

import asyncio
import base64
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE
from functools import partial
from typing import Any

import re2

from opsconsole.inventory.notify import Smtp, filled
from opsconsole.notify.rules import Failure
from opsconsole.notify.sending import Draft, Surroundings, attempt
from probes.conversation import Conversation
from probes.dial import Dialer, is_literal
from probes.failure import LookError
from probes.script_spec import Action, Choose, Expect, Send, StartTls
from probes.secrets import Secret, SecretFault
from probes.spec import format_duration
from probes.stopwatch import Stopwatch
from probes.tls import tls_context
from probes.tls_spec import TlsSpec

_DONE = r"^250( |$)"
_HELLO = b"EHLO opsconsole\r\n"
_REFUSAL = re2.compile(r"^[45]\d\d[ -]")
_CODE = re.compile(r"(?:^|\| )([2-5]\d\d)[ -]")
# The ways to log in that a server offers; with "=" as old ones write it.
_LOG_IN = re.compile(r"250[ -]AUTH[ =](.*)", re.IGNORECASE)
_PERMANENT = 500
_REASONS = ("script_unexpected", "starttls_failed")


@dataclass(frozen=True, slots=True)
class Reply(Expect):
    """Wait for a reply of SMTP; one that begins with 4 or 5 is a refusal, whatever was asked.

    ``offered`` are the ways to log in that its lines name.
    """

    offered: set[str] = field(default_factory=set)

    def found_in(self, line: str) -> bool:
        """Whether ``line`` is what was waited for."""
        offer = _LOG_IN.match(line)
        if offer:
            self.offered.update(offer[1].upper().split())
        return Expect.found_in(self, line)

    def refused_by(self, line: str) -> bool:
        """Whether ``line`` says no."""
        return _REFUSAL.search(line) is not None


async def send_mail(channel: Smtp, draft: Draft, around: Surroundings) -> Failure | None:
    """Send one mail; why it failed, None once the server took it. Ends within the channel's ``timeout``."""
    return await attempt(channel.refs, around.env, partial(_hand_over, channel, draft, around))


async def _hand_over(
    channel: Smtp, draft: Draft, around: Surroundings, secrets: Mapping[str, Secret]
) -> Failure | None:
    script = script_of(channel, draft.recipient, content_of(channel, draft), secrets.get("auth"))
    deadline = asyncio.get_running_loop().time() + channel.timeout
    watch = Stopwatch()
    dialer = Dialer(around.env, watch, "auto", deadline, format_duration(channel.timeout))
    place = await dialer.place(channel.host, channel.port, literal=is_literal(channel.host))
    tls: tuple[ssl.SSLContext, str] | None = None
    if channel.tls != "none":
        tls = tls_context(TlsSpec(ca_file=channel.ca_file), around.folder), channel.host.rstrip(".")
    at_once, later = (tls, None) if channel.tls == "tls" else (None, tls)
    try:
        await Conversation(place, watch, script, tls=at_once, upgrade=later).run(deadline)
    except LookError as error:
        if error.reason not in _REASONS:
            raise
        return _refused(error)
    return None


def _refused(error: LookError) -> Failure:
    """What a server said that was no yes: 5yz never changes, 4yz passes (RFC 5321, section 4.2.1)."""
    seen = str(error.params.get("seen", ""))
    codes = _CODE.findall(seen)
    permanent = bool(codes) and int(codes[-1]) >= _PERMANENT
    # A word that did not come in time may have been the yes to the whole mail.
    return Failure("mail_refused", {"seen": seen}, permanent=permanent, uncertain=not codes)


def script_of(channel: Smtp, recipient: str, content: bytes, auth: Secret | None) -> tuple[Action, ...]:
    """The whole conversation. Raises SecretFault for a secret that is not ``user:password``."""
    done, hello = _reply(_DONE), _reply(_DONE)
    steps: list[Action] = [_reply(r"^220( |$)"), Send(_HELLO), hello]
    if channel.tls == "starttls":
        go_ahead = Reply("^220", re2.compile(r"^220( |$)"), True)
        # What was offered in the open may have been put in by somebody between us.
        hello = _reply(_DONE)
        steps += [Send(b"STARTTLS\r\n"), go_ahead, StartTls(), Send(_HELLO), hello]
    if auth is not None:
        steps.append(Choose(partial(_log_in, *_login(auth), hello.offered)))
    steps += [Send(f"MAIL FROM:<{channel.sender}>\r\n".encode()), done]
    steps += [Send(f"RCPT TO:<{recipient}>\r\n".encode()), _reply(r"^25[01]( |$)")]
    steps += [Send(b"DATA\r\n"), _reply(r"^354( |$)"), Send(content), done, Send(b"QUIT\r\n")]
    return tuple(steps)


def _login(auth: Secret) -> tuple[str, str]:
    """User and password. Raises SecretFault."""
    user, colon, password = auth.reveal().partition(":")
    if not colon:
        raise SecretFault(auth.ref, "basic_form")
    return user, password


def _log_in(user: str, password: str, offered: set[str]) -> tuple[Action, ...]:
    """By LOGIN where a server knows only that, as Exchange does; PLAIN is the standard's (RFC 4954)."""
    welcome = _reply(r"^235( |$)")
    if "LOGIN" not in offered or "PLAIN" in offered:
        return Send(b"AUTH PLAIN %s\r\n" % _proof(f"\0{user}\0{password}")), welcome
    ask = _reply(r"^334( |$)")
    answers = (Send(b"%s\r\n" % _proof(user)), ask, Send(b"%s\r\n" % _proof(password)), welcome)
    return Send(b"AUTH LOGIN\r\n"), ask, *answers


def _proof(text: str) -> bytes:
    return base64.b64encode(text.encode())


def content_of(channel: Smtp, draft: Draft) -> bytes:
    """The mail as DATA takes it, and its ending. No line of base64 begins with a dot, so none is doubled."""
    values = {**draft.values, "to": draft.recipient, "key": draft.key}
    mail = EmailMessage(policy=ON_THE_WIRE)
    mail["From"] = channel.sender
    mail["To"] = draft.recipient
    mail["Subject"] = " ".join(filled(channel.subject, values).split())
    mail["Message-ID"] = f"<{draft.key}@{channel.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(filled(channel.body, values), cte="base64")
    return mail.as_bytes() + b".\r\n"


def _reply(want: str) -> Reply:
    compiled: Any = re2.compile(want)
    return Reply(want, compiled, False)
