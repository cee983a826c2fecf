"""The ``script`` of a tcp probe: its steps as a file writes them, and as a conversation plays them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import re2
from pydantic import Field, model_validator

from probes.spec import Pattern, Strict

_EHLO = re.compile(r"(EHLO|LHLO)\b", re.IGNORECASE)
# A yes of SMTP and FTP, of POP3, of IMAP.
_YES = r"^(2\d\d|\+OK|\S+ OK)( |$)"
_SMTP_DONE = r"^250( |$)"
# Lines by which people log in: POP3 and FTP, SMTP and Redis, IMAP, HTTP, and whatever names its secret.
_LOG_IN = re.compile(
    r"\s*(PASS\s+(?!(anonymous|guest|ftp|opsconsole)(@\S*)?\s*$)\S"
    r"|(HELLO\s+\S+\s+)?AUTH\s+(?!(ANONYMOUS|EXTERNAL)\b)\S+\s+\S"
    r"|AUTH\s+(?!(TLS(-\w)?|SSL|PLAIN|LOGIN|ANONYMOUS|EXTERNAL|GSS\w+|NTLM|X?OAUTH\w+|[A-Z]+-[A-Z0-9-]+)\s*$)\S+\s*$"
    r"|\S+\s+(LOGIN|AUTHENTICATE\s+(?!(ANONYMOUS|EXTERNAL)\b)\S+)\s+\S"
    r"|(proxy-)?authorization\s*:|cookie\s*:"
    r"|.*(passw(or)?d|passphrase|secret|token|api[_-]?key|sandi)[\"']?\s*[=:]\s*[\"']?[^\s\"'])",
    re.IGNORECASE | re.DOTALL,
)
_NO = re2.compile(r"^([45]\d\d|-ERR|\S+ (NO|BAD))([ -]|$)")


class Step(Strict):
    """One step: exactly one of the keys stands in it."""

    expect: Pattern | None = None
    send: Annotated[str, Field(max_length=4096)] | None = None
    starttls: bool | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Any:
        if len(self.model_fields_set) != 1:
            raise ValueError("want exactly one of expect, send and starttls in a step")
        if self.starttls is False:
            raise ValueError("starttls: want true, or no such step")
        if _LOG_IN.match(self.send or ""):
            raise ValueError(
                "send: this line logs in with a secret, and secrets are never values in a file; "
                "let the script end before it, or look at a page with kind http and its auth"
            )
        return self


Script = Annotated[list[Step], Field(max_length=50)]


def check_script(script: list[Step]) -> list[Step]:
    """The script as given. Raises ValueError when its steps make no sense together."""
    upgrades = [number for number, step in enumerate(script) if step.starttls]
    if len(upgrades) > 1:
        raise ValueError("want at most one starttls step")
    if upgrades == [0]:
        raise ValueError("want a step before starttls that asks for TLS; from the first byte: tls = {}")
    return script


@dataclass(frozen=True, slots=True)
class Expect:
    """Wait for a line in which the pattern is found; with ``go_ahead`` it is what lets TLS begin."""

    want: str
    regex: Any
    go_ahead: bool

    def found_in(self, line: str) -> bool:
        """Whether ``line`` is what was waited for."""
        return self.regex.search(line) is not None

    def refused_by(self, line: str) -> bool:
        """Whether ``line`` is a plain no to TLS, after which nothing better comes."""
        return self.go_ahead and _NO.search(line) is not None


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes to send, line ending included."""

    data: bytes


@dataclass(frozen=True, slots=True)
class StartTls:
    """Speak TLS from here on."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Go on with what ``pick`` gives then, for what depends on what was heard."""

    pick: "Callable[[], tuple[Action, ...]]"


Action = Expect | Send | StartTls | Choose


def plan(script: list[Step]) -> tuple[Action, ...]:
    """What a conversation does for ``script``.

    A ``starttls`` after an ``expect`` begins TLS at once: the answer was seen. After a ``send`` it reads
    the answer itself, and after a greeting of SMTP it asks for STARTTLS first.
    """
    actions: list[Action] = []
    for number, step in enumerate(script):
        if step.starttls:
            actions += _upgrade(script[number - 1])
        elif step.send is not None:
            actions.append(_line(step.send))
        else:
            leads_to_tls = number + 1 < len(script) and bool(script[number + 1].starttls)
            actions.append(_expect(step.expect or "", go_ahead=leads_to_tls))
    return tuple(actions)


def _upgrade(before: Step) -> tuple[Action, ...]:
    if before.send is None:
        return (StartTls(),)
    if _EHLO.match(before.send):
        return (_expect(_SMTP_DONE), _line("STARTTLS"), _expect(_YES), StartTls())
    return (_expect(_YES), StartTls())


def _expect(want: str, *, go_ahead: bool = True) -> Expect:
    options = re2.Options()
    options.log_errors = False
    return Expect(want, re2.compile(want, options), go_ahead)


def _line(text: str) -> Send:
    return Send(text.encode() + b"\r\n")
