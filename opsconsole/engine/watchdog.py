"""Ends an engine whose loop hangs, and tells systemd how it is.

A thread of its own: a hung loop can not watch itself. It counts its own waking seconds rather than
time, so that a stopped or suspended process does not look hung when it goes on.
"""

import faulthandler
import os
import socket
import threading
from collections.abc import Callable, Mapping
from typing import IO

SILENT_SECONDS = 30
# What a service manager reads as a failure worth a restart; 70 is EX_SOFTWARE (sysexits.h).
EXIT_HUNG = 70


class Notifier:
    """Messages to the service manager over ``NOTIFY_SOCKET`` (sd_notify(3)); silent where there is none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        usec = environ.get("WATCHDOG_USEC", "")
        self.wants_watchdog = usec.isdigit() and environ.get("WATCHDOG_PID", str(os.getpid())) == str(
            os.getpid()
        )

    def tell(self, message: str) -> None:
        """Send one message, such as ``READY=1``. A manager that is gone is no reason to stop."""
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            try:
                sender.sendto(message.encode(), self._address)
            except OSError:
                return


class Watchdog:
    """Wakes each second; after ``silent_seconds`` without `alive` it writes all stacks and ends the process.

    ``log()`` is the open file to write them to.
    """

    def __init__(
        self,
        notifier: Notifier,
        log: Callable[[], IO[str]],
        *,
        silent_seconds: int = SILENT_SECONDS,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._notifier = notifier
        self._log = log
        self._silent_seconds = silent_seconds
        self._end = end
        self._silent = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def alive(self) -> None:
        """The loop runs. Called from the loop, at least each second."""
        self._silent = 0

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(1.0):
            self._silent += 1
            if self._silent >= self._silent_seconds:
                faulthandler.dump_traceback(self._log(), all_threads=True)
                self._end(EXIT_HUNG)
                return
            # Once the loop is late the manager hears nothing more and may act before we do.
            if self._notifier.wants_watchdog and self._silent <= 2:
                self._notifier.tell("WATCHDOG=1")
