"""What an import comes to, in words: columns, differences, what was not understood, what was lost."""

from collections.abc import Iterator, Sequence

from opsconsole.base.text import N_, _, safe_text
from opsconsole.cli.import_files import Read
from opsconsole.cli.import_words import LOSSES, why_text
from opsconsole.cli.session import Session
from opsconsole.client.importing import TAKEN, ImportReport, NotTaken
from opsconsole.client.shapes import Difference
from opsconsole.console.draw.lines import printable
from opsconsole.inventory.imports.source import Loss, LossCode
from opsconsole.inventory.sheets.columns import Columns
from probes.secrets import is_sound_reference

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_HOW = {"exact": "=", "near": "~", "given": "!"}
# What has to be done comes last, where it is seen.
_ORDER: tuple[LossCode, ...] = ("empty", "unknown", "unsupported", "pattern", "kind", "file", "secret")
_LONGEST = 300


def report_lines(read: Read, report: ImportReport, session: Session) -> Iterator[str]:
    """All of it."""
    for name, columns in read.columns.items():
        yield from column_lines(name, columns)
        yield ""
    yield from difference_lines(report.differences)
    yield _count_line(report)
    yield from _not_taken_lines(read, report)
    yield from _loss_lines(read.losses, session)
    yield ""
    if report.applied:
        yield _("Done.")
    elif report.differences:
        yield _("Nothing was changed; --apply carries it out.")
    else:
        yield _("Nothing would change: the files say this already.")


def column_lines(name: str, columns: Columns) -> Iterator[str]:
    """Which column was taken for what: ``=`` by its title, ``~`` by one like it, ``!`` as it was told."""
    yield _("{name}: {what}, titles in line {line}").format(
        name=name, what=columns.what, line=columns.header + 1
    )
    width = max(len(one.title) for one in columns.found)
    for one in columns.found:
        yield f"  {_HOW[one.how]} {one.title:<{width}}  {one.key}"
    if columns.unused:
        yield "  " + _("not used: {titles}").format(titles=", ".join(columns.unused))


def difference_lines(differences: Sequence[Difference]) -> Iterator[str]:
    """Each entry and file that differs, key by key."""
    for one in differences:
        yield f"{_SIGNS[one.change]} {one.subject}"
        for key, was, now in zip(one.keys, one.was, one.now, strict=True):
            yield f"    {key}: {printable(was) or '-'} -> {printable(now) or '-'}"


def _count_line(report: ImportReport) -> str:
    told = _("{added} added, {changed} changed, {removed} removed").format(
        added=len(report.added), changed=len(report.changed), removed=len(report.removed)
    )
    if left := sum(report.left.values()):
        told += "; " + _("{n} that are not in the list stay").format(n=left)
    return told


def _not_taken_lines(read: Read, report: ImportReport) -> Iterator[str]:
    both = [*read.not_taken, *report.not_taken]
    for title, taken in ((N_("NOT UNDERSTOOD {n}"), False), (N_("TAKEN OTHERWISE {n}"), True)):
        some = [one for one in both if (one.why in TAKEN) is taken]
        if some:
            yield ""
            yield _(title).format(n=len(some))
            yield from (_place_text(one, read) for one in some)


def _place_text(one: NotTaken, read: Read) -> str:
    columns = read.columns.get(one.place)
    titles = {column.key: column.title for column in columns.found} if columns else {}
    where = _("{place} line {line}") if columns else _("{place} no. {line}")
    parts = [where.format(place=one.place, line=one.line), titles.get(one.column, one.column)]
    shown = f'"{one.value}"' if one.value else ""
    return f"  {', '.join(filter(None, parts))} {shown}".rstrip() + f": {why_text(one)}"


def _loss_lines(losses: Sequence[Loss], session: Session) -> Iterator[str]:
    """Every key of the source that was not carried over, by why."""
    if not losses:
        return
    yield ""
    yield _("NOT CARRIED OVER {n}").format(n=len(losses))
    for code in _ORDER:
        some = [loss for loss in losses if loss.code == code]
        if some:
            yield f"  {_(LOSSES[code])} ({len(some)})"
            yield from (f"    {_loss_text(loss)}" for loss in some)
    for reference in secret_references(losses):
        yield "  " + session.words("secrets", "set", reference)


def _loss_text(loss: Loss) -> str:
    path = safe_text(loss.path, _LONGEST)
    return f"{path}  ({safe_text(loss.hint, _LONGEST)})" if loss.hint else path


def secret_references(losses: Sequence[Loss]) -> list[str]:
    """Where the secrets of the source are looked for here, each once."""
    hints = (loss.hint for loss in losses if loss.code == "secret" and is_sound_reference(loss.hint))
    return list(dict.fromkeys(hints))
