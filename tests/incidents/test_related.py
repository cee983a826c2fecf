"""Which incidents may have the same cause: what they share, and how far apart they are."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.incidents import Incident, Status
from opsconsole.incidents.facts import RowFacts
from opsconsole.incidents.related import MOST, related
from tests.incidents.book import NOON, ground

OFFICE = ground(
    RowFacts(id="satu", name="Satu", parents=("service:link",), vendor="PT Contoh"),
    RowFacts(id="dua", name="Dua", parents=("service:link", "tiga")),
    RowFacts(id="tiga", name="Tiga"),
    RowFacts(id="empat", name="Empat", vendor="PT Contoh"),
    RowFacts(id="lima", name="Lima"),
)


def incident(number: int, subject: str, later: float = 0.0, **more: object) -> Incident:
    at = utc(NOON) + timedelta(seconds=later)
    made = Incident(number=number, subject=subject, happened_at=at, opened_at=at, changed_at=at)
    return replace(made, **more)


ONE = incident(1, "satu", address="10.0.0.1", fingerprint="ab")


@pytest.mark.parametrize(
    ("other", "shares"),
    [
        (incident(2, "lima", 120), ("time",)),
        (incident(2, "lima", 121), None),
        (incident(2, "lima", 6000, address="10.0.0.1"), ("address",)),
        (incident(2, "lima", 6000, fingerprint="ab"), ("certificate",)),
        (incident(2, "empat", 6000), ("vendor",)),
        (incident(2, "dua", 6000), ("dependency",)),
        (incident(2, "service:link", -6000), ("dependency",)),
        (incident(2, "", 60), ("time",)),
        (incident(2, "dua", 60, address="10.0.0.1"), ("time", "address", "dependency")),
        (incident(1, "dua", 60), None),
        (incident(2, "dua", 60, status=Status.MERGED), None),
        # What is over and was long ago is history; what is open goes on.
        (incident(2, "dua", 9000), ("dependency",)),
        (incident(2, "dua", 9000, status=Status.RESOLVED), None),
        (incident(2, "dua", 7000, status=Status.RESOLVED), ("dependency",)),
    ],
)
def test_what_two_incidents_share(other: Incident, shares: tuple[str, ...] | None):
    found = related(ONE, [other], OFFICE)
    assert [one.shares for one in found] == ([] if shares is None else [shares])


def test_what_shares_most_comes_first_then_what_is_closest():
    others = [incident(number, "lima", number) for number in range(2, 30)]
    others.append(incident(30, "dua", 100))
    found = related(ONE, others, OFFICE)
    assert [one.number for one in found] == [30, *range(2, 1 + MOST)]
    assert (found[1].apart_s, found[1].open) == (2.0, True)
