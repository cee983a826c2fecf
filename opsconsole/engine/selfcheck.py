"""Is it us? Our gateway, our DNS and some canaries, asked before anybody is called down.

We are well when a canary accepts a connection and, where one is set, our DNS answers. The gateway
decides nothing, since a canary that answers proves it; it is asked so that the banner can say where our
own path ends.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from opsconsole.base.clock import Clock

FAST_SECONDS = 1.0
SLOW_SECONDS = 10.0
# A healthy path answers in milliseconds, and the next check is due a second after this one began.
TIMEOUT_SECONDS = 0.9

Status = Literal["ok", "offline", "unset", "pending"]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What is asked, each ``ADDRESS:PORT``, empty where not set."""

    gateway: str = ""
    dns: str = ""
    canaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fitness:
    """How we are, ``since`` when; ``passed_at`` is when the last check that passed began. Wall time."""

    status: Status
    since: float | None = None
    passed_at: float | None = None
    failed: tuple[str, ...] = ()


class SelfCheckLoop:
    """Checks each second while something fails, else every ten.

    ``troubled()`` tells whether a probe fails and is unconfirmed. ``checked(before, fitness)`` is
    called in the loop after each check.
    """

    def __init__(
        self,
        clock: Clock,
        endpoints: Endpoints,
        troubled: Callable[[], bool],
        checked: Callable[[Fitness, Fitness], None],
    ) -> None:
        self._clock = clock
        self._troubled = troubled
        self._checked = checked
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.configure(endpoints)

    def configure(self, endpoints: Endpoints) -> None:
        """Check other endpoints from now on."""
        self.endpoints = endpoints
        self.fitness = Fitness("pending" if endpoints.canaries else "unset")
        self._hurry.set()

    def start(self) -> None:
        """Begin to check."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def hurry(self) -> None:
        """Something fails: check now, unless a check ran within the last second."""
        self._hurry.set()

    async def stop(self) -> None:
        """Check no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._hurry.clear()
            began = loop.time()
            if self.endpoints.canaries:
                await self._check()
            await asyncio.sleep(max(began + FAST_SECONDS - loop.time(), 0.0))
            if self.fitness.status in ("ok", "unset") and not self._troubled():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), SLOW_SECONDS - FAST_SECONDS)

    async def _check(self) -> None:
        endpoints, began = self.endpoints, self._clock.now()
        failed = await failing(endpoints)
        if endpoints is not self.endpoints:
            return
        before = self.fitness
        answered = any(canary not in failed for canary in endpoints.canaries)
        well = answered and (not endpoints.dns or endpoints.dns not in failed)
        status: Status = "ok" if well else "offline"
        self.fitness = Fitness(
            status,
            since=before.since if before.status == status else began,
            passed_at=began if well else before.passed_at,
            failed=tuple(sorted(failed)),
        )
        self._checked(before, self.fitness)


async def failing(endpoints: Endpoints) -> frozenset[str]:
    """Which of the endpoints do not answer within `TIMEOUT_SECONDS`. All are asked at once."""
    asked = {canary: _connects(canary) for canary in endpoints.canaries}
    if endpoints.gateway and endpoints.gateway not in asked:
        asked[endpoints.gateway] = _connects(endpoints.gateway, refusal_counts=True)
    if endpoints.dns and endpoints.dns not in asked:
        asked[endpoints.dns] = _resolves(endpoints.dns)
    answers = await asyncio.gather(*asked.values())
    return frozenset(name for name, answered in zip(asked, answers, strict=True) if not answered)


async def _connects(endpoint: str, *, refusal_counts: bool = False) -> bool:
    # Few gateways have an open port: a refusal is an answer of theirs. One in place of a canary may
    # come from any firewall on the way.
    address, port = _split(endpoint)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as connection:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await asyncio.get_running_loop().sock_connect(connection, (address, port))
        except ConnectionRefusedError:
            return refusal_counts
        except OSError:  # TimeoutError is one
            return False
        return True


async def _resolves(endpoint: str) -> bool:
    # Imported late: most of its cost is paid only by offices that set a name server.
    import dns.asyncquery
    import dns.exception
    import dns.message
    import dns.rcode

    address, port = _split(endpoint)
    question = dns.message.make_query(".", "NS")
    try:
        answer = await dns.asyncquery.udp(question, address, TIMEOUT_SECONDS, port)
    except (dns.exception.DNSException, OSError):
        return False
    finally:
        await asyncio.sleep(0)  # the library's socket closes in the loop's next turn
    return answer.rcode() != dns.rcode.SERVFAIL


def _split(endpoint: str) -> tuple[str, int]:
    address, _, port = endpoint.rpartition(":")
    return address.strip("[]"), int(port)
