"""From a reference to its value, and from a value to where a reference points. Blocks; waits for nobody."""

import os
from collections.abc import Mapping
from pathlib import Path

from opsconsole.base.secrets.files import MOST_BYTES, read_credential, read_file, write_file
from opsconsole.base.secrets.keyrings import read_keyring, write_keyring
from probes.secrets import Secret, SecretFault

WRITABLE = ("keyring", "file")


def scheme_of(ref: str) -> str:
    """``keyring``, ``cred``, ``file`` or ``env``."""
    return ref.partition(":")[0]


def read(ref: str, environ: Mapping[str, str] = os.environ) -> Secret:
    """The value of a sound reference, without the line end it may have. Raises SecretFault."""
    scheme, _, name = ref.partition(":")
    match scheme:
        case "keyring":
            service, _, user = name.partition("/")
            value = read_keyring(ref, service, user)
        case "cred":
            value = _text(ref, read_credential(ref, environ.get("CREDENTIALS_DIRECTORY", ""), name))
        case "file":
            value = _text(ref, read_file(ref, Path(name)))
        case _:
            value = _text(ref, os.fsencode(_variable(ref, name, environ)))
    return Secret(ref, checked(ref, value))


def write(ref: str, value: str) -> None:
    """Store a value where a reference of a `WRITABLE` scheme points. Raises SecretFault."""
    scheme, _, name = ref.partition(":")
    value = checked(ref, value)
    if scheme == "keyring":
        service, _, user = name.partition("/")
        write_keyring(ref, service, user, value)
    else:
        write_file(ref, Path(name), value.encode() + b"\n")


def checked(ref: str, value: str) -> str:
    """A value without the line end it may have. Raises SecretFault for none, and for far too much."""
    value = value.removesuffix("\n").removesuffix("\r")
    if not value:
        raise SecretFault(ref, "empty")
    if len(value.encode("utf-8", "surrogateescape")) > MOST_BYTES:
        raise SecretFault(ref, "too_long", want="64 KiB")
    return value


def _variable(ref: str, name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name)
    if value is None:
        raise SecretFault(ref, "env_missing")
    return value


def _text(ref: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise SecretFault(ref, "not_text") from None
