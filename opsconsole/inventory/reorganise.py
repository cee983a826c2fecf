"""A reorganisation of agencies, from its plan to the files as they are to be. Nothing is written here."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from pydantic import ValidationError

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.base.toml import syntax_error
from opsconsole.inventory.blocks import after_key, put, take
from opsconsole.inventory.explain import mistakes_in
from opsconsole.inventory.fields import Code, Line, Name
from opsconsole.inventory.mistakes import located
from opsconsole.inventory.office import Inventory
from probes.spec import Strict

PLAN = "plan.toml"
_DAY = dt.timedelta(days=1)
# The day before has to be there too.
_EARLIEST = dt.date(1970, 1, 1)


class Start(Strict):
    """An agency that begins."""

    code: Code
    name: Name
    short: Name
    kind: Name = "dinas"
    parent: str = ""
    predecessors: list[Code] = []


class End(Strict):
    """One that ends the day before."""

    code: Code


class Move(Strict):
    """Applications and people that go to another agency, by their ids."""

    to: Code
    applications: list[str] = []
    people: list[str] = []


class Plan(Strict):
    """What changes from ``date`` on, by what decree."""

    date: dt.date
    basis: Line = ""
    start: list[Start] = []
    end: list[End] = []
    move: list[Move] = []


@dataclass(frozen=True, slots=True)
class Rearranged:
    """The files as they are to be (only those that change), and who goes where: (id, from, to)."""

    files: Mapping[str, bytes]
    ended: tuple[str, ...]
    started: tuple[str, ...]
    applications: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str, str], ...]


def read_plan(text: str) -> Plan:
    """A plan from TOML. Raises Invalid with a line for each mistake."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, told = syntax_error(text, str(error))
        raise _refused([f"{PLAN}:{line}: {told}"]) from None
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise _refused(located(mistakes_in(Plan, data, error, PLAN), {PLAN: text})) from None


def rearrange(inventory: Inventory, plan: Plan) -> Rearranged:
    """The files that a plan comes to. Raises NotFound, Conflict and Invalid for what it can not mean.

    The files are not checked against each other yet: whoever writes them does.
    """
    if plan.date < _EARLIEST:
        raise Invalid(N_("Nothing was recorded so long ago."), N_("Ask for a later time."))
    work = _Work(inventory, plan)
    for one in plan.start:
        work.begin(one)
    for end in plan.end:
        work.finish(end.code)
    for move in plan.move:
        work.move(move)
    work.check_left()
    return Rearranged(
        files={name: text.encode() for name, text in work.changed.items()},
        ended=tuple(work.ended),
        started=tuple(one.code for one in plan.start),
        applications=tuple(work.applications),
        people=tuple(work.people),
    )


class _Work:
    def __init__(self, inventory: Inventory, plan: Plan) -> None:
        self._inventory = inventory
        self._plan = plan
        self._codes = {code.casefold(): code for code in inventory.opds}
        self._codes |= {one.code.casefold(): one.code for one in plan.start}
        self.changed: dict[str, str] = {}
        self.ended: list[str] = []
        self.applications: list[tuple[str, str, str]] = []
        self.people: list[tuple[str, str, str]] = []

    def begin(self, one: Start) -> None:
        """A new file."""
        if one.code.casefold() in {code.casefold() for code in self._inventory.opds}:
            raise Conflict(N_("There is an OPD {code} already."), code=one.code)
        document = tomlkit.document()
        keys = one.model_dump(exclude={"parent", "predecessors"})
        if one.parent:
            keys["parent"] = one.parent
        for key, value in {**keys, "valid_from": self._plan.date, "predecessors": one.predecessors}.items():
            document.append(key, tomlkit.item(value))
        self.changed[f"opd/{one.code.lower()}.toml"] = tomlkit.dumps(document)

    def finish(self, code: str) -> None:
        """The last day of an agency."""
        entry = self._inventory.opds[self._known(code)]
        last = self._plan.date - _DAY
        if entry.valid_to is not None:
            raise Conflict(
                N_("{code} has ended already, on {day}."), code=entry.code, day=entry.valid_to.isoformat()
            )
        if entry.valid_from is not None and entry.valid_from > last:
            raise Conflict(N_("{code} has not begun by then."), code=entry.code)
        text = self._text(entry.file)
        below = "valid_from" if entry.valid_from else "short"
        self.changed[entry.file] = after_key(text, (below,), f"valid_to = {last.isoformat()}")
        self.ended.append(entry.code)

    def move(self, move: Move) -> None:
        """Applications and people into the files of another agency."""
        to = self._known(move.to)
        if to in self.ended:
            raise Conflict(N_("{code} ends itself: nothing can go there."), code=to)
        for name in move.applications:
            entry = self._inventory.applications.get(name)
            if entry is None:
                raise NotFound(N_("There is no application {id}."), id=name)
            block = self._taken(entry.file, "applications", name)
            earlier = [*entry.earlier, (entry.opd, self._plan.date - _DAY)]
            self._put(self._file_of(to), _with_earlier(block, earlier))
            self.applications.append((name, entry.opd, to))
        for name in move.people:
            person = self._inventory.people.get(name)
            if person is None:
                raise NotFound(N_("There is no person {id}."), id=name)
            block = self._taken(f"people/{person.opd.lower()}.toml", "people", name)
            self._put(f"people/{to.lower()}.toml", block)
            self.people.append((name, person.opd, to))

    def check_left(self) -> None:
        """Refuse an end that leaves applications behind."""
        moved = {name for name, _was, _to in self.applications}
        left = [
            one.id
            for one in self._inventory.applications.values()
            if one.opd in self.ended and one.id not in moved
        ]
        if left:
            raise Invalid(
                N_("These applications would belong to an OPD that has ended: {ids}."),
                N_("Say in a [[move]] where each of them goes."),
                ids=", ".join(left),
            )

    def _known(self, code: str) -> str:
        known = self._codes.get(code.casefold())
        if known is None:
            raise NotFound(N_("There is no OPD {code}."), code=code)
        return known

    def _file_of(self, code: str) -> str:
        entry = self._inventory.opds.get(code)
        return entry.file if entry else f"opd/{code.lower()}.toml"

    def _text(self, file: str) -> str:
        found = self.changed.get(file)
        if found is None:
            found = self._inventory.files.get(file, b"").decode("utf-8-sig")
        return found

    def _taken(self, file: str, key: str, name: str) -> str:
        block, self.changed[file] = take(self._text(file), key, name)
        return block

    def _put(self, file: str, block: str) -> None:
        self.changed[file] = put(self._text(file), block)


def _with_earlier(block: str, earlier: Iterable[tuple[str, dt.date]]) -> str:
    """An application's table that says whose it was before."""
    document: Any = tomlkit.parse(block)
    row = document["applications"][0]
    tables = ", ".join(f'{{ opd = "{code}", until = {until.isoformat()} }}' for code, until in earlier)
    if "earlier" not in row:
        return after_key(block, ("applications", 0, "id"), f"earlier = [{tables}]")
    row["earlier"] = tomlkit.parse(f"earlier = [{tables}]")["earlier"]
    return tomlkit.dumps(document)


def _refused(lines: Iterable[str]) -> Invalid:
    listed = tuple(lines)
    return Invalid(
        N_("The plan is not accepted; mistakes: {count}."),
        N_("Correct them and try again; nothing was changed."),
        listed,
        count=len(listed),
    )
