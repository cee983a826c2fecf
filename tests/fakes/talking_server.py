"""A server that speaks line by line as a test tells it, in the clear, over TLS, or first so and then so."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
_PATIENCE_S = 20.0


class Talk:
    """The server's side of one connection; whoever hangs up ends it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.heard: list[bytes] = []

    def say(self, data: bytes) -> None:
        """Send ``data`` as it is."""
        self._sock.sendall(data)

    def hear(self) -> bytes:
        """The next line of the caller, its ending included."""
        line = b""
        while not line.endswith(b"\n"):
            piece = self._sock.recv(1)
            if not piece:
                raise ConnectionAbortedError
            line += piece
        self.heard.append(line)
        return line

    def wait(self) -> None:
        """Say nothing until the caller hangs up."""
        while self._sock.recv(4096):
            pass

    def secure(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        """Speak TLS from here on."""
        self._sock = secure = context.wrap_socket(self._sock, server_side=True)
        return secure

    def reset(self) -> None:
        """Tear the connection down."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._sock.close()

    def close(self) -> None:
        """Hang up."""
        self._sock.close()


@contextlib.contextmanager
def talking(part: Callable[[Talk], None], *, narrow: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """A server for one connection that plays ``part``: its port, and the lines that it heard.

    With ``narrow`` the kernels on both sides keep little of what it has not read yet.
    """
    listener = socket.socket()
    if narrow:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    listener.bind((HOST, 0))
    listener.listen(1)
    listener.settimeout(_PATIENCE_S)
    heard: list[bytes] = []

    def serve() -> None:
        sock, _ = listener.accept()
        sock.settimeout(_PATIENCE_S)
        talk = Talk(sock)
        talk.heard = heard
        with contextlib.suppress(OSError):
            part(talk)
        talk.close()
        sock.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        thread.join()
        listener.close()
