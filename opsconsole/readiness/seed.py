"""Evidence for the example office, so that it has levels, claims above them, and dates on which they fall.

The store of a real office begins empty: this is recorded only where all people are those of the example.
"""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from opsconsole.base.clock import utc
from opsconsole.base.paths import example_office
from opsconsole.inventory.office import Inventory, OpdEntry, PersonEntry
from opsconsole.readiness.evidence import CHANGE, INSIDE, MEANS, MISSED, OUTSIDE, PASSED
from opsconsole.readiness.project import Recorded

_DAY_SECONDS = 86_400
_FILE = Path(__file__).parent / "example.toml"
# A drill is asked for and answered at these hours of the office's day.
_ASKED = {INSIDE: time(9, 20), OUTSIDE: time(19, 40)}
_ANSWERED_SECONDS = 400
_ROSTER_DAYS = 30


class _Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the people of some OPD have, kind by kind: days ago, or the session they were at."""

    opds: list[str]
    claimed: str
    admin: dict[str, int | str]
    backup: dict[str, int | str] = {}
    transferred: int = 0


class _Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``example.toml``."""

    spread: int
    sessions: list[dict[str, Any]]
    profiles: list[_Profile]
    means: dict[str, int]


def is_example(inventory: Inventory) -> bool:
    """Whether everybody in an office is of the example: then nobody is real."""
    known = _example_people()
    own = {name: content for name, content in inventory.files.items() if name.startswith("people/")}
    return bool(known) and own == known


@lru_cache(maxsize=1)
def _example_people() -> Mapping[str, bytes]:
    folder = example_office()
    return {f"people/{one.name}": one.read_bytes() for one in sorted((folder / "people").glob("*.toml"))}


def seed(inventory: Inventory, now: float) -> dict[str, object]:
    """The body of the event ``readiness.imported`` that records it all, as of ``now``."""
    example = msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), _Example)
    made = _Seed(inventory, example, now)
    for profile in example.profiles:
        for code in profile.opds:
            opd = inventory.opds.get(code)
            if opd is not None:
                made.opd(opd, profile)
    for opd in inventory.opds.values():
        made.means(opd, example.means["default"])
    return made.body()


class _Seed:
    """What is recorded so far."""

    def __init__(self, inventory: Inventory, example: _Example, now: float) -> None:
        self._inventory = inventory
        self._example = example
        self._today = utc(now).astimezone(inventory.calendar.zone).date()
        self._rows: list[Recorded] = []
        self._changes: list[Recorded] = []
        self._drills: list[dict[str, object]] = []
        self._count = 0

    def opd(self, opd: OpdEntry, profile: _Profile) -> None:
        """Everybody of an OPD, as the profile says."""
        people = [one for one in self._inventory.people.values() if one.opd == opd.code]
        for person in people:
            kinds = (
                profile.admin
                if "admin" in person.duties
                else profile.backup
                if person.duty == "backup"
                else {}
            )
            self._count += 1
            for kind, ago in kinds.items():
                self._one(person, kind, ago)
        admins = [one for one in people if "admin" in one.duties]
        if profile.transferred:
            self._changes += [self._transfer(one, profile.transferred) for one in admins]

    def means(self, opd: OpdEntry, ago: int) -> None:
        """The means of an OPD that no probe shows; of each third nothing is recorded."""
        for number, one in enumerate(opd.means):
            if not one.proven_by and number % 3 != 2:
                at = self._at(ago, time(10))
                self._rows.append(
                    Recorded(kind=MEANS, at=at, opd=opd.code, source="imported", variant=one.id)
                )

    def body(self) -> dict[str, object]:
        """All of it as the body of an event."""
        sessions = [
            {
                "code": one["code"],
                "title": one["title"],
                "at": _text(self._at(one["ago"], time(9))),
                "applications": [],
            }
            for one in self._example.sessions
        ]
        rows = [_plain(one) for one in (*self._rows, *self._changes)]
        return {
            "source": "example",
            "rows": rows,
            "drills": self._drills,
            "sessions": sessions,
            "count": len(rows),
        }

    def _one(self, person: PersonEntry, kind: str, ago: int | str) -> None:
        about = {"people": (person.id,), "opds": (person.opd,), "source": "imported"}
        if isinstance(ago, str):
            at = next(self._at(one["ago"], time(9)) for one in self._example.sessions if one["code"] == ago)
            self._rows.append(Recorded(kind=kind, at=at, variant=ago, **about))  # type: ignore[arg-type]
            return
        days = abs(ago) + self._count * 4 % self._example.spread
        match kind:
            case "UR":
                for hours in (INSIDE, OUTSIDE):
                    self._drill(person, days, hours, PASSED if ago > 0 else MISSED)
            case "PK":
                start = self._at(_ROSTER_DAYS - days, time())
                until = start + timedelta(days=_ROSTER_DAYS)
                self._rows.append(Recorded(kind=kind, at=start, until=until, **about))  # type: ignore[arg-type]
            case "SK":
                self._rows.append(self._decree(days, about))
            case _:
                variant = {"KT": "wa", "SOP": "v3"}.get(kind, "")
                at = self._at(days, time(10, 15))
                self._rows.append(Recorded(kind=kind, at=at, variant=variant, **about))  # type: ignore[arg-type]

    def _decree(self, days: int, about: Mapping[str, object]) -> Recorded:
        at = self._at(days, time())
        # A year from its day: then some end soon and others late.
        until = at + timedelta(days=365)
        params = {"number": f"188.4/{self._count:03}/{self._today.year}", "signer": "Sekretaris Daerah"}
        return Recorded(kind="SK", at=at, until=until, params=params, **about)  # type: ignore[arg-type]

    def _drill(self, person: PersonEntry, days: int, hours: str, result: str) -> None:
        asked = self._at(days, _ASKED[hours])
        took = timedelta(seconds=_ANSWERED_SECONDS + self._count * 37 % 300)
        self._drills.append(
            {
                "kind": "UR",
                "person": person.id,
                "opd": person.opd,
                "people": [person.id],
                "opds": [person.opd],
                "application": "",
                "tier": 1,
                "hours": hours,
                "variant": hours,
                "meant": False,
                "at": _text(asked),
                "asked_at": _text(asked),
                "due_at": _text(asked + timedelta(minutes=15)),
                "ended_at": _text(asked + (took if result == PASSED else timedelta(minutes=15))),
                "result": result,
                "source": "imported",
                "params": {"tier": 1, "seconds": round(took.total_seconds())},
            }
        )

    def _transfer(self, person: PersonEntry, days: int) -> Recorded:
        evidence = self._inventory.readiness.evidence.values()
        return Recorded(
            kind=CHANGE,
            at=self._at(days, time(13)),
            people=(person.id,),
            opds=(person.opd,),
            source="imported",
            variant="transfer",
            params={"voids": [one.code for one in evidence if "transfer" in one.voided_by]},
            own={person.id: {"duties": list(person.duties)}},
        )

    def _at(self, days: int, clock: time) -> datetime:
        day: date = self._today - timedelta(days=days)
        return datetime.combine(day, clock, self._inventory.calendar.zone).astimezone(UTC)


def _plain(said: Recorded) -> dict[str, object]:
    body = {key: value for key, value in msgspec.to_builtins(said).items() if value not in ("", {}, [], None)}
    moments = {"at": said.at, "until": said.until}
    return body | {key: _text(moment) for key, moment in moments.items() if moment is not None}


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
