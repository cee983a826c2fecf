"""Requests read and answers written: the small part of HTTP that the API needs."""

import re
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from opsconsole.base.errors import Invalid, Problem
from opsconsole.base.text import N_, safe_text
from opsconsole.client.problems import STATUS, body_of, protocol_problem
from opsconsole.client.shapes import PROTOCOL, PROTOCOL_HEADER, VIA_HEADER, CommandBody

# Of a query; each command says how large it may be.
BODY_BYTES = 64 * 1024
ARGUMENT_CHARACTERS = 8000
COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_FIELD = re.compile(r"field `(?P<field>[^`]*)`")

_encoder = msgspec.json.Encoder()
_body_decoder = msgspec.json.Decoder(CommandBody)
_arguments_decoder = msgspec.json.Decoder(dict[str, object])
T = TypeVar("T")

WRONG_ARGUMENTS = N_("The arguments are wrong.")
CORRECT_THEM = N_("Correct them and try again.")
WAYS = frozenset({"console", "command"})


def answer(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(
        _encoder.encode(value),
        status,
        headers={PROTOCOL_HEADER: str(PROTOCOL)},
        media_type="application/json",
    )


def refusal(problem: Problem, status: int | None = None) -> Response:
    """A problem as an answer, with the status its class has unless another is given."""
    return answer(body_of(problem), status or STATUS.get(problem.code, 400))


def via_of(request: Request) -> str:
    """How the caller came, as they say it themselves: ``console``, ``command`` or ``socket``."""
    claimed = request.headers.get(VIA_HEADER, "")
    return claimed if claimed in WAYS else "socket"


def protocol_mismatch(request: Request) -> Problem | None:
    """The problem of a client that speaks another protocol; None when it is ours or not said."""
    said = request.headers.get(PROTOCOL_HEADER)
    if said is None or said == str(PROTOCOL):
        return None
    return protocol_problem(client=int(said) if re.fullmatch(r"\d{1,9}", said) else 0, engine=PROTOCOL)


def integer(request: Request, name: str, default: T, least: int = 0, most: int = 2**62) -> int | T:
    """A whole number of the query. Raises `Invalid` that names it."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"\d{1,19}", text) or not least <= int(text) <= most:
        raise wrong(name, f"want a whole number from {least} to {most}")
    return int(text)


def moment(request: Request, name: str) -> datetime | None:
    """A time of the query in ISO 8601 with its zone. Raises `Invalid` that names it."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        found = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        found = None
    if found is None or found.tzinfo is None:
        raise wrong(name, "want a time such as 2026-11-24T02:14:00Z")
    return found


def wrong(field: str, text: str) -> Invalid:
    """An `Invalid` of one line, which starts with the field."""
    return Invalid(WRONG_ARGUMENTS, CORRECT_THEM, lines=(safe_text(f"{field}: {text}"),))


async def read_command(request: Request, most_bytes: int) -> CommandBody:
    """The body of a command. Raises `Invalid` when it is too large, malformed or has no proper id."""
    body = decode(await _capped(request, most_bytes), _body_decoder)
    if not COMMAND_ID.fullmatch(body.command_id):
        raise wrong("command_id", "want 8 to 64 letters, digits, - or _")
    return body


def read_query(request: Request) -> dict[str, object]:
    """The arguments of a query as they came. Raises `Invalid` when they are no JSON object."""
    text = request.query_params.get("args", "{}")
    if len(text) > BODY_BYTES:
        raise wrong("args", f"want at most {BODY_BYTES} bytes")
    return decode(text.encode(), _arguments_decoder)


def read_arguments(args: dict[str, object], shape: type[T]) -> T:
    """The arguments as their struct, made safe to store and show. Raises `Invalid` naming the field."""
    try:
        return msgspec.convert({name: _safe(value) for name, value in args.items()}, shape)
    except msgspec.ValidationError as error:
        raise _located(error) from error
    except RecursionError as error:
        raise wrong("args", "nested too deeply") from error


def decode(raw: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """JSON to a struct. Raises `Invalid` that names the field where there is one."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _located(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise wrong("body", f"want JSON: {error}") from error


async def _capped(request: Request, most_bytes: int) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most_bytes:
            raise wrong("body", f"want at most {most_bytes} bytes")
    return bytes(raw)


def _safe(value: Any) -> object:
    if isinstance(value, str):
        return safe_text(value, ARGUMENT_CHARACTERS, lines=True)
    if isinstance(value, list):
        return [_safe(item) for item in value]
    if isinstance(value, dict):
        return {safe_text(name): _safe(item) for name, item in value.items()}
    return value


def _located(error: msgspec.ValidationError) -> Invalid:
    text = str(error)
    path, field = _PATH.search(text), _FIELD.search(text)
    where = ".".join(part for part in (path["path"] if path else "", field["field"] if field else "") if part)
    return wrong(where or "body", _PATH.sub("", text))
