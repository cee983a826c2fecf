"""The driver: Textual draws into a grid, and a thread sends what the terminal does not show yet.

Textual's own driver repaints more than changed, and after thirty unread writes it blocks the event loop
until the terminal reads on. Here a terminal that stops reading loses only frames: when it reads again it
gets the last one.
"""

import codecs
import os
import re
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from opsconsole.console.terminal.grid import Grid, difference
from opsconsole.console.terminal.incoming import Incoming, Unit

# A frame begins with an absolute move; modes, queries and the bell do not.
_FRAME = re.compile("\x1b\\[[0-9;]*H")
# The shape of a mouse pointer: there is none, and old terminals print it.
_POINTER = "\x1b]22;"
_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
# Below this many bytes a picture can not be seen half drawn: it fits in one packet.
_SYNC_ABOVE = 1200
_LAST_WORDS_S = 1.0
_TICK_MS = 50
# What a terminal tells by itself or because it was asked: modes, its size, that it has the focus.
_TOLD = re.compile("\x1b\\[(?:\\?\\d+;\\d\\$y|48;[\\d:;]+t|[IO])")
_MOST_CONTROLS = 256


class WireDriver(LinuxDriver):
    """Textual's driver for Linux terminals with output of its own."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._changed = threading.Condition()
        self._controls: deque[str] = deque(maxlen=_MOST_CONTROLS)
        self._wanted = Grid(0, 0)
        self._shown = Grid(0, 0)
        self._ground = ""
        self._draws = False
        self._dirty = False
        self._sync = False
        self._writing = False
        self._ended = False
        self._sender: threading.Thread | None = None
        utf8 = (sys.__stderr__.encoding if sys.__stderr__ else "").lower().replace("-", "") == "utf8"
        self._encoding = "utf-8" if utf8 else "ascii"
        # The kernel's console has few glyphs: what we draw ourselves is drawn with what it has.
        self._replaced = {} if utf8 and os.environ.get("TERM") != "linux" else {ord("…"): ".", ord("·"): "-"}

    def write(self, data: str) -> None:
        """Take a frame or a control sequence. Never blocks for longer than a frame takes to compare."""
        with self._changed:
            if data in (_SYNC_START, _SYNC_END):
                self._sync = True
                return
            if data.startswith(_POINTER):
                return
            if not _FRAME.match(data):
                self._controls.append(data)
            elif self._draws:
                self._wanted.feed(data)
                self._dirty = True
            self._changed.notify_all()

    def flush(self) -> None:
        """Nothing to do: the sender does not wait for more."""

    def stand_on(self, ground: str) -> None:
        """Draw on these colours, as SGR codes, from the next frame on."""
        with self._changed:
            self._ground = ground
        self.forget()

    def forget(self) -> None:
        """Take it that the terminal shows anything: the next frame is sent whole."""
        with self._changed:
            self._shown = Grid(self._wanted.width, self._wanted.height, unknown=True)
            self._dirty = True
            self._changed.notify_all()

    def start_application_mode(self) -> None:
        """Take the terminal over, at the start and after a stop by job control."""
        self._resized(*self._get_terminal_size())
        if self._sender is None:
            self._ended = False
            self._sender = threading.Thread(target=self._send, name="console-output", daemon=True)
            self._sender.start()
        self._draws = True
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Give the terminal back; what is still to be said is said within a second or not at all."""
        with self._changed:
            self._draws = self._dirty = False
        super().stop_application_mode()
        with self._changed:
            self._changed.wait_for(lambda: not self._controls and not self._writing, _LAST_WORDS_S)

    def close(self) -> None:
        """End the sender; one that a stalled terminal holds up is left behind."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        if self._sender is not None:
            self._sender.join(_LAST_WORDS_S)
            self._sender = None
        super().close()

    def run_input_thread(self) -> None:
        """Read what is typed until the end; a terminal that has gone ends the application."""
        incoming = Incoming(constants.ESCAPE_DELAY)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser()
        ready = select.poll()
        ready.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            units = incoming.tick(time.monotonic())
            if ready.poll(_TICK_MS):
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self._loop.call_soon_threadsafe(self._app.exit)
                    return
                units = incoming.feed(decode(data), time.monotonic())
            for unit in units:
                for message in _messages(unit, parser):
                    self.process_message(message)

    def process_message(self, message: Message) -> None:
        """Note a resize before the application draws for it."""
        if isinstance(message, events.Resize):
            self._resized(message.size.width, message.size.height)
        super().process_message(message)

    def _get_terminal_size(self) -> tuple[int, int]:
        size = super()._get_terminal_size()
        if self._sender is not None:
            self._resized(*size)
        return size

    def _resized(self, width: int, height: int) -> None:
        with self._changed:
            self._shown = Grid(width, height, unknown=True)
            if (width, height) != (self._wanted.width, self._wanted.height):
                self._wanted = Grid(width, height)
                self._dirty = False

    def _send(self) -> None:
        while (data := self._next()) is not None:
            try:
                self._put(data.translate(self._replaced).encode(self._encoding, "replace"))
            except OSError:
                self._loop.call_soon_threadsafe(self._app.exit)
                return
            with self._changed:
                self._writing = False
                self._changed.notify_all()

    def _next(self) -> str | None:
        """Wait for something to send; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._controls or self._dirty or self._ended)
            if not self._controls and not self._dirty:
                return None
            data = "".join(self._controls)
            self._controls.clear()
            if self._dirty:
                frame = difference(self._shown, self._wanted, self._ground)
                self._shown = self._wanted.copy()
                self._dirty = False
                if self._sync and len(frame) > _SYNC_ABOVE:
                    frame = f"{_SYNC_START}{frame}{_SYNC_END}"
                data += frame
            self._writing = True
            return data

    def _put(self, data: bytes) -> None:
        fileno = sys.__stderr__.fileno() if sys.__stderr__ else 2
        while data:
            data = data[os.write(fileno, data) :]


def _messages(unit: Unit, parser: XTermParser) -> Iterator[Message]:
    """What a unit means to the application; nothing where it means nothing."""
    match unit.kind:
        case "paste":
            yield events.Paste(unit.text.replace("\0", ""))
        case "key" if unit.text == "\x1b":
            yield events.Key("escape", "\x1b")
        case "key":
            yield from parser.feed(unit.text)
        case "sequence" if _TOLD.fullmatch(unit.text):
            yield from parser.feed(unit.text)
        case "sequence":
            keys = ANSI_SEQUENCES_KEYS.get(unit.text)
            if isinstance(keys, tuple):
                yield from (events.Key(key.value, None) for key in keys)
            elif isinstance(keys, str):  # the number pad
                yield from parser.feed(keys)
