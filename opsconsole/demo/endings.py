"""Being asked to end: Ctrl-C, SIGTERM and a lost terminal, noted rather than obeyed at once.

What the demo has started must be taken down in order, so no signal may break off in the middle.
"""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Endings:
    """Notes every such signal while the context lasts; ``asked`` says whether one came."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.getsignal(number) for number in SIGNALS}
        self.listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def listen(self) -> None:
        """Take the signals (again): an event loop that handled them leaves them to the system's default."""
        for number in SIGNALS:
            signal.signal(number, self._note)

    def handed_over(self) -> bool:
        """Whether somebody else, an event loop, handles SIGTERM now. May be asked from any thread."""
        return signal.getsignal(signal.SIGTERM) not in (self._note, signal.SIG_DFL)

    def was_asked(self) -> bool:
        """Whether to end."""
        return self.asked

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
