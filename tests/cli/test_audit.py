"""`audit verify` and `store …` as an auditor and an admin run them: with an engine, and without."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from opsconsole.base.paths import home_place
from opsconsole.client.backups import StoreState
from opsconsole.client.start import stop_engine
from opsconsole.client.verified import Verified
from opsconsole.store import sqlite
from tests.fakes.scripted_engine import NIGHT

STORE = "5f0c8a52-70a8-4c1f-9c1e-6f9a1d3f2b77"
HASH = "9f" * 32


@pytest.fixture
def ops(command, home):
    """Run ``opsconsole`` in this office."""
    return lambda *words: command("--home", str(home), "--lang", "en", *words)


def chain(seq=9, **fields):
    usual = {"store": STORE, "events": seq, "seq": seq, "hash": HASH, "at": NIGHT, "newest": seq}
    return Verified(**(usual | fields))


def test_a_chain_is_asked_for_step_by_step_until_it_ends(ops, engine):
    asked = []
    steps = [
        chain(4, hash="aa" * 32, newest=9, ended=False, marks={2: "22" * 32}),
        chain(9, events=5, marks={7: "77" * 32}),
    ]
    engine.answers["verify"] = lambda args: asked.append(args) or steps[len(asked) - 1]
    done = ops("audit", "verify", "--anchor", f"2:{'22' * 32}", "--anchor", f"7:{'77' * 32}")
    assert done.code == 0
    assert [(one.after, one.hash, one.wanted) for one in asked] == [(0, "", (2, 7)), (4, "aa" * 32, (7,))]
    assert f"The log of store {STORE} is whole: 9 events." in done.out
    assert done.out.count(": holds") == 2


BROKEN = {
    "gap": "events before it are missing",
    "prev": "it seals another event",
    "hash": "it was changed",
    "unreadable": "it can not be read",
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_break_says_where_why_and_what_is_still_proven(ops, engine, why):
    engine.answers["verify"] = chain(4, broken_at=5, why=why)
    done = ops("audit", "verify")
    assert done.code == 2
    assert "is BROKEN at event 5: " in done.out
    assert BROKEN[why] in done.out
    assert "The 4 events before it are whole" in done.out
    report = json.loads(ops("audit", "verify", "--json").out)
    assert (report["ok"], report["whole"], report["chain"]["broken_at"]) == (False, False, 5)


def test_an_anchor_that_does_not_hold_is_as_bad_as_a_break(ops, engine):
    engine.answers["verify"] = chain(9)
    done = ops("audit", "verify", "--anchor", f"12:{HASH}")
    assert done.code == 2
    assert "its end was cut off" in done.out
    report = json.loads(ops("audit", "verify", "--anchor", f"12:{HASH}", "--json").out)
    assert (report["ok"], report["whole"]) == (False, True)
    assert report["anchors"] == [{"source": f"12:{HASH}", "seq": 12, "hash": HASH, "verdict": "cut off"}]


def test_what_could_not_be_found_out_is_neither(ops, engine, tmp_path):
    assert ops("audit", "verify", "--anchor", str(tmp_path / "none")).code == 1
    assert ops("audit", "verify", "--nonsense").code == 3
    assert ops("store", "verify", str(tmp_path / "none")).code == 1
    engine.stop()
    done = ops("audit", "verify")
    assert (done.code, done.out) == (1, "")
    assert "No engine answers" in done.err


def test_a_check_tells_what_is_damaged_and_missing(ops, engine):
    state = StoreState(store=STORE, schema=7, bytes=4096, seq=9, hash=HASH, at=NIGHT, counts={"event": 9})
    engine.answers["store-check"] = state
    assert ops("store", "check").code == 0
    engine.answers["store-check"] = StoreState(
        store=STORE, schema=7, bytes=4096, faults=("row 3 missing from index\x1b[31m",), missing=("look",)
    )
    done = ops("store", "check")
    assert done.code == 2
    assert "DAMAGED: row 3 missing from index" in done.out
    assert "MISSING: look" in done.out
    assert "\x1b" not in done.out


def _sql(home: Path, *statements: str) -> None:
    """What somebody does who can write the file."""
    with closing(sqlite.dbapi.connect(str(home_place(home).database))) as connection:
        for trigger in ("event_is_never_changed", "event_is_never_deleted"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


TAMPERED = {
    "a changed body": ("UPDATE event SET body = CAST('{}' AS BLOB) WHERE seq = 2", "it was changed"),
    "a deleted row": ("DELETE FROM event WHERE seq = 2", "events before it are missing"),
    "two rows that changed places": (
        "UPDATE event SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3)",
        "",
    ),
    "an end that was cut off": ("DELETE FROM event WHERE seq > 2", "its end was cut off"),
}


def test_what_was_done_to_the_log_of_an_office_is_found(ops, own_office, home, tmp_path):
    """A real engine, a real backup, and each way to lie about what happened."""
    for words in (("pause", "situs", "2h", "--reason", "uji"), ("resume", "situs")):
        assert ops(*words).code == 0
    backup = tmp_path / "one.db"
    made = ops("store", "backup", str(backup), "--json")
    assert made.code == 0
    head = json.loads(made.out)
    anchor = tmp_path / "anchor.json"
    state = head["result"]["state"]
    anchor.write_text(json.dumps({"store": state["store"], "seq": state["seq"], "hash": state["hash"]}))
    assert ops("audit", "verify", "--anchor", str(anchor)).code == 0
    assert ops("store", "check").code == 0
    assert ops("store", "verify", str(backup), "--anchor", str(anchor)).code == 0
    assert ops("store", "restore", str(backup), "--yes").code == 5, "its engine runs"
    stop_engine(home_place(home))
    done = ops("audit", "verify", "--anchor", str(anchor))
    assert (done.code, "No engine runs" in done.err) == (0, True)
    for offline in (done, ops("store", "check"), ops("store", "verify", str(backup))):
        assert " WIB" in offline.out, "the office's zone, also where no engine tells it"
        assert "UTC" not in offline.out
    whole = home_place(home).database.read_bytes()
    for name, (statement, said) in TAMPERED.items():
        _sql(home, statement)
        if name.startswith("two rows"):
            _sql(home, "UPDATE event SET seq = -seq WHERE seq < 0")
        done = ops("audit", "verify", "--anchor", str(anchor))
        assert (done.code, said in done.out) == (2, True), name
        for end in ("-wal", "-shm"):
            home_place(home).database.with_name(f"opsconsole.db{end}").unlink(missing_ok=True)
        home_place(home).database.write_bytes(whole)
    assert ops("store", "verify", str(home_place(home).database)).code == 1, "it is no backup"
    _sql(home, "DELETE FROM event WHERE seq = 2")
    assert ops("store", "restore", str(backup)).code == 5, "nobody could be asked"
    done = ops("store", "restore", str(backup), "--yes")
    assert done.code == 0
    assert "LOST: " in done.err
    assert ops("audit", "verify", "--anchor", str(anchor)).code == 0
