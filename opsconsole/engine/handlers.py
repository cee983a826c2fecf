"""What the engine's own commands do. Each takes a request and returns an outcome."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from zoneinfo import ZoneInfo

from opsconsole.base.clock import utc
from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.commands import AddApplication, PauseProbes, Recheck, ResumeProbes
from opsconsole.client.planned import MOST_PAUSE_DAYS
from opsconsole.engine import until
from opsconsole.engine.accept import Acceptance
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.pauses import Pauses, shown
from opsconsole.engine.prober import Prober
from opsconsole.engine.watched import WatchedProbe
from opsconsole.store.pauses import StoredPause

_DAY_SECONDS = 86_400


def handlers(
    acceptance: Acceptance, prober: Prober, pauses: Pauses, stop: Callable[[], None]
) -> Mapping[str, Handler]:
    """The handlers of `client.commands.COMMANDS` by name."""
    return {
        "recheck": partial(_recheck, acceptance, prober),
        "pause": partial(_pause, acceptance, pauses),
        "resume": partial(_resume, acceptance, pauses),
        "reload": partial(_reload, acceptance),
        "diff": partial(_diff, acceptance),
        "add": partial(_add, acceptance),
        "stop": partial(_stop, stop),
    }


async def _recheck(acceptance: Acceptance, prober: Prober, request: Request) -> Outcome:
    """Look now. The result is what each probe saw, in their order, when it was asked to wait.

    What was looked at by hand just now is answered with that look.
    """
    args: Recheck = request.args
    probes = [probe for probe in _probes(acceptance, args) if probe.pause is None]
    if not probes:
        raise _is_paused(_probes(acceptance, args)[0], acceptance.office.inventory.settings.office.zone)
    again = [probe.name for probe in probes if not prober.looked_by_hand(probe)]
    looks = prober.look_now(probes)
    seen = []
    if args.wait:
        # A probe that a reload takes away meanwhile has nothing to show.
        ran = await asyncio.gather(*looks, return_exceptions=True)
        seen = [one.observation for one in ran if not isinstance(one, BaseException)]
    event = request.event("probe.rechecked", args.application, {"probes": again})
    return Outcome((event,), seen, harmless=True)


async def _pause(acceptance: Acceptance, pauses: Pauses, request: Request) -> Outcome:
    """Make no more looks until a time. The result is the pause."""
    args: PauseProbes = request.args
    probes = _probes(acceptance, args)
    zone = acceptance.office.inventory.settings.office.zone
    end, reason = until.moment(args.until, request.at, zone), args.reason.strip()
    if not request.at < end <= request.at + MOST_PAUSE_DAYS * _DAY_SECONDS:
        raise Invalid(
            N_("A pause ends within {days} days, not {text}."),
            N_("Give an end that lies ahead; a longer pause is `active = false` in the files."),
            days=MOST_PAUSE_DAYS,
            text=args.until,
        )
    if not reason:
        raise Invalid(N_("A pause needs a reason."), N_("Say in a few words why no looks are made."))
    begun = [
        StoredPause(
            probe_id=probe.id,
            row_id=probe.row_id,
            probe=probe.name,
            uid=request.caller.uid,
            person=request.caller.person,
            reason=reason,
            since=round(request.at, 3),
            until=round(end, 3),
        )
        for probe in probes
    ]
    body = {
        "probes": [probe.name for probe in probes],
        "until": utc(end).isoformat(timespec="milliseconds"),
        "reason": reason,
    }
    event = request.event("probe.paused", args.application, body)
    seq = await pauses.begin(begun, event, request.command_id)
    return Outcome(result=shown(begun[0]), seq=seq)


async def _resume(acceptance: Acceptance, pauses: Pauses, request: Request) -> Outcome:
    """Look again. The result names the probes."""
    args: ResumeProbes = request.args
    probes = [probe for probe in _probes(acceptance, args) if probe.pause is not None]
    if not probes:
        raise Conflict(N_("{id} is not paused."), id=args.application)
    names = [probe.name for probe in probes]
    event = request.event("probe.resumed", args.application, {"probes": names, "why": "asked"})
    seq = await pauses.end([probe.id for probe in probes], event, request.command_id)
    return Outcome(result=names, seq=seq)


def _is_paused(probe: WatchedProbe, zone: str) -> Conflict:
    assert probe.pause is not None
    pause = shown(probe.pause)
    return Conflict(
        N_("{id} is paused by {by} until {until}: {why}"),
        N_("`opsconsole resume {id}` ends the pause."),
        id=probe.row_id,
        by=pause.by,
        until=f"{pause.until.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}",
        why=pause.why,
    )


def _probes(acceptance: Acceptance, args: Recheck | PauseProbes | ResumeProbes) -> list[WatchedProbe]:
    row = acceptance.office.rows.get(args.application)
    if row is None:
        raise NotFound(N_("There is no application {id}."), id=args.application)
    if not row.entry.active:
        raise Conflict(
            N_("{id} is switched off in the configuration."),
            N_("Set `active = true` in {file} and reload."),
            id=row.id,
            file=row.entry.file,
        )
    probes = [probe for probe in row.probes if args.probe in ("", probe.name)]
    if not probes:
        raise NotFound(
            N_("{id} has no probe {probe}."),
            N_("Its probes: {names}."),
            id=row.id,
            probe=args.probe or "?",
            names=", ".join(probe.name for probe in row.probes) or "-",
        )
    return probes


async def _reload(acceptance: Acceptance, request: Request) -> Outcome:
    return Outcome(seq=await acceptance.reload(request.event, request.command_id))


async def _diff(acceptance: Acceptance, request: Request) -> Outcome:
    return Outcome(result=await acceptance.differences())


async def _add(acceptance: Acceptance, request: Request) -> Outcome:
    args: AddApplication = request.args
    seq, file = await acceptance.add(args, request.event, request.command_id)
    return Outcome(result={"id": args.id, "file": file}, seq=seq)


async def _stop(stop: Callable[[], None], request: Request) -> Outcome:
    return Outcome((request.event("engine.stop", "engine"),), answered=stop)
