"""When bytes really arrived: the kernel's own time stamps.

A callback may run long after its socket became ready, because other looks had the CPU; that wait is
ours and must not count as the target's. Linux stamps received data (``SO_TIMESTAMPNS``, socket(7)) and
measures the handshake's round trip (``TCP_INFO``, tcp(7)), so what a look reports does not depend on how
many others started with it. Where the kernel gives nothing, the time of the callback stands.
"""

import atexit
import functools
import socket
import struct
import sys
import time

_SO_TIMESTAMPNS = 35  # asm-generic/socket.h; the socket module has no name for it
_TIMESPEC = struct.Struct("@ll")
# struct tcp_info of linux/tcp.h: tcpi_rtt in microseconds, and tcpi_total_retrans.
_RTT_AND_RETRANSMITS = struct.Struct("@68xI28xI")
ANCILLARY_BYTES = socket.CMSG_SPACE(_TIMESPEC.size)


@functools.cache
def _keeper() -> socket.socket | None:
    """A socket that holds stamping on: the kernel switches it with the first and last socket that asks."""
    if sys.platform != "linux":
        return None
    keeper = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        keeper.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    except OSError:
        keeper.close()
        return None
    atexit.register(keeper.close)
    return keeper


def ask_for_stamps(sock: socket.socket) -> None:
    """Have the kernel stamp what ``sock`` receives, where it can."""
    if _keeper() is not None:
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


def arrival(ancillary: list[tuple[int, int, bytes]], now: float) -> float:
    """When the last received bytes arrived, on the clock of ``now`` (``time.perf_counter``)."""
    seconds: int
    nanoseconds: int
    if ancillary and len(ancillary[0][2]) >= _TIMESPEC.size:
        seconds, nanoseconds = _TIMESPEC.unpack_from(ancillary[0][2])
        return now - max(0.0, time.time() - seconds - nanoseconds * 1e-9)
    return now


def connect_seconds(sock: socket.socket, elapsed: float) -> float:
    """How long the TCP handshake took; ``elapsed`` is what the event loop saw of it."""
    microseconds: int
    retransmits: int
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RTT_AND_RETRANSMITS.size)
        microseconds, retransmits = _RTT_AND_RETRANSMITS.unpack(info)
    except (OSError, AttributeError, struct.error):
        return elapsed
    if retransmits or not microseconds:
        return elapsed
    return min(elapsed, microseconds * 1e-6)
