"""What the log tells of a year: announced work, and events for whoever else asks."""

from collections.abc import Iterable, Iterator

from opsconsole.base.text import _, translate
from opsconsole.cli.evidence.asking import Asking, Found, Piece
from opsconsole.client.logbook import MOST_ENTRIES, AskLog, Entry
from opsconsole.console.draw.event_text import EVENTS, entry_text
from opsconsole.exports.sheet import Column, Value

_TAKEN_OVER = "config.accepted"


def maintenance(asking: Asking) -> Iterable[Found]:
    """Announced work, as it was planned, began and ended."""
    entries = [one for one in logged(asking, "maintenance.") if asking.about(one.subject)]
    if not entries:
        return [asking.nothing(_("Announced work"))]
    shows = _("work that was announced: planned, begun, ended or called off")
    return [Piece("maintenance", shows, event_columns(), [event_row(one, asking) for one in entries])]


def logged(asking: Asking, *kinds: str) -> Iterator[Entry]:
    """The events of the year whose kind begins with one of these, the oldest first."""
    found: list[Entry] = []
    before, more = "", True
    while more:
        page = asking.ask(
            AskLog(kinds=kinds, since=asking.start, until=asking.end, before=before, limit=MOST_ENTRIES)
        )
        found += page.entries
        before, more = page.oldest, page.more
    return (one for one in reversed(found) if one.kind.startswith(kinds))


def event_columns() -> list[Column]:
    """What happened. Who did it, the audit chain tells under the number of the event."""
    return [
        Column("event", _("EVENT NO."), "number"), Column("at", _("AT"), "time"), Column("kind", _("KIND")),
        Column("subject", _("SUBJECT")), Column("opd", _("OPD")), Column("what", _("WHAT HAPPENED")),
    ]  # fmt: skip


def event_row(one: Entry, asking: Asking) -> list[Value]:
    """An event in these columns."""
    return [int(one.id[1:]), one.at, one.kind, one.subject, one.opd or None, _happened(one, asking)]


def _happened(one: Entry, asking: Asking) -> str:
    if one.kind != _TAKEN_OVER:
        return entry_text(one, asking.view)
    # The log shows the first few; who asks what changed wants all that was written down.
    subjects = ", ".join(map(str, one.body.get("subjects", ())))
    return translate(
        EVENTS[_TAKEN_OVER], {"changes": one.body.get("changes", 0), "subjects": subjects or "-"}
    )
