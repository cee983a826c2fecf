"""``LIST.md``: what a pack holds, of which time and by which definition, and what it could not hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from opsconsole.base.text import _
from opsconsole.cli.evidence.asking import Asking, Lacking, Piece
from opsconsole.client.audit import AuditHead
from opsconsole.client.indices import Index, Indicator
from opsconsole.client.integration import Road
from opsconsole.exports.cells import iso
from opsconsole.exports.markdown import escaped
from opsconsole.exports.saving import SIDE_ENDING

LIST, ANCHOR = "LIST.md", "audit-head.json"


class Packed(NamedTuple):
    """A piece, and the name of its file."""

    piece: Piece
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All that the list tells. ``office`` is its name, ``began`` when this console began to record.

    ``sides``: beside each file lies what it can not say itself.
    """

    office: str
    index: Index
    indicator: Indicator
    asking: Asking
    road: Road
    packed: Sequence[Packed]
    lacking: Sequence[Lacking]
    began: datetime | None
    sides: bool
    head: AuditHead


def list_text(of: Contents) -> str:
    """The list as Markdown, in the language in use."""
    title = _("Evidence for indicator {n}: {name}").format(n=of.indicator.number, name=of.indicator.name)
    parts = (_facts(of), _files(of), _notes(of), _lacking(of), _closing(of))
    return "\n\n".join((f"# {escaped(title)}", *("\n".join(part) for part in parts if part))) + "\n"


def _facts(of: Contents) -> list[str]:
    return [f"- {label}: {escaped(text)}" for label, text in _facts_of(of) if text]


def _facts_of(of: Contents) -> Iterator[tuple[str, str]]:
    index, indicator, span = of.index, of.indicator, of.asking.span
    yield _("Office"), of.office
    yield _("Index"), ", ".join(filter(None, (index.name, index.source)))
    yield _("Part of"), " / ".join(dict.fromkeys(filter(None, (indicator.domain, indicator.aspect))))
    yield _("Called there"), indicator.note
    yield _("Levels"), ", ".join(f"{number} {name}" for number, name in enumerate(indicator.levels, start=1))
    yield _("About"), ", ".join(indicator.applications) or _("all applications")
    running = _(" (the year is not over)") if span.running else ""
    yield _("Year"), f"{span.year}, {_time(span.first.isoformat(), span.last.isoformat())}{running}"
    if not index.valid_in(span.year):
        yield _("Note"), out_of_force(index, span.year)
    yield from _grounds(of)
    yield (
        _("Made"),
        f"{iso(of.asking.view.now, of.asking.view.times.tzinfo, 'time')} ({of.asking.view.times.zone})",
    )


def _grounds(of: Contents) -> Iterator[tuple[str, str]]:
    """The register, the definition and the audit head."""
    page, zone = of.asking.page, of.asking.view.times.tzinfo
    since = iso(page.register_since, zone, "time") if page.register_since else "-"
    yield (
        _("Register"),
        _("revision {rev} of the files, in force since {time}").format(rev=page.rev, time=since),
    )
    road = of.road
    yield (
        _("Definition"),
        _("{version} (seal {seal}), register of OPD of {day}").format(
            version=road.definition, seal=road.definition_seal, day=road.register_date
        ),
    )
    if of.began is not None and of.asking.view.times.local(of.began).date() > of.asking.span.first:
        yield (
            _("Recorded since"),
            _("{time}: of the time before it holds only what was written down later").format(
                time=iso(of.began, zone, "time")
            ),
        )
    yield (
        _("Audit head"),
        _("event {seq}, hash {hash}, read {time}, store {store}").format(
            seq=of.head.seq, hash=of.head.hash, time=iso(of.head.at, zone, "instant"), store=of.head.store
        ),
    )


def out_of_force(index: Index, year: int) -> str:
    """What there is to say of an index in a year that is not scored by it."""
    if index.last is None:
        return _("this index is in force from {first}; {year} is not scored by it").format(
            first=index.first, year=year
        )
    return _("this index was in force {first} to {last}; {year} is not scored by it").format(
        first=index.first, last=index.last, year=year
    )


def _files(of: Contents) -> list[str]:
    span = of.asking.span
    head = (_("File"), _("What it shows"), _("Rows"), _("Period"), _("Definition"))
    lines = [_heading(_("Files")), "", f"| {' | '.join(head)} |", "| --- | --- | ---: | --- | --- |"]
    for piece, file in of.packed:
        when = (
            _("on {day}").format(day=span.last)
            if piece.as_of
            else _time(span.first.isoformat(), span.last.isoformat())
        )
        by = of.road.definition if piece.defined else "-"
        lines.append(f"| {file} | {escaped(piece.shows)} | {len(piece.rows)} | {when} | {escaped(by)} |")
    if of.sides:
        beside = _("Beside each file lies {ending}: its columns, its hash and the audit head.")
        lines += ["", beside.format(ending=f"*{SIDE_ENDING}")]
    return lines


def _notes(of: Contents) -> list[str]:
    files: dict[str, list[str]] = {}
    for piece, file in of.packed:
        for note in piece.notes:
            files.setdefault(note, []).append(file)
    told = [f"- {', '.join(named)}: {escaped(note)}" for note, named in files.items()]
    return [_heading(_("How to read them")), "", *told] if told else []


def _lacking(of: Contents) -> list[str]:
    lines = [_heading(_("What could not be produced")), ""]
    if of.lacking:
        return lines + [f"- {escaped(one.what)}: {escaped(one.why)}" for one in of.lacking]
    return [*lines, _("All that the index names for this indicator is here.")]


def _closing(of: Contents) -> list[str]:
    checked = _(
        "`sha256sum -c SHA256SUMS` checks the files; `opsconsole audit verify --anchor {file}`, in the "
        "office, that its log still holds the audit head."
    )
    return [
        _heading(_("What this is, and how to check it")),
        "",
        _(
            "What the console measured, and what was recorded in it. Regulations, plans and minutes are to "
            "be added; which level it comes to is for the assessor to say."
        ),
        "",
        _(
            "For the assessor, not for publication. Telephone numbers and mail addresses are in none of the "
            "files; names stand only where the evidence is about that person."
        ),
        "",
        checked.format(file=ANCHOR),
    ]


def _heading(text: str) -> str:
    return f"## {text}"


def _time(first: str, last: str) -> str:
    return _("{first} to {last}").format(first=first, last=last)
