"""A reorganisation by one command: the register, the applications, and what must be proven again."""

import asyncio
from collections.abc import Mapping
from datetime import date

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.integration_commands import Reorganise, Reorganised
from opsconsole.engine.accept import Acceptance
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.integration import day_of
from opsconsole.integration import queries
from opsconsole.integration.commands import Author
from opsconsole.integration.evaluate import Known
from opsconsole.integration.rules import VOIDED_BY_REORGANISATION
from opsconsole.inventory.diff import diff
from opsconsole.inventory.load import parse
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.reorganise import Rearranged, read_plan, rearrange
from opsconsole.store.database import Store
from opsconsole.store.drafts import EventDraft


class Reorganiser:
    """Carries out the command ``reorganise``. Called in the loop."""

    def __init__(self, acceptance: Acceptance, store: Store) -> None:
        self._acceptance = acceptance
        self._store = store

    def handlers(self) -> Mapping[str, Handler]:
        """What carries it out, by name."""
        return {"reorganise": self._reorganise}

    async def _reorganise(self, request: Request) -> Outcome:
        """Change the register, or say what would change. Raises Invalid for a plan that can not be meant."""
        args: Reorganise = request.args
        inventory = self._acceptance.office.inventory
        plan = read_plan(args.plan)
        today = day_of(inventory, request.at)
        if args.apply and plan.date > today:
            raise Invalid(
                N_("That day has not come yet: {day}."),
                N_("Without --apply it is shown what would change; carry it out on the day."),
                day=plan.date.isoformat(),
            )
        done = await asyncio.to_thread(rearrange, inventory, plan)
        config = self._acceptance.config_dir
        after = await asyncio.to_thread(parse, {**inventory.files, **done.files}, config)
        known = await asyncio.to_thread(self._known, inventory, today)
        result = Reorganised(
            applied=args.apply,
            date=plan.date,
            ended=done.ended,
            started=done.started,
            moved=done.applications,
            people=done.people,
            voided=tuple(_voided(done, known)),
            lost=tuple(key for key in known.opds if key[0] in done.ended),
            differences=tuple(await asyncio.to_thread(diff, inventory, after)),
        )
        if not args.apply:
            event = request.event("integration.reorganisation_tried", "road", _summary(plan.basis, result))
            return Outcome((event,), result, harmless=True)
        events = _events(plan.basis, result, today, request.event)
        seq = await self._acceptance.rewrite(done.files, request.event, request.command_id, events)
        return Outcome(result=result, seq=seq)

    def _known(self, inventory: Inventory, today: date) -> Known:
        with self._store.reader() as conn:
            return queries.known(conn, inventory, today)


def _voided(done: Rearranged, known: Known) -> list[tuple[str, str]]:
    """The papers of applications that went to another OPD: the new one has not signed them."""
    return [
        (application, proof)
        for application, _was, _to in done.applications
        for proof in VOIDED_BY_REORGANISATION
        if (standing := known.standings.get(application, {}).get(proof)) is not None and standing.proven
    ]


def _summary(basis: str, result: Reorganised) -> dict[str, object]:
    return {
        "date": result.date.isoformat(),
        "basis": basis,
        "ended": list(result.ended),
        "started": list(result.started),
        "moved": {application: [was, to] for application, was, to in result.moved},
        "people": {person: [was, to] for person, was, to in result.people},
    }


def _events(basis: str, result: Reorganised, today: date, author: Author) -> tuple[EventDraft, ...]:
    """The reorganisation first; then each proof that is void, and each OPD that is counted no longer."""
    day, since = today.isoformat(), result.date.isoformat()
    events = [author("integration.reorganised", "road", _summary(basis, result))]
    for application, proof in result.voided:
        body = {"proof": proof, "reason": "reorganised", "day": day}
        events.append(author("integration.voided", application, body))
    for opd, measure in result.lost:
        body = {"measure": measure, "day": since, "why": "ended", "definition": "", "seal": ""}
        events.append(author("integration.opd_lost", f"opd:{opd}", body))
    return tuple(events)
