"""The engine as a process: checked, locked, opened, run until it is told to end, closed.

Nothing is locked or replaced before the configuration is known to be good.
"""

import asyncio
import gc
import os
import resource
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from opsconsole.base.clock import Clock, SystemClock
from opsconsole.base.errors import Invalid, Problem
from opsconsole.base.paths import Place
from opsconsole.base.secrets.store import SecretStore
from opsconsole.base.text import _, language, safe_text, translations
from opsconsole.engine.core import Core
from opsconsole.engine.lock import Lock, LockHeld
from opsconsole.engine.lock import replace as replace_holder
from opsconsole.engine.log import EngineLog
from opsconsole.engine.outset import Outset, begin
from opsconsole.engine.watchdog import Notifier, Watchdog
from opsconsole.inventory.journal import settle
from opsconsole.inventory.load import load
from opsconsole.inventory.office import Inventory
from opsconsole.store.database import Store, open_store
from opsconsole.store.events import find_command

EXIT_OK = 0
EXIT_PROBLEM = 1
EXIT_CONFIG = 2
EXIT_LOCKED = 6
# A console that comes back within this time keeps its demo.
DEMO_PATIENCE_SECONDS = 2.0
# The other threads get the interpreter for so long at a time, so that they hardly show in a look's times.
_SWITCH_SECONDS = 0.001
# Few objects of a look survive it, and none are in cycles: the collector has little to do.
_GC_THRESHOLD = (50_000, 20, 50)
_COMPLAINT_CHARACTERS = 1000


def run_engine(place: Place, *, demo: bool = False, replace: bool = False, clock: Clock | None = None) -> int:
    """Run the engine of ``place`` until it is told to end; its exit code.

    0: it ended as it was told to. 1: it could not start, for the reason on standard error. 2: the
    configuration is wrong, one line on standard error for each mistake. 6: another engine holds the
    lock. ``replace`` ends that one first; ``demo`` makes it end by itself once its last console left.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _allow_many_files()
    _leave_no_core()
    os.umask(0o027)
    clock = clock or SystemClock()
    try:
        inventory = load(place.config)
        take = replace_holder if replace else Lock.take
        lock = take(place.lock, clock.now())
        try:
            return _run_locked(place, lock, inventory, clock, demo=demo)
        finally:
            lock.release()
    except Invalid as problem:
        _complain(problem.lines or (_told(problem),))
        return EXIT_CONFIG
    except LockHeld as held:
        _complain([_told(held)])
        return EXIT_LOCKED
    except Problem as problem:
        _complain([_told(problem)])
        return EXIT_PROBLEM
    except OSError as error:
        said = _(
            "{path} can not be used: {error}. Look at the owner and mode of its folder, and at its disk."
        )
        _complain([said.format(path=error.filename or place.store, error=error.strerror or str(error))])
        return EXIT_PROBLEM


def _run_locked(place: Place, lock: Lock, inventory: Inventory, clock: Clock, *, demo: bool) -> int:
    secrets = SecretStore()
    log = EngineLog(place.engine_log, secrets.hide)
    try:
        store = open_store(place.database)
        try:
            settled = settle(place.config, partial(_is_stored, store))
            if settled is not None:
                log.logger.warning("config.settled", done=settled.done, files=settled.files)
                inventory = load(place.config)
            outset = begin(place, store, inventory, clock.now(), demo=demo, settled=settled)
            lock.tell(outset.run)
            asyncio.run(Life(outset, store, clock, log, secrets).run())
        finally:
            store.close()
    except Problem as problem:
        log.logger.error("engine.failed", what=str(problem))
        raise
    except Exception:
        log.logger.exception("engine.failed")
        _complain([_("The engine failed; its log says how: {log}").format(log=place.engine_log)])
        return EXIT_PROBLEM
    finally:
        log.close()
    return EXIT_OK


def _is_stored(store: Store, command_id: str) -> bool:
    with store.reader() as conn:
        return find_command(conn, command_id) is not None


class Life:
    """From the start of the loop to its end: signals, the watchdog, and what ends an engine."""

    def __init__(
        self, outset: Outset, store: Store, clock: Clock, log: EngineLog, secrets: SecretStore
    ) -> None:
        self._outset = outset
        self._secrets = secrets
        self._store = store
        self._clock = clock
        self._log = log
        self._notifier = Notifier(os.environ)
        self._watchdog = Watchdog(self._notifier, lambda: log.file)
        self._why = ""
        self._leaving: asyncio.TimerHandle | None = None
        self._reloads: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Start, wait to be told to end, and end."""
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._core = Core(
            self._outset,
            self._store,
            self._clock,
            self._log.logger,
            self._secrets,
            stop=lambda: self._end("command"),
            alive=self._watchdog.alive,
            on_clients=self._clients_changed,
        )
        self._watchdog.start()
        try:
            self._listen()
            await self._core.start()
            self._settle_in()
            await self._ended.wait()
        except BaseException:
            self._why = "failure"
            raise
        finally:
            self._notifier.tell("STOPPING=1")
            self._log.logger.info("engine.stopping", why=self._why)
            await self._core.stop(self._why)
            self._watchdog.stop()

    def _listen(self) -> None:
        self._loop.add_signal_handler(signal.SIGTERM, self._end, "SIGTERM")
        self._loop.add_signal_handler(signal.SIGINT, self._end, "SIGINT")
        self._loop.add_signal_handler(signal.SIGHUP, self._reload)

    def _settle_in(self) -> None:
        sys.setswitchinterval(_SWITCH_SECONDS)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_GC_THRESHOLD)
        self._notifier.tell("READY=1")
        outset = self._outset
        self._log.logger.info("engine.ready", run=outset.run, rev=outset.office.rev, pid=os.getpid())

    def _end(self, why: str) -> None:
        self._why = self._why or why
        self._ended.set()

    def _reload(self) -> None:
        task = self._loop.create_task(self._core.reload())
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)

    def _clients_changed(self, number: int) -> None:
        if self._outset.demo:
            with suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._watch_audience, number)

    def _watch_audience(self, number: int) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if number == 0:
            self._leaving = self._loop.call_later(DEMO_PATIENCE_SECONDS, self._end, "last console left")


def _allow_many_files() -> None:
    # Each look is an open file, and the soft limit of 1,024 is there for programs that use select().
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _leave_no_core() -> None:
    # A dump of this process would hold every secret. One byte is less than any dump needs, and the value at
    # which the kernel calls no crash handler either (0 is not: those are asked whatever the limit).
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limit = 0 if hard == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def _told(problem: Problem) -> str:
    return " ".join(half for half in problem.sentences(translations(language())) if half)


def _complain(lines: Iterable[str]) -> None:
    sys.stderr.write("".join(f"{safe_text(line, _COMPLAINT_CHARACTERS)}\n" for line in lines))
    sys.stderr.flush()
