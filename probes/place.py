"""Where a look connects to, and what it means when the network fails there."""

import errno
from dataclasses import dataclass

from probes.failure import LookError, our_own
from probes.stopwatch import Phase

_TIMEOUTS = {
    Phase.CONNECT: "connect_timeout",
    Phase.TLS: "tls_timeout",
    Phase.SEND: "response_timeout",
    Phase.WAIT: "response_timeout",
    Phase.RECEIVE: "deadline",
}
# What is not here is trouble of ours: no descriptor, no local address, a firewall of our own.
_ERRORS = {
    errno.ECONNREFUSED: "connect_refused",
    errno.ENETUNREACH: "connect_unreachable",
    errno.EHOSTUNREACH: "connect_unreachable",
    errno.EHOSTDOWN: "connect_unreachable",
    errno.ECONNRESET: "connection_reset",
    errno.ECONNABORTED: "connection_reset",
    errno.EPIPE: "connection_reset",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A literal address and a port, already checked by policy. ``within`` words the time limit."""

    address: str
    port: int
    within: str

    def timeout(self, phase: Phase) -> LookError:
        """The time is over in ``phase``."""
        return LookError(_TIMEOUTS[phase], address=self.address, want=self.within)

    def lost(self, error: OSError, phase: Phase) -> LookError:
        """The network failed with ``error`` in ``phase``."""
        if error.errno == errno.ETIMEDOUT:
            return self.timeout(phase)
        reason = _ERRORS.get(error.errno or 0)
        return LookError(reason, address=self.address) if reason else our_own(error)
