"""What ``road.toml`` names and what names it twice."""

from collections.abc import Iterable, Iterator
from typing import Any

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _
from opsconsole.inventory.fields import SERVICE
from opsconsole.inventory.index import Index, tables, texts
from opsconsole.inventory.mistakes import Mistake, found, located, nearest
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.read import Documents
from opsconsole.inventory.scan import Path

FILE = "road.toml"
# The lists with names of their own, and the key of the name.
_NAMED = {"definitions": "version", "milestones": "id", "paper": "id", "problems": "id"}
_ABOUT = ("exemptions", "proofs", "history", "paper", "problems")


def check_road(index: Index, documents: Documents) -> Iterator[Mistake]:
    """Every mistake between ``road.toml`` and the rest; what a broken file may define is not unknown."""
    data = documents.data.get(FILE, {})
    for key, name in _NAMED.items():
        yield from _once(data, key, name)
    known = not documents.any_broken("opd/")
    for key in _ABOUT if known else ():
        for number, row in tables(data, key):
            yield from _opd(index, (key, number, "opd"), row.get("opd"))
            yield from _application(index, (key, number, "application"), row.get("application"))
            for place, name in texts(row.get("applications")):
                yield from _application(index, (key, number, "applications", place), name)
    versions = [row.get("version") for _number, row in tables(data, "definitions")]
    for number, row in tables(data, "milestones"):
        wanted = row.get("definition")
        if isinstance(wanted, str) and wanted and wanted not in versions:
            text = _("{found}, but there is no definition of that version")
            path = ("milestones", number, "definition")
            yield Mistake(
                FILE, path, text.format(found=found(wanted, path)) + nearest(wanted, _texts(versions))
            )
        elif row.get("measure") and not versions:
            text = _("{found}, but there is no definition that says what is counted")
            path = ("milestones", number, "measure")
            yield Mistake(FILE, path, text.format(found=found(row["measure"], path)))


def check_frozen(before: Inventory, after: Inventory) -> None:
    """Refuse a set in which a definition that was in force says something else. Raises Invalid."""
    known = {one.version: one for one in before.road.definitions}
    text = _("a definition in force is frozen: write what is new as another version")
    mistakes = [
        Mistake(FILE, ("definitions", number, "version"), text)
        for number, one in enumerate(after.road.definitions)
        if known.get(one.version, one) != one
    ]
    if mistakes:
        raise Invalid(
            N_("A definition that is in force was changed."),
            N_("Put it back as it was, and write what is new as another version."),
            located(mistakes, {FILE: after.files[FILE].decode("utf-8-sig")}),
        )


def _once(data: dict[str, Any], key: str, name: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, row in tables(data, key):
        value = row.get(name)
        if isinstance(value, str) and value in seen:
            text = _("{found}, which another one here has already")
            path = (key, number, name)
            yield Mistake(FILE, path, text.format(found=found(value, path)))
        seen.add(str(value))


def _opd(index: Index, path: Path, code: object) -> Iterator[Mistake]:
    if isinstance(code, str) and code and code.casefold() not in index.opds:
        text = _("{found}, but there is no opd/{file}.toml").format(
            found=found(code, path), file=code.casefold()
        )
        yield Mistake(FILE, path, text + nearest(code, index.opds.values()))


def _application(index: Index, path: Path, name: object) -> Iterator[Mistake]:
    applications = [one for one in index.rows if not one.startswith(SERVICE)]
    if isinstance(name, str) and name and name not in applications:
        text = _("{found}, but no application has this id").format(found=found(name, path))
        yield Mistake(FILE, path, text + nearest(name, applications))


def _texts(values: Iterable[object]) -> list[str]:
    return [one for one in values if isinstance(one, str)]
