"""A Unix socket that answers as it is told, byte for byte, or breaks off."""

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self


class RudeSocket:
    """Gives each request on a new connection the next of ``answers``; an empty one breaks off.

    ``requests`` holds what was asked. With no answer left it accepts, and says nothing.
    """

    def __init__(self, path: Path, answers: list[bytes]) -> None:
        self.requests: list[bytes] = []
        self._answers = answers
        self._open: list[socket.socket] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(8)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        for connection in (self._listener, *self._open):
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        request = _read_request(connection)
        if not request:  # somebody only knocked
            return
        self.requests.append(request)
        if self._answers:
            answer = self._answers.pop(0)
            if answer:
                connection.sendall(answer)
            connection.shutdown(socket.SHUT_RDWR)


def http_answer(status: int, body: bytes) -> bytes:
    """A whole HTTP answer, after which the connection closes."""
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status, len(body), body)


def _read_request(connection: socket.socket) -> bytes:
    said = b""
    while b"\r\n\r\n" not in said:
        piece = connection.recv(65536)
        if not piece:
            return b""
        said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
