"""What goes wrong in the demo city, and when: pure, from seconds since the city opened to faults.

The story takes seven and a half minutes and is told again and again. Two scenes never end, so that from
second 25 on one application is confirmed DOWN and another WARN at every moment: a certificate that nobody
renewed and one about to expire. Everything else begins, is noticed, and recovers. For half a minute our own
link is down: then all is unknown, those two as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from opsconsole.demo.plan import Door, Leaf

CYCLE = 450.0
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
    SERVFAIL = "servfail"
    """The name server answers that it can not answer."""
    ASTRAY = "astray"
    """The name server sends callers to another address."""


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

    ``where`` is a row's id, a host's address, one door of it (``ADDRESS:PORT`` of the example office), or
    `EVERYWHERE`.

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


OUR_GATEWAY, OUR_RESOLVER, OUR_CANARIES = "127.20.0.1", "127.20.0.2", ("127.20.0.201", "127.20.0.202")
"""What the example office has in ``[self_check]``: addresses that no application has."""

EVERYWHERE = "*"
"""Every door of the city at once."""

SHARED_HOST = "127.20.1.20"
"""One machine with six applications on it: it stops accepting, and all six go down at once."""

STORY: tuple[Scene, ...] = (
    Scene("lpse", Fault(Ill.EXPIRED)),
    Scene("jdih", Fault(Ill.EXPIRING)),
    Scene("pajak-esppt", Fault(Ill.SLOW, 2.2), 0, 150),
    Scene("izol", Fault(Ill.MAINTENANCE), 0, 110),
    Scene("sembako", Fault(Ill.RESET), 20, 140, every=8, wrong=3),
    Scene("cctv", Fault(Ill.STATUS, 503), 30, 95),
    # The city's own zone can not be read; the portal is up and nobody finds it.
    Scene("127.20.0.53:5353", Fault(Ill.SERVFAIL), 45, 85),
    # A hospital's system takes every call and answers none; what is built on it fails with it.
    Scene("simrs", Fault(Ill.SILENT), 60, 150),
    Scene("daftar-rsud", Fault(Ill.STATUS, 502), 80, 143),
    # Only the database behind the letters: their page still answers.
    Scene("127.20.2.68:5432", Fault(Ill.REFUSED), 90, 170),
    Scene(SHARED_HOST, Fault(Ill.REFUSED), 110, 180),
    # The ministry's population register, and what can do nothing without it.
    Scene("service:siak", Fault(Ill.REFUSED), 150, 220),
    Scene("ws-nik", Fault(Ill.STATUS, 502), 164, 212),
    Scene("siapel", Fault(Ill.STATUS, 502), 165, 213),
    Scene("simpeg", Fault(Ill.UNHEALTHY), 180, 230),
    # The name is there again and leads elsewhere: a slip of somebody's hand, or worse.
    Scene("portal", Fault(Ill.ASTRAY), 190, 228),
    # The network between the agencies, and what is reached through it: three rows, one cause, one alarm.
    Scene("jaringan-intra", Fault(Ill.REFUSED), 234, 276),
    Scene("127.20.31.11", Fault(Ill.REFUSED), 248, 270),
    # One of two ways out fails and nobody notices; then the other fails too: what lies outside is cut off.
    Scene("gerbang-cadangan", Fault(Ill.REFUSED), 250, 332),
    Scene("gerbang-dc", Fault(Ill.REFUSED), 282, 326),
    Scene("service:oss", Fault(Ill.REFUSED), 296, 318),
    Scene("service:bpjs", Fault(Ill.REFUSED), 296, 318),
    # Planned work: it fails in the middle of it, and nobody is woken.
    Scene("sms-gateway", Fault(Ill.STATUS, 503), 336, 358),
    # Our own link: first nothing of ours answers any more, then nothing at all.
    *(Scene(at, Fault(Ill.REFUSED), 376, 404) for at in OUR_CANARIES),
    Scene(OUR_RESOLVER, Fault(Ill.SILENT), 376, 404),
    Scene(EVERYWHERE, Fault(Ill.REFUSED), 389, 400),
)


class Work(NamedTuple):
    """Maintenance of a row that somebody announces at ``start``, for ``seconds``, in each cycle."""

    row: str
    start: float
    seconds: int
    why: str


WORKS: tuple[Work, ...] = (Work("sms-gateway", 328, 46, "pemutakhiran gerbang SMS"),)

STEPS: tuple[tuple[float, float], ...] = ((416.0, 90.0), (432.0, -90.0))
"""When the engine's wall clock is put forward, and put right again, and by how many seconds."""


def ahead(t: float) -> float:
    """By how much the engine's wall clock is wrong ``t`` seconds after the city opened."""
    at = t % CYCLE
    return sum(seconds for moment, seconds in STEPS if moment <= at)


def faults(t: float) -> Mapping[str, Fault]:
    """Everything that is wrong ``t`` seconds after the city opened, by `Scene.where`."""
    at = t % CYCLE
    return {scene.where: scene.fault for scene in STORY if scene.plays(at)}


def leaves(doors: Iterable[Door]) -> Iterator[tuple[str, Leaf]]:
    """The certificates (address, leaf) that these doors need to play the story."""
    wanted = set()
    for door in doors:
        if door.protocol in ("https", "tls", "smtp"):
            wanted.add((door.address, Leaf.GOOD))
            concerned = {door.address, *(page.row for page in door.pages)}
            wanted |= {
                (door.address, LEAF_OF[scene.fault.ill])
                for scene in STORY
                if scene.where in concerned and scene.fault.ill in LEAF_OF
            }
    yield from sorted(wanted)
