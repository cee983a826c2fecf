"""A small real SMTP server: STARTTLS or TLS, AUTH PLAIN and LOGIN, and refusals where it is told to."""

import base64
import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was taken. ``encrypted``: it came over TLS; ``user`` had logged in, empty for nobody."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    encrypted: bool
    user: str

    @property
    def text(self) -> str:
        """What it says, with line ends as we write them."""
        content: str = self.message.get_content()
        return content.replace("\r\n", "\n").rstrip("\n")


@dataclass
class MailServer:
    """Used as a context. ``refusals`` answer a command, by its first word, with another line.

    ``context`` serves STARTTLS, or all of it with ``at_once``; ``login`` is the only ``user:password``, taken
    in the ways that ``offers`` says (of what is sealed, where it is sealed at all).
    ``injected`` is sent in the open behind the answer to STARTTLS; nothing is said after ``silent_after``.
    """

    context: ssl.SSLContext | None = None
    at_once: bool = False
    login: str = ""
    offers: str = "AUTH PLAIN LOGIN"
    refusals: Mapping[str, str] = field(default_factory=dict)
    injected: bytes = b""
    silent_after: str = ""
    taken: list[Mail] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ending = False
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending = True
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5):
            pass
        self._thread.join(_PATIENCE_S)
        self._listener.close()

    def _accept(self) -> None:
        while not self._ending:
            sock, _ = self._listener.accept()
            with contextlib.suppress(OSError, ssl.SSLError):
                sock.settimeout(_PATIENCE_S)
                if self._ending:
                    pass
                elif self.at_once and self.context is not None:
                    with self.context.wrap_socket(sock, server_side=True) as secure:
                        self._talk(secure)
                else:
                    self._talk(sock)
            sock.close()

    def _talk(self, sock: socket.socket) -> None:
        state: dict[str, Any] = {"user": "", "from": "", "to": []}
        lines = sock.makefile("rb")
        self._say(sock, self.refusals.get("GREETING", "220 mail.sukamaju.example ESMTP"))
        while line := lines.readline().decode().rstrip("\r\n"):
            word = line.split(" ")[0].split(":")[0].upper()
            self.heard.append(line)
            if word == self.silent_after:
                lines.read()
                break
            if word in self.refusals:
                self._say(sock, self.refusals[word])
            elif word == "STARTTLS" and self.context is not None:
                sock.sendall(b"220 go ahead\r\n" + self.injected)
                lines.close()
                sock = self.context.wrap_socket(sock, server_side=True)
                lines = sock.makefile("rb")
            elif not self._answer(sock, word, line, lines, state):
                break
        lines.close()
        if isinstance(sock, ssl.SSLSocket):
            sock.close()

    def _answer(self, sock: socket.socket, word: str, line: str, lines: Any, state: dict[str, Any]) -> bool:
        match word:
            case "EHLO":
                offered = ["mail.sukamaju.example", "PIPELINING", "8BITMIME"]
                if self.context is not None and not isinstance(sock, ssl.SSLSocket):
                    offered.append("STARTTLS")
                    if self.login:
                        offered.append("AUTH PLAIN LOGIN")
                elif self.login:
                    offered.append(self.offers)
                for one in offered[:-1]:
                    self._say(sock, f"250-{one}")
                self._say(sock, f"250 {offered[-1]}")
            case "AUTH":
                self._log_in(sock, line, lines, state)
            case "MAIL":
                allowed = not self.login or state["user"]
                state["from"] = line.partition("<")[2].rstrip(">")
                self._say(sock, "250 ok" if allowed else "530 5.7.0 log in first")
            case "RCPT":
                state["to"].append(line.partition("<")[2].rstrip(">"))
                self._say(sock, "250 ok")
            case "DATA":
                self._say(sock, "354 go on")
                self._take(lines, state, encrypted=isinstance(sock, ssl.SSLSocket))
                self._say(sock, self.refusals.get("END", "250 taken"))
            case "QUIT":
                self._say(sock, "221 farewell")
                return False
            case _:
                self._say(sock, "502 not here")
        return True

    def _log_in(self, sock: socket.socket, line: str, lines: Any, state: dict[str, Any]) -> None:
        way = line.split(" ")[1]
        if way not in self.offers.replace("=", " ").split(" "):
            self._say(sock, "504 5.5.4 not that way")
            return
        if way == "LOGIN":
            self._say(sock, "334 VXNlcm5hbWU6")
            user = base64.b64decode(lines.readline()).decode()
            self._say(sock, "334 UGFzc3dvcmQ6")
            password = base64.b64decode(lines.readline()).decode()
        else:
            _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
        right = f"{user}:{password}" == self.login
        state["user"] = user if right else ""
        self._say(sock, "235 welcome" if right else "535 5.7.8 wrong user or password")

    def _take(self, lines: Any, state: dict[str, Any], *, encrypted: bool) -> None:
        content = b""
        while (line := lines.readline()) != b".\r\n":
            assert line.endswith(b"\r\n"), line
            content += line.removeprefix(b".")
        if "END" not in self.refusals:
            message: Any = email.message_from_bytes(content, policy=email.policy.default)
            mail = Mail(state["from"], tuple(state["to"]), message, encrypted, state["user"])
            self.taken.append(mail)

    def _say(self, sock: socket.socket, line: str) -> None:
        sock.sendall(line.encode() + b"\r\n")
