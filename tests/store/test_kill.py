"""An engine that is killed while it writes loses nothing that it acknowledged."""

import random
import subprocess
import sys
from pathlib import Path

from opsconsole.store.database import open_store
from opsconsole.store.events import verify

KILLS = 10

# Appends events and looks; a number is printed once its transaction is committed.
WRITER = """
import sys
from pathlib import Path
from opsconsole.store.database import open_store
from opsconsole.store.events import append
store = open_store(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    number += 1
    with store.writer() as conn:
        append(conn, at=number, uid=0, person="p", via="test", command_id=str(number), kind="k",
               subject="s", body={"text": "x" * (number % 700)})
        conn.exec_driver_sql("INSERT INTO look_detail VALUES (1, ?, zeroblob(600))", (number,))
    print(number, flush=True)
"""


def test_nothing_acknowledged_is_lost_by_a_kill_and_the_chain_stays_whole(path: Path) -> None:
    luck = random.Random(20)
    acknowledged = 0
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(acknowledged)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _ in range(luck.randrange(1, 60)):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        # What was printed before the kill counts too, though we had not read it yet.
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().splitlines())])
        writer.stdout.close()
        writer.wait()
        store = open_store(path)
        with store.reader() as conn:
            report = verify(conn)
            looks = conn.exec_driver_sql("SELECT max(at), count(*) FROM look_detail").one()
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        store.close()
        assert report.whole
        # At most the one transaction that was committed but not yet acknowledged is more.
        assert acknowledged <= report.events <= acknowledged + 1
        assert tuple(looks) == (report.events, report.events)
        acknowledged = report.events
    assert acknowledged > KILLS
