"""Hosts that answer echo requests badly, in a network of their own, and looks at them from inside it.

``python -m tests.fakes.rude_ping RIGHTS`` must run where nothing else is: it changes what the kernel
does. It prints an observation for each of `HOSTS` as one JSON object.
"""

import asyncio
import ctypes
import fcntl
import functools
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from probes.observation import Observation
from tests.fakes.looking import look

_ROOT = Path(__file__).parents[2]
_SYSCTLS = Path("/proc/sys/net/ipv4")
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_CAP_NET_RAW, _CAPABILITY_VERSION = 13, 0x20080522
_NO_RIGHT = 77
AGAIN_S = 0.9
"""How long after its reply `answers_twice` sends it again."""

# A request's identifier, sequence number and payload to the ICMP messages that come back for it.
Host = Callable[[int, int, bytes], Iterable[bytes]]


@functools.cache
def looks(rights: str) -> dict[str, Observation]:
    """What pings of each host of `HOSTS` show with ``rights``: ``raw``, ``group`` or ``none``.

    Skips the test where the machine lets nobody have a network of their own.
    """
    mapped = ["--map-root-user"] if os.getuid() else []
    command = ["unshare", "--net", *mapped, sys.executable, "-m", "tests.fakes.rude_ping", rights]
    run = subprocess.run(command, check=False, cwd=_ROOT, capture_output=True, timeout=30)
    if run.returncode == _NO_RIGHT or b"unshare" in run.stderr:
        pytest.skip("no network of our own here: " + run.stderr.decode(errors="replace").strip()[-200:])
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    return msgspec.json.decode(run.stdout, type=dict[str, Observation])


def message(kind: int, identifier: int, number: int, payload: bytes, code: int = 0) -> bytes:
    """An ICMP message with its checksum."""
    packet = struct.pack("!BBHHH", kind, code, 0, identifier, number) + payload
    padded = packet + b"\0" * (len(packet) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return packet[:2] + struct.pack("!H", total ^ 0xFFFF) + packet[4:]


def sound(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return [message(0, identifier, number, payload)]


def silent(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return []


def loses_one(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return [] if number == 1 else sound(identifier, number, payload)


def loses_two(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return [] if number else sound(identifier, number, payload)


def answers_twice(identifier: int, number: int, payload: bytes) -> Iterator[bytes]:
    if number == 0:
        yield from sound(identifier, number, payload)
        time.sleep(AGAIN_S)
        yield from sound(identifier, number, payload)


def other_payload(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return sound(identifier, number, bytes(len(payload)))


def other_numbers(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return sound(identifier, number + 100, payload)


def other_identifier(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return sound(identifier ^ 1, number, payload)


def cut_short(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return [message(0, identifier, number, payload)[:7], message(0, identifier, number, payload[:-1])]


def slow(identifier: int, number: int, payload: bytes) -> list[bytes]:
    time.sleep(0.12)
    return sound(identifier, number, payload)


def unreachable(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return _refusal(identifier, number, payload)


def unreachable_once(identifier: int, number: int, payload: bytes) -> list[bytes]:
    return _refusal(identifier, number, payload) if number == 0 else sound(identifier, number, payload)


HOSTS: dict[str, Host] = {
    host.__name__: host
    for host in (
        sound,
        silent,
        loses_one,
        loses_two,
        answers_twice,
        other_payload,
        other_numbers,
        other_identifier,
        cut_short,
        slow,
        unreachable,
        unreachable_once,
    )
}
_ADDRESSES = {f"127.30.0.{place}": host for place, host in enumerate(HOSTS.values(), 1)}


def _refusal(identifier: int, number: int, payload: bytes) -> list[bytes]:
    """Host unreachable (RFC 792), quoting the request; who asked whom is filled in when it is sent."""
    asked = message(8, identifier, number, payload)
    quoted = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(asked), 0, 0, 64, 1, 0) + b"FROM" + b"TO.." + asked
    return [message(3, 0, 0, quoted, code=1)]


def _answer(host: Host, asked: str, asker: str, icmp: bytes) -> None:
    _, _, _, identifier, number = struct.unpack_from("!BBHHH", icmp)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as replying:
        replying.bind((asked, 0))
        for reply in host(identifier, number, icmp[8:]):
            whole = reply.replace(b"FROMTO..", socket.inet_aton(asker) + socket.inet_aton(asked))
            if whole != reply:
                whole = message(3, 0, 0, whole[8:], code=1)
            replying.sendto(whole, (asker, 0))


def _serve(listening: socket.socket) -> None:
    while True:
        packet = listening.recv(4096)
        asker, asked = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
        if packet[20] == 8 and asked in _ADDRESSES:
            threading.Thread(
                target=_answer, args=(_ADDRESSES[asked], asked, asker, packet[20:]), daemon=True
            ).start()


def _set_up(rights: str) -> None:
    try:
        with socket.socket() as any_socket:
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _IFF_UP))
        (_SYSCTLS / "icmp_echo_ignore_all").write_text("1")
        if rights == "group":  # a fresh network lets nobody in
            (_SYSCTLS / "ping_group_range").write_text("0 0")
        listening = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(_NO_RIGHT)
    threading.Thread(target=_serve, args=(listening,), daemon=True).start()
    if rights != "raw":
        _drop_net_raw()


def _drop_net_raw() -> None:
    """Give up CAP_NET_RAW in this thread (capset(2)); the hosts' threads keep it."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    for place in (0, 1):
        sets[place] &= ~(1 << _CAP_NET_RAW)
    assert libc.capset(header, sets) == 0


async def _look_at_all() -> dict[str, Observation]:
    keys = {"timeout": "2s", "retry": "2s", "slow_over": "100ms"}
    seen = await asyncio.gather(*(look("ping", host=address, **keys) for address in _ADDRESSES))
    return dict(zip(HOSTS, seen, strict=True))


if __name__ == "__main__":
    _set_up(sys.argv[1])
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_look_at_all())))
