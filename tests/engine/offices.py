"""A small office in a folder, and the engine that runs it."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place, home_place
from opsconsole.client.calls import Client
from opsconsole.client.shapes import Application, Board
from opsconsole.store.database import open_store
from opsconsole.store.events import ChainReport, verify
from tests.engine.zygote import Zygote

PATIENCE_SECONDS = 20.0
T = TypeVar("T")


def until(found: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """The first true answer, asked again and again for at most ``seconds``."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
    return answer


def application(
    row_id: str, url: str = "", *, lines: Iterable[str] = (), probe: Mapping[str, Any] | None = None
) -> str:
    """An application of a file of applications, with one probe of ``url`` or of the keys of ``probe``."""
    keys: dict[str, Any] = {"kind": "http", "url": url, "every": "1s", "retry": "200ms", "timeout": "2s"}
    keys = {**keys, **(probe or {})} if url else dict(probe or {})
    shown = [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in keys.items()]
    return "\n".join(
        [
            "[[applications]]",
            f'id = "{row_id}"',
            f'name = "Aplikasi {row_id}"',
            *lines,
            "[[applications.probes]]",
            *shown,
            "",
        ]
    )


class Office:
    """A home with an office in it. ``engine`` is the process that was started last, 0 for none."""

    def __init__(self, home: Path, zygote: Zygote) -> None:
        self.home = home
        self.place: Place = home_place(home)
        self.engine = 0
        self._zygote = zygote

    def write(self, *applications: str, settings: str = "") -> None:
        """Write the files: one OPD with these applications."""
        opd = self.place.config / "opd"
        opd.mkdir(parents=True, exist_ok=True)
        self.place.settings.write_text(f'[office]\nname = "Kominfo Uji"\n{settings}')
        head = 'code = "UJI"\nname = "Dinas Uji"\nshort = "Uji"\n'
        (opd / "uji.toml").write_text("\n".join((head, *applications)))

    def start(self, **options: Any) -> int:
        """Start the engine and wait until it answers; its process id."""
        self.begin(**options)
        until(self.answers)
        return self.engine

    def begin(self, **options: Any) -> int:
        """Start the engine and wait for nothing."""
        self.engine = self._zygote.start(self.home, **options)
        return self.engine

    def answers(self) -> bool:
        """Whether an engine answers."""
        with contextlib.suppress(Problem), self.client() as client:
            return bool(client.hello(5.0))
        return False

    def client(self) -> Client:
        """A client of the engine."""
        return Client(self.place)

    def board(self) -> Board:
        """What is shown now."""
        with self.client() as client:
            return client.board()

    def row(self, row_id: str) -> Application:
        """One row of the board."""
        return next(row for row in self.board().applications if row.id == row_id)

    def confirmed_down(self, row_id: str) -> bool:
        """Whether it is DOWN, and that is confirmed."""
        row = self.row(row_id)
        return row.state == "down" and row.hard

    def send(self, number: int) -> None:
        """Send the engine a signal."""
        os.kill(self.engine, number)

    def wait(self) -> int:
        """Wait for the end of the engine; its exit code, negative for a signal."""
        engine, self.engine = self.engine, 0
        return self._zygote.wait(engine)

    def stop(self) -> int:
        """End the engine as a service manager does; its exit code."""
        self.send(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it without a warning."""
        self.send(signal.SIGKILL)
        self.wait()

    def complaints(self) -> str:
        """What engines wrote to standard error."""
        return (self.home / "complaints").read_text()

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the store. Only while no engine runs."""
        store = open_store(self.place.database)
        try:
            with store.reader() as conn:
                return [tuple(row) for row in conn.exec_driver_sql(sql, values)]
        finally:
            store.close()

    def chain(self) -> ChainReport:
        """The chain of events, verified. Only while no engine runs."""
        store = open_store(self.place.database)
        try:
            with store.reader() as conn:
                return verify(conn)
        finally:
            store.close()

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of all events of a kind, oldest first. Only while no engine runs."""
        rows = self.query("SELECT body FROM event WHERE kind = ? ORDER BY seq", kind)
        return [msgspec.json.decode(body) for (body,) in rows]
