"""A set of files becomes what the engine does: by command, by SIGHUP, by an edit of our own.

A set is used whole or not at all. It is first committed as a revision of the store and only then put to
work, so that no look is ever of a revision that the store does not know.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from opsconsole.base.clock import Clock
from opsconsole.base.errors import Conflict, Invalid
from opsconsole.base.text import N_
from opsconsole.client.commands import AddApplication
from opsconsole.client.shapes import Difference
from opsconsole.engine.batch import Command
from opsconsole.engine.office import Changes, Office, assemble
from opsconsole.engine.quiet import load_states
from opsconsole.engine.record import Recorder
from opsconsole.health.states import States
from opsconsole.inventory.diff import diff
from opsconsole.inventory.edit import add_application
from opsconsole.inventory.journal import settle, write
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.register import Registered, register
from opsconsole.inventory.road_check import check_frozen
from opsconsole.inventory.write import replace
from opsconsole.store.drafts import EventDraft

# Enough to see in the log of events what a change was about; the whole of it stands in the revision.
_SUBJECTS = 50

T = TypeVar("T")
# The files that change, and what else is to be told of it.
Changed = tuple[Mapping[str, bytes], T]
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
        self.config_dir = config_dir
        self._clock = clock
        self._recorder = recorder
        self._put_to_work = put_to_work
        self._turn = asyncio.Lock()
        self.office = office
        # The command that changed the files last, once the store has it.
        self._stored: str | None = None
        self.errors: tuple[str, ...] = ()

    async def differences(self) -> list[Difference]:
        """What a reload would change. Raises `Invalid` when it would be refused."""
        inventory = await asyncio.to_thread(self._loaded)
        return await asyncio.to_thread(diff, self.office.inventory, inventory)

    async def reload(self, author: Author, command_id: str | None = None) -> int:
        """Read the files and use them; the event's number. Raises `Invalid` and then changes nothing."""
        async with self._turn:
            try:
                inventory = await asyncio.to_thread(self._loaded)
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
            before = await asyncio.to_thread(_opd_files, self.config_dir)
            file = await asyncio.to_thread(
                add_application,
                self.config_dir,
                wanted.opd,
                wanted.id,
                wanted.name,
                wanted.url,
                note=wanted.note,
            )
            try:
                inventory = await asyncio.to_thread(load, self.config_dir)
                return await self._use(inventory, author, command_id), file
            except Exception:
                await asyncio.to_thread(replace, self.config_dir / file, before[file])
                raise

    async def rewrite(
        self, files: Mapping[str, bytes], author: Author, command_id: str, first: tuple[EventDraft, ...]
    ) -> int:
        """Put several files in the place of the office's and use the set; the number of the first event.

        ``first`` are events that are stored with it, before that of the set. Raises `Invalid` for a set that
        is wrong, and then changes nothing; the files change with the store, also when the engine is killed.
        """
        async with self._turn:
            before = await asyncio.to_thread(self._as_they_are)
            inventory = await asyncio.to_thread(parse, {**before.files, **files}, self.config_dir)
            use = partial(self._use, inventory, author, command_id, first)
            return await self._put(files, before, command_id, use)

    async def tried(self, make: Callable[[Inventory], Changed[T]]) -> tuple[T, list[Difference]]:
        """What ``make`` gives, and how the files would differ. Raises as `change` does."""
        before = await asyncio.to_thread(load, self.config_dir)
        files, value = await asyncio.to_thread(make, before)
        after = await asyncio.to_thread(parse, {**before.files, **files}, self.config_dir)
        return value, await asyncio.to_thread(diff, before, after)

    async def change(
        self, make: Callable[[Inventory], Changed[T]], author: Author, command_id: str
    ) -> tuple[int, T, list[Difference]]:
        """Put files in the place of those on the disk, as ``make`` gives them of the office that they are.

        The number of the event, what else ``make`` gave, and how the files differ. Raises what ``make``
        raises, Conflict where nothing would change, and Invalid for a set that is wrong; nothing is changed
        then. The files change with the store, also when the engine is killed.
        """
        async with self._turn:
            before = await asyncio.to_thread(self._as_they_are)
            files, value = await asyncio.to_thread(make, before)
            inventory = await asyncio.to_thread(parse, {**before.files, **files}, self.config_dir)
            differences = await asyncio.to_thread(diff, before, inventory)
            if not differences:
                raise Conflict(N_("Nothing would change: the files say this already."))
            use = partial(self._use, inventory, author, command_id)
            return await self._put(files, before, command_id, use), value, differences

    async def _put(
        self,
        files: Mapping[str, bytes],
        before: Inventory,
        command_id: str,
        use: Callable[[], Awaitable[int]],
    ) -> int:
        """Write the files and ``use`` them, both or neither.

        Where the engine ends in the middle of it, killed or told to, a journal is left, by which the next
        one goes: it asks the store.
        """
        try:
            await asyncio.to_thread(write, self.config_dir, command_id, files, before.files)
            seq = await use()
        except Exception:
            await asyncio.to_thread(self._settle_if_able)
            raise
        await asyncio.to_thread(self._settle_if_able)
        return seq

    def _as_they_are(self) -> Inventory:
        """The files, once no change of ours is left half done. Raises Invalid."""
        self._settle()
        return load(self.config_dir)

    def _settle(self) -> None:
        settle(self.config_dir, lambda command_id: command_id == self._stored)

    def _settle_if_able(self) -> None:
        # What could not be written keeps its journal: the next change, or the next engine, tries again.
        with suppress(Invalid):
            self._settle()

    def _loaded(self) -> Inventory:
        """The files as they are now. Raises `Invalid`, also for a definition that was changed in force."""
        inventory = load(self.config_dir)
        check_frozen(self.office.inventory, inventory)
        return inventory

    async def _use(
        self,
        inventory: Inventory,
        author: Author,
        command_id: str | None,
        first: tuple[EventDraft, ...] = (),
    ) -> int:
        before, now = self.office, self._clock.now()
        differences = await asyncio.to_thread(diff, before.inventory, inventory)
        subjects = [f"{one.change} {one.subject}" for one in differences]
        body = {"digest": inventory.digest, "changes": len(subjects), "subjects": subjects[:_SUBJECTS]}

        def write(conn: Connection) -> tuple[Registered, States]:
            return register(conn, inventory, now), load_states(conn)

        command = Command(command_id, (*first, author("config.accepted", "config", body)), write)
        self._recorder.command(command)
        written = await asyncio.wrap_future(command.done)
        self._stored = command_id
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
