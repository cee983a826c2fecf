"""What is kept between two questions: never anything but what would be found afresh."""

import random
from dataclasses import replace
from pathlib import Path

import msgspec

from opsconsole.readiness import queries
from opsconsole.readiness.evidence import CHANGE, Book, Row
from opsconsole.readiness.levels import level_at, of_opd
from opsconsole.readiness.project import project
from opsconsole.store import events
from opsconsole.store.database import Store, open_store
from tests.readiness.town import (
    BACKUP,
    DAY,
    NOW,
    PEOPLE,
    application,
    at,
    ground,
    make_ground,
    ready,
    row,
    town,
)

OFFICE = town(application("siapel", 1), application("web", 3), people=PEOPLE + BACKUP)
KINDS = ("SK", "KT", "BT", "SOP", "UR", "LG", "PK", "RV", CHANGE)


def some_evidence(chance: random.Random) -> list[Row]:
    """A few recordings of a year, some of them yet to come."""
    return [
        Row(
            id=number, kind=kind, person="" if kind == "RV" else chance.choice(("rina", "budi")),
            opd="DUKCAPIL", at=NOW + chance.uniform(-300, 60) * DAY,
            until=NOW + chance.uniform(-30, 90) * DAY if chance.random() < 0.3 else None,
            result=chance.choice(("", "pass", "missed")) if kind == "UR" else "",
            variant=chance.choice(("inside", "outside")) if kind == "UR" else "",
            voids=frozenset({"KT", "UR"}) if kind == CHANGE else frozenset(),
        )
        for number, kind in enumerate(chance.choices(KINDS, k=25), 1)
    ]  # fmt: skip


def test_what_is_remembered_is_what_would_be_found_afresh_at_any_moment() -> None:
    chance = random.Random(20261124)
    opd = OFFICE.opds["DUKCAPIL"]
    asked = 0
    for _town in range(40):
        rows = some_evidence(chance)
        kept = ground(OFFICE, rows)
        turns = [turn for turn in kept.turns if abs(turn - NOW) < 400 * DAY]
        # Moments of chance, and the very ones at which something begins or ends.
        moments = [NOW + chance.uniform(-200, 200) * DAY for _moment in range(20)] + turns
        for now in (*moments, *(moment + 0.001 for moment in moments)):
            afresh = make_ground(OFFICE, Book(sorted(rows, key=lambda row: row.id)))
            assert of_opd(kept, opd, now) == of_opd(afresh, opd, now)
            asked += 1
        assert len(kept._memo) < asked * 30
    assert asked > 1500


def test_a_new_quarter_is_noticed_though_nothing_began_or_ended() -> None:
    office = town(application())
    rows = [msgspec.structs.replace(one, at=at("2026-05-15"), until=NOW + 900 * DAY) for one in ready()]
    rows.append(row("RV", "", opd="DUKCAPIL", until=NOW + 900 * DAY))
    known, opd = ground(office, rows), office.opds["DUKCAPIL"]
    levels = [level_at(of_opd(known, opd, when).steps, when) for when in (NOW, at("2027-01-02"))]
    assert levels == [4, 5], "the two whole quarters are no longer those that began before its evidence"


def test_who_is_late_is_no_matter_of_what_was_kept() -> None:
    known = ground(OFFICE, some_evidence(random.Random(1)))
    opd = OFFICE.opds["DUKCAPIL"]
    late = ground(OFFICE, some_evidence(random.Random(1)), late=frozenset({"DUKCAPIL"}))
    shared = replace(known, late=frozenset({"DUKCAPIL"}))
    before = of_opd(known, opd, NOW)
    assert of_opd(shared, opd, NOW) == of_opd(late, opd, NOW) != before


def record(store: Store, kind: str, seconds: float, *, undone: bool = False) -> None:
    """Record one; ``undone``: it is read within the transaction, which then fails."""
    body = {"kind": kind, "at": "2026-11-20T02:00:00+00:00", "people": ["rina"], "opds": ["DUKCAPIL"]}
    try:
        with store.writer() as conn:
            event = events.append(
                conn, at=NOW + seconds, uid=0, person="", via="engine", command_id=None,
                kind="readiness.contacted", subject="readiness", body=body,
            )  # fmt: skip
            project(conn, event)
            if undone:
                queries.read(conn, OFFICE, lambda row_id: None, NOW)
                raise LookupError
    except LookupError:
        pass


def known(store: Store, inventory: object = OFFICE) -> queries.Known:
    with store.answering() as conn:
        return queries.read(conn, inventory, lambda row_id: None, NOW)  # type: ignore[arg-type]


def test_the_evidence_is_read_again_once_something_was_recorded(tmp_path: Path) -> None:
    store = open_store(tmp_path / "opsconsole.db")
    first = known(store)
    assert known(store).ground.book is first.ground.book, "nothing has changed"
    record(store, "KT", 0)
    second = known(store)
    assert len(second.ground.book.recorded("rina", "KT")) == 1
    other = town(application("siapel", 1))
    assert known(store, other).ground.people is other.people, "the files are others"
    store.close()


def test_what_a_writer_took_back_is_not_kept(tmp_path: Path) -> None:
    store = open_store(tmp_path / "opsconsole.db")
    record(store, "LG", 0, undone=True)
    record(store, "KT", 1)
    with store.writer() as conn:
        book = queries.read(conn, OFFICE, lambda row_id: None, NOW).ground.book
    assert (len(book.recorded("rina", "LG")), len(book.recorded("rina", "KT"))) == (0, 1)
    store.close()


def test_two_stores_of_one_office_do_not_meet(tmp_path: Path) -> None:
    one, other = open_store(tmp_path / "one.db"), open_store(tmp_path / "other.db")
    record(one, "KT", 0)
    record(other, "LG", 0)
    assert known(one).ground.book.recorded("rina", "KT")
    assert not known(other).ground.book.recorded("rina", "KT")
    one.close()
    other.close()
