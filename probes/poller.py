"""The sockets of all looks of an event loop, watched through one epoll of their own.

The loop watches that one descriptor. It saves the loop's bookkeeping for each socket and each change of
what is waited for, which costs as much as a look's own work.
"""

import asyncio
import select
import weakref
from collections.abc import Callable

READ, WRITE = select.EPOLLIN, select.EPOLLOUT
# More become ready in one turn of the loop only under a load where the next turn follows at once.
_EVENTS_A_TURN = 256

OnReady = Callable[[int], None]


class Poller:
    """Calls back with the epoll events of a descriptor; errors and hang-ups are reported unasked."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._epoll = select.epoll()
        self._watched: dict[int, OnReady] = {}
        loop.add_reader(self._epoll.fileno(), self._dispatch)

    def add(self, fd: int, events: int, on_ready: OnReady) -> None:
        """Watch a descriptor until it is dropped, which must come before it is closed."""
        self._epoll.register(fd, events)
        self._watched[fd] = on_ready

    def change(self, fd: int, events: int) -> None:
        """Wait for other events of a watched descriptor."""
        self._epoll.modify(fd, events)

    def drop(self, fd: int) -> None:
        """Watch no longer; a descriptor that is not watched is passed over."""
        if self._watched.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def _dispatch(self) -> None:
        for fd, events in self._epoll.poll(0, _EVENTS_A_TURN):
            on_ready = self._watched.get(fd)
            if on_ready is not None:
                on_ready(events)


_pollers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Poller] = weakref.WeakKeyDictionary()


def poller_of(loop: asyncio.AbstractEventLoop) -> Poller:
    """The poller of a loop, made when it is first asked for and gone with the loop."""
    poller = _pollers.get(loop)
    if poller is None:
        poller = _pollers[loop] = Poller(loop)
    return poller
