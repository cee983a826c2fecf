"""What the engine's own commands do. Each takes a request and returns an outcome."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from opsconsole.base.errors import Conflict, NotFound
from opsconsole.base.text import N_
from opsconsole.client.commands import AddApplication, Recheck
from opsconsole.engine.accept import Acceptance
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.prober import Prober
from opsconsole.engine.watched import WatchedProbe


def handlers(acceptance: Acceptance, prober: Prober, stop: Callable[[], None]) -> Mapping[str, Handler]:
    """The handlers of `client.commands.COMMANDS` by name."""
    return {
        "recheck": partial(_recheck, acceptance, prober),
        "reload": partial(_reload, acceptance),
        "diff": partial(_diff, acceptance),
        "add": partial(_add, acceptance),
        "stop": partial(_stop, stop),
    }


async def _recheck(acceptance: Acceptance, prober: Prober, request: Request) -> Outcome:
    """Look now. The result is what each probe saw, in their order, when it was asked to wait."""
    args: Recheck = request.args
    probes = _probes(acceptance, args)
    looks = prober.look_now(probes)
    seen = []
    if args.wait:
        # A probe that a reload takes away meanwhile has nothing to show.
        ran = await asyncio.gather(*looks, return_exceptions=True)
        seen = [one.observation for one in ran if not isinstance(one, BaseException)]
    body: dict[str, object] = {"probes": [probe.name for probe in probes]}
    return Outcome((request.event("probe.rechecked", args.application, body),), seen)


def _probes(acceptance: Acceptance, args: Recheck) -> list[WatchedProbe]:
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
