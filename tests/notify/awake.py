"""An office that is woken: incidents and outbox over a real store, on a clock that the test moves."""

import asyncio
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from opsconsole.base.paths import home_place
from opsconsole.base.secrets.store import SecretStore
from opsconsole.client.commands import COMMANDS
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.outbox import OutboxPage
from opsconsole.client.shapes import Caller, CommandBody, Role
from opsconsole.engine.commands import Commands
from opsconsole.engine.incidents import Incidents
from opsconsole.engine.notify import Notifications
from opsconsole.incidents import stored
from opsconsole.inventory.load import load
from opsconsole.notify import queries
from opsconsole.store.drafts import Subscriber
from tests.engine.inside import HandClock, Inside
from tests.engine.offices import application

PATIENCE_SECONDS = 20.0
WHO = Caller(1000, "rina", "cli", Role.OPERATOR)
ROWS = tuple(application(name, f"http://127.0.0.{number}/") for number, name in enumerate(("satu", "dua"), 2))


class Awake(Inside):
    """Use it inside a running loop. ``start`` begins to send; until then messages only gather."""

    def __init__(self, home: Path, notify: str, clock: HandClock | None = None) -> None:
        self.home = home
        config = home_place(home).config
        config.mkdir(parents=True, exist_ok=True)
        (config / "notify.toml").write_text(notify)
        subscribers: list[Subscriber] = []
        super().__init__(home, *ROWS, subscribers=subscribers, clock=clock)
        self.fit("unset")
        self._ended = False
        incidents = Incidents(self.outset.office)
        self.secrets = SecretStore()
        self.notifications = Notifications(
            self.outset, self.store, self.clock, self.log.logger, secrets=self.secrets, load=stored.load
        )
        subscribers += [incidents.keeper, self.notifications.outbox]
        handlers = {**incidents.handlers(), **self.notifications.handlers()}
        self.commands = Commands(handlers, self.store, self.recorder, self.clock.now, lambda _row: None)

    def start(self) -> None:
        self.notifications.start(self.recorder)

    async def reload(self, notify: str) -> None:
        """Go by these rules, beside the channels as they were, from now on."""
        place = home_place(self.home)
        written = (place.config / "notify.toml").read_text()
        channels = written.partition("[[rules]]")[0]
        (place.config / "notify.toml").write_text(channels + notify)
        self.notifications.take(load(place.config))
        await self.written()

    async def do(self, args: msgspec.Struct) -> Any:
        """Carry out a command; what it answers."""
        shape = next(one for one in COMMANDS.values() if one.args is type(args))
        body = CommandBody(command_id=uuid.uuid4().hex, args=msgspec.Raw(b"{}"))
        result = await self.commands.execute(shape, args, WHO, body)
        return msgspec.json.decode(result.result)

    async def report(self, title: str = "Listrik padam", severity: str = "critical", row: str = "") -> int:
        """Open an incident; its number."""
        found = await self.do(ReportIncident(title=title, severity=severity, application=row))
        return int(found["number"] if isinstance(found, dict) else found)

    @property
    def sending(self) -> bool:
        """Whether the sender's thread runs."""
        return any(thread.name == "sender" for thread in threading.enumerate())

    def page(self) -> OutboxPage:
        with self.store.reader() as conn:
            return queries.page(conn, self.clock.now(), "", 10_000)

    def states(self) -> dict[str, int]:
        """How many messages are in each state, those with none left out."""
        page = self.page()
        names = ("pending", "leased", "sent", "dead", "cancelled")
        return {name: getattr(page, name) for name in names if getattr(page, name)}

    def planned(self) -> list[tuple[str, str, str, str]]:
        """Kind, rule, recipient and state of each message, oldest first."""
        return [(one.kind, one.rule, one.recipient, one.state) for one in reversed(self.page().messages)]

    def events(self, kind: str) -> list[dict[str, Any]]:
        rows = self.query(f"SELECT body FROM event WHERE kind = '{kind}' ORDER BY seq")
        return [msgspec.json.decode(body) for (body,) in rows]  # type: ignore[arg-type]

    async def until(self, found: Callable[[], object]) -> None:
        """Wait until that is so; the sender looks again and again, as the clock has been moved."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not found():
            assert time.monotonic() < end, f"it did not happen in time: {self.planned()[:20]}"
            self.notifications.wake()
            await asyncio.sleep(0.01)

    def failed(self, attempts: int = 1) -> bool:
        """Whether the newest message was tried so often, and failed each time."""
        newest = self.page().messages[0]
        return newest.attempts == attempts and newest.state == "pending" and bool(newest.error)

    async def end(self) -> None:
        if not self._ended:
            self._ended = True
            await asyncio.to_thread(self.notifications.stop)
            self.close()
