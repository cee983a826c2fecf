"""Changes to the files of an office, made so that comments and order stay as they were."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT, Array

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.office import Inventory, OpdEntry
from opsconsole.inventory.write import replace, unwritten
from probes.spec import ProbeSpec


def add_application(config_dir: Path, opd: str, id: str, name: str, url: str, *, note: str = "") -> str:
    """Write an application with one probe into the file of ``opd`` and return that file's relative path.

    ``opd`` empty is the first agency of the office; ``url`` is an http or https address, or
    ``tcp://HOST:PORT``. The set with the application in it is checked before anything is written. Only
    the engine calls this. Raises NotFound for an unknown agency, Conflict for an id in use or an address
    that is watched already, Invalid with located lines for anything else.
    """
    inventory = load(config_dir)
    agency = _agency(inventory, opd)
    if id in inventory.applications:
        raise Conflict(
            N_('There is an application "{id}" already, in {file}.'),
            N_("Choose another id with --id."),
            id=id,
            file=inventory.applications[id].file,
        )
    document = tomlkit.parse(inventory.files[agency.file].decode("utf-8-sig").rstrip() + "\n")
    keys = {"id": id, "name": name} | ({"note": note} if note else {})
    append_row(document, "applications", {**keys, "probes": [probe_keys(url)]})
    content = tomlkit.dumps(document).encode()
    parse({**inventory.files, agency.file: content}, config_dir)
    _refuse_twice(inventory, url)
    try:
        replace(config_dir / agency.file, content)
    except OSError as error:
        raise unwritten(agency.file, error) from error
    return agency.file


def _refuse_twice(inventory: Inventory, url: str) -> None:
    """Raise Conflict where a probe looks at this very address already."""
    wanted = target_of(probe_keys(url))
    for probe in inventory.probes():
        if target_of(keys_of(probe.spec)) == wanted:
            raise Conflict(
                N_("{url} is watched already, as {id}."),
                N_("`opsconsole probe {id}` looks at it now."),
                url=url,
                id=probe.row_id,
            )


def target_of(keys: Mapping[str, Any]) -> tuple[object, ...]:
    """What a probe looks at, whatever it expects there; an address without a path is its root."""
    url = urlsplit(keys.get("url", ""))
    address = (url.scheme, url.netloc.lower(), url.path or "/", url.query)
    asked = tuple(str(keys.get(key, "")).lower() for key in ("host", "server", "name", "type"))
    return keys["kind"], address, *asked, keys.get("port")


def _agency(inventory: Inventory, code: str) -> OpdEntry:
    for entry in inventory.opds.values():
        if not code or entry.code.casefold() == code.casefold():
            return entry
    if code:
        what, known = N_("There is no OPD {opd}."), ", ".join(list(inventory.opds)[:10])
        raise NotFound(what, N_("Name one of the office's, such as {known}."), opd=code, known=known)
    raise NotFound(N_("The office has no OPD yet."), N_("Write a file opd/<code>.toml for one first."))


def keys_of(spec: ProbeSpec) -> dict[str, Any]:
    """The keys of a probe as a file writes them, those that are not written with what they are then."""
    return {info.alias or name: getattr(spec, name) for name, info in type(spec).model_fields.items()}


def probe_keys(url: str) -> dict[str, Any]:
    """The keys of a probe of an address. Raises Invalid for one that can not be taken apart."""
    if not url.startswith("tcp://"):
        return {"kind": "http", "url": url}
    try:
        parts = urlsplit(url)
        return {"kind": "tcp", "host": parts.hostname or "", "port": parts.port or 0}
    except ValueError as error:
        raise Invalid(N_("{url} is no address."), N_("Write tcp://HOST:PORT."), url=url) from error


def append_row(document: TOMLDocument, key: str, row: Mapping[str, Any]) -> None:
    """Add a table to the list at ``key``, in the form in which the file writes it, its probes below it."""
    rows: Any = document.get(key)
    if isinstance(rows, Array) and rows:
        rows.append(item(row))
        return
    if not isinstance(rows, AoT):
        document.pop(key, None)
        rows = tomlkit.aot()
        document.append(key, rows)
    table = tomlkit.table()
    table.trivia.indent = "\n"
    table.update({name: item(value) for name, value in row.items() if name != "probes"})
    if probes := row.get("probes"):
        below = tomlkit.aot()
        for probe in probes:
            one = tomlkit.table()
            one.trivia.indent = "\n"
            one.update({name: item(value) for name, value in probe.items()})
            below.append(one)
        table.append("probes", below)
    rows.append(table)


def item(value: Any) -> Any:
    """A value as a file writes it on one line: tables within braces."""
    match value:
        case Mapping():
            inline = tomlkit.inline_table()
            inline.update({name: item(one) for name, one in value.items()})
            return inline
        case list() | tuple():
            array = tomlkit.array()
            for one in value:
                array.append(item(one))
            return array
    return tomlkit.item(value)
