"""``references``: what rules go by, and every place that goes by it. It needs no engine."""

from argparse import Namespace
from pathlib import Path

import msgspec

from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, show
from opsconsole.cli.session import Session
from opsconsole.console.draw.lines import printable
from opsconsole.inventory.load import load
from opsconsole.inventory.read import parse_documents
from opsconsole.inventory.references import Reference, uses

_TITLES = (N_("ID"), N_("KIND"), N_("NUMBER"), N_("USED"), N_("CONFIRM"), N_("TITLE"))


def run_references(args: Namespace, session: Session) -> int:
    """Print all of them, or one with every place that names it. Raises NotFound."""
    inventory = load(Path(args.dir) if args.dir else session.found().place.config)
    used = uses(parse_documents(inventory.files).data)
    if args.id and args.id not in inventory.references:
        raise NotFound(
            N_("There is no reference {id}."), N_("`opsconsole references` lists them."), id=args.id
        )
    chosen = [one for one in inventory.references.values() if args.id in ("", one.id)]
    if args.json:
        rows = [{**one.model_dump(mode="json"), "used_by": used.get(one.id, [])} for one in chosen]
        print(msgspec.json.encode(rows).decode())
        return exits.OK
    if args.id:
        _print_one(chosen[0], used.get(args.id, []))
        return exits.OK
    if not chosen:
        print(_("No reference is listed: references.toml is not there, or empty."))
        return exits.OK
    rows_shown = [_row(one, len(used.get(one.id, ()))) for one in chosen]
    show(paper(), columns([translate(title) for title in _TITLES], rows_shown))
    return exits.OK


def _row(one: Reference, used: int) -> tuple[str, ...]:
    confirm = _("yes") if one.confirm else "-"
    return one.id, one.kind, printable(one.number) or "-", str(used), confirm, printable(one.title)


def _print_one(one: Reference, places: list[str]) -> None:
    print(" ".join(part for part in (printable(one.number), printable(one.title)) if part))
    facts = (
        (_("kind"), one.kind),
        (_("date"), one.date.isoformat() if one.date else ""),
        (_("last day"), one.until.isoformat() if one.until else ""),
        (_("kept at"), printable(one.kept)),
        (_("replaced by"), one.replaced_by),
        (_("note"), printable(one.note)),
    )
    for label, text in facts:
        if text:
            print(f"{label}: {text}")
    if one.confirm:
        print(_("As quoted by others: hold it against the text before you rely on it."))
    print(_("used by:") if places else _("nothing goes by it"))
    for place in places:
        print(f"  {printable(place)}")
