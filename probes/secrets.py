"""Secrets by reference: what a configuration may say, and what a reference gives when it is resolved.

This package resolves nothing itself: whoever looks hands in a function that does (`probes.env.Env`).
"""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn

from pydantic import BeforeValidator, Field

from probes.observation import Param

_REFERENCE = re.compile(
    r"keyring:[^/\s]+/\S+|cred:[A-Za-z0-9][A-Za-z0-9._-]{0,254}|file:/\S.*|env:[A-Za-z_][A-Za-z0-9_]*"
)
_SCHEME = re.compile(r"(keyring|cred|file|env):")
_MOST = 1000
WANTED = (
    'want a reference to a secret: "keyring:SERVICE/USER", "cred:NAME", "file:/PATH" or "env:NAME"; '
    "the secret itself never stands in a file"
)


class Secret:
    """A value that no text, log or traceback shows by accident. ``reveal`` gives it."""

    __slots__ = ("_value", "ref")

    def __init__(self, ref: str, value: str):
        self.ref = ref
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return f"<secret {self.ref}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and (self.ref, self._value) == (other.ref, other._value)

    def __hash__(self) -> int:
        return hash((self.ref, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret does not leave its process")


class SecretFault(Exception):  # noqa: N818 - what is wrong with a secret, not with a program
    """A reference gives no usable value. ``why`` is a code of `probes.secret_faults.FAULTS`."""

    def __init__(self, ref: str, why: str, **params: Param):
        super().__init__(f"{ref}: {why}")
        self.ref = ref
        self.why = why
        self.params: dict[str, Param] = {"name": ref, "why": why, **params}
        self._more = params

    def again(self) -> "SecretFault":
        """The same, to be raised once more."""
        return SecretFault(self.ref, self.why, **self._more)


Resolve = Callable[[str], Awaitable[Secret]]


async def unresolved(ref: str) -> Secret:
    """Resolves nothing: where nobody has said how secrets are found."""
    raise SecretFault(ref, "unresolved")


def is_reference(text: str) -> bool:
    """Whether ``text`` begins as a reference does."""
    return _SCHEME.match(text) is not None


def is_sound_reference(text: str) -> bool:
    """Whether ``text`` is a reference that can be resolved."""
    return len(text) <= _MOST and text.isprintable() and _REFERENCE.fullmatch(text) is not None


def check_reference(value: object) -> str:
    """The reference as given. Raises ValueError, which does not repeat it: it may be the secret itself."""
    if not isinstance(value, str) or not is_sound_reference(value):
        raise ValueError(WANTED)
    return value


SecretRef = Annotated[
    str,
    BeforeValidator(check_reference),
    Field(json_schema_extra={"pattern": "^(keyring|cred|file|env):.+$"}),
]
