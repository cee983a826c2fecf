"""Maintenance in words: one window on one line."""

from collections.abc import Iterable

from opsconsole.base.text import _
from opsconsole.client.maintenance import Maintenance
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import every
from opsconsole.console.draw.view import View


def when_text(window: Maintenance, view: View) -> str:
    """When it runs or may begin: ``until 06:00``, ``Sun 29 Nov 01:00 - 05:00``."""
    if window.until is not None:
        return _("until {until}").format(until=view.at(window.until))
    start, end = view.times.local(window.start), view.times.local(window.end)
    until = f"{end:%H:%M}" if start.date() == end.date() else view.at(window.end)
    return f"{view.at(window.start)} - {until}"


def how_text(window: Maintenance) -> str:
    """How it begins and ends, where that is not plain from its times; empty for a fixed one."""
    lasts = every(window.lasts_s)
    if window.kind == "triggered":
        if window.lasts_s:
            return _("begins with {parent}, lasts {time}").format(parent=window.parent, time=lasts)
        return _("begins and ends with {parent}").format(parent=window.parent)
    if window.kind == "flexible":
        return _("begins with the first trouble, lasts {time}").format(time=lasts)
    return ""


def window_text(window: Maintenance, view: View) -> str:
    """``until 06:00 budi: ganti disk``, with how it begins while it has not."""
    how = how_text(window) if window.until is None else ""
    parts = [when_text(window, view), f"({how})" if how else "", f"{window.by}: {window.why}"]
    return printable(" ".join(part for part in parts if part))


def beside_shown(windows: Iterable[Maintenance]) -> list[Maintenance]:
    """Of the windows of a row those that its reason does not tell of: all but the one that ends last."""
    listed = list(windows)
    running = [one for one in listed if one.until is not None]
    told = max(running, key=lambda one: (one.until, one.start), default=None)
    return [one for one in listed if one is not told]
