"""What is configured gets its numbers once and for all."""

from pathlib import Path

import msgspec
import pytest
import zstandard

from opsconsole.inventory.load import load
from opsconsole.inventory.register import Registered, register
from opsconsole.store.database import Store

PROBE = '[[applications.probes]]\nkind = "http"\nurl = "http://127.20.2.1:8080/"\n'


def application(row_id: str, *probes: str) -> str:
    """An application of the agency's file; a probe is the keys after its first ones."""
    return f'[[applications]]\nid = "{row_id}"\nname = "A"\n' + "".join(
        PROBE + probe + "\n" for probe in probes
    )


class Office:
    """One office whose file is written anew for every registration."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder, self.store = folder, store
        (folder / "opd").mkdir(parents=True)
        (folder / "settings.toml").write_text('[office]\nname = "Kominfo"\n')

    def accept(self, now: float, *applications: str) -> Registered:
        """Register an office of these applications."""
        head = 'code = "DINKES"\nname = "Dinas Kesehatan"\nshort = "Dinkes"\n'
        (self.folder / "opd" / "dinkes.toml").write_text(head + "".join(applications))
        with self.store.writer() as conn:
            return register(conn, load(self.folder), now)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What the store holds."""
        with self.store.reader() as conn:
            return [tuple(row) for row in conn.exec_driver_sql(statement)]


@pytest.fixture
def office(tmp_path: Path, store: Store) -> Office:
    """An office with nothing in it yet."""
    return Office(tmp_path / "config", store)


def test_applications_and_probes_are_numbered(office: Office) -> None:
    found = office.accept(1.0, application("a", "", 'id = "deep"'), application("b", ""))
    assert found == Registered(
        rev=1,
        probe_ids={("a", "http"): 1, ("a", "deep"): 2, ("b", "http"): 3},
        app_ids={"a": 1, "b": 2},
    )


def test_the_same_files_keep_every_number(office: Office) -> None:
    first = office.accept(1.0, application("a", ""))
    assert office.accept(2.0, application("a", "")) == first
    assert office.rows("SELECT first_seen, retired_at FROM probe") == [(1000, None)]


def test_what_is_gone_is_retired_and_what_comes_back_takes_up_its_number(office: Office) -> None:
    both = (application("a", ""), application("b", ""))
    first = office.accept(1.0, *both)
    second = office.accept(2.0, both[0], application("c", ""))
    assert second.probe_ids == {("a", "http"): 1, ("c", "http"): 3}
    assert office.rows("SELECT id, retired_at FROM probe") == [(1, None), (2, 2000), (3, None)]
    assert office.rows("SELECT row_id, retired_at FROM application") == [
        ("a", None),
        ("b", 2000),
        ("c", None),
    ]
    again = office.accept(3.0, *both)
    assert again.probe_ids == first.probe_ids
    assert office.rows("SELECT id, retired_at FROM probe") == [(1, None), (2, None), (3, 3000)]


def test_a_probe_retired_long_ago_keeps_the_time(office: Office) -> None:
    office.accept(1.0, application("a", ""), application("b", ""))
    office.accept(2.0, application("a", ""))
    office.accept(3.0, application("a", "", 'id = "deep"'))
    assert office.rows("SELECT retired_at FROM probe WHERE id = 2") == [(2000,)]


def test_a_probe_goes_on_under_a_new_name(office: Office) -> None:
    office.accept(1.0, application("a", ""))
    renamed = office.accept(2.0, application("a", 'id = "front"\nwas = ["http"]'))
    assert renamed.probe_ids == {("a", "front"): 1}
    assert office.rows("SELECT name, retired_at FROM probe") == [("front", None)]
    again = office.accept(3.0, application("a", 'id = "front"\nwas = ["http"]'))
    assert again.probe_ids == {("a", "front"): 1}


def test_of_two_that_claim_one_earlier_name_the_first_goes_on(office: Office) -> None:
    office.accept(1.0, application("a", 'id = "one"', 'id = "two"'))
    heirs = ('id = "uno"\nwas = ["one"]', 'id = "due"\nwas = ["one", "two"]', 'id = "tre"\nwas = ["one"]')
    found = office.accept(2.0, application("a", *heirs))
    assert found.probe_ids == {("a", "uno"): 1, ("a", "due"): 2, ("a", "tre"): 3}


def test_every_accepted_set_of_files_is_kept_whole(office: Office) -> None:
    first = office.accept(1.0, application("a", ""))
    second = office.accept(2.0, application("b", ""))
    assert (first.rev, second.rev) == (1, 2)
    kept = office.rows("SELECT files FROM config_rev ORDER BY rev")
    for (packed,), row_id in zip(kept, ("a", "b"), strict=True):
        files = msgspec.msgpack.decode(zstandard.decompress(packed), type=dict[str, bytes])
        assert set(files) == {"settings.toml", "opd/dinkes.toml"}
        assert f'id = "{row_id}"'.encode() in files["opd/dinkes.toml"]


def test_a_set_accepted_before_keeps_its_revision(office: Office) -> None:
    office.accept(1.0, application("a", ""))
    office.accept(2.0, application("b", ""))
    assert office.accept(3.0, application("a", "")).rev == 1
    assert office.rows("SELECT rev, accepted_at FROM config_rev") == [(1, 1000), (2, 2000)]


def test_a_service_outside_is_a_row_like_any_other(office: Office) -> None:
    (office.folder / "services.toml").write_text(
        '[[services]]\nid = "bsre"\nname = "BSrE"\nowner = "BSSN"\n'
        + PROBE.replace("applications", "services")
    )
    found = office.accept(1.0, application("a", ""))
    assert found.app_ids == {"a": 1, "service:bsre": 2}
    assert found.probe_ids["service:bsre", "http"] == 2
