"""The types that keys of the office's own files are made of."""

import difflib
import ipaddress
import re
from datetime import date, time, timedelta
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from opsconsole.base.text import _, safe_text
from probes.spec import Duration

# One row id fits a cell of the board and a file name; it is what every command takes.
ID_PATTERN = r"^[a-z0-9][a-z0-9-]{0,47}$"
CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]{0,47}$"
SERVICE = "service:"
# What maintenance may be of beside one row: all rows of an agency, or all there are.
OPD, EVERYTHING = "opd:", "*"
ALWAYS = "always"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEAST_WORK_SECONDS, _MOST_WORK_SECONDS = 60, 30 * 86_400
_LEAST_BACKUP_SECONDS = 15 * 60
_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_ENDPOINT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})")
_PHONE = re.compile(r"[0-9+() -]{0,40}")
_EMAIL = re.compile(r"(?:[^@\s]+@[^@\s]+)?")
_CALLER = re.compile(r"@?[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\$?")


class Span(NamedTuple):
    """Part of a day, from and until as time since its midnight; ``until`` past 24 h is the next day."""

    start: timedelta
    end: timedelta


def parse_span(value: object) -> Span:
    """A span from ``07:30-16:00``; ``21:00-05:00`` ends on the next day. Raises ValueError."""
    match = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(_('want hours such as "07:30-16:00", "21:00-05:00" or "00:00-24:00"'))
    start = timedelta(hours=int(match[1]), minutes=int(match[2]))
    end = timedelta(hours=int(match[3]), minutes=int(match[4]))
    day = timedelta(days=1)
    if start >= day or end > day or start == end:
        raise ValueError(_("want hours between 00:00 and 24:00 that do not begin when they end"))
    return Span(start, end if end > start else end + day)


def parse_days(value: object) -> tuple[int, ...]:
    """Days of the week, Monday 0, from ``mon-thu`` or ``fri``. Raises ValueError."""
    first, dash, last = value.partition("-") if isinstance(value, str) else ("", "", "")
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(
            _('want a day such as "fri" or days such as "mon-thu" (mon tue wed thu fri sat sun)')
        )
    start, end = DAYS.index(first), DAYS.index(last or first)
    if end < start:
        raise ValueError(_("want days in the order of the week, Monday first"))
    return tuple(range(start, end + 1))


def parse_clock(value: object) -> time:
    """A time of day from ``05:00``. Raises ValueError."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(_('want a time of day such as "05:00"'))
    return time(int(match[1]), int(match[2]))


def parse_day_key(value: object) -> date:
    """A date from a key such as ``2026-08-17``. Raises ValueError."""
    try:
        day = date.fromisoformat(value if isinstance(value, str) else "")
        if day.isoformat() != value:
            raise ValueError
    except ValueError:
        raise ValueError(_("want a date such as 2026-08-17")) from None
    return day


def _check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(value, sorted(available_timezones()), 1)
        wanted = _('want an IANA time zone such as "Asia/Jakarta"')
        raise ValueError(wanted + (_("; nearest: {near}").format(near=near[0]) if near else "")) from None
    return value


def _clean(value: str) -> str:
    cleaned = safe_text(value, len(value) + 1).strip()
    if "\ufffd" in cleaned and "\ufffd" not in value:
        raise ValueError(_("want text without control or invisible characters"))
    return cleaned


def _named(value: str) -> str:
    if not value:
        raise ValueError(_("want text that is not empty"))
    return value


def _check_phone(value: str) -> str:
    if not _PHONE.fullmatch(value):
        raise ValueError(_('want a telephone number such as "0812-0000-0000" or "+62 341 000000"'))
    return value


def _check_email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError(_('want an address such as "rina@sukamaju.example"'))
    return value


def _check_endpoint(value: object) -> object:
    if value == "":
        return value
    match = _ENDPOINT.fullmatch(value) if isinstance(value, str) else None
    try:
        if match is None or not 0 < int(match[3]) < 65536:
            raise ValueError
        ipaddress.IPv6Address(match[1]) if match[1] else ipaddress.IPv4Address(match[2])
    except ValueError:
        raise ValueError(_('want ADDRESS:PORT such as "10.0.0.1:53" or "[::1]:53"')) from None
    return value


def _check_network(value: object) -> object:
    try:
        ipaddress.ip_network(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(_('want a network such as "10.20.0.0/16"')) from None
    return value


def _check_caller(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(_('want a user name, a uid or a group such as "@ops"'))
    if isinstance(value, int) and value < 0:
        raise ValueError(_("want a uid of at least 0"))
    if isinstance(value, str) and not _CALLER.fullmatch(value):
        raise ValueError(_('want a user name, a uid or a group such as "@ops"'))
    return value


def _check_work_length(value: float) -> float:
    if not _LEAST_WORK_SECONDS <= value <= _MOST_WORK_SECONDS:
        raise ValueError(_("want a duration between 1m and 30d"))
    return value


def _check_backup_rhythm(value: float) -> float:
    if not _LEAST_BACKUP_SECONDS <= value <= _MOST_WORK_SECONDS:
        raise ValueError(_("want a duration between 15m and 30d"))
    return value


def _check_folder(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError(_("want a whole path, such as /srv/backups"))
    return value


def _check_runbook(value: object) -> object:
    if isinstance(value, str) and re.match(r"[a-z][a-z0-9+.-]*://[^/?#]*@", value, re.IGNORECASE):
        raise ValueError(
            _("want an address without a user or password: a secret never stands in these files")
        )
    return value


def parse_dependency(value: object) -> tuple[str, ...]:
    """The ids one entry of ``depends_on`` names: one, or those of a redundancy group. Raises ValueError."""
    ids = value.get("any") if isinstance(value, dict) and set(value) == {"any"} else [value]
    if not isinstance(ids, list) or not ids or not all(isinstance(one, str) for one in ids):
        raise ValueError(_('want an id such as "sso" or "service:bsre", or a group { any = ["a", "b"] }'))
    return tuple(ids)


_STRING: dict[str, Any] = {"type": "string"}
_DEPENDENCY = {
    "anyOf": [
        _STRING,
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["any"],
            "properties": {"any": {"type": "array", "minItems": 1, "items": _STRING}},
        },
    ]
}

Id = Annotated[str, Field(pattern=ID_PATTERN)]
Code = Annotated[str, Field(pattern=CODE_PATTERN)]
Line = Annotated[str, Field(max_length=500), AfterValidator(_clean)]
Name = Annotated[str, Field(max_length=200), AfterValidator(_clean), AfterValidator(_named)]
Phone = Annotated[Line, AfterValidator(_check_phone)]
Email = Annotated[Line, AfterValidator(_check_email)]
Zone = Annotated[str, AfterValidator(_check_zone)]
Endpoint = Annotated[str, BeforeValidator(_check_endpoint)]
Network = Annotated[str, BeforeValidator(_check_network)]
Caller = Annotated[
    str | int,
    BeforeValidator(_check_caller),
    WithJsonSchema({"anyOf": [_STRING, {"type": "integer", "minimum": 0}]}),
]
BackupRhythm = Annotated[Duration, AfterValidator(_check_backup_rhythm)]
Folder = Annotated[Line, AfterValidator(_check_folder)]
WorkLength = Annotated[Duration, AfterValidator(_check_work_length)]
Runbook = Annotated[Line, BeforeValidator(_check_runbook)]
Depends = Annotated[tuple[str, ...], BeforeValidator(parse_dependency), WithJsonSchema(_DEPENDENCY)]
Hours = Annotated[Span, BeforeValidator(parse_span), WithJsonSchema({**_STRING, "pattern": _SPAN.pattern})]
Days = Annotated[tuple[int, ...], BeforeValidator(parse_days), WithJsonSchema(_STRING)]
ClockTime = Annotated[
    time, BeforeValidator(parse_clock), WithJsonSchema({**_STRING, "pattern": _CLOCK.pattern})
]
DayKey = Annotated[date, BeforeValidator(parse_day_key), WithJsonSchema({**_STRING, "format": "date"})]
