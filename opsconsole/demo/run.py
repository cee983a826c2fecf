"""`opsconsole demo`: a home, a city, an engine and a console; or no console, for scripts."""

import asyncio
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place, example_office
from opsconsole.base.text import N_, _, choose_language, detect_language
from opsconsole.client.locate import HOME_VARIABLE, Found, locate
from opsconsole.demo.certs import make_certificates
from opsconsole.demo.children import Asked, Child, CityChild, EngineChild, StartAbandonedError
from opsconsole.demo.endings import Endings
from opsconsole.demo.headless import announce, hold
from opsconsole.demo.home import DemoHome, open_home
from opsconsole.demo.office import Office
from opsconsole.demo.plan import CityPlan
from opsconsole.demo.stagehand import Stagehand
from opsconsole.demo.story import leaves

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Running:
    """A demo whose city is open and whose engine answers."""

    place: Place
    children: tuple[Child, ...]
    rows: dict[str, int]


def run_demo(*, headless: bool, seconds: float | None, lang: str | None, home: Path | None) -> int:
    """Run the demo until the console is left, ``seconds`` have passed, or a signal asks to end.

    ``home`` None means a temporary one that is removed at the end. Raises `Problem` when it can not run.
    """
    language = lang or detect_language()
    choose_language(language)
    if not headless:
        _check_terminal()
        sys.stdout.write(_("Opening a demo city…") + "\n")
        sys.stdout.flush()
    with ExitStack() as stack:
        ending = stack.enter_context(Endings())
        demo_home = stack.enter_context(open_home(home or _home_of_environment()))
        locate(demo_home.folder)  # refuses a folder that others may change
        try:
            demo = _start(stack, demo_home, language, ending.was_asked)
        except StartAbandonedError:
            return 0
        if not headless:
            return _show(demo.place, language, seconds, ending)
        say = partial(announce, demo_home.folder, demo.rows, seconds)
        asyncio.run(hold(demo.place, demo.children, seconds, ending.was_asked, say))
        return 0


def _start(stack: ExitStack, home: DemoHome, language: str, asked_to_end: Asked) -> _Running:
    """The city first, since only it knows the ports, then the office that points at it, then the engine."""
    place = home.place
    place.log.mkdir(mode=0o700)
    city = stack.enter_context(CityChild(place.log / "city.log"))
    engine = stack.enter_context(EngineChild(place, place.log / "engine.out"))
    office = Office(example_office())
    doors = office.doors()
    certificates = make_certificates(home.certificates, leaves(doors), datetime.now(UTC))
    opened = city.open(CityPlan(certificates=str(certificates.folder), doors=doors), asked_to_end)
    office.move_to(opened, certificates.ca_file, language)
    office.write(place.config)
    engine.begin(opened.opened_at)
    engine.wait(asked_to_end)
    stack.enter_context(Stagehand(place, opened.opened_at))
    return _Running(place, (city, engine), office.rows())


def _home_of_environment() -> Path | None:
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else None


def _check_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        raise Problem(
            N_("There is no terminal that could show the console."),
            N_("Use `opsconsole demo --headless`, and ask it with `opsconsole --home DIR status`."),
        )


def _show(place: Place, language: str, seconds: float | None, ending: Endings) -> int:
    from opsconsole.console.run import run_console

    found = Found(place, may_start=False, why="demo")
    until = time.monotonic() + seconds if seconds is not None else None
    left = threading.Event()
    threading.Thread(target=_end_console, args=(until, ending, left), daemon=True).start()
    try:
        code: int = run_console(found, lang=language)
    finally:
        left.set()
        # The console's event loop left these signals to the system's default.
        ending.listen()
    return code


def _end_console(until: float | None, ending: Endings, left: threading.Event) -> None:
    """Ask the console to end, as a terminal that closes would ask it, when it is time or we are asked to.

    A signal that came before the console listened is passed on once it does.
    """
    while not left.wait(_POLL_SECONDS):
        due = ending.asked or (until is not None and time.monotonic() > until)
        if due and ending.handed_over():
            os.kill(os.getpid(), signal.SIGTERM)
            return
