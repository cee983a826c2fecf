"""Who is told of what and when, and what follows from an attempt to send. Pure: every time is passed in.

Times are seconds since the epoch.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from opsconsole.client.incidents import Incident, Status
from opsconsole.inventory.notify import Channel, Digest, Notify, Rule

# After these nobody has the incident, so that somebody is called.
OPENS = frozenset(
    (
        *("incident.opened", "incident.reopened", "incident.ack_ended", "incident.snooze_ended"),
        "incident.unmerged",
    )
)
# After this only where people were told that it was over, or were not told of it at all.
FAILED_AGAIN = "incident.member_failed_again"
# First retry, doubled each time up to the longest: 150 attempts are a day.
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS, MOST_ATTEMPTS = 5.0, 600.0, 150
# What a receiver may ask for at most: longer than that nobody waits for news of an outage.
MOST_RETRY_AFTER_SECONDS = 3600.0
# How much earlier or later a retry comes, so that many do not come together.
_JITTER = 0.2
# Statuses between 400 and 499 that pass by themselves.
_TEMPORARY = frozenset((408, 421, 423, 425, 429))

MERGED = "incident.merged"

Kind = Literal["opened", "reminder", "merged", "ended", "test"]
# These call somebody; the others only tell.
CALLS: frozenset[Kind] = frozenset(("opened", "reminder"))
OnDuty = Callable[[str, float], bool]
"""Whether the shift of this name has duty at a time."""


class Planned(NamedTuple):
    """A message that is to be sent.

    ``number`` is 0 for the first, then counts repetitions; of one that is merged it is what it is a part of.
    """

    kind: Kind
    rule: str
    channel: str
    recipient: str
    due_at: float
    number: int = 0

    def key(self, incident: int, opening: int) -> str:
        """What tells it from every other message."""
        what = {"ended": "ended", "merged": f"merged:{self.number}"}.get(self.kind)
        what = what or f"{self.rule}:{self.number}"
        return f"{incident}:{opening}:{what}:{self.channel}:{self.recipient}"


def needs_somebody(incident: Incident) -> bool:
    """Whether it fails and nobody has said that they see to it."""
    return incident.status is Status.OPEN and incident.snoozed_until is None and incident.recovered_at is None


def is_over(incident: Incident) -> bool:
    """Whether there is an end to tell of."""
    ended = incident.status in (Status.RESOLVED, Status.CLOSED)
    return ended or (incident.recovered_at is not None and incident.status is not Status.MERGED)


def openings(incident: Incident, notify: Notify, at: float, on_duty: OnDuty) -> list[Planned]:
    """The messages for an incident that nobody has, from ``at`` on, by the rules of its severity."""
    return [
        Planned("opened", rule.name, channel, recipient, at + rule.after)
        for rule in notify.rules
        if incident.severity.value in rule.severities and _has_duty(rule, at + rule.after, on_duty)
        for channel, recipient in recipients(rule, notify)
    ]


def recipients(rule: Rule, notify: Notify) -> list[tuple[str, str]]:
    """Channel and recipient of each message of a rule; a webhook without any has one that is empty."""
    return [
        (name, recipient)
        for name in dict.fromkeys(rule.channels)
        for recipient in dict.fromkeys(rule.to or own_recipients(notify.channels[name]))
    ]


def own_recipients(channel: Channel) -> Sequence[str]:
    """Whom a channel reaches where no rule says otherwise."""
    return channel.to or [""]


def _has_duty(rule: Rule, at: float, on_duty: OnDuty) -> bool:
    return not rule.shifts or any(on_duty(shift, at) for shift in rule.shifts)


def after_sent(
    incident: Incident | None, sent: Planned, notify: Notify, at: float, on_duty: OnDuty
) -> list[Planned]:
    """What is planned when a message of an opening left at ``at`` and nobody has answered yet.

    Its rule repeats it while its shift has duty; then it is the turn of the rules of the next one.
    """
    rule = next((one for one in notify.rules if one.name == sent.rule), None)
    if incident is None or rule is None or sent.kind not in CALLS:
        return []
    if not needs_somebody(incident) or rule.repeat is None or sent.number >= rule.times:
        return []
    due = at + rule.repeat
    if _has_duty(rule, due, on_duty):
        return [Planned("reminder", rule.name, sent.channel, sent.recipient, due, sent.number + 1)]
    return [one._replace(due_at=max(one.due_at, due)) for one in openings(incident, notify, due, on_duty)]


def still_asked(waits: Planned, notify: Notify) -> bool:
    """Whether the rules still ask for a message that was planned by those before them."""
    asked = next((recipients(rule, notify) for rule in notify.rules if rule.name == waits.rule), [])
    return (waits.channel, waits.recipient) in asked


def readdressed(
    incident: Incident, waits: Planned, notify: Notify, at: float, on_duty: OnDuty
) -> list[Planned]:
    """What takes the place of a message that is not asked for any more: whom its rule names now.

    Without that rule all rules tell that ask for its severity, for somebody has to be called.
    """
    rule = next((one for one in notify.rules if one.name == waits.rule), None)
    if rule is None or incident.severity.value not in rule.severities:
        return openings(incident, notify, at, on_duty)
    return [waits._replace(channel=one, recipient=to) for one, to in recipients(rule, notify)]


class Failure(NamedTuple):
    """Why an attempt failed: a code with parameters, never a sentence, and nothing of a secret.

    ``permanent``: the same message will never be taken. ``uncertain``: it may have arrived all the same.
    ``retry_after`` is what the receiver asks for, in seconds.
    """

    code: str
    params: dict[str, str | int | float | bool | None]
    permanent: bool = False
    uncertain: bool = False
    retry_after: float = 0.0


def is_permanent(status: int) -> bool:
    """Whether a status of HTTP says that the same request will never be taken. A redirect is not followed."""
    return 300 <= status < 500 and status not in _TEMPORARY


def retry_at(failure: Failure, attempts: int, now: float, jitter: float) -> float | None:
    """When to try again after ``attempts`` failed ones, None for never; ``jitter`` is from 0 to 1."""
    if failure.permanent or attempts >= MOST_ATTEMPTS:
        return None
    # Beyond the tenth it is the longest, and a power of two no float.
    wait = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** min(attempts - 1, 10))
    wait *= 1 - _JITTER + 2 * _JITTER * jitter
    return now + max(wait, min(failure.retry_after, MOST_RETRY_AFTER_SECONDS))


class Waiting(NamedTuple):
    """A message that is due. ``bundle`` is not empty where it was on its way before, maybe with others.

    ``urgent``: it calls somebody to something critical.
    """

    id: int
    bundle: str
    urgent: bool = False


class Traffic(NamedTuple):
    """What went to one recipient of a channel: single messages of the last minute, when the last digest."""

    singles: int
    digest_at: float


class Unit(NamedTuple):
    """What is sent next to one recipient, as one message; without ``ids`` not before ``later``.

    ``digest``: it is the one of its time, even where it is about one thing only.
    """

    ids: tuple[int, ...]
    digest: bool = False
    later: float = 0.0


def next_unit(due: Sequence[Waiting], traffic: Traffic, now: float, digest: Digest) -> Unit:
    """What of ``due`` (at least one, the most urgent first) leaves now.

    What was on its way before leaves as it was, so that it is known again, after what is fresh and urgent.
    Of fresh ones each is a message of its own until there are more than ``digest.over`` within a minute;
    then all are one, each ``digest.every`` seconds, or ``digest.urgent`` where one of them is urgent.
    """
    fresh = [one for one in due if not one.bundle]
    is_urgent = any(one.urgent for one in fresh)
    again = next((one.bundle for one in due if one.bundle), "")
    if again and not is_urgent:
        return Unit(tuple(one.id for one in due if one.bundle == again))
    if traffic.singles + len(fresh) <= digest.over:
        return Unit((fresh[0].id,))
    later = traffic.digest_at + (min(digest.urgent, digest.every) if is_urgent else digest.every)
    if now >= later:
        return Unit(tuple(one.id for one in fresh), digest=True)
    if again:
        return Unit(tuple(one.id for one in due if one.bundle == again))
    return Unit((), later=later)


def missing_ends(incident: Incident, told: Iterable[tuple[str, str]], at: float) -> list[Planned]:
    """The messages of its end, for each channel and recipient that was told of its beginning."""
    if not is_over(incident):
        return []
    return [Planned("ended", "", channel, recipient, at) for channel, recipient in dict.fromkeys(told)]


def merges(incident: Incident, told: Iterable[tuple[str, str]], at: float) -> list[Planned]:
    """The messages that it is a part of another one now, for each who was called to it."""
    recipients = dict.fromkeys(told)
    return [Planned("merged", "", *one, at, incident.merged_into) for one in recipients]
