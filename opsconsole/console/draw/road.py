"""The road as lines of text: where it stands, what pace it needs, when it will be done, both lines by day."""

from collections.abc import Iterable, Sequence
from datetime import date

from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.dimensions import DimensionsPage
from opsconsole.client.integration import ApplicationStage, BurnNote, Milestone, Road, Span
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.dimensions import dimension_lines
from opsconsole.console.draw.lines import printable, wrap
from opsconsole.console.draw.stage_counts import matrix_lines
from opsconsole.console.draw.view import View

_CHART_HEIGHT = 7
_LEAST_CHART = 20
# Lines over fewer days than these say nothing.
_LEAST_DAYS = 28
_MOST_LINES = 9
_MOST_NOTES = 12
_SCOPE, _DONE = "-", "#"


def road_lines(road: Road, view: View, dimensions: DimensionsPage | None = None) -> list[str]:
    """All of it: heading, pace, forecast, dimensions, milestones, the chart and what moved its lines."""
    lines = [*heading(road, view), "", *pace_lines(road, view), *forecast_lines(road, view), ""]
    if dimensions is not None:
        lines += [*dimension_lines(dimensions), ""]
    for milestone in road.milestones:
        lines += _milestone(milestone, view)
    if (road.burn_up[-1].day - road.burn_up[0].day).days >= _LEAST_DAYS:
        lines += ["", *chart(road, view)]
    if road.notes:
        lines += ["", *notes(road, view)]
    return lines


def part_lines(
    road: Road, listed: Sequence[ApplicationStage], dimensions: DimensionsPage | None, view: View
) -> list[str]:
    """A part of today's road: the city's counts, the dimensions of what is listed, its stages by OPD."""
    lines = [*heading(road, view), ""]
    if dimensions is not None:
        lines += [*dimension_lines(dimensions, {one.dimension for one in listed}), ""]
    return [*lines, *matrix_lines(listed)]


def heading(road: Road, view: View) -> list[str]:
    """What is counted, by which definition and which register."""
    changed = ""
    if road.register_changed is not None:
        changed = " " + _("(changed {day})").format(day=_day(road.register_changed, view))
    definition = _("definition {version} ({seal}) · register of {day}{changed}").format(
        version=road.definition,
        seal=road.definition_seal,
        day=_day(road.register_date, view),
        changed=changed,
    )
    lines = [
        _("Connected {connected}, integrated {integrated} of {scope} {term} ({percent} %)").format(
            connected=road.connected,
            integrated=road.integrated,
            scope=road.scope,
            term=printable(road.opd_term),
            percent=_number(100 * road.integrated / road.scope if road.scope else 0.0, 1),
        ),
        definition,
    ]
    return _wrapped(lines, view)


def pace_lines(road: Road, view: View) -> list[str]:
    """What pace the milestone needs, how many times the other's that is, and what pace there was."""
    lines = []
    names = {one.id: printable(one.name) for one in road.milestones}
    if road.required_pace is not None:
        lines.append(
            _("{name}: {count} to go in {days}, {pace}").format(
                name=names[road.current],
                count=_left(road),
                days=_days(road.days_left or 0, road.days_kind),
                pace=one_every(road.required_pace),
            )
        )
    elif road.current:
        lines.append(
            _("{name}: the day has passed, {count} to go").format(name=names[road.current], count=_left(road))
        )
    if road.pace_ratio is not None:
        one, two = _in_order(road)
        told = _("{second} needs {times} times the pace of {first}")
        lines.append(told.format(second=names[two], times=times(road.pace_ratio), first=names[one]))
    if road.years_missing:
        years = ", ".join(map(str, road.years_missing))
        lines.append(_("Calendar days: no working-day calendar is there for {years}").format(years=years))
    told = _("Actual pace, last {days} days: {net} ({gains} gained, {falls} lost)")
    net = f"{road.gains - road.falls:+d}" if road.gains or road.falls else "0"
    lines.append(told.format(days=road.pace_days, net=net, gains=road.gains, falls=road.falls))
    return _wrapped(lines, view)


def forecast_lines(road: Road, view: View) -> list[str]:
    """When the target will be reached, or that it can not be said."""
    if road.forecast_why == "done":
        return [_("Forecast: the target is reached")]
    if road.forecast_why == "thin":
        told = _("Forecast: cannot be projected yet ({gains} gained in {weeks})")
        return _wrapped([told.format(gains=road.forecast_gains, weeks=_weeks(road))], view)
    told = _("Forecast: {p50} (half of the draws), {p85} (85 of 100), drawn from {weeks}")
    never = _("not within ten years")
    text = told.format(
        p50=_day(road.forecast_p50, view) if road.forecast_p50 else never,
        p85=_day(road.forecast_p85, view) if road.forecast_p85 else never,
        weeks=_weeks(road),
    )
    return _wrapped([text], view)


def one_every(pace: Span) -> str:
    """A pace as people can picture it: one OPD every so many days, or so many a day."""
    low, high = pace if isinstance(pace, tuple) else (pace, pace)
    if high <= 0:
        return _("nothing a day")
    if high >= 1:
        return _("{n} a day").format(n=_range(low, high, 1))
    slow = 1 / low if low > 0 else 1 / high
    return _("one every {n} days").format(n=_range(1 / high, slow, 0))


def times(ratio: Span) -> str:
    """``6 to 8``; below two with a decimal."""
    low, high = ratio if isinstance(ratio, tuple) else (ratio, ratio)
    return _range(low, high, 0 if low >= 2 else 1)


def chart(road: Road, view: View) -> list[str]:
    """Both lines over the whole time, in characters: the OPD that are counted, and those that are done."""
    first, last = road.burn_up[0].day, road.burn_up[-1].day
    most = max(point.scope for point in road.burn_up) or 1
    width = max(_LEAST_CHART, min(view.width - 6, 70))
    columns = [_at(road, _between(first, last, number, width)) for number in range(width)]
    lines = []
    for row in range(_CHART_HEIGHT, 0, -1):
        level = most * row / _CHART_HEIGHT
        below = most * (row - 1) / _CHART_HEIGHT
        cells = "".join(
            _SCOPE if below < scope <= level else _DONE if done > below else " " for scope, done in columns
        )
        label = f"{most:>4} " if row == _CHART_HEIGHT else "     "
        lines.append((label + cells).rstrip())
    ends = f"     {_day(first, view)}"
    lines.append(f"{ends}{_day(last, view):>{max(1, width + 5 - len(ends))}}")
    lines.append("     " + _("{scope} counted, {done} done").format(scope=_SCOPE, done=_DONE))
    return lines


def notes(road: Road, view: View) -> list[str]:
    """What moved the lines, the newest last; of many the newest."""
    shown = road.notes[-_MOST_NOTES:]
    lines = [line for one in shown for line in _hanging(f"{_day(one.day, view):<12} ", note_text(one), view)]
    more = len(road.notes) - len(shown)
    if more:
        told = ngettext("and {n} earlier change", "and {n} earlier changes", more)
        lines.insert(0, told.format(n=more))
    return lines


def note_text(note: BurnNote) -> str:
    """One change of the lines as a sentence."""
    text = words.said(words.CHANGES, note.kind).format(
        before=", ".join(map(printable, note.before)),
        after=", ".join(map(printable, note.after)),
        measure=words.said(words.MEASURES, note.measure),
    )
    why = _WHY.get(note.why, note.why)
    return f"{text}: {printable(_(why))}" if why else text


_WHY = {
    "history": "",
    "proven": "",
    "proof_stopped": N_("the proof stopped"),
    "ended": N_("the OPD ended"),
}


def _milestone(one: Milestone, view: View) -> Iterable[str]:
    target = ""
    if one.target is not None:
        low, high = one.target if isinstance(one.target, tuple) else (one.target, one.target)
        reached = _("{done} of {target}").format(done=one.done, target=_range(low, high, 0))
        target = f"  {words.said(words.MEASURES, one.measure)} {reached}"
    mark = {True: "+", False: "!", None: "?" if one.phase == "past" and one.measure else "."}[one.met]
    text = f"{printable(one.name)}{target}"
    yield from _hanging(f"{mark} {_day(one.date, view):<12} ", text, view)
    if one.note:
        yield from _hanging(f"  {'':<12} ", one.note, view)


def _left(road: Road) -> str:
    """What the milestone lacks: of a range from the least to the most."""
    target = next(one.target for one in road.milestones if one.id == road.current)
    low, high = target if isinstance(target, tuple) else (target or 0, target or 0)
    return _range(max(0, low - road.done), max(0, high - road.done), 0)


def _weeks(road: Road) -> str:
    return ngettext("{n} week", "{n} weeks", road.forecast_weeks).format(n=road.forecast_weeks)


def _hanging(head: str, text: str, view: View) -> Iterable[str]:
    """A text beside its head, wrapped below itself."""
    lines = wrap(text, max(_LEAST_CHART, view.width - len(head)), _MOST_LINES)
    yield head + lines[0]
    yield from (" " * len(head) + line for line in lines[1:])


def _wrapped(lines: Iterable[str], view: View) -> list[str]:
    return [part for line in lines for part in _hanging("", line, view)]


def _in_order(road: Road) -> tuple[str, str]:
    """The two milestones that are compared, the earlier first."""
    dates = {one.id: one.date for one in road.milestones}
    one, two = sorted((road.current, road.next), key=lambda name: dates[name])
    return one, two


def _at(road: Road, day: date) -> tuple[int, int]:
    found = road.burn_up[0]
    for point in road.burn_up:
        if point.day > day:
            break
        found = point
    return found.scope, found.done


def _between(first: date, last: date, number: int, width: int) -> date:
    return first + (last - first) * number / (width - 1)


def _days(count: int, kind: str) -> str:
    if kind == "working":
        return ngettext("{n} working day", "{n} working days", count).format(n=count)
    return ngettext("{n} day", "{n} days", count).format(n=count)


def _range(low: float, high: float, decimals: int) -> str:
    one, two = _number(low, decimals), _number(high, decimals)
    return one if one == two else _("{low} to {high}").format(low=one, high=two)


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


def _day(day: date, view: View) -> str:
    return view.times.calendar_day(day, view.now)
