"""Who is calling: the credential the kernel gives for a Unix socket, and the account behind it."""

import os
import pwd
import socket
import struct
import time
from asyncio.trsock import TransportSocket
from collections.abc import Callable
from typing import NamedTuple

from opsconsole.base.text import safe_text

# struct ucred of socket(7): pid, uid, gid.
_UCRED = struct.Struct("iII")
# Group membership is read again after this many seconds, so that a removed one ends within a minute.
ACCOUNT_SECONDS = 60.0


class Peer(NamedTuple):
    """The process at the other end of a connection, as it was when it connected."""

    uid: int
    gid: int
    pid: int


class Account(NamedTuple):
    """A uid's name and all its groups."""

    name: str
    gids: tuple[int, ...]


PeerReader = Callable[[TransportSocket], Peer]


def read_peer(connection: TransportSocket) -> Peer:
    """The credential of SO_PEERCRED: no caller can choose it."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    pid, uid, gid = _UCRED.unpack(raw)
    return Peer(uid, gid, pid)


class Accounts:
    """Accounts by uid, remembered for `ACCOUNT_SECONDS`; a uid without one is in no group.

    The group that a process runs under does not count: a set-group-id program would lend it out.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._known: dict[int, tuple[float, Account]] = {}

    def remembered(self, uid: int) -> Account | None:
        """The account of a uid that was looked up lately."""
        known = self._known.get(uid)
        fresh = known is not None and self._monotonic() - known[0] <= ACCOUNT_SECONDS
        return known[1] if known and fresh else None

    def look_up(self, uid: int) -> Account:
        """The account of a uid, asked of the system's name service: it may block."""
        account = _look_up(uid)
        self._known[uid] = (self._monotonic(), account)
        return account


def _look_up(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(f"uid {uid}", ())
    return Account(safe_text(entry.pw_name, 64), tuple(os.getgrouplist(entry.pw_name, entry.pw_gid)))
