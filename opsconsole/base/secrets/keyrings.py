"""Secrets in a desktop keyring: the Secret Service that is on D-Bus and unlocked, and nothing else.

The class is named here. Which keyring the `keyring` library would choose by itself depends on what is
installed and on files and variables that can name any code; one of its choices writes plain text.
"""

import importlib
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from probes.secrets import SecretFault

_log = logging.getLogger(__name__)


def read_keyring(ref: str, service: str, user: str) -> str:
    """What the keyring holds for ``user`` of ``service``. Raises SecretFault; asks nobody anything."""
    with _unlocked(ref) as keyring:
        value: str | None = keyring.get_password(service, user)
    if value is None:
        raise SecretFault(ref, "keyring_missing")
    return value


def write_keyring(ref: str, service: str, user: str, value: str) -> None:
    """Put ``value`` into the keyring, in the place of what was there. Raises SecretFault."""
    with _unlocked(ref) as keyring:
        keyring.set_password(service, user, value)


@contextmanager
def _unlocked(ref: str) -> Iterator[Any]:
    """The keyring, which is there and unlocked; whatever fails in it is a SecretFault."""
    try:
        # Late: it costs 150 ms, and few commands need it.
        backend: Any = importlib.import_module("keyring.backends.SecretService")
        keyring, secret_service = backend.Keyring(), backend.secretstorage
    except (ImportError, AttributeError):
        raise SecretFault(ref, "keyring_none") from None
    _check_unlocked(ref, keyring, secret_service)
    try:
        yield keyring
    except Exception as error:
        raise _failed(ref, error) from None


def _check_unlocked(ref: str, keyring: Any, secret_service: Any) -> None:
    """Look before the library does: it would ask for a password, on a screen that may be nobody's."""
    collection = getattr(keyring, "preferred_collection", secret_service.collection.DEFAULT_COLLECTION)
    errors = secret_service.exceptions
    try:
        with closing(secret_service.dbus_init()) as bus:
            if not secret_service.check_service_availability(bus):
                raise SecretFault(ref, "keyring_none")
            if secret_service.Collection(bus, collection).is_locked():
                raise SecretFault(ref, "keyring_locked")
    except (errors.SecretServiceNotAvailableException, OSError):
        raise SecretFault(ref, "keyring_none") from None
    except errors.ItemNotFoundException:
        # A keyring that was never opened has no collection yet; only unlocking it makes one.
        raise SecretFault(ref, "keyring_locked") from None
    except SecretFault:
        raise
    except Exception as error:
        raise _failed(ref, error) from None


def _failed(ref: str, error: Exception) -> SecretFault:
    if type(error).__name__ in ("KeyringLocked", "LockedException"):
        return SecretFault(ref, "keyring_locked")
    # Its own words may hold what was asked for.
    _log.warning("keyring failed for %s: %s", ref, type(error).__name__)
    return SecretFault(ref, "keyring_failed", seen=type(error).__name__)
