"""Carrying out what was typed after ``:``, and what a key sends to the engine."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.commands import COMMANDS, CommandShape
from opsconsole.client.moments import parse_moment
from opsconsole.client.readiness import AskPerson
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.results import is_good, result_line
from opsconsole.console.palette import (
    EXPLAIN,
    FILTER,
    GO_APP,
    GO_AT,
    GO_INCIDENT,
    GO_OPD,
    GO_PERSON,
    SINCE,
    THEME,
    Go,
    Press,
    Send,
    SendEach,
    Under,
    Wrong,
    meaning,
)

if TYPE_CHECKING:
    from opsconsole.client.calls import AsyncClient
    from opsconsole.console.app import ConsoleApp
    from opsconsole.console.screens.page import Page

# Several looks are ordered beside each other, not all that are marked.
_AT_ONCE = 8


def run_line(page: "Page", line: str) -> None:
    """Do what a line means; the event line says why it means nothing or may not be done."""
    row, incident = page.selected(), page.incident()
    under = Under(row.id if row else "", incident.number if incident else 0, tuple(page.marked_incidents()))
    meant = meaning(line, under)
    # A line that names nothing is about the row that was under the cursor when it was begun.
    if meant != meaning(line, Under(marked=under.marked)) and (told := page.turned()):
        page.console_app.say(f"{line}: {told}", "warn")
        return
    match meant:
        case Wrong(text=text):
            page.console_app.say(text)
        case Press(action=action):
            page.perform(action)
        case Go(place=place, target=target):
            _go(page, place, target)
        case Send(shape=shape) as meant:
            if refused := _refusal(page, shape):
                page.console_app.say(f":{shape.name}: {refused}")
            else:
                page.console_app.say(_("{command}: sent").format(command=shape.name), "quiet")
                page.run_worker(_send(page, meant), group="send")
        case SendEach(shape=shape, each=each):
            if refused := _refusal(page, shape):
                page.console_app.say(f":{shape.name}: {refused}")
            else:
                page.run_worker(send_each(page, shape, each), group="send")


def _go(page: "Page", place: str, target: str) -> None:
    app = page.console_app
    if place == THEME:
        app.say(app.wardrobe.change(app, target))
        return
    if place == FILTER and page is not app.board and page.filters:
        page.set_filter(target)
        page.draw()
        return
    if place == GO_AT:
        page.go_at(target)
        return
    if place in (GO_APP, EXPLAIN) and target not in app.model.applications:
        app.say(_("there is no application {id}").format(id=target))
        return
    if place == EXPLAIN:
        from opsconsole.console.screens.explain import ExplainScreen

        app.open_page(ExplainScreen(target))
        return
    if place == GO_OPD:
        _open_opd(app, target)
        return
    if place == GO_INCIDENT:
        _open_incident(app, target)
        return
    if place == GO_PERSON:
        page.run_worker(_open_person(page, target), group="open", exclusive=True)
        return
    if place == SINCE:
        _open_since(page, target)
        return
    board = app.to_board()
    if place == GO_APP:
        app.open_application(target, board.listed())
    else:
        board.set_filter(target)


def _open_opd(app: "ConsoleApp", target: str) -> None:
    """Open the page of an OPD by its code, in whatever case."""
    code = next((code for code in app.model.opds if code.casefold() == target.casefold()), None)
    if code is None:
        app.say(_("there is no OPD {code}").format(code=target))
    else:
        app.to_board()
        app.open_opd(code)


async def _open_person(page: "Page", target: str) -> None:
    """Open the page of a person by what they are called, once it is known who that is."""
    app = page.console_app
    try:
        found = await app.ask(lambda client: client.query(AskPerson(person=target)))
    except Problem as problem:
        app.say(both(problem), "warn")
        return
    if app.page is page:
        app.open_person(found.person)


def _open_incident(app: "ConsoleApp", target: str) -> None:
    """Open the page of an incident by its number; the engine knows of those that the board no longer has."""
    number = target.lstrip("#")
    if number.isdecimal():
        app.open_incident(int(number), ())
    else:
        app.say(_("an incident goes by its number, as in #412"))


def _open_since(page: "Page", target: str) -> None:
    """Open what changed since a time, as a user types it."""
    app = page.console_app
    try:
        since = parse_moment(target, app.times.tzinfo, app.now())
    except Problem as problem:
        app.say(both(problem), "warn")
        return
    app.open_since(since)


def _refusal(page: "Page", shape: CommandShape) -> str:
    role = page.console_app.model.role
    if role.covers(shape.role):
        return ""
    return _("you are {role}, this needs {least}").format(role=role.value, least=shape.role.value)


async def recheck_all(page: "Page", ids: Sequence[str]) -> None:
    """Have all these applications looked at, and say how many of them are well."""
    app, shape = page.console_app, COMMANDS["recheck"]
    app.say(_("{command}: sent").format(command=f"{shape.name} ({len(ids)})"), "quiet")
    places = asyncio.Semaphore(_AT_ONCE)

    async def look(client: "AsyncClient", row_id: str) -> bool | Problem:
        async with places:
            try:
                return is_good(await client.command(shape.args(application=row_id, wait=True)))
            except Problem as problem:
                return problem

    async def look_at_all(client: "AsyncClient") -> list[bool | Problem]:
        return await asyncio.gather(*(look(client, row_id) for row_id in ids))

    try:
        seen = await app.ask(look_at_all)
    except Problem as problem:
        seen = [problem]
    problems = [one for one in seen if isinstance(one, Problem)]
    told = _("{command}: {n} looked at, {bad} not well")
    told = told.format(command=shape.name, n=len(seen) - len(problems), bad=seen.count(False))
    app.say(f"{told}; {both(problems[0])}" if problems else told, "warn" if problems else "")
    page.after_command()


async def send_each(page: "Page", shape: CommandShape, each: Sequence[msgspec.Struct]) -> None:
    """Send a command for each of several incidents, and sum up what came of it."""
    app = page.console_app
    app.say(_("{command}: sent").format(command=f"{shape.name} ({len(each)})"), "quiet")
    places = asyncio.Semaphore(_AT_ONCE)

    async def run(client: "AsyncClient", args: msgspec.Struct) -> Problem | None:
        async with places:
            try:
                await client.command(args, version=_version(page, shape, args))
            except Problem as problem:
                return problem
        return None

    async def run_all(client: "AsyncClient") -> list[Problem | None]:
        return await asyncio.gather(*(run(client, args) for args in each))

    try:
        ended = await app.ask(run_all)
    except Problem as problem:
        ended = [problem] * len(each)
    refused = [(args, one) for args, one in zip(each, ended, strict=True) if one is not None]
    told = _("{command}: {n} of {all} done").format(
        command=shape.name, n=len(each) - len(refused), all=len(each)
    )
    if refused:
        args, first = refused[0]
        told += f"; {_target(shape, args)}: {both(first)}"
    app.say(told, "warn" if refused else "")
    page.after_command()


def _target(shape: CommandShape, args: msgspec.Struct) -> str:
    """What a command acts on, as people call it."""
    if shape.on == "incident":
        return f"#{getattr(args, shape.on)}"
    named = (getattr(args, name, "") for name in ("application", "id", "problem", "instruction"))
    return next((str(one) for one in named if one), "")


def _version(page: "Page", shape: CommandShape, args: msgspec.Struct) -> int | None:
    """The version of what it acts on that the caller sees; None where that does not matter or is not seen."""
    if not shape.versioned:
        return None
    if shape.on == "incident":
        one = page.known(getattr(args, shape.on))
        return None if one is None else one.version
    if shape.on == "problem":
        return page.problem_version(getattr(args, shape.on))
    row = page.console_app.model.applications.get(getattr(args, shape.on, ""))
    return None if row is None else row.version


async def _send(page: "Page", meant: Send) -> None:
    """Send it and say what came of it."""
    app, shape, args = page.console_app, meant.shape, meant.args
    target, version = _target(shape, args), _version(page, shape, args)
    try:
        result = await app.ask(lambda client: client.command(args, version=version))
    except Problem as problem:
        app.say(f"{shape.name} {target}".rstrip() + f": {both(problem)}", "warn")
        return
    app.say(result_line(shape.name, target, result, app.view()))
    page.after_command()
