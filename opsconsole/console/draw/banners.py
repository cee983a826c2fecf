"""Banners: what must be known before anything below them is believed. None of them ticks by the second."""

from collections.abc import Iterable
from datetime import datetime

from opsconsole.base.errors import Problem, Unreachable
from opsconsole.base.text import _, ngettext, notice_text, translate
from opsconsole.client.shapes import Engine
from opsconsole.console.draw.lines import Line, Span, printable, wrap
from opsconsole.console.draw.view import View
from opsconsole.console.feed.inbox import Link
from probes.observation import Param

_MOST_LINES = 2
_MARK = "*** "


def banners(
    link: Link,
    engine: Engine | None,
    board_at: datetime | None,
    view: View,
    remedy: str = "",
) -> list[Line]:
    """All banners that hold now, the most important first."""
    texts: list[str] = []
    if link.status == "down":
        texts += _engine_down(link, board_at, view, remedy)
    elif link.status == "connecting" and board_at is not None:
        texts.append(_("connecting; the last board is from {time}").format(time=view.at(board_at)))
    elif engine is not None:
        texts += _of_engine(engine, view)
    return warning_lines(texts, view)


def warning_lines(texts: Iterable[str], view: View) -> list[Line]:
    """Each text as a banner of at most two lines."""
    lines: list[Line] = []
    for text in texts:
        for number, part in enumerate(wrap(text, view.width - len(_MARK) - 1, _MOST_LINES)):
            lead = _MARK if not number else " " * len(_MARK)
            lines.append((Span(f"{lead}{part}".ljust(view.width), "banner"),))
    return lines


def _engine_down(link: Link, board_at: datetime | None, view: View, remedy: str) -> list[str]:
    since = view.at(link.since)
    problem = link.problem
    if isinstance(problem, Unreachable) or problem is None:
        head = _("ENGINE DOWN since {time}").format(time=since) if link.lost else _("NO ENGINE ANSWERS")
    else:
        head = sentence(problem)
    if board_at is not None:
        head += "; " + _("the board below is from {time}, {age} old").format(
            time=view.at(board_at), age=age_text(view.now, board_at)
        )
    if isinstance(problem, Unreachable) or problem is None:
        next_step = remedy or (next_sentence(problem) if problem else "")
    else:
        next_step = next_sentence(problem)
    return [head, next_step] if next_step else [head]


def _of_engine(engine: Engine, view: View) -> list[str]:
    texts: list[str] = []
    check = engine.self_check
    if check.status == "offline":
        since = view.at(check.since) if check.since else "?"
        failed = ", ".join(printable(name) for name in check.failed)
        texts.append(
            _("WE ARE OFFLINE since {time}: {failed} failed. Looks wait, nothing is confirmed DOWN.").format(
                time=since, failed=failed or _("the self-check")
            )
        )
    if engine.store == "full":
        texts.append(_("THE DISK IS FULL: looks go on, nothing is recorded. Make room where the store lies."))
    elif engine.store == "failing":
        texts.append(
            _("THE STORE CANNOT BE WRITTEN: nothing is recorded, looks go on. The engine's log says why.")
        )
    if engine.config_errors:
        count = len(engine.config_errors)
        texts.append(
            ngettext(
                "configuration refused, {n} mistake: {first}. The one before stays.",
                "configuration refused, {n} mistakes: {first}. The one before stays.",
                count,
            ).format(n=count, first=printable(engine.config_errors[0]))
        )
    texts += [printable(notice_text(notice.code, notice.params)) for notice in engine.notices]
    if engine.stopping:
        texts.append(_("the engine is ending"))
    return texts


def age_text(now: datetime, then: datetime) -> str:
    """An age by the minute, so that it changes no more often than the clock."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return _("under 1 min")
    if minutes < 120:
        return _("{n} min").format(n=minutes)
    hours = minutes // 60
    return _("{n} h").format(n=hours) if hours < 48 else _("{n} d").format(n=hours // 24)


def sentence(problem: Problem) -> str:
    """What happened, in the language in use."""
    return translate(problem.what, _params(problem))


def next_sentence(problem: Problem) -> str:
    """What to do next, in the language in use."""
    return translate(problem.next_step, _params(problem)) if problem.next_step else ""


def both(problem: Problem) -> str:
    """The whole of it on one line."""
    return " ".join(part for part in (sentence(problem), next_sentence(problem)) if part)


def _params(problem: Problem) -> dict[str, Param]:
    return {name: printable(str(value)) for name, value in problem.params.items()}
