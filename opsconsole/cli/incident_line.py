"""What is typed after ``incidents ACTION``, made into one command for each incident it names.

Numbers come first, then what the action needs, then words that need no quotes. Where a number could be an
incident as well as the beginning of the words, nothing is guessed: a note is never taken back.
"""

import re
import typing
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Literal

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.command import CommandShape

# 412, #412, and as the office's papers write it.
_PLAIN = re.compile(r"\d{1,9}")
_MARKED = re.compile(r"#(\d{1,9})|(?:INS|ins)-\d{4}-(\d{1,9})")
_INCIDENT = "incident"
_HELP = N_("`--help` behind it says how it is called.")


@cache
def fields_of(shape: CommandShape) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of its arguments. Kept: msgspec reads the annotations each time, and all help needs them."""
    return msgspec.structs.fields(shape.args)


def number_of(text: str) -> int | None:
    """The number that ``412``, ``#412`` or ``INS-2026-000412`` means; None: it is none of these."""
    marked = _MARKED.fullmatch(text)
    if marked is not None:
        return int(marked[1] or marked[2])
    return int(text) if _PLAIN.fullmatch(text) else None


def known_number(text: str) -> int:
    """The same of what can be nothing else. Raises `Invalid`."""
    number = number_of(text)
    if number is None:
        raise Invalid(
            N_("{text} is no number of an incident."), N_("Write 412, #412 or INS-2026-000412."), text=text
        )
    return number


def needed(shape: CommandShape) -> list[msgspec.structs.FieldInfo]:
    """What stands between the numbers and the words: the fields that must be there, in their order."""
    return [
        field for field in fields_of(shape) if field.required and field.name not in (_INCIDENT, shape.rest)
    ]


def allowed(field: msgspec.structs.FieldInfo) -> tuple[str, ...]:
    """The only values of a field, where it has such; the empty one is what leaving it out means."""
    if isinstance(field.type, type) and issubclass(field.type, StrEnum):
        return tuple(field.type)
    if typing.get_origin(field.type) is Literal:
        return tuple(filter(None, typing.get_args(field.type)))
    return ()


def commands_of(
    shape: CommandShape, words: Sequence[str], message: str | None, options: Mapping[str, object]
) -> list[msgspec.Struct]:
    """One command for each incident that ``words`` begin with, in that order.

    ``message`` is the text where it was given apart, ``options`` the fields given by name. Raises `Invalid`.
    """
    left = list(words)
    values = dict(options)
    numbers = _numbers(shape, left, message) if _INCIDENT in shape.args.__struct_fields__ else []
    for field in needed(shape):
        if not left:
            raise Invalid(N_("{verb} needs {field}."), _HELP, verb=shape.name, field=field.name.upper())
        values[field.name] = _value(shape, field, left.pop(0))
    _rest(shape, left, message, values)
    return [_struct(shape, {**values, _INCIDENT: number}) for number in numbers] or [_struct(shape, values)]


def _numbers(shape: CommandShape, left: list[str], message: str | None) -> list[int]:
    """Take the incidents off the beginning."""
    found = [known_number(part) for part in left.pop(0).split(",")]
    fields = needed(shape)
    if fields and fields[0].type is int:
        return list(dict.fromkeys(found))  # what follows is an incident too, and another thing
    while left and (number_of(left[0]) if fields else _MARKED.fullmatch(left[0])):
        found.append(known_number(left.pop(0)))
    if not fields:
        found += _until_words(shape, left, message)
    return list(dict.fromkeys(found))


def _until_words(shape: CommandShape, left: list[str], message: str | None) -> list[int]:
    """The numbers before the words of an action that needs nothing between the two."""
    texts = not shape.rest or message is not None
    plain = 0
    while plain < len(left) and _PLAIN.fullmatch(left[plain]):
        plain += 1
    if plain and not texts and (plain < len(left) or _is_required(shape)):
        raise Invalid(
            N_("Is {number} another incident, or does the text begin with it?"),
            N_("Join several incidents with commas, as in 412,413; or give the text with -m."),
            number=left[0],
        )
    found, left[:plain] = [int(one) for one in left[:plain]], []
    return found


def _is_required(shape: CommandShape) -> bool:
    return any(field.name == shape.rest and field.required for field in fields_of(shape))


def _rest(shape: CommandShape, left: list[str], message: str | None, values: dict[str, object]) -> None:
    if left and (not shape.rest or message is not None):
        raise Invalid(N_("{text} is one word too many."), _HELP, text=left[0])
    if not shape.rest:
        return
    text = " ".join(left) if message is None else message
    if not text.strip() and _is_required(shape):
        raise Invalid(N_("{verb} needs {field}."), _HELP, verb=shape.name, field=shape.rest.upper())
    values[shape.rest] = text


def _value(shape: CommandShape, field: msgspec.structs.FieldInfo, text: str) -> object:
    if field.type is int:
        return known_number(text)
    values = allowed(field)
    if values and text not in values:
        raise Invalid(
            N_("{field} is not {text}."), N_("It is one of: {allowed}."), field=field.name.upper(), text=text,
            allowed=", ".join(values),
        )  # fmt: skip
    return text


def _struct(shape: CommandShape, values: Mapping[str, object]) -> msgspec.Struct:
    return msgspec.convert(values, shape.args)
