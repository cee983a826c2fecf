"""Carrying out what was typed after ``:``, and what a key sends to the engine."""

from typing import TYPE_CHECKING

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.commands import CommandShape
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.results import result_line
from opsconsole.console.palette import GO_APP, GO_OPD, Go, Press, Send, Wrong, meaning

if TYPE_CHECKING:
    from opsconsole.console.screens.page import Page


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
    if place == GO_APP and target not in app.model.applications:
        app.say(_("there is no application {id}").format(id=target))
        return
    app.to_board()
    if place == GO_APP:
        app.open_application(target)
    else:
        app.board.set_filter(f"opd:{target.lower()}" if place == GO_OPD else target)


def _refusal(page: "Page", shape: CommandShape) -> str:
    role = page.console_app.model.role
    if role.covers(shape.role):
        return ""
    return _("you are {role}, this needs {least}").format(role=role.value, least=shape.role.value)


async def _send(page: "Page", meant: Send) -> None:
    """Send it and say what came of it."""
    app, shape, args = page.console_app, meant.shape, meant.args
    try:
        result = await app.ask(lambda client: client.command(args))
    except Problem as problem:
        app.say(f"{shape.name}: {both(problem)}", "warn")
        return
    target = getattr(args, "application", "") or getattr(args, "id", "")
    app.say(result_line(shape.name, target, result, app.view()))
    page.after_command()
