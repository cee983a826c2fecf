"""One whole turn of the demo's story at its own speed, through the demo as users start it."""

import os
import subprocess
import sys
from pathlib import Path

from opsconsole.base.paths import home_place
from opsconsole.demo.story import CYCLE
from opsconsole.store.database import Store, open_store
from tests.demo.turn import (
    ELSE,
    FIRST,
    FLAPPING,
    INCIDENTS,
    TURN,
    again,
    check,
    events,
    incidents,
    open_since,
    recorded,
)

# It takes so long from the city's opening until the demo counts its time, at most.
START_SECONDS = 15
# From then on there is always an incident to be seen.
OPEN_FROM_SECONDS = 30
# What service hours, weekly work and the files say of a row is no part of the story.
BY_THE_CLOCK = {"closed", "maint", "off"}


def played(home: Path, seconds: float) -> Store:
    """What a demo recorded that ran for so long."""
    command = [sys.executable, "-m", "opsconsole", "--home", str(home), "demo", "--headless"]
    ended = subprocess.run(
        [*command, "--for", f"{seconds:.0f}s"], env={**os.environ, "LC_ALL": "C.UTF-8"}, check=False,
        capture_output=True, text=True, timeout=seconds + 4 * START_SECONDS,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return open_store(home_place(home).database)


def test_a_whole_turn_comes_to_what_is_listed(tmp_path: Path) -> None:
    # The next turn begins as the first one did, and its first fault is not confirmed so soon.
    store = played(tmp_path / "demo", CYCLE - 1)
    found, told, troubles, since = recorded(store), events(store), incidents(store), open_since(store)
    with store.reader() as conn:
        stepped = conn.exec_driver_sql("SELECT body FROM event WHERE kind = 'clock.stepped'").all()
        stale = conn.exec_driver_sql("SELECT count(*) FROM transition WHERE to_state = 'stale'").scalar_one()
    store.close()
    assert {row: found[row] for row in TURN} == TURN
    others = {row: one for row, one in found.items() if row not in (*TURN, FLAPPING)}
    for row, one in others.items():
        assert one == ELSE or BY_THE_CLOCK & set(one.words), (row, one)
        assert not one.told, row
    check(troubles, INCIDENTS, FIRST)
    assert since <= OPEN_FROM_SECONDS
    assert told.count("engine.offline") == told.count("engine.online") == 1
    assert "engine.mass_failure" not in told
    assert len(stepped) == 2 and stale == 0


def test_the_next_turn_opens_nothing_anew(tmp_path: Path) -> None:
    store = played(tmp_path / "demo", 2 * CYCLE - 1)
    found = again(store)
    store.close()
    assert found == {frozenset(one.members): one.again for one in INCIDENTS}
