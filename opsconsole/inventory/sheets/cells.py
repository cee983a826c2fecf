"""A cell of a sheet as the value that a file has, and back. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import bare
from opsconsole.base.text import _, safe_text
from opsconsole.client.importing import Register, Why
from opsconsole.inventory.edit import probe_keys
from opsconsole.inventory.explain import mistakes_in
from opsconsole.inventory.mistakes import nearest_name, one_of
from opsconsole.inventory.sections import type_probe
from opsconsole.inventory.sheets.fields import MODELS, Field

# What must be there for an entry to be checked at all.
_LEAST: Mapping[Register, Mapping[str, str]] = {
    "opd": {"code": "X", "name": "X", "short": "X"},
    "applications": {"id": "x", "name": "x"},
    "people": {"id": "x", "name": "x"},
}
_ROUNDED = re.compile(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+")
_CELL_ERROR = re.compile(r"#(REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC|GETTING_DATA)[!?]?", re.IGNORECASE)
_YES = frozenset({"ya", "y", "yes", "true", "1", "benar", "sudah", "aktif", "active", "ada", "v", "x", "on"})
_NO = frozenset(
    {"tidak", "t", "no", "n", "false", "0", "salah", "belum", "nonaktif", "tidakaktif", "inactive", "off"}
)
_LINES = re.compile(r"\s*[\r\n]\s*")
_BLANK = re.compile(r"\s")
_LISTS = ("choices", "names", "needs")
_SEVERAL = re.compile(r"\s*[,;\n]\s*")
# As Indonesians and spreadsheets write it, the day first.
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2}|[A-Za-z]+)[/.\- ](\d{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january", "feb februari february", "mar maret march", "apr april", "mei may",
            "jun juni june", "jul juli july", "agu agt agustus aug august", "sep september",
            "okt oktober oct october", "nov november", "des desember dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
# A mobile number without its zero, as a spreadsheet leaves it that took it for a number.
_WITHOUT_ZERO = re.compile(r"8\d{8,11}")
_MOST_DIGITS = 15


class Refused(Exception):  # noqa: N818 - it is how a caller is told, no failure
    """A cell that is nothing that may stand there: `why` with what completes its words."""

    def __init__(self, why: Why, **params: str) -> None:
        super().__init__(why)
        self.why = why
        self.params = params


def read_cell(what: Register, field: Field, text: str) -> Any:
    """The value as JSON has it (days as ISO); None for an empty cell. Raises `Refused`."""
    clean = safe_text(text, len(text) + 1, lines=True)
    if "\ufffd" in clean and "\ufffd" not in text:
        raise Refused("value", text=_("want text without control or invisible characters"))
    # Of several the line break is what is between them.
    text = clean.strip() if field.kind in _LISTS else _BLANK.sub(" ", _LINES.sub(" ", clean.strip()))
    if text in ("", "-"):
        return None
    if text.startswith("="):
        raise Refused("formula")
    if _CELL_ERROR.fullmatch(text):
        raise Refused("cell_error")
    value = _typed(field, text)
    _check(what, field, value)
    return value


def _typed(field: Field, text: str) -> Any:
    match field.kind:
        case "id":
            return text.casefold()
        case "whole":
            if not re.fullmatch(r"\d{1,9}", digits := text.removesuffix(".0")):
                raise Refused("value", text=_("want a whole number"))
            return int(digits)
        case "truth":
            return _truth(text)
        case "day":
            return _day(text)
        case "choice":
            return _choice(field, text)
        case "choices":
            return [_choice(field, one) for one in _several(text)]
        case "names":
            return _several(text)
        case "needs":
            return [_need(one) for one in _several(text)]
        case "phone":
            return _phone(text)
        case "address":
            return text if "://" in text else f"https://{text}"
        case _:
            return text


def _several(text: str) -> list[str]:
    return [_BLANK.sub(" ", one.strip()) for one in _SEVERAL.split(text) if one.strip()]


def _truth(text: str) -> bool:
    if (word := bare(text)) in _YES:
        return True
    if word in _NO:
        return False
    raise Refused("value", text=_("want yes or no"))


def _choice(field: Field, text: str) -> str:
    found = field.allowed.get(bare(text))
    if found is None:
        near = nearest_name(bare(text), field.allowed)
        # Of a word that is nearly one of ours.
        known = sorted(set(field.allowed.values()))
        raise Refused(
            "value",
            text=_("want one of {allowed}").format(allowed=one_of(known)),
            near=field.allowed.get(near, ""),
        )
    return found


def _need(text: str) -> str | dict[str, list[str]]:
    ids = [one.strip() for one in text.split("|") if one.strip()]
    return ids[0] if len(ids) == 1 else {"any": ids}


def _day(text: str) -> str:
    found = _DAY_FIRST.fullmatch(text)
    try:
        if found is None:
            return date.fromisoformat(text.partition("T")[0]).isoformat()
        month = int(found[2]) if found[2].isdigit() else _MONTHS[found[2].casefold()]
        return date(int(found[3]), month, int(found[1])).isoformat()
    except (ValueError, KeyError):
        raise Refused("value", text=_("want a date such as 2026-08-17 or 17-08-2026")) from None


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if _ROUNDED.fullmatch(text) or len(digits) > _MOST_DIGITS:
        raise Refused("mangled")
    return f"0{text}" if _WITHOUT_ZERO.fullmatch(text) else text


def was_completed(field: Field, text: str, value: Any) -> bool:
    """Whether it was read with what was missing: the zero that a spreadsheet took away, a scheme."""
    return field.kind in ("phone", "address") and value is not None and value != text.strip()


def _check(what: Register, field: Field, value: Any) -> None:
    """Raise `Refused` where the file would be, in the words of its mistake."""
    if field.kind == "address":
        try:
            typed = type_probe(probe_keys(value), "", (), Path())
        except Invalid as problem:
            raise Refused("value", text=str(problem)) from None
        if isinstance(typed, list):
            raise Refused("value", text=typed[0].text)
        return
    model = MODELS[what]
    if field.key not in model.model_fields:
        return
    meant = date.fromisoformat(value) if field.kind == "day" else value
    data = {**_LEAST[what], field.key: meant}
    try:
        model.model_validate(data)
    except ValidationError as error:
        text = next(iter(mistakes_in(model, data, error, ""))).text
        raise Refused("value", text=text) from None


def show_cell(field: Field, value: Any) -> str:
    """A value as `read_cell` takes it back; empty for none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case list() | tuple():
            return "; ".join("|".join(one["any"]) if isinstance(one, dict) else str(one) for one in value)
    return safe_text(str(value), 2000)
