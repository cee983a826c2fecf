"""How quickly incidents are answered and over: what the figures above a list say."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from opsconsole.client.incident_pages import IncidentFigures
from opsconsole.client.incidents import Incident, Status


def figures(incidents: Iterable[Incident]) -> IncidentFigures:
    """How many are open and acknowledged, and the two means.

    Mean time to acknowledge (MTTA): from when it was opened to the first acknowledgement. Mean time to
    recover (MTTR): from when the trouble began to when all members were up again, or to when it was
    resolved where nothing that is looked at was down. False alarms and what was merged into another one
    count for neither, nor does what is not there yet; planned work opens no incident.
    """
    listed = list(incidents)
    counted = [one for one in listed if not one.false_alarm and one.status is not Status.MERGED]
    answered = _spans((one.opened_at, one.answered_at) for one in counted)
    over = _spans((one.happened_at, _recovered(one)) for one in counted)
    return IncidentFigures(
        open=sum(one.status.is_open for one in listed),
        acknowledged=sum(one.status.is_open and one.acknowledged_at is not None for one in listed),
        mtta_s=_mean(answered),
        mtta_n=len(answered),
        mttr_s=_mean(over),
        mttr_n=len(over),
    )


def _recovered(incident: Incident) -> datetime | None:
    if incident.recovered_at is not None or incident.members:
        return incident.recovered_at
    return incident.resolved_at


def _spans(pairs: Iterable[tuple[datetime, datetime | None]]) -> list[float]:
    """Seconds of those that have an end; none is negative, whatever the clock did."""
    return [max(0.0, (end - start).total_seconds()) for start, end in pairs if end is not None]


def _mean(spans: Sequence[float]) -> float | None:
    return sum(spans) / len(spans) if spans else None
