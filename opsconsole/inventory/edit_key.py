"""One key of an application, typed by a person, put into its file."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_, safe_text
from opsconsole.client.importing import ImportEntry
from opsconsole.inventory.documents import Drafts
from opsconsole.inventory.edit import item
from opsconsole.inventory.merge import merge
from opsconsole.inventory.mistakes import nearest_name
from opsconsole.inventory.office import ApplicationEntry, ConfiguredProbe, Inventory
from opsconsole.inventory.sections import type_probe
from opsconsole.inventory.sheets.cells import Refused, read_cell, show_cell
from opsconsole.inventory.sheets.fields import FIELDS, OPD, field_of
from opsconsole.inventory.sheets.rows import value_of

NOTHING = "-"
# An id is history's name for it; an OPD changes by a reorganisation.
_FIXED = ("id", OPD)
_LONGEST = 2000
_FIXED_OF_PROBE = ("kind", "id", "was")


def edited(inventory: Inventory, row_id: str, key: str, value: str) -> Mapping[str, bytes]:
    """The file with the key in it; ``value`` ``-`` takes it out. The set is not checked yet.

    Raises NotFound for an application, probe or key that there is not, Invalid for a value that is none.
    """
    entry = inventory.applications.get(row_id)
    if entry is None:
        raise NotFound(N_("There is no application {id}."), id=row_id)
    probe, dot, name = key.partition(".")
    if dot:
        return _edited_probe(inventory, entry, probe, name, value)
    field = field_of("applications", key)
    if field is None or key in _FIXED:
        raise _no_key(key, [one for one, _value in editable(inventory, entry)])
    try:
        typed = read_cell("applications", field, value)
    except Refused as refused:
        raise _refused(key, value, refused.params) from None
    if typed is None and field.needed:
        raise _refused(key, value, {})
    done = merge(inventory, [ImportEntry("applications", 0, {"id": row_id, key: typed})])
    for one in done.not_taken:
        if one.why != "read_as":
            raise _refused(key, value, one.params)
    return done.files


def editable(inventory: Inventory, entry: ApplicationEntry) -> Iterator[tuple[str, str]]:
    """Every key that can be edited with what stands there, as it would be typed; ``-`` for nothing.

    Of a probe only what its file says.
    """
    for field in FIELDS["applications"]:
        if field.key not in _FIXED:
            yield field.key, show_cell(field, value_of(entry, field)) or NOTHING
    row = Drafts(inventory.files).row(entry.file, "applications", entry.id)
    for probe, written in zip(entry.probes, row.get("probes", ()), strict=True):
        for key in _probe_keys(probe):
            yield f"{probe.name}.{key}", _typed_text(written[key]) if key in written else NOTHING


def _probe_keys(probe: ConfiguredProbe) -> list[str]:
    """The keys that a file may have."""
    fields = type(probe.spec).model_fields
    return [info.alias or name for name, info in fields.items() if name not in _FIXED_OF_PROBE]


def _typed_text(value: Any) -> str:
    """A value as it would be typed, on one line: a text without quotes, all else as TOML."""
    plain = value.unwrap() if hasattr(value, "unwrap") else value
    return safe_text(plain if isinstance(plain, str) else item(plain).as_string(), _LONGEST)


def _edited_probe(
    inventory: Inventory, entry: ApplicationEntry, name: str, key: str, value: str
) -> Mapping[str, bytes]:
    place = next((at for at, one in enumerate(entry.probes) if one.name == name), None)
    if place is None:
        raise NotFound(
            N_("{id} has no probe {probe}."),
            N_("Its probes: {names}."),
            id=entry.id,
            probe=name or "?",
            names=", ".join(one.name for one in entry.probes) or "-",
        )
    if key not in _probe_keys(entry.probes[place]):
        raise _no_key(f"{name}.{key}", [f"{name}.{one}" for one in _probe_keys(entry.probes[place])])
    drafts = Drafts(inventory.files)
    keys = drafts.row(entry.file, "applications", entry.id)["probes"][place]
    now = keys.unwrap()
    if value.strip() == NOTHING:
        keys.pop(key, None)
    elif (meant := _value_for(now, key, value)) != now.get(key):
        keys[key] = item(meant)
    drafts.touch(entry.file)
    return drafts.changed()


def _value_for(keys: Mapping[str, Any], key: str, text: str) -> Any:
    """The text as the probe takes it: as TOML where that fits, else as the text itself. Raises Invalid."""
    mistakes: list[str] = []
    for value in _readings(text):
        typed = type_probe({**keys, key: value}, "", (), Path())
        if not isinstance(typed, list):
            return value
        mistakes = mistakes or [one.text for one in typed]
    raise _refused(key, text, {"text": mistakes[0]})


def _readings(text: str) -> Iterator[Any]:
    try:
        yield tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        pass
    yield text


def _no_key(key: str, known: list[str]) -> NotFound:
    near = nearest_name(key, known)
    return NotFound(
        N_("There is no key {key} to edit."),
        N_("The nearest is {near}.") if near else N_("There are: {keys}."),
        key=safe_text(key, 60),
        near=near,
        keys=", ".join(known[:20]),
    )


def _refused(key: str, value: str, params: Mapping[str, str]) -> Invalid:
    """The value is none; in the words of the mistake, or of what is nearest."""
    text, near = params.get("text", ""), params.get("near", "")
    lines = (text,) if text else ()
    return Invalid(
        N_('{key} can not be "{value}".'),
        N_("The nearest is {near}.") if near else "",
        lines,
        key=key,
        value=safe_text(value, 60),
        near=near,
    )
