"""What was found of a store file, as it crosses the socket."""

from opsconsole.base.clock import utc
from opsconsole.client.backups import StoreState
from opsconsole.store.check import Checked


def state_of(found: Checked) -> StoreState:
    """The shape of it."""
    chain = found.chain
    return StoreState(
        store=found.store,
        schema=found.schema,
        bytes=found.bytes,
        counts=dict(found.counts),
        faults=found.faults,
        missing=found.missing,
        events=chain.events,
        seq=chain.seq,
        hash=chain.head.hex(),
        at=utc(chain.at / 1000) if chain.at else None,
        broken_at=chain.broken_at,
        why=chain.why,
    )
