"""A set of files becomes what the engine does: by command, by SIGHUP, by an edit of our own.

A set is used whole or not at all. It is first committed as a revision of the store and only then put to
work, so that no look is ever of a revision that the store does not know.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection

from opsconsole.base.clock import Clock
from opsconsole.base.errors import Invalid
from opsconsole.client.commands import AddApplication
from opsconsole.client.shapes import Difference
from opsconsole.engine.batch import Command, EventDraft
from opsconsole.engine.office import Changes, Office, assemble
from opsconsole.engine.quiet import load_states
from opsconsole.engine.record import Recorder
from opsconsole.health.states import States
from opsconsole.inventory.diff import diff
from opsconsole.inventory.edit import add_application
from opsconsole.inventory.load import load
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.register import Registered, register
from opsconsole.inventory.write import replace

# Enough to see in the log of events what a change was about; the whole of it stands in the revision.
_SUBJECTS = 50

# Makes an event of kind, subject and body in the name of whoever asked.
Author = Callable[[str, str, Mapping[str, object]], EventDraft]


class Acceptance:
    """Holds the office that is in force. One change at a time; everything is called in the loop.

    ``put_to_work(office, changes)`` is called for each set that is accepted. ``errors`` are the lines of
    the last refused one, empty once one is accepted.
    """

    def __init__(
        self,
        config_dir: Path,
        clock: Clock,
        recorder: Recorder,
        office: Office,
        put_to_work: Callable[[Office, Changes], None],
    ) -> None:
        self._config_dir = config_dir
        self._clock = clock
        self._recorder = recorder
        self._put_to_work = put_to_work
        self._turn = asyncio.Lock()
        self.office = office
        self.errors: tuple[str, ...] = ()

    async def differences(self) -> list[Difference]:
        """What a reload would change. Raises `Invalid` when it would be refused."""
        inventory = await asyncio.to_thread(load, self._config_dir)
        return await asyncio.to_thread(diff, self.office.inventory, inventory)

    async def reload(self, author: Author, command_id: str | None = None) -> int:
        """Read the files and use them; the event's number. Raises `Invalid` and then changes nothing."""
        async with self._turn:
            try:
                inventory = await asyncio.to_thread(load, self._config_dir)
            except Invalid as problem:
                self.errors = problem.lines or (str(problem),)
                body = {"mistakes": len(self.errors), "lines": list(self.errors[:_SUBJECTS])}
                self._recorder.event(author("config.refused", "config", body))
                raise
            return await self._use(inventory, author, command_id)

    async def add(self, wanted: AddApplication, author: Author, command_id: str) -> tuple[int, str]:
        """Write an application into its OPD's file and use the set; the event's number and the file.

        Raises what `add_application` raises. What can not be committed is taken out of the file again.
        """
        async with self._turn:
            before = await asyncio.to_thread(_opd_files, self._config_dir)
            file = await asyncio.to_thread(
                add_application,
                self._config_dir,
                wanted.opd,
                wanted.id,
                wanted.name,
                wanted.url,
                note=wanted.note,
            )
            try:
                inventory = await asyncio.to_thread(load, self._config_dir)
                return await self._use(inventory, author, command_id), file
            except Exception:
                await asyncio.to_thread(replace, self._config_dir / file, before[file])
                raise

    async def _use(self, inventory: Inventory, author: Author, command_id: str | None) -> int:
        before, now = self.office, self._clock.now()
        differences = await asyncio.to_thread(diff, before.inventory, inventory)
        subjects = [f"{one.change} {one.subject}" for one in differences]
        body = {"digest": inventory.digest, "changes": len(subjects), "subjects": subjects[:_SUBJECTS]}

        def write(conn: Connection) -> tuple[Registered, States]:
            return register(conn, inventory, now), load_states(conn)

        command = Command(command_id, (author("config.accepted", "config", body),), write)
        self._recorder.command(command)
        written = await asyncio.wrap_future(command.done)
        registered, stored = written.value
        office, changes = assemble(inventory, registered, stored, now, before)
        self.office = office
        self.errors = ()
        self._put_to_work(office, changes)
        # Whoever asked finds the new rows on the board.
        await asyncio.wrap_future(self._recorder.flush())
        return written.seq


def _opd_files(config_dir: Path) -> dict[str, bytes]:
    return {str(file.relative_to(config_dir)): file.read_bytes() for file in config_dir.glob("opd/*.toml")}
