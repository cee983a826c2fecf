"""The events that say what people are told of a row, and who is cut off by whom.

``application.announced`` is what incidents and messages go by: `health.announce` decides when there is one.
``application.cut_off`` and ``application.cut_off_ended`` alarm nobody: they say whose outage a row is a part
of.
"""

from collections.abc import Mapping

from opsconsole.base.clock import utc
from opsconsole.health.mass import MassFailure
from opsconsole.health.model import Announcement, ShownState
from opsconsole.store.drafts import EventDraft, own_event
from probes.observation import Param


def announced(row_id: str, told: Announcement) -> EventDraft:
    """``before`` and ``after``, ``reason`` and ``params`` of the ``probe`` that decided with the ``address``
    and ``fingerprint`` that it saw last, the two times, and ``held``: what kept it back until now.
    """
    body: dict[str, object] = {
        "before": told.before.value,
        "after": told.after.value,
        "reason": told.reason,
        "params": exact(told.params),
        "probe": told.probe,
        "address": told.address,
        "fingerprint": told.fingerprint,
        "happened_at": _text(told.happened_at),
        "noticed_at": _text(told.noticed_at),
        "held": told.held,
    }
    return own_event("application.announced", row_id, told.noticed_at, body)


def cut_off(row_id: str, before: ShownState | None, after: ShownState, now: float) -> EventDraft | None:
    """Where ``via`` changed: the parent that cuts it off, or the state it is left in when none does.

    ``told`` is what people were told of it last: what they know to be down is over when that is told.
    """
    via = before.via if before else ""
    if after.via == via:
        return None
    times = {"happened_at": _text(after.since if after.via else now), "noticed_at": _text(now)}
    if after.via:
        return own_event("application.cut_off", row_id, now, {"via": after.via, **times})
    left = {"via": via, "state": after.state.value, "told": after.told.announced.value}
    return own_event("application.cut_off_ended", row_id, now, {**left, **times})


def mass_failure(began: MassFailure) -> EventDraft:
    """Most hosts fail at once: ``failed`` of ``hosts``."""
    return own_event("engine.mass_failure", "engine", began.noticed_at, _counted(began))


def mass_failure_ended(ended: MassFailure, why: str, now: float) -> EventDraft:
    """How many it came to, and ``why`` it is over, as `health.mass.MassWatch` has it."""
    return own_event("engine.mass_failure_ended", "engine", now, {**_counted(ended), "why": why})


def _counted(failure: MassFailure) -> dict[str, object]:
    return {"failed": failure.failed, "hosts": failure.hosts, "happened_at": _text(failure.since)}


def exact(params: Mapping[str, Param]) -> dict[str, Param]:
    """Parameters without floats: they have no one way to be written, so the chain takes none."""
    return {name: f"{value:g}" if isinstance(value, float) else value for name, value in params.items()}


def _text(at: float) -> str:
    return utc(at).isoformat(timespec="milliseconds")
