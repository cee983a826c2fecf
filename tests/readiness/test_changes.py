"""A reorganisation takes away from whom it moves what has to be proven again."""

from opsconsole.base.clock import utc
from opsconsole.client.shapes import Published
from opsconsole.readiness.changes import reorganised
from opsconsole.readiness.levels import level_at, of_opd
from opsconsole.readiness.project import alive, project
from opsconsole.store import events
from opsconsole.store.database import open_store
from tests.readiness.town import NOW, application, ground, ready, rules, town


def test_whom_it_moves_needs_a_new_decree_and_nothing_else(tmp_path):
    body = reorganised(rules(), {"people": {"rina": ["LAMA", "DUKCAPIL"]}}, utc(NOW))
    store = open_store(tmp_path / "opsconsole.db")
    with store.writer() as conn:
        event = events.append(
            conn, at=NOW, uid=0, person="", via="engine", command_id=None,
            kind="readiness.changed", subject="readiness", body=body,
        )  # fmt: skip
        published: tuple[Published, ...] = project(conn, event).published
        [change] = alive(conn)
    store.close()
    assert published == ()
    assert (change.person, change.opd, change.variant) == ("rina", "DUKCAPIL", "reorganisation")
    inventory = town(application())
    found = of_opd(ground(inventory, [*ready(), change]), inventory.opds["DUKCAPIL"], NOW + 1)
    assert level_at(found.steps, NOW + 1) == 1
    assert change.voids == {"SK", "RV"}


def test_one_that_moves_nobody_takes_nothing_away():
    assert reorganised(rules(), {"people": {}}, utc(NOW)) == reorganised(rules(), {}, utc(NOW)) == {}
