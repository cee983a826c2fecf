"""The clocks of an incident in words: by when something is to be done, and how much time that leaves."""

from collections.abc import Iterable
from datetime import timedelta

from opsconsole.base.text import _
from opsconsole.client.incidents import Clock, Incident
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.view import View

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def running(incident: Incident) -> list[Clock]:
    """Those that nobody has stopped, of one that is not over: first what is due at once, then the soonest.

    What the law asks for runs on when the incident is over.
    """
    own = () if incident.status.is_open else ("respond", "recover")
    found = [clock for clock in incident.clocks if clock.met_at is None and clock.id not in own]
    return sorted(found, key=lambda clock: (clock.due_at is not None, clock.due_at or clock.started_at))


def clock_text(clock: Clock, view: View) -> str:
    """What is to be done, by when, and how long that is: ``respond: by 09:15 (12m left)``."""
    word = words.clock_word(clock.id)
    if clock.met_at is not None:
        return _("{clock}: done {time}").format(clock=word, time=view.at(clock.met_at))
    if clock.due_at is None:
        return _("{clock}: at once").format(clock=word)
    time = view.at(clock.due_at)
    if clock.due_at < view.now:
        late = span_text(view.now - clock.due_at)
        return _("{clock}: LATE since {time} ({late})").format(clock=word, time=time, late=late)
    if clock.counts == "working":
        return _("{clock}: by {time}, working time").format(clock=word, time=time)
    left = span_text(clock.due_at - view.now)
    return _("{clock}: by {time} ({left} left)").format(clock=word, time=time, left=left)


def clock_texts(clocks: Iterable[Clock], view: View) -> list[str]:
    """Each of them."""
    return [clock_text(clock, view) for clock in clocks]


def span_text(span: timedelta) -> str:
    """How long, in its two largest units, whole minutes begun: ``12m``, ``3h 5m``, ``2d 4h``."""
    seconds = max(0.0, span.total_seconds())
    minutes = -int(-seconds // _MINUTE)
    days, rest = divmod(minutes * _MINUTE, _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = [(days, "d"), (hours, "h"), (rest // _MINUTE, "m")]
    shown = [f"{count}{unit}" for count, unit in parts if count][:2]
    return " ".join(shown) or "0m"
