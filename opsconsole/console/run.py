"""Starting the console: choose for the terminal, connect and read the screen library at the same time."""

import contextlib
import gc
import os
import sys
from collections.abc import Callable

from opsconsole.base.clock import SystemClock
from opsconsole.base.text import _, choose_language
from opsconsole.client.locate import Found
from opsconsole.console import environment
from opsconsole.console.feed.feed import Feed
from opsconsole.console.settings import Settings


def run_console(found: Found, *, lang: str | None) -> int:
    """Show the console of an office until it is left; what the process ends with.

    ``lang`` None means the office's language. Raises `Problem` when it could not begin: the engine could
    not be started, or the two do not understand each other.
    """
    environment.prepare(os.environ)
    if lang is not None:
        choose_language(lang)
    clock = SystemClock()
    feed = Feed(found.place, clock, _starter(found))
    feed.start()
    # Late: the feed connects while this is read. Nothing of it is ever garbage, so none is looked for.
    gc.disable()
    from opsconsole.console.app import ConsoleApp
    from opsconsole.console.hints import Hints, hints_path
    from opsconsole.console.personal import read_personal

    gc.freeze()
    gc.enable()
    settings = Settings(language=lang)
    app = ConsoleApp(
        found, feed, clock, settings, personal=read_personal(found.place), hints=Hints(hints_path())
    )
    try:
        app.run(mouse=False)
    finally:
        feed.close()
    if app.problem is not None:
        raise app.problem
    if app.return_code == 0 and app.model.link.status == "live" and found.why == "own":
        said = _("The engine goes on; `opsconsole engine stop` ends it.")
        with contextlib.suppress(OSError):  # where the terminal has gone there is nobody to tell
            os.write(sys.stdout.fileno(), f"{said}\n".encode())
    return app.return_code or 0


def _starter(found: Found) -> Callable[[], None] | None:
    """What starts the office's engine if it does not run, where that is ours to do."""
    if not found.may_start or found.why != "own":
        return None

    def start() -> None:
        from opsconsole.client.start import ensure_engine

        ensure_engine(found)

    return start
