"""``evidence list`` and ``evidence pack``."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.base.new_file import create_file
from opsconsole.base.text import N_, _, language, ngettext, translate
from opsconsole.cli import exits
from opsconsole.cli.evidence.asking import Asking, Lacking, Piece, Span, cleaned
from opsconsole.cli.evidence.choosing import index_of, indicator_of, year_of
from opsconsole.cli.evidence.listing import ANCHOR, LIST, Contents, Packed, list_text, out_of_force
from opsconsole.cli.evidence.sources import SOURCES, made
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.audit import AskAuditHead, AskAuditPage, AuditHead
from opsconsole.client.calls import Client
from opsconsole.client.indices import AskIndices, Index, Indicator
from opsconsole.client.shapes import Hello
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times
from opsconsole.exports import saving
from opsconsole.exports.formats import ENDINGS, HOLDS_ITS_HEAD, Format
from opsconsole.exports.pack import free_path, new_pack
from opsconsole.exports.sheet import About, Sheet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TITLES = (N_("NO"), N_("INDICATOR"), N_("FILES"), N_("ROWS"), N_("WHAT THERE IS, AND WHAT IS MISSING"))


class Produced(NamedTuple):
    """What an indicator comes to in a year."""

    indicator: Indicator
    pieces: tuple[Piece, ...]
    lacking: tuple[Lacking, ...]


def run_list(args: Namespace, session: Session) -> int:
    """Print what there is for each indicator of each index, or of one. Raises NotFound and Invalid."""
    with session.client() as client:
        asking = _asking(client, session.greet(client), args.year)
        indices = [index_of(asking.page, args.index, asking.span.year)] if args.index else asking.page.indices
        listed = [(index, [_produced(asking, one) for one in index.indicators]) for index in indices]
    if args.json:
        print(msgspec.json.encode([_json(index, some, asking.span.year) for index, some in listed]).decode())
        return exits.OK
    if not listed:
        print(_("No index is configured: there is no file in indices/."))
        return exits.OK
    for index, some in listed:
        print(f"{printable(index.name)} ({index.id}), {asking.span.year}")
        if not index.valid_in(asking.span.year):
            print(out_of_force(index, asking.span.year))
        show(paper(), columns([translate(title) for title in _TITLES], [_line(one) for one in some]))
    print(_("`opsconsole evidence pack NO` writes the files of one, and says why what is missing is."))
    return exits.OK


def run_pack(args: Namespace, session: Session) -> int:
    """Write the files of one indicator. Raises Problem where there is nothing, or where it can not go."""
    with session.client() as client:
        hello = session.greet(client)
        asking = _asking(client, hello, args.year)
        index = index_of(asking.page, args.index, asking.span.year)
        produced = _produced(asking, indicator_of(index, args.indicator))
        for one in produced.lacking:
            told = _("Not produced: {what}: {why}").format(what=printable(one.what), why=one.why)
            print(told, file=sys.stderr)
        _check(index, produced, asking)
        if not index.valid_in(asking.span.year):
            print(out_of_force(index, asking.span.year), file=sys.stderr)
        contents = Contents(
            office=hello.office,
            index=index,
            indicator=produced.indicator,
            asking=asking,
            road=asking.road,
            packed=[Packed(one, f"{one.name}.{ENDINGS[args.format]}") for one in produced.pieces],
            lacking=produced.lacking,
            began=_began(client),
            sides=args.format not in HOLDS_ITS_HEAD,
            # Last, so that it seals all that was read.
            head=client.query(AskAuditHead()),
        )
    path = _path(args, session, index, asking, produced.indicator)
    _write(path, args.format, contents)
    _tell(path, contents.packed)
    return exits.OK


def _write(path: Path, form: Format, contents: Contents) -> None:
    head = msgspec.json.format(msgspec.json.encode(contents.head), indent=2) + b"\n"
    with new_pack(path) as folder:
        for piece, file in contents.packed:
            saving.save_as(folder / file, form, _sheet(piece, contents.asking, contents.head))
        with saving.saying_why(path):
            create_file(folder / ANCHOR, head)
            create_file(folder / LIST, list_text(contents).encode())


def _asking(client: Client, hello: Hello, wanted: int | None) -> Asking:
    page = client.query(AskIndices())
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    return Asking(client, view, page, Span(year_of(page, wanted), page.today))


def _produced(asking: Asking, indicator: Indicator) -> Produced:
    found = [one for _code, some in made(asking, indicator) for one in some]
    return Produced(
        indicator,
        tuple(one for one in found if isinstance(one, Piece)),
        tuple(one for one in found if isinstance(one, Lacking)),
    )


def _check(index: Index, produced: Produced, asking: Asking) -> None:
    """Raises Problem for an indicator of which there is nothing."""
    if not produced.indicator.evidence:
        raise Problem(
            N_("The console has nothing to show for indicator {n}, {name}: nothing was written."),
            N_("It asks for papers; or name what shows it as `evidence` in indices/{id}.toml."),
            n=produced.indicator.number, name=produced.indicator.name, id=index.id,
        )  # fmt: skip
    if not produced.pieces:
        raise Problem(
            N_("There is nothing for indicator {n} in {year}: nothing was written."),
            N_("`opsconsole evidence list --year YEAR` says what there is of another year."),
            n=produced.indicator.number, year=asking.span.year,
        )  # fmt: skip


def _began(client: Client) -> datetime | None:
    """When this store recorded its first event."""
    first = client.query(AskAuditPage(after=0, limit=1)).events
    return _EPOCH + timedelta(milliseconds=first[0].at_ms) if first else None


def _path(args: Namespace, session: Session, index: Index, asking: Asking, indicator: Indicator) -> Path:
    if args.output is not None:
        return Path(args.output)
    local = asking.view.times.local(asking.view.now)
    name = f"evidence-{index.id}-{indicator.number}-{asking.span.year}-{local:%Y%m%d-%H%M}"
    return free_path(saving.exports_folder(session.found()), name)


def _sheet(piece: Piece, asking: Asking, head: AuditHead) -> Sheet:
    about = About(
        view=piece.name, schema=piece.schema, zone=asking.view.times.zone, language=language(),
        written_at=asking.view.now, window=str(asking.span.year), head=head,
    )  # fmt: skip
    rows = (cleaned(piece.columns, row) for row in piece.rows)
    return Sheet(
        title=piece.name, columns=piece.columns, rows=rows, zone=asking.view.times.tzinfo, about=about
    )


def _tell(path: Path, packed: Sequence[Packed]) -> None:
    """Where it is and what fetches it on standard output, how much it is on the other."""
    files = ngettext("{n} file", "{n} files", len(packed)).format(n=len(packed))
    count = sum(len(one.piece.rows) for one in packed)
    rows = ngettext("{n} row", "{n} rows", count).format(n=count)
    print(f"{files}, {rows}", file=sys.stderr)
    print(path)
    fetch = saving.fetch_line(path.absolute(), Path.home())
    print(fetch.replace("scp ", "scp -r ", 1) if path.is_dir() else fetch)


def _line(one: Produced) -> tuple[str, ...]:
    if not one.indicator.evidence:
        told = _("papers only")
    else:
        there = ", ".join(piece.name for piece in one.pieces)
        missing = ", ".join(lacking.what for lacking in one.lacking)
        told = "; ".join(
            filter(None, (there, _("not there: {what}").format(what=missing) if missing else ""))
        )
    rows = sum(len(piece.rows) for piece in one.pieces)
    return str(one.indicator.number), printable(one.indicator.name), str(len(one.pieces)), str(rows), told


def _json(index: Index, some: list[Produced], year: int) -> dict[str, object]:
    return {
        "id": index.id,
        "name": index.name,
        "year": year,
        "valid": index.valid_in(year),
        "indicators": [
            {
                "number": one.indicator.number,
                "name": one.indicator.name,
                "evidence": [
                    {"id": code, "name": translate(SOURCES[code].title) if code in SOURCES else code}
                    for code in one.indicator.evidence
                ],
                "files": [
                    {"name": piece.name, "shows": piece.shows, "rows": len(piece.rows), "as_of": piece.as_of}
                    for piece in one.pieces
                ],
                "missing": [{"what": lacking.what, "why": lacking.why} for lacking in one.lacking],
            }
            for one in some
        ],
    }
