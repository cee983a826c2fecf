"""Incidents in the running engine: they are opened as it tells of rows, and changed by command."""

import asyncio
import pwd
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

from opsconsole.base.clock import utc
from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_
from opsconsole.client.incident_commands import Assign
from opsconsole.engine import until
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.office import Office
from opsconsole.incidents import commands, regroup
from opsconsole.incidents.commands import Answer, Asked
from opsconsole.incidents.facts import Ground, ground_of
from opsconsole.incidents.subscriber import IncidentKeeper
from opsconsole.store.drafts import Decide

_ONE: Mapping[str, Answer] = {
    "ack": commands.acknowledge,
    "unack": commands.unacknowledge,
    "take": commands.take,
    "assign": commands.assign,
    "note": commands.note,
    "snooze": commands.snooze,
    "unsnooze": commands.unsnooze,
    "mitigate": commands.mitigate,
    "resolve": commands.resolve,
    "close": commands.close,
    "severity": commands.set_severity,
    "attribute": commands.attribute,
    "triage": commands.triage,
    "reported": commands.reported,
}
_SEVERAL = {
    "report": regroup.report,
    "reopen": regroup.reopen,
    "merge": regroup.merge,
    "unmerge": regroup.unmerge,
    "split": regroup.split,
}


class Incidents:
    """The office as the rules of incidents read it, and what carries out the commands on them.

    `take` is called in the loop; ``office`` and ``ground`` are those in force. ``keeper`` is the subscriber
    that the writer calls.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ground: Ground = ground_of(office.inventory)
        self.keeper = IncidentKeeper(lambda: self.ground)

    def take(self, office: Office) -> None:
        """Go by this office from now on."""
        self.office = office
        self.ground = ground_of(office.inventory)

    def handlers(self) -> Mapping[str, Handler]:
        """What carries out the commands of `client.incident_commands`, by name."""

        def settled(decide: Callable[[Request], Awaitable[Decide]]) -> Handler:
            async def handle(request: Request) -> Outcome:
                return Outcome(decide=await decide(request))

            return handle

        one = {name: settled(partial(self._one, answer)) for name, answer in _ONE.items()}
        return one | {name: settled(partial(self._several, act)) for name, act in _SEVERAL.items()}

    async def _one(self, answer: Answer, request: Request) -> Decide:
        if isinstance(request.args, Assign):
            await self._must_be_known(request.args.person.strip())
        asked = self._asked(request)
        return partial(commands.decide, asked, answer, request.event)

    async def _several(self, act: Callable[..., object], request: Request) -> Decide:
        return partial(act, self._asked(request), request.event)  # type: ignore[return-value]

    def _asked(self, request: Request) -> Asked:
        args = request.args
        return Asked(
            args=args,
            who=request.caller.person or f"uid {request.caller.uid}",
            at=utc(round(request.at, 3)),
            ground=self.ground,
            seen=request.version,
            until=self._moment(getattr(args, "until", ""), request.at)
            or self._moment(getattr(args, "at", ""), request.at, ago=True),
        )

    def _moment(self, text: str, now: float, *, ago: bool = False) -> datetime | None:
        if not text.strip():
            return None
        return utc(round(until.moment(text, now, self.office.inventory.settings.office.zone, ago=ago), 3))

    async def _must_be_known(self, person: str) -> None:
        """Raises `NotFound` for whom neither the files nor the machine know: a slip would go unnoticed."""
        if not person or person in self.office.inventory.people or await asyncio.to_thread(_account, person):
            return
        raise NotFound(
            N_("There is nobody called {person}."),
            N_("Name an account of this machine, or a person by the id in people/*.toml."),
            person=person,
        )


def _account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
