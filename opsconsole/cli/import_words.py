"""Why cells, rows and keys were not taken, in words."""

from collections.abc import Mapping

from opsconsole.base.text import N_, _
from opsconsole.client.importing import NotTaken, Why
from opsconsole.inventory.imports.source import LossCode

WHY: Mapping[Why, str] = {
    "value": "{text}",
    "mangled": N_("a spreadsheet made a rounded number of it: give the column the format text, type it anew"),
    "formula": N_("a formula whose value the file does not hold: paste it as a value"),
    "cell_error": N_("an error of the spreadsheet"),
    "unknown": N_("there is nothing of this name"),
    "twice": N_("the whole row: {id} was there before"),
    "no_name": N_("the whole row: nothing says what it is"),
    "no_opd": N_("the whole row: its OPD is not known"),
    "ambiguous": N_("the whole row: several have this name, give the id"),
    "moves": N_("{id} stays where it is: a reorganisation moves it (`opsconsole integration reorganise`)"),
    "watched": N_("the whole row: this address is watched already, as {id}"),
    "other_probe": N_("the first probe of {id} is of another kind: change it in the file"),
    "read_as": N_("taken as {taken}"),
    "new_id": N_("new, as {taken}"),
}
LOSSES: Mapping[LossCode, str] = {
    "unsupported": N_("there is no such thing here"),
    "unknown": N_("keys that we do not know"),
    "secret": N_("secrets, which are never copied: set them here"),
    "pattern": N_("patterns that could stop an engine (not RE2)"),
    "file": N_("files that are not here: put them beside the file of the OPD, then write the key"),
    "kind": N_("monitors of a kind that has no probe here"),
    "empty": N_("empty: they say nothing"),
}
"""By how much they matter to whoever imports, which is not this order: secrets come last, with what to do."""


def why_text(one: NotTaken) -> str:
    """Why, with what may be meant instead."""
    names = {"text": "-", "id": "-", "taken": "-", **one.params}
    text = _(WHY[one.why]).format(**names) if one.why != "value" else names["text"]
    near = one.params.get("near")
    return text + (_("; nearest: {near}").format(near=near) if near else "")
