"""From a host to the one checked address that a look connects to."""

from probes.env import Env
from probes.failure import LookError
from probes.observation import Verdict
from probes.place import Place
from probes.policy import Reach, denial, examine
from probes.resolve import Family, ResolveError
from probes.stopwatch import Phase, Stopwatch
from probes.text import safe_text


def is_literal(host: str) -> bool:
    """Whether ``host`` is an address rather than a name."""
    try:
        examine(host)
    except ValueError:
        return False
    return True


class Dialer:
    """Made for one look: a name is resolved once, and stays at the address that was chosen and checked.

    ``deadline`` is on the running loop's clock, ``within`` words it for people.
    """

    __slots__ = ("_chosen", "_deadline", "_env", "_family", "_reach", "_watch", "_within")

    def __init__(self, env: Env, watch: Stopwatch, family: Family, deadline: float, within: str):
        self._env = env
        self._watch = watch
        self._family = family
        self._deadline = deadline
        self._within = within
        self._chosen: dict[str, str] = {}
        self._reach: Reach | None = None

    async def place(self, host: str, port: int, *, literal: bool) -> Place:
        """Where to connect for ``host``; from the second call on it is a redirect. Raises LookError."""
        address = self._chosen.get(host)
        if address is None:
            address = self._chosen[host] = self._check_family(host) if literal else await self._resolve(host)
        found = examine(address)
        rule = denial(found, self._reach, self._env.allow_networks)
        if rule:
            # A target that leads us astray is at fault; one that was configured so is our own mistake.
            verdict = None if self._reach is None else Verdict.DOWN
            raise LookError("address_denied", verdict, address=address, rule=rule)
        self._reach = found.reach
        return Place(address, port, self._within)

    def _check_family(self, address: str) -> str:
        if self._family != "auto" and (":" in address) is not (self._family == "6"):
            raise LookError("dns_no_address", name=address)
        return address

    async def _resolve(self, host: str) -> str:
        try:
            found = await self._env.resolver.resolve(host, self._family, self._deadline)
        except ResolveError as error:
            self._watch.add(Phase.RESOLVE, error.seconds)
            if error.reason == "busy":
                raise LookError("internal_error", seen="no free resolver thread") from None
            seen = safe_text(error.seen, 80)
            raise LookError(error.reason, name=safe_text(host, 100), want=self._within, seen=seen) from None
        self._watch.add(Phase.RESOLVE, found.seconds)
        return found.addresses[0]
