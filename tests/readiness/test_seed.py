"""The evidence of the example office: something of everything, whenever it is begun."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from opsconsole.inventory.load import load
from opsconsole.readiness import queries
from opsconsole.readiness.project import project
from opsconsole.readiness.seed import is_example, seed
from opsconsole.store import events
from opsconsole.store.database import open_store
from tests.readiness.town import NOW, application, town

EXAMPLE = load(Path(__file__).parents[2] / "config")


@pytest.mark.parametrize("days", [0, 200])
def test_it_has_levels_claims_above_them_and_dates_of_fall(tmp_path: Path, days: int):
    now = NOW + days * 86_400
    store = open_store(tmp_path / "opsconsole.db")
    with store.writer() as conn:
        event = events.append(
            conn, at=now, uid=0, person="", via="engine", command_id=None,
            kind="readiness.imported", subject="readiness", body=seed(EXAMPLE, now),
        )  # fmt: skip
        project(conn, event)
    with store.reader() as conn:
        known = queries.read(conn, EXAMPLE, lambda row_id: None, now)
        page = queries.page(known)
        person = queries.person_page(conn, known, "fitri-rahayu")
        reminders = queries.reminders(known, "", due=True).reminders
    store.close()
    levels = Counter(one.proven for one in page.opds)
    assert set(levels) == {0, 1, 2, 3, 4}
    assert sum(one.claimed is not None and one.claimed > one.proven for one in page.opds) >= 20
    assert sum(one.falls_on is not None for one in page.opds) >= 15
    assert {one.kind for one in person.rows} == {"SK", "KT", "BT", "SOP", "UR", "LG", "PK"}
    assert {row.source for row in person.rows} == {"imported"}
    assert len(reminders) >= 5
    assert any(one.means > one.means_proven > 0 for one in page.opds)
    assert len(msgspec.json.encode(seed(EXAMPLE, now))) < 60_000


def test_only_where_everybody_is_of_the_example():
    assert is_example(EXAMPLE)
    assert not is_example(town(application()))
    assert not is_example(town(application(), people=""))
