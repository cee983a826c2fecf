"""The commands about figures of use."""

from collections.abc import Callable, Mapping
from datetime import date

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.usage import MOST_LINES, CheckUsage, ImportUsage, RecordUsage, VoidUsage
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.office import Office
from opsconsole.integration import usage


class UsageFigures:
    """``office()`` is the one in force, ``today()`` the day in its zone. Called in the loop."""

    def __init__(self, office: Callable[[], Office], today: Callable[[], date]) -> None:
        self._office = office
        self._today = today

    def handlers(self) -> Mapping[str, Handler]:
        """What carries them out, by name."""
        return {
            "usage": self._record,
            "usage-void": self._void,
            "usage-import": self._import,
            "usage-check": self._check,
        }

    async def _record(self, request: Request) -> Outcome:
        args: RecordUsage = request.args
        self._known(args.application)
        return Outcome(decide=lambda _conn: usage.record(args, self._today(), request.event))

    async def _void(self, request: Request) -> Outcome:
        args: VoidUsage = request.args
        self._known(args.application)
        return Outcome(decide=lambda conn: usage.void(conn, args, self._today(), request.event))

    async def _import(self, request: Request) -> Outcome:
        args: ImportUsage = request.args
        _few(args)
        known = self._office().inventory.applications
        return Outcome(decide=lambda _conn: usage.from_list(args, known, self._today(), request.event))

    async def _check(self, request: Request) -> Outcome:
        args: CheckUsage = request.args
        _few(args)
        return Outcome(result=usage.check(args, self._office().inventory.applications, self._today()))

    def _known(self, name: str) -> None:
        if name not in self._office().inventory.applications:
            raise NotFound(N_("There is no application {id}."), id=name)


def _few(args: ImportUsage | CheckUsage) -> None:
    if len(args.lines) > MOST_LINES:
        raise Invalid(
            N_("The list has {count} lines; at most {most} are taken at once."),
            N_("Split the file."),
            count=len(args.lines),
            most=MOST_LINES,
        )
