"""What pydantic says of a section, in words an editor of the file can act on."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from opsconsole.base.text import _, safe_text
from opsconsole.inventory.fields import CODE_PATTERN, ID_PATTERN
from opsconsole.inventory.mistakes import Mistake, found, nearest, nearest_name, one_of
from opsconsole.inventory.scan import Path
from probes.spec import Strict

# A validator of a whole section names the key it is about: ``retry: want at most every``.
_KEYED = re.compile(r"([a-z_]+): (.+)", re.DOTALL)
_SECRET_KEYS = re.compile(r"pass(word|wd)?|secret|token|api_?key|credential", re.IGNORECASE)


def mistakes_in(
    model: type[Strict], data: Mapping[str, Any], error: ValidationError, file: str, base: Path = ()
) -> Iterator[Mistake]:
    """Each error of ``data``, a section at path ``base`` of ``file`` that ``model`` has refused."""
    details = error.errors(include_url=False)
    typos = {
        (item["loc"][:-1], near)
        for item in details
        if item["type"] == "extra_forbidden"
        and (near := nearest_name(item["loc"][-1], _keys(_model(model, item["loc"][:-1]))))
    }
    for item in details:
        loc = item["loc"]
        if item["type"] == "missing" and (loc[:-1], loc[-1]) in typos:
            continue  # the unknown key beside it is this one, misspelt: one mistake, one line
        yield _mistake(model, item, file, base, _followed(data, loc))


def _mistake(model: type[Strict], item: ErrorDetails, file: str, base: Path, path: Path) -> Mistake:
    loc, value = item["loc"], item["input"]
    match item["type"]:
        case "extra_forbidden":
            return Mistake(file, base + path, _unknown_key(model, loc))
        case "missing":
            text = _("missing; want {wanted}").format(wanted=_wanted(_annotation(model, loc)))
            return Mistake(file, base + path, text, key=str(loc[-1]))
        case "value_error" | "assertion_error":
            said = str(item["ctx"]["error"])
            if isinstance(value, dict) and (keyed := _KEYED.fullmatch(said)):
                return Mistake(file, (*base, *path, keyed[1]), safe_text(keyed[2]), key=keyed[1])
    text = _refused(model, item)
    if not isinstance(value, dict):
        text = f"{found(value, base + path)}, {text}"
    return Mistake(file, base + path, text)


def _refused(model: type[Strict], item: ErrorDetails) -> str:
    context = item.get("ctx", {})
    match item["type"]:
        case "value_error" | "assertion_error":
            return safe_text(str(context["error"]), 500)
        case "greater_than_equal":
            return _("want at least {n}").format(n=context["ge"])
        case "less_than_equal":
            return _("want at most {n}").format(n=context["le"])
        case "greater_than":
            return _("want more than {n}").format(n=context["gt"])
        case "string_too_long":
            return _("want at most {n} characters").format(n=context["max_length"])
        case "too_short":
            return _("want at least {n} in the list").format(n=context["min_length"])
        case "string_pattern_mismatch" if context["pattern"].removesuffix("|^$") == ID_PATTERN:
            return _("want lower-case letters, digits and hyphens, at most 48")
        case "string_pattern_mismatch" if context["pattern"] == CODE_PATTERN:
            return _("want letters, digits and hyphens, at most 48")
        case "literal_error":
            annotation = _annotation(model, item["loc"])
            near = nearest(item["input"], _choices(annotation))
            return _("want {wanted}").format(wanted=_wanted(annotation)) + near
        case kind if kind.endswith("_type"):
            return _("want {wanted}").format(wanted=_wanted(_annotation(model, item["loc"])))
    return safe_text(item["msg"], 500)


def _unknown_key(model: type[Strict], loc: Path) -> str:
    keys = _keys(_model(model, loc[:-1]))
    text = _("unknown key")
    if near := nearest(loc[-1], keys):
        text += near
    elif _SECRET_KEYS.fullmatch(str(loc[-1])):
        text += _("; a secret never stands in these files")
    return text + _("; want one of {allowed}").format(allowed=", ".join(sorted(keys)))


def _followed(data: object, loc: Path) -> Path:
    """The part of ``loc`` that is in the data: pydantic adds the branches of unions and ``[key]``."""
    path: Path = ()
    for part in loc:
        inside: Any = data if isinstance(data, dict) else {}
        if isinstance(data, list):
            inside = dict(enumerate(data))
        if part in inside:
            data = inside[part]
            path = (*path, part)
    return path


def _keys(model: type[Strict] | None) -> dict[str, FieldInfo]:
    """The keys of a section as a file writes them."""
    fields = model.model_fields if model else {}
    return {field.alias or name: field for name, field in fields.items()}


def _annotation(model: type[Strict], loc: Path) -> Any:
    """The type of the key at ``loc``, None where it is not known."""
    section = _model(model, loc[:-1])
    field = _keys(section).get(str(loc[-1])) if loc else None
    if field is not None:
        return field.annotation
    # An element of a list: what its list holds.
    outer = _annotation(model, loc[:-1]) if loc and isinstance(loc[-1], int) else None
    return next(iter(get_args(outer)), None)


def _model(model: type[Strict], loc: Path) -> type[Strict] | None:
    """The model of the section at ``loc`` below ``model``."""
    section: type[Strict] | None = model
    for part in loc:
        if isinstance(part, str) and section is not None:
            field = _keys(section).get(part)
            section = next(_models(field.annotation), None) if field else section
    return section


def _models(annotation: Any) -> Iterator[type[Strict]]:
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation) if choice != ""]
    return [choice for inner in get_args(annotation) for choice in _choices(inner)]


def _wanted(annotation: Any) -> str:
    """What a key takes, by its type."""
    if get_origin(annotation) is Annotated:
        return _wanted(get_args(annotation)[0])
    if choices := _choices(annotation):
        return _("one of {allowed}").format(allowed=one_of(choices))
    arms = [one for one in get_args(annotation) if one is not NoneType]
    if arms and get_origin(annotation) not in (list, dict):
        return _wanted(arms[0])
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return _("a table")
    names = {
        str: _("text in quotes"),
        bool: _("true or false"),
        int: _("a whole number"),
        float: _("a number"),
        date: _("a date such as 2026-08-17"),
        list: _("a list in brackets"),
        dict: _("a table"),
    }
    return names.get(get_origin(annotation) or annotation, _("another kind of value"))
