"""HTTP over the engine's Unix socket with what Python brings, for commands.

httpx, which the console uses, takes longer to be read in than most commands take to run.
"""

import http.client
import os
import socket
from collections.abc import Mapping
from pathlib import Path

HOST = "engine"
# A connection that broke, or an answer that was cut off: as httpx's ReadError, WriteError and
# RemoteProtocolError are.
BROKEN = (ConnectionError, http.client.HTTPException)
# Every way in which no answer comes.
FAILED = (OSError, http.client.HTTPException)


class UnixConnection(http.client.HTTPConnection):
    """One connection, kept open between requests. ``headers`` go with each."""

    def __init__(self, path: Path, headers: Mapping[str, str]) -> None:
        super().__init__(HOST)
        self._path = path
        self._headers = headers

    def connect(self) -> None:
        """To the socket; http.client calls it when there is a request and no connection."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(os.fsencode(self._path))

    def exchange(self, method: str, target: str, content: bytes | None, seconds: float) -> tuple[int, bytes]:
        """The status and body of one answer, of which no part may take longer than ``seconds``.

        Raises one of `FAILED`; the connection is closed then.
        """
        self.timeout = seconds
        if self.sock is not None:
            self.sock.settimeout(seconds)
        try:
            self.request(method, target, content, dict(self._headers))
            response = self.getresponse()
            return response.status, response.read()
        except BaseException:
            # Whatever broke it off, ctrl+c too: what is left of that answer is none of the next request's.
            self.close()
            raise
