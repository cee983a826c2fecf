"""Secrets in files: ``file:`` with its strict rules, and ``cred:``, which systemd lays out."""

import contextlib
import os
import pwd
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from probes.secrets import SecretFault

MOST_BYTES = 64 * 1024
_MODES = (0o600, 0o400)


def read_file(ref: str, path: Path) -> bytes:
    """What a file holds that only we, or root, can have written and nobody else reads.

    Raises SecretFault for a link, another owner, or a mode other than 0600 and 0400.
    """
    with _opened(ref, path, "file_missing") as descriptor:
        found = os.fstat(descriptor)
        if found.st_uid not in (os.geteuid(), 0):
            raise SecretFault(ref, "file_owner", seen=account(found.st_uid), want=account(os.geteuid()))
        mode = stat.S_IMODE(found.st_mode)
        if mode not in _MODES:
            raise SecretFault(ref, "file_mode", seen=f"{mode:04o}", path=str(path))
        return _content(ref, descriptor)


def read_credential(ref: str, folder: str, name: str) -> bytes:
    """What systemd laid into ``folder`` ($CREDENTIALS_DIRECTORY) for us. Raises SecretFault."""
    if not folder:
        raise SecretFault(ref, "cred_none")
    with _opened(ref, Path(folder) / name, "cred_missing") as descriptor:
        return _content(ref, descriptor)


def write_file(ref: str, path: Path, content: bytes) -> None:
    """Put ``content`` into a file of mode 0600, in the place of the one that was there. Raises SecretFault.

    It is written beside and renamed: who reads meanwhile finds the old or the new one.
    """
    if path.is_symlink():
        raise SecretFault(ref, "file_link")
    if path.exists() and not path.is_file():
        raise SecretFault(ref, "file_kind")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        descriptor = os.open(
            beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, 0o600)
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            os.replace(beside, path)  # noqa: PTH105
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
    except OSError as error:
        raise SecretFault(ref, "file_unwritable", seen=error.strerror or type(error).__name__) from None


def account(uid: int) -> str:
    """The name of an account, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@contextlib.contextmanager
def _opened(ref: str, path: Path, missing: str) -> Iterator[int]:
    try:
        # Without waiting: a pipe with no writer must not keep us.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise SecretFault(ref, missing) from None
    except OSError as error:
        if path.is_symlink():
            raise SecretFault(ref, "file_link") from None
        raise SecretFault(ref, "file_unreadable", seen=error.strerror or type(error).__name__) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SecretFault(ref, "file_kind")
        yield descriptor
    finally:
        os.close(descriptor)


def _content(ref: str, descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SecretFault(ref, "too_long", want="64 KiB")
    return content
