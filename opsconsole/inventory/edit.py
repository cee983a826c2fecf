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
from opsconsole.inventory.write import replace


def add_application(config_dir: Path, opd: str, id: str, name: str, url: str, *, note: str = "") -> str:
    """Write an application with one probe into the file of ``opd`` and return that file's relative path.

    ``opd`` empty is the first agency of the office; ``url`` is an http or https address, or
    ``tcp://HOST:PORT``. The set with the application in it is checked before anything is written. Only
    the engine calls this. Raises NotFound for an unknown agency, Conflict for an id in use, Invalid with
    located lines for anything else.
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
    _append(document, keys, probe_keys(url))
    content = tomlkit.dumps(document).encode()
    parse({**inventory.files, agency.file: content}, config_dir)
    try:
        replace(config_dir / agency.file, content)
    except OSError as error:
        raise Invalid(
            N_("{file} can not be written: {error}."),
            N_("Let the account that runs the engine write the configuration."),
            file=agency.file,
            error=error.strerror or str(error),
        ) from error
    return agency.file


def _agency(inventory: Inventory, code: str) -> OpdEntry:
    for entry in inventory.opds.values():
        if not code or entry.code.casefold() == code.casefold():
            return entry
    if code:
        what, known = N_("There is no OPD {opd}."), ", ".join(list(inventory.opds)[:10])
        raise NotFound(what, N_("Name one of the office's, such as {known}."), opd=code, known=known)
    raise NotFound(N_("The office has no OPD yet."), N_("Write a file opd/<code>.toml for one first."))


def probe_keys(url: str) -> dict[str, Any]:
    """The keys of a probe of an address. Raises Invalid for one that can not be taken apart."""
    if not url.startswith("tcp://"):
        return {"kind": "http", "url": url}
    try:
        parts = urlsplit(url)
        return {"kind": "tcp", "host": parts.hostname or "", "port": parts.port or 0}
    except ValueError as error:
        raise Invalid(N_("{url} is no address."), N_("Write tcp://HOST:PORT."), url=url) from error


def _append(document: TOMLDocument, keys: Mapping[str, str], probe: Mapping[str, object]) -> None:
    """Add to the list of applications in the form in which the file writes it."""
    rows: Any = document.get("applications")
    if isinstance(rows, Array) and rows:
        rows.append({**keys, "probes": [dict(probe)]})
        return
    if not isinstance(rows, AoT):
        document.pop("applications", None)
        rows = tomlkit.aot()
        document.append("applications", rows)
    table = tomlkit.table()
    table.trivia.indent = "\n"
    table.update(keys)
    probes = tomlkit.aot()
    probes.append(tomlkit.item(dict(probe)))
    table.append("probes", probes)
    rows.append(table)
