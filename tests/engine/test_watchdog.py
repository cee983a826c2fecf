"""A hung loop is ended, and the service manager knows how we are. Threads are real, ends are not."""

import os
import queue
import socket
import tempfile
import threading
from pathlib import Path

from opsconsole.engine.watchdog import EXIT_HUNG, Notifier, Watchdog


def test_a_silent_loop_is_ended_with_every_stack_in_the_log():
    ended: queue.Queue[int] = queue.Queue()
    with tempfile.TemporaryFile("w+") as log:
        watchdog = Watchdog(Notifier({}), lambda: log, silent_seconds=1, end=ended.put)
        watchdog.start()
        assert ended.get(timeout=10) == EXIT_HUNG
        watchdog.stop()
        log.seek(0)
        assert "test_a_silent_loop" in log.read()


def test_a_loop_that_says_it_lives_is_left_alone():
    ended: queue.Queue[int] = queue.Queue()
    watchdog = Watchdog(Notifier({}), lambda: None, silent_seconds=2, end=ended.put)  # type: ignore[arg-type, return-value]
    stop = threading.Event()

    def live() -> None:
        while not stop.wait(0.2):
            watchdog.alive()

    loop = threading.Thread(target=live)
    loop.start()
    watchdog.start()
    stop.wait(2.5)
    stop.set()
    loop.join()
    watchdog.stop()
    assert ended.empty()


def test_the_manager_hears_from_us_over_its_socket():
    with tempfile.TemporaryDirectory() as folder:
        address = Path(folder) / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(address))
            manager.settimeout(10)
            environ = {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "10000000"}
            notifier = Notifier({**environ, "WATCHDOG_PID": str(os.getpid())})
            notifier.tell("READY=1")
            assert manager.recv(100) == b"READY=1"
            watchdog = Watchdog(notifier, lambda: None)  # type: ignore[arg-type, return-value]
            watchdog.start()
            assert manager.recv(100) == b"WATCHDOG=1"
            watchdog.stop()
            assert not Notifier({**environ, "WATCHDOG_PID": "1"}).wants_watchdog
        notifier.tell("STOPPING=1")  # the manager is gone


def test_without_a_manager_nothing_is_told():
    notifier = Notifier({})
    notifier.tell("READY=1")
    assert not notifier.wants_watchdog
