"""The schedule in words: how much runs, what was missed, and what is to be known of one probe."""

from rich.cells import cell_len

from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.planned import Missed, PlannedProbe, Schedule
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import Line, Span, cut, line
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.times import every, took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import SEEN, word
from probes.observation import Verdict

TOTAL_LINES, PROBE_LINES = 3, 3
CAUSES = {
    "overrun": N_("overran its interval"),
    "late": N_("waited for a place"),
    "stopped": N_("no engine ran"),
    "clock": N_("the machine slept, or its clock was set"),
}
_LANES = {
    "fast": N_("runs since {at}"),
    "slow": N_("runs since {at}, in the slow lane: its host keeps us waiting"),
    "host": N_("waits since {at}: as many looks as may run at its host already"),
    "place": N_("waits since {at}: as many looks as may run already"),
}
_SELF = {
    "ok": N_("self-check ok"),
    "offline": N_("WE ARE OFFLINE"),
    "unset": N_("self-check not set"),
    "pending": N_("self-check not yet done"),
}


def total_lines(plan: Schedule, view: View) -> list[Line]:
    """What runs, what was missed, and the newest of what was."""
    counts = [
        _("running {n} of {bound}").format(n=plan.running, bound=plan.bound),
        _("due in 60s {n}").format(n=plan.soon),
        _("waiting {n}").format(n=plan.waiting),
        _("slow lane {n}").format(n=plan.slow_lane),
        _("paused {n}").format(n=plan.paused),
        _("lag {time}").format(time=took(plan.lag_ms)),
        _("{n} per host").format(n=plan.per_host),
    ]
    while len(counts) > 1 and cell_len("  ".join(counts)) >= view.width:
        counts.pop()
    lines = line(" " + "  ".join(counts)), _missed(plan, view), _newest(plan, view)
    return [cut(one, view.width) for one in lines]


def as_of(plan: Schedule, view: View) -> str:
    """When the picture was taken: it is not drawn anew while nobody touches a key."""
    return _("as of {time}").format(time=view.times.exact(plan.at))


def period_text(period: Missed, view: View) -> str:
    """``01:02:00 x2 no engine ran 01:01:55-01:02:03``."""
    exact = view.times.exact
    who = f"{period.application}/{period.probe} " if period.application else ""
    what = f"{exact(period.first_at)} x{period.missed or period.overrun} {who}{_(CAUSES[period.cause])}"
    return f"{what} {exact(period.since)}-{exact(period.until)}"


def probe_lines(probe: PlannedProbe, view: View) -> list[Line]:
    """How often it is looked at, where it stands now, what it saw last."""
    rhythm = _("every {every}, {retry} after a failure, limit {limit}").format(
        every=every(probe.every_s), retry=every(probe.retry_s), limit=every(probe.timeout_s)
    )
    made = ngettext("{n} look", "{n} looks", probe.looks).format(n=probe.looks)
    missed = _("today missed {missed}, overrun {overrun}").format(
        missed=probe.missed_today, overrun=probe.overrun_today
    )
    texts = f"{rhythm}; {made}, {missed}", _standing(probe, view), _seen(probe, view)
    return [line(f" {text}") for text in texts]


def last_text(probe: PlannedProbe, view: View) -> str:
    """The last look in a few words: who paused it, the status, or what was wrong."""
    if probe.pause is not None:
        return pause_text(probe, view)
    if not probe.verdict:
        return ""
    if probe.verdict == Verdict.UP:
        return str(probe.status or word(State.UP))
    return reason_line(probe.reason, probe.params, view, short=True)


def pause_text(probe: PlannedProbe, view: View) -> str:
    """``by budi to 06:00``."""
    assert probe.pause is not None
    return _("by {by} to {until}").format(by=probe.pause.by, until=view.at(probe.pause.until))


def _missed(plan: Schedule, view: View) -> Line:
    since = view.at(plan.started_at)
    text = _("missed {missed}, overrun {overrun} today ({all}, {all_overrun} since {since})").format(
        missed=plan.missed_today,
        overrun=plan.overrun_today,
        since=since,
        all=plan.missed,
        all_overrun=plan.overrun,
    )
    tone = "warn" if plan.missed_today or plan.overrun_today else ""
    offline = plan.self_check.status == "offline"
    check = Span(_(_SELF[plan.self_check.status]), "warn" if offline else "")
    return line(Span(f" {text}", tone), "   ", check)


def _newest(plan: Schedule, view: View) -> Line:
    if not plan.periods:
        return line(Span(" " + _("nothing was missed today"), "quiet"))
    more = len(plan.periods) + plan.periods_more - 1
    rest = "  " + _("+{n} more, tab").format(n=more) if more else ""
    room = view.width - cell_len(rest)
    return (*cut(line(Span(f" {period_text(plan.periods[0], view)}", "warn")), room), Span(rest, "quiet"))


def _standing(probe: PlannedProbe, view: View) -> str:
    if (pause := probe.pause) is not None:
        return _("paused by {by} since {since} until {until}: {why}").format(
            by=pause.by, since=view.at(pause.since), until=view.at(pause.until), why=pause.why
        )
    if probe.work_since is not None and probe.lane:
        return _(_LANES[probe.lane]).format(at=view.times.exact(probe.work_since))
    if probe.next_at is None:
        return _("its look is being written down")
    return _("next at {at}").format(at=view.times.exact(probe.next_at))


def _seen(probe: PlannedProbe, view: View) -> str:
    if probe.last_at is None:
        return _("not looked at yet")
    at = view.times.look(probe.last_at, view.now).strip()
    if not probe.verdict:
        return _("last look {at}, in an earlier run of the engine").format(at=at)
    seen = reason_line(probe.reason, probe.params, view)
    state = word(SEEN[Verdict(probe.verdict)])
    return _("last look {at}: {state} {why} ({took})").format(
        at=at, state=state, why=seen, took=took(probe.took_ms)
    )
