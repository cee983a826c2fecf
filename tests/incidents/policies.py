"""Policies and calendars for one test, and the incident that its changes are made from."""

import tomllib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from opsconsole.client.incidents import Incident
from opsconsole.inventory.calendar import Calendar, make_calendar
from opsconsole.inventory.model import CalendarFile
from opsconsole.inventory.policy import IncidentPolicy, IncidentsFile, make_policy

WIB = ZoneInfo("Asia/Jakarta")
OPENED = datetime(2026, 11, 24, 2, tzinfo=UTC)
HOURS = """\
[[hours]]
name = "kantor"
week = [
  { days = "mon-thu", open = ["07:30-12:00", "13:00-16:00"] },
  { days = "fri", open = ["07:30-11:30", "13:00-16:30"] },
]
ramadan = [
  { days = "mon-thu", open = ["08:00-12:00", "12:30-15:00"] },
  { days = "fri", open = ["07:30-11:30", "12:30-15:00"] },
]

[[hours]]
name = "malam"
week = [{ days = "mon-sun", open = ["21:00-05:00"] }]
holidays = "open"

[[hours]]
name = "berlin"
zone = "Europe/Berlin"
week = [{ days = "mon-sun", open = ["01:30-04:00", "22:00-23:00"] }]
holidays = "open"

[[hours]]
name = "tutup"
week = [{ days = "mon", open = [] }]

[[ramadan]]
first = 2026-02-19
last = 2026-03-20

[[seasons]]
name = "SPMB"
first = 2026-05-11
last = 2026-07-10
applies_to = ["spmb"]

[[seasons]]
name = "tutup tahun"
first = 2026-12-28
last = 2027-01-02
applies_to = ["*"]

[holidays]
2026-03-19 = "Nyepi"
2026-03-21 = "Idulfitri"
2026-12-25 = "Natal"
2027-01-01 = "Tahun Baru"

[collective_leave]
2026-03-18 = "Nyepi"
2026-03-20 = "Idulfitri"
2026-03-23 = "Idulfitri"
2026-03-24 = "Idulfitri"
2026-12-24 = "Natal"
"""


def calendar(*keys: str, zone: str = "Asia/Jakarta") -> Calendar:
    """The calendar of these tests with more keys before its tables."""
    text = "\n".join([*(keys or ('sla_hours = "kantor"',)), HOURS])
    return make_calendar(CalendarFile.model_validate(tomllib.loads(text)), zone)


def policy(text: str = "") -> IncidentPolicy:
    """The policy of an ``incidents.toml``."""
    return make_policy(IncidentsFile.model_validate(tomllib.loads(text)))


def wib(text: str) -> datetime:
    """A time on the clock of the office."""
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def incident(number: int = 123, **changes: object) -> Incident:
    """An open incident of 24 Nov 2026 09:00 WIB."""
    plain = Incident(number=number, happened_at=OPENED, opened_at=OPENED, changed_at=OPENED)
    return replace(plain, **changes)
