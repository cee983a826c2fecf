"""A connection on which a script is played: what is said, what is waited for, where TLS begins."""

import socket
import ssl
import time

from probes.connection import Connection
from probes.failure import LookError
from probes.lines import Lines
from probes.observation import Expectation
from probes.place import Place
from probes.script_spec import Action, Choose, Expect, Send
from probes.stopwatch import Phase, Stopwatch
from probes.text import safe_text
from probes.tls_session import TlsSession

_SHOWN = 100


class Conversation(Connection):
    """Used once, like every connection. ``expectations`` are the lines that were waited for, as they came.

    ``tls`` holds from the first byte; ``upgrade`` is what a StartTls among the ``actions`` uses.
    """

    def __init__(
        self,
        place: Place,
        watch: Stopwatch,
        actions: tuple[Action, ...],
        *,
        tls: tuple[ssl.SSLContext, str] | None,
        upgrade: tuple[ssl.SSLContext, str] | None,
    ):
        super().__init__(place, watch, tls)
        self.expectations: list[Expectation] = []
        self._actions = actions
        self._upgrade = upgrade
        self._next = 0
        self._lines = Lines()
        self._ended = False

    @property
    def _action(self) -> Action | None:
        return self._actions[self._next] if self._next < len(self._actions) else None

    def _connect(self) -> None:
        # Of two things said in a row the second would wait for the server's word on the first.
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super()._connect()

    def _established(self) -> None:
        if self._tls is not None:
            self._send(self._tls.outgoing.read())
        self._advance()

    def _advance(self) -> None:
        """Play on until something must come first, or the script is over."""
        while (action := self._action) is not None:
            if isinstance(action, Expect):
                if not self._found(action):
                    self._wait(action)
                    return
            elif isinstance(action, Send):
                self._watch.enter(Phase.SEND)
                self._say(action.data)
            elif isinstance(action, Choose):
                before, after = self._actions[: self._next], self._actions[self._next + 1 :]
                self._actions = (*before, *action.pick(), *after)
                continue
            else:
                self._next += 1
                self._start_tls()
                return
            self._next += 1
            self._lines.begin()
        if not self._unsent:
            self._finish()

    def _found(self, action: Expect) -> bool:
        while (line := self._lines.next()) is not None:
            if action.found_in(line):
                self._note(action, safe_text(line, _SHOWN), ok=True)
                return True
            if action.refused_by(line):
                raise self._unmet(action)
        return False

    def _wait(self, action: Expect) -> None:
        if self._ended or self._lines.full:
            raise self._unmet(action)
        if not self._lines.heard and not self._unsent:
            self._watch.enter(Phase.WAIT)

    def _say(self, data: bytes) -> None:
        if self._tls is not None:
            self._tls.write(data)
            data = self._tls.outgoing.read()
        self._send(data)

    def _start_tls(self) -> None:
        assert self._upgrade is not None, "a script with this step is made ready with a context"
        injected = self._lines.unread
        if injected:
            # Whoever is between us and the server could put words into its mouth (CVE-2011-0411).
            seen = f"plain text before TLS: {safe_text(injected.strip(), _SHOWN)}"
            raise LookError("starttls_failed", seen=seen)
        self._watch.enter(Phase.TLS)
        self._tls = TlsSession(*self._upgrade)
        self._shake_hands(self._tls)

    def _deliver(self, data: bytes) -> None:
        if self._watch.phase is not Phase.RECEIVE:
            self._watch.enter(Phase.RECEIVE)
        self._lines.feed(data)
        self._advance()

    def _writable(self) -> None:
        super()._writable()
        if not self._unsent and self._watch.phase is not Phase.TLS:
            self._advance()

    def _closed(self) -> None:
        if self._watch.phase is Phase.TLS:
            raise LookError("tls_failed", seen="connection closed")
        if self._unsent:
            raise LookError("connection_reset", address=self._place.address)
        self._ended = True
        self._lines.close()
        self._advance()

    def _expire(self) -> None:
        now = time.perf_counter()
        self._watch.woke(now, now)
        action = self._action
        if isinstance(action, Expect) and self._watch.phase in (Phase.WAIT, Phase.RECEIVE):
            raise self._unmet(action)
        raise self._place.timeout(self._watch.phase)

    def _unmet(self, action: Expect) -> LookError:
        if not self._lines.heard:
            if not self._ended:
                return self._place.timeout(Phase.WAIT)
            reset = LookError("connection_reset", address=self._place.address)
            return reset if self._send_failed else LookError("no_response")
        seen = self._lines.seen() or "-"
        self._note(action, seen, ok=False)
        reason = "starttls_failed" if action.go_ahead else "script_unexpected"
        return LookError(reason, want=safe_text(action.want, _SHOWN), seen=seen)

    def _note(self, action: Expect, seen: str, *, ok: bool) -> None:
        self.expectations.append(Expectation(f"expect {safe_text(action.want, _SHOWN)}", seen, ok))
