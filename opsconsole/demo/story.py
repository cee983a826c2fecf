"""What goes wrong in the demo city, and when: pure, from seconds since the city opened to faults.

The story takes four minutes and is told again and again. Two scenes never end, so that from second
25 on one application is confirmed DOWN and another WARN at every moment: a certificate that nobody
renewed and one about to expire. Everything else begins, is noticed, and recovers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from opsconsole.demo.plan import Door, Leaf

CYCLE = 240.0
"""Seconds from one telling of the story to the next."""


class Ill(StrEnum):
    """What can be wrong with an application, or with a host and so with everything on it."""

    MAINTENANCE = "maintenance"
    """A maintenance page with status 200."""
    SLOW = "slow"
    """The answer comes ``Fault.value`` seconds late."""
    STATUS = "status"
    """The answer has the status ``Fault.value``."""
    UNHEALTHY = "unhealthy"
    """Status 200, but the health endpoint says that a part of it failed."""
    SILENT = "silent"
    """The connection is taken and nothing ever comes back."""
    RESET = "reset"
    """The connection is taken and torn down."""
    REFUSED = "refused"
    """Nothing listens."""
    EXPIRED = "expired"
    """The certificate has expired."""
    EXPIRING = "expiring"
    """The certificate expires within days."""


LEAF_OF = {Ill.EXPIRED: Leaf.EXPIRED, Ill.EXPIRING: Leaf.EXPIRING}
"""The certificate a host presents when that is what is wrong; the good one otherwise."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; ``value`` is what `Ill` says of it, else 0."""

    ill: Ill
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A fault of ``where`` from ``start`` to ``end`` seconds in each cycle.

    ``where`` is a row's id, a host's address, or one door of it (``ADDRESS:PORT`` of the example office).

    ``every`` above 0 makes it flap: of every so many seconds it is wrong in the first ``wrong`` ones.
    """

    where: str
    fault: Fault
    start: float = 0.0
    end: float = CYCLE
    every: float = 0.0
    wrong: float = 0.0

    def plays(self, at: float) -> bool:
        """Whether the fault is there ``at`` seconds into the cycle."""
        if not self.start <= at < self.end:
            return False
        return self.every <= 0 or (at - self.start) % self.every < self.wrong


SHARED_HOST = "127.20.1.20"
"""One machine with six applications on it: it stops accepting, and all six go down at once."""

STORY: tuple[Scene, ...] = (
    Scene("lpse", Fault(Ill.EXPIRED)),
    Scene("jdih", Fault(Ill.EXPIRING)),
    Scene("pajak-esppt", Fault(Ill.SLOW, 2.2), 0, 150),
    Scene("izol", Fault(Ill.MAINTENANCE), 0, 110),
    Scene("sembako", Fault(Ill.RESET), 20, 140, every=8, wrong=3),
    Scene("cctv", Fault(Ill.STATUS, 503), 30, 95),
    # A hospital's system takes every call and answers none; what is built on it fails with it.
    Scene("simrs", Fault(Ill.SILENT), 60, 150),
    Scene("daftar-rsud", Fault(Ill.STATUS, 502), 80, 143),
    # Only the database behind the letters: their page still answers.
    Scene("127.20.2.68:5432", Fault(Ill.REFUSED), 90, 170),
    Scene(SHARED_HOST, Fault(Ill.REFUSED), 110, 180),
    # The ministry's population register, and what can do nothing without it.
    Scene("service:siak", Fault(Ill.REFUSED), 150, 220),
    Scene("ws-nik", Fault(Ill.STATUS, 502), 156, 212),
    Scene("siapel", Fault(Ill.STATUS, 502), 157, 213),
    Scene("simpeg", Fault(Ill.UNHEALTHY), 180, 230),
)


def faults(t: float) -> Mapping[str, Fault]:
    """Everything that is wrong ``t`` seconds after the city opened, by `Scene.where`."""
    at = t % CYCLE
    return {scene.where: scene.fault for scene in STORY if scene.plays(at)}


def leaves(doors: Iterable[Door]) -> Iterator[tuple[str, Leaf]]:
    """The certificates (address, leaf) that these doors need to play the story."""
    wanted = set()
    for door in doors:
        if door.protocol in ("https", "tls"):
            wanted.add((door.address, Leaf.GOOD))
            concerned = {door.address, *(page.row for page in door.pages)}
            wanted |= {
                (door.address, LEAF_OF[scene.fault.ill])
                for scene in STORY
                if scene.where in concerned and scene.fault.ill in LEAF_OF
            }
    yield from sorted(wanted)
