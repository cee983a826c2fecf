"""A process of its own for what reads the store for long: it takes no time from the looks."""

import asyncio
import sys
from contextlib import suppress

import msgspec

from opsconsole.base.errors import Problem


async def ask_child(module: str, task: msgspec.Struct, failed: Problem, *, most_bytes: int = 2**20) -> bytes:
    """Give ``module`` the task as one line of JSON; the line that it answers with.

    ``failed`` is raised when it ends without one, with its exit code as ``code``. The child ends with
    whoever asked.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=most_bytes,
    )
    try:
        said, _errors = await process.communicate(msgspec.json.encode(task) + b"\n")
    except BaseException:
        # Whoever asked has left.
        with suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode != 0 or not said:
        raise type(failed)(failed.what, failed.next_step, code=process.returncode or 0, **failed.params)
    return said
