"""Where the head of the chain is written so that its writer can not change it there."""

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from opsconsole.engine.anchors import Anchors, journal
from opsconsole.inventory.shifts import make_shifts
from opsconsole.store import events
from tests.engine.inside import Inside


def anchors(inside: Inside, stream: io.StringIO | None) -> Anchors:
    shifts = make_shifts((), ZoneInfo("Asia/Jakarta"))
    return Anchors(
        inside.store, inside.clock, inside.recorder, inside.log.logger, shifts=lambda: shifts, journal=stream
    )


def logged(home: Path) -> list[dict[str, object]]:
    lines = (home / "log" / "engine.log").read_text().splitlines()
    return [line for line in map(json.loads, lines) if line["event"] == "audit.head"]


async def test_the_head_is_written_to_the_log_and_to_the_journal_as_the_store_has_it(tmp_path):
    inside, stream = Inside(tmp_path), io.StringIO()
    with inside.store.reader() as conn:
        seq, sealed = events.head(conn)
    anchors(inside, stream).anchor("start")
    [line] = logged(tmp_path)
    told = (line["store"], line["seq"], line["hash"], line["why"])
    assert told == (inside.store.uuid, seq, sealed.hex(), "start")
    assert stream.getvalue() == (
        f"<5>audit head: store={inside.store.uuid} seq={seq} hash={sealed.hex()} at={line['at']}\n"
    )
    inside.close()


async def test_one_of_a_shift_is_an_event_too_so_that_its_line_can_be_asked_for(tmp_path):
    inside = Inside(tmp_path)
    anchors(inside, None).anchor("shift")
    await inside.written()
    [(body,)] = inside.query("SELECT body FROM event WHERE kind = 'audit.anchored'")
    [line] = logged(tmp_path)
    assert json.loads(body) == {"seq": line["seq"], "hash": line["hash"]}
    anchors(inside, None).anchor("end")
    await inside.written()
    assert inside.query("SELECT count(*) FROM event WHERE kind = 'audit.anchored'") == [(1,)]
    inside.close()


async def test_it_is_due_once_for_each_shift_that_begins(tmp_path):
    inside = Inside(tmp_path)
    one = anchors(inside, None)
    began = datetime.fromtimestamp(inside.clock.now(), UTC)
    due = []
    while inside.clock.now() < (began + timedelta(days=2)).timestamp():
        if one.is_due():
            local = datetime.fromtimestamp(inside.clock.now(), ZoneInfo("Asia/Jakarta"))
            due.append(f"{local:%H:%M}")
        inside.clock.advance(60)
    assert sorted(due) == ["05:00", "05:00", "13:00", "13:00", "21:00", "21:00"]
    inside.close()


def test_standard_error_is_the_journal_only_where_systemd_says_so(monkeypatch, tmp_path):
    with (tmp_path / "stream").open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        found = (tmp_path / "stream").stat()
        assert journal({"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}) is stream
        assert journal({"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino + 1}"}) is None
        assert journal({"JOURNAL_STREAM": "nonsense"}) is None
        assert journal({}) is None
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert journal({"JOURNAL_STREAM": "1:1"}) is None, "one that is no file"
