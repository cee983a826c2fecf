"""Carrying out what was typed after ``:``, and what a key sends to the engine."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.commands import COMMANDS, CommandShape
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.results import is_good, result_line
from opsconsole.console.palette import (
    EXPLAIN,
    FILTER,
    GO_APP,
    GO_AT,
    GO_OPD,
    THEME,
    Go,
    Press,
    Send,
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
    row = page.selected()
    match meaning(line, row.id if row else ""):
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


async def _send(page: "Page", meant: Send) -> None:
    """Send it and say what came of it."""
    app, shape, args = page.console_app, meant.shape, meant.args
    target = getattr(args, "application", "") or getattr(args, "id", "")
    row = app.model.applications.get(target) if shape.versioned else None
    version = None if row is None else row.version
    try:
        result = await app.ask(lambda client: client.command(args, version=version))
    except Problem as problem:
        app.say(f"{shape.name}: {both(problem)}", "warn")
        return
    app.say(result_line(shape.name, target, result, app.view()))
    page.after_command()
