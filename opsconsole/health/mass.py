"""Most hosts fail at once: it is about us until shown otherwise. Pure: every time is passed in.

A network of ours that breaks, a clock or a bundle of certificates that is wrong, shows as failures of
everybody else. Where canaries are set they tell; without them, and until they have answered, this does:
when within ten seconds more than half of the hosts that were looked at fail, and these are five or more,
no failure confirms anything until

- a self-check passes that began after that, or
- as many of the hosts answer as still fail, or
- some hosts have answered for five minutes while most still failed: then it is for people to see, row by
  row, what is down. While nobody answers at all it stays about us.

Ten seconds and "most" are the design's. Five hosts, because fewer are no storm, and two or three that
share a machine fail together by themselves; at a look a minute an office of thirty hosts has five in ten
seconds, a smaller one by its retries. A host is an address: what stands behind one proxy fails as one. One
whose DOWN is confirmed already says nothing new. One that failed in a mass failure that is over is left
out until it answers.
"""

import math
from typing import NamedTuple

WINDOW_SECONDS = 10.0
LEAST_HOSTS = 5
LIMIT_SECONDS = 300.0


class HostLook(NamedTuple):
    """What a look says of a host; ``known``: that it is down was confirmed before. Seconds, epoch."""

    host: str
    failed: bool
    known: bool
    started: float
    ended: float


class MassFailure(NamedTuple):
    """Most hosts fail: ``failed`` of ``hosts``, the first look that saw it began at ``since``."""

    since: float
    noticed_at: float
    failed: int
    hosts: int


class MassWatch:
    """Takes in every look. ``failure`` is the mass failure that lasts, ``why`` is how the last one ended:
    ``self_check``, ``answers`` or ``time``.
    """

    def __init__(self) -> None:
        self.failure: MassFailure | None = None
        self.why = ""
        self._newest: dict[str, HostLook] = {}
        self._failing = 0
        self._excused: set[str] = set()

    def look(self, look: HostLook, checked_at: float | None) -> None:
        """Take in one look. ``checked_at`` is when our self-check last passed, as `rules.step` takes it."""
        if look.failed and (look.known or look.host in self._excused):
            return
        if not look.failed:
            self._excused.discard(look.host)
        self._put(look)
        if self.failure is None:
            self._forget(look.ended)
            if self._failing >= LEAST_HOSTS and self._failing * 2 > len(self._newest):
                self._begin(look.ended, checked_at)
        else:
            self._go_on(self.failure, look.ended)

    def passed(self, checked_at: float, now: float) -> None:
        """A self-check passed that began at ``checked_at``, ``math.inf`` when none is set."""
        # After a clock was set back, what is noticed lies ahead of all that will be checked.
        if self.failure is not None and min(self.failure.noticed_at, now) < checked_at < math.inf:
            self._end("self_check")

    def resume(self, failing: dict[str, float], now: float) -> None:
        """Go on after a restart: these hosts failed in it, each since then."""
        for host, since in failing.items():
            self._put(HostLook(host, True, False, since, now))
        if failing:
            self.failure = MassFailure(min(failing.values()), now, len(failing), len(failing))

    def keep(self, hosts: set[str]) -> None:
        """Go on with these hosts alone."""
        self._newest = {host: look for host, look in self._newest.items() if host in hosts}
        self._failing = sum(look.failed for look in self._newest.values())
        self._excused &= hosts

    def _put(self, look: HostLook) -> None:
        # Taken out first, so that the oldest stay in front.
        before = self._newest.pop(look.host, None)
        self._newest[look.host] = look
        self._failing += look.failed - (before is not None and before.failed)

    def _forget(self, now: float) -> None:
        # What lies ahead is of a clock that was set back since.
        while not now - WINDOW_SECONDS <= (oldest := next(iter(self._newest.values()))).ended <= now:
            del self._newest[oldest.host]
            self._failing -= oldest.failed

    def _begin(self, now: float, checked_at: float | None) -> None:
        since = min(look.started for look in self._newest.values() if look.failed)
        if checked_at is not None and since < checked_at < math.inf:
            return
        # What answered before that says nothing of it.
        self._newest = {host: look for host, look in self._newest.items() if look.started >= since}
        self.failure = MassFailure(since, now, self._failing, len(self._newest))

    def _go_on(self, failure: MassFailure, now: float) -> None:
        hosts = len(self._newest)
        answering = hosts - self._failing
        self.failure = failure._replace(failed=self._failing, hosts=hosts)
        if answering >= self._failing:
            self._end("answers")
        elif answering and now - failure.noticed_at > LIMIT_SECONDS:
            self._end("time")

    def _end(self, why: str) -> None:
        self._excused |= {host for host, look in self._newest.items() if look.failed}
        self._newest.clear()
        self._failing = 0
        self.failure, self.why = None, why
