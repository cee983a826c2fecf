"""When an incident opens, who belongs to it, when it is over, and when it is the same again."""

import random
from datetime import timedelta

import pytest
from msgspec.structs import replace

from opsconsole.client.incidents import Status
from opsconsole.incidents.due import due
from opsconsole.incidents.facts import RowFacts
from opsconsole.incidents.ledger import Next
from tests.incidents.book import Book, replayed

MINUTE = 60.0
IP, PRINT = "10.1.2.3", "ab" * 32


def book() -> Book:
    return Book(
        RowFacts(id="satu", name="Satu", opd="DISDUK", opd_short="Disduk", tier=1, personal_data=True),
        RowFacts(id="dua", name="Dua", tier=2, audience="internal"),
        RowFacts(id="tiga", name="Tiga", tier=4, parents=("service:link",)),
        RowFacts(id="service:link", name="Link", tier=3),
    )


def tick(one: Book, seconds: float = 0.0) -> list[str]:
    """Time passes, and what is due is done."""
    one.wait(seconds)
    found = [step for incident in one.incidents.values() for step in due(incident, one.at, one.ground)]
    return one.write(found)


def does(one: Book, kind: str, **body: object) -> None:
    one.write([Next(f"incident.{kind}", {"number": 1, **body})], "sari")


def acknowledge(one: Book) -> None:
    does(one, "acknowledged", until=(one.at + timedelta(hours=1)).isoformat(), note="")


def test_a_confirmed_down_opens_one_with_what_is_known_of_the_row():
    one = book()
    assert one.fails("satu", "connect_refused", since=90, address=IP) == ["opened"]
    incident = one.incidents[1]
    assert (incident.number, incident.status, incident.severity) == (1, "open", "critical")
    assert (incident.subject, incident.opd_short, incident.tier) == ("satu", "Disduk", 1)
    assert (incident.state, incident.reason, incident.params) == ("down", "connect_refused", {"seen": 503})
    assert incident.opened_at - incident.happened_at == timedelta(seconds=90)
    assert incident.asks == ("personal_data",)
    assert incident.clocks[0].due_at is not None
    assert incident.claims == (f"address:{IP}",)
    assert one.members() == {"satu": "self down"}


@pytest.mark.parametrize(
    ("state", "reason", "severity", "category"),
    [
        ("warn", "slow", "high", ""),
        ("down", "status_unexpected", "critical", ""),
        ("warn", "cert_expiring", "low", "expiry"),
    ],
)
def test_what_a_row_shows_decides_how_bad_it_is(state: str, reason: str, severity: str, category: str):
    one = book()
    one.fails("satu", reason, state=state)
    incident = one.incidents[1]
    assert (incident.severity, incident.category) == (severity, category)


def test_worse_and_better_are_events_of_the_same_one():
    one = book()
    one.fails("satu", "slow", state="warn")
    assert one.fails("satu") == ["state_changed"]
    incident = one.incidents[1]
    assert (incident.state, incident.reason, incident.severity) == ("down", "status_unexpected", "critical")
    assert one.fails("satu") == []
    one.wait(MINUTE)
    assert one.fails("satu", "slow", state="warn") == ["state_changed"]
    assert one.incidents[1].severity == "high"


def test_a_severity_that_a_person_said_stays():
    one = book()
    one.fails("satu", "slow", state="warn")
    does(one, "severity_set", severity="low", reason="tidak dipakai malam", clocks=[])
    one.fails("satu")
    assert (one.incidents[1].state, one.incidents[1].severity) == ("down", "low")


def test_it_has_recovered_when_all_members_are_up_and_is_over_when_it_stayed_so():
    one = book()
    one.fails("satu", "connect_refused", address=IP)
    one.wait(100)
    assert one.fails("dua", "no_response", address=IP) == ["member_joined"]
    acknowledge(one)
    does(one, "snoozed", until=(one.at + timedelta(hours=9)).isoformat(), reason="tunggu")
    assert one.members() == {"satu": "self down", "dua": "address down"}
    assert one.up("satu") == ["member_recovered"]
    assert one.up("satu") == []
    assert one.up("dua") == ["member_recovered", "recovered", "ack_ended", "snooze_ended"]
    incident = one.incidents[1]
    assert (incident.status, incident.acknowledged_by, incident.snoozed_until) == ("open", "", None)
    assert incident.clocks[1].met_at == one.at
    assert tick(one, 299) == []
    assert tick(one, 1) == ["resolved"]
    assert (one.incidents[1].status, one.incidents[1].cause) == ("resolved", "")
    assert tick(one, 9000) == []


def test_what_fails_again_soon_is_the_same_and_later_another():
    one = book()
    one.fails("satu")
    acknowledge(one)
    one.up("satu")
    one.wait(2 * MINUTE)
    assert one.fails("satu") == ["member_failed_again"]
    assert (one.incidents[1].recovered_at, one.incidents[1].reopened) == (None, 0)
    one.up("satu")
    tick(one, 5 * MINUTE)
    one.wait(24 * MINUTE)
    assert one.fails("satu") == ["reopened"]
    incident = one.incidents[1]
    assert (incident.status, incident.reopened, incident.resolved_at) == ("open", 1, None)
    assert incident.clocks[1].met_at is None
    one.up("satu")
    tick(one, 5 * MINUTE)
    one.wait(26 * MINUTE)
    assert one.fails("satu") == ["opened"]
    assert list(one.incidents) == [1, 2]


def test_a_closed_one_that_fails_again_soon_is_reopened_too():
    one = book()
    one.fails("satu")
    one.up("satu")
    does(one, "resolved", why="asked", cause="server", note="dinyalakan ulang")
    does(one, "closed", note="")
    one.wait(MINUTE)
    assert one.fails("satu", "slow", state="warn") == ["reopened"]
    assert one.incidents[1].severity == "high"


def test_one_resolved_while_it_failed_on_learns_when_that_ended():
    one = book()
    one.fails("satu")
    does(one, "resolved", why="asked", cause="vendor", note="menunggu")
    one.wait(MINUTE)
    assert one.up("satu") == ["member_recovered"]
    assert one.up("satu") == []
    assert one.incidents[1].members[0].recovered_at == one.at
    one.wait(MINUTE)
    assert one.fails("satu") == ["reopened"]


@pytest.mark.parametrize(
    ("reason", "address", "later", "joins"),
    [
        ("connect_timeout", IP, 120, True),
        ("dns_timeout", IP, 60, True),
        ("deadline", IP, 60, True),
        ("connect_timeout", IP, 121, False),
        ("connect_timeout", "10.9.9.9", 10, False),
        ("connect_timeout", "", 10, False),
        ("status_unexpected", IP, 10, False),
        ("body_unexpected", IP, 10, False),
        ("slow", IP, 10, False),
    ],
)
def test_what_fails_on_the_way_to_one_address_at_one_time_is_one(
    reason: str, address: str, later: int, joins: bool
):
    one = book()
    one.fails("satu", "connect_refused", address=IP)
    one.wait(later)
    state = "warn" if reason == "slow" else "down"
    assert one.fails("dua", reason, state=state, address=address) == ["member_joined" if joins else "opened"]


def test_what_began_at_one_time_is_one_however_late_it_was_confirmed():
    one = book()
    one.fails("satu", "connect_refused", address=IP, since=30)
    one.wait(600)
    assert one.fails("dua", "connect_refused", address=IP, since=600) == ["member_joined"]
    # The severity is that of the worst.
    assert one.incidents[1].severity == "critical"


def test_a_second_incident_of_one_address_leaves_the_claim_with_the_first():
    one = book()
    one.fails("satu", "connect_refused", address=IP)
    one.wait(500)
    one.fails("dua", "connect_refused", address=IP)
    assert [one.incidents[number].claims for number in (1, 2)] == [(f"address:{IP}",), ()]


def test_one_bad_certificate_is_one_incident():
    one = book()
    one.fails("satu", "tls_expired", fingerprint=PRINT, address=IP)
    one.wait(3600)
    assert one.fails("dua", "tls_hostname", fingerprint=PRINT) == ["member_joined"]
    assert one.members()["dua"] == "certificate down"
    assert one.fails("tiga", "status_unexpected", fingerprint=PRINT) == ["opened"]


def test_a_certificate_about_to_expire_is_another_cause_until_it_has():
    one = book()
    assert one.fails("satu", "cert_expiring", state="warn", fingerprint=PRINT) == ["opened"]
    one.wait(3600)
    assert one.fails("dua", "cert_expiring", state="warn", fingerprint=PRINT) == ["member_joined"]
    # An outage beside it is an incident of its own, over when only the warning is left.
    assert one.fails("satu") == ["opened"]
    one.wait(MINUTE)
    told = one.fails("satu", "cert_expiring", state="warn", fingerprint=PRINT)
    assert told == ["member_recovered", "recovered"]
    assert one.members(1) == {"satu": "self warn", "dua": "certificate warn"}
    tick(one, 5 * MINUTE)
    one.wait(3600)
    assert one.fails("satu", "tls_expired", fingerprint=PRINT) == ["opened", "merged"]
    assert (one.incidents[1].status, one.incidents[1].merged_into) == ("merged", 3)


def test_a_renewed_certificate_ends_it():
    one = book()
    one.fails("satu", "cert_expiring", state="warn")
    assert one.up("satu") == ["member_recovered", "recovered"]
    tick(one, 5 * MINUTE)
    assert one.fails("satu", "cert_expiring", state="warn") == ["reopened"]


def test_rows_cut_off_join_what_cuts_them_off_and_go_when_it_does():
    one = book()
    one.fails("service:link")
    assert one.cut_off("tiga", "service:link") == ["member_joined"]
    assert one.cut_off("satu", "service:link") == ["member_joined"]
    assert one.members() == {
        "service:link": "self down", "tiga": "parent unreachable", "satu": "parent unreachable",
    }  # fmt: skip
    incident = one.incidents[1]
    assert (incident.severity, incident.asks) == ("critical", ("personal_data",))
    assert one.reached("tiga") == ["member_recovered"]
    assert one.up("service:link") == ["member_recovered"]
    # It fails still: whether by itself, its looks will tell.
    assert one.reached("satu", "down") == []
    assert one.fails("satu") == ["member_joined"]
    assert one.members()["satu"] == "self down"
    assert one.up("satu") == ["member_recovered", "recovered"]


def test_a_row_told_to_be_down_has_recovered_only_when_that_is_told():
    one = book()
    one.fails("service:link")
    one.cut_off("tiga", "service:link")
    assert one.reached("tiga", "up", "down") == []
    assert one.up("tiga") == ["member_recovered"]


def test_rows_cut_off_before_it_had_an_incident_are_there_when_it_opens():
    one = book()
    assert one.cut_off("tiga", "service:link") == []
    assert one.fails("service:link") == ["opened"]
    assert one.members() == {"service:link": "self down", "tiga": "parent unreachable"}
    # And when it is reopened.
    one.reached("tiga")
    one.up("service:link")
    tick(one, 5 * MINUTE)
    one.cut["satu"] = "service:link"
    assert one.fails("service:link") == ["reopened", "member_joined"]
    assert one.members() == {
        "service:link": "self down", "tiga": "parent up", "satu": "parent unreachable",
    }  # fmt: skip
    assert one.incidents[1].severity == "critical"


def test_a_degraded_parent_cuts_nobody_off():
    one = book()
    one.cut["tiga"] = "service:link"
    one.fails("service:link", "slow", state="warn")
    assert list(one.members()) == ["service:link"]


def test_a_row_that_failed_first_goes_along_if_nobody_has_touched_it():
    one = book()
    one.fails("tiga")
    one.fails("service:link")
    assert one.cut_off("tiga", "service:link") == ["merged", "member_joined"]
    assert (one.incidents[1].status, one.incidents[1].merged_into) == ("merged", 2)
    assert one.members(2)["tiga"] == "parent unreachable"


def test_so_it_does_when_the_parent_is_told_of_later():
    one = book()
    one.fails("tiga")
    one.cut["tiga"] = "service:link"
    assert one.fails("service:link") == ["merged", "opened"]
    assert one.members(2) == {"service:link": "self down", "tiga": "parent unreachable"}


@pytest.mark.parametrize("later", [True, False])
def test_what_somebody_works_on_stays_where_it_is(later: bool):
    one = book()
    one.fails("tiga")
    acknowledge(one)
    if later:
        one.cut["tiga"] = "service:link"
        assert one.fails("service:link") == ["opened"]
    else:
        one.fails("service:link")
    assert one.cut_off("tiga", "service:link") == []
    assert [incident.status for incident in one.incidents.values()] == ["acknowledged", "open"]


def test_a_member_that_fails_by_itself_stays_what_it_is_when_it_is_cut_off_too():
    one = book()
    one.fails("service:link", "connect_refused", address=IP)
    one.fails("tiga", "connect_refused", address=IP)
    assert one.cut_off("tiga", "service:link") == []
    assert one.members()["tiga"] == "address down"
    assert one.reached("tiga") == []
    one.up("tiga")
    assert one.cut_off("tiga", "service:link") == ["member_joined"]
    assert one.members()["tiga"] == "parent unreachable"


def test_a_row_cut_off_by_another_one_goes_there():
    one = book()
    one.fails("service:link")
    one.cut_off("tiga", "service:link")
    one.fails("dua")
    one.up("service:link")
    assert one.cut_off("tiga", "dua") == ["split", "recovered", "member_joined"]
    assert one.members(1) == {"service:link": "self up"}
    assert one.members(2) == {"dua": "self down", "tiga": "parent unreachable"}


def test_a_row_cut_off_by_another_one_leaves_what_still_fails():
    one = book()
    one.fails("service:link")
    one.cut_off("tiga", "service:link")
    one.fails("dua")
    assert one.cut_off("tiga", "dua") == ["split", "member_joined"]


def test_nothing_follows_from_rows_that_have_no_incident():
    one = book()
    assert one.up("satu") == []
    one.cut["satu"] = "service:link"
    assert one.reached("satu") == []
    one.fails("satu")
    one.cut["satu"] = "service:link"
    assert one.reached("satu") == [], "it fails by itself"


def test_most_hosts_failing_is_one_incident_about_us():
    one = book()
    one.fails("satu", since=8)
    one.fails("dua", since=700)
    acknowledged = one.incidents[2]
    assert one.mass() == ["opened", "merged", "member_joined"]
    incident = one.incidents[3]
    assert (incident.subject, incident.reason, incident.claims) == ("", "mass_failure", ("mass",))
    assert incident.params == {"failed": 9, "hosts": 12}
    assert one.members(3) == {"satu": "mass down"}
    assert one.incidents[2] == acknowledged, "it began long before"
    # While it lasts it has not recovered, whatever its members do.
    assert one.up("satu") == ["member_recovered"]
    assert one.mass_ended() == ["mass_ended"]
    assert one.mass_ended() == []
    assert tick(one, 119) == []
    assert tick(one, 1) == ["recovered"]
    assert tick(one, 5 * MINUTE) == ["resolved"]


def test_what_was_confirmed_down_in_it_are_its_members():
    one = book()
    one.mass()
    one.wait(20)
    one.mass_ended("self_check")
    ended = one.now
    one.wait(30)
    assert one.fails("satu", since=30 + 15) == ["member_joined"]
    assert one.fails("tiga", since=10) == ["opened"], "that began after it had ended"
    assert one.members(1) == {"satu": "mass down"}
    assert tick(one, 3 * MINUTE) == []
    assert one.up("satu") == ["member_recovered", "recovered"]
    assert one.now > ended


def test_a_row_found_down_while_most_hosts_fail_belongs_to_it():
    one = book()
    one.mass()
    assert one.fails("satu", since=1) == ["member_joined"]


def test_most_hosts_failing_again_is_the_same():
    one = book()
    one.mass()
    one.mass_ended()
    assert one.mass() == ["member_failed_again"]
    assert one.incidents[1].state == "down"
    one.mass_ended()
    tick(one, 2 * MINUTE)
    tick(one, 5 * MINUTE)
    assert one.mass() == ["reopened"]
    assert (one.incidents[1].status, one.incidents[1].reopened) == ("open", 1)
    one.mass_ended()
    tick(one, 2 * MINUTE)
    tick(one, 5 * MINUTE)
    one.wait(3600)
    assert one.mass() == ["opened"]


def test_what_a_person_reported_of_a_row_takes_what_is_looked_at_in():
    one = book()
    one.fails("satu")
    told = replace(one.incidents[1], source="call", members=(), claims=("row:satu",), title="telepon")
    one.incidents[1] = told
    assert one.fails("satu") == ["member_joined"]
    one.up("satu")
    assert one.incidents[1].recovered_at is not None
    tick(one, 3600)
    assert one.incidents[1].status == "open", "what a person told of, a person ends"


def test_a_reopened_one_leaves_members_that_another_has_by_now():
    one = book()
    one.fails("satu", "connect_refused", address=IP)
    one.fails("dua", "connect_refused", address=IP)
    one.up("satu")
    one.up("dua")
    tick(one, 5 * MINUTE)
    one.wait(26 * MINUTE)
    one.fails("dua", "connect_refused", address=IP)
    assert list(one.incidents) == [1, 2]
    one.incidents[1] = replace(
        one.incidents[1], members=tuple(replace(m, recovered_at=one.at) for m in one.incidents[1].members)
    )
    assert one.fails("satu") == ["reopened"]
    assert list(one.members(1)) == ["satu"]
    assert one.incidents[1].claims == ()


@pytest.mark.parametrize("seed", range(60))
def test_whatever_happens_no_two_claim_the_same_and_the_chain_makes_them_again(seed: int):
    chance = random.Random(seed)
    one = book()
    rows = list(one.ground.rows)
    for _turn in range(120):
        one.wait(chance.choice([0, 1, 20, 130, 400, 2000]))
        row = chance.choice(rows)
        die = chance.random()
        if die < 0.4:
            reason = chance.choice(
                ["connect_refused", "tls_expired", "cert_expiring", "slow", "status_unexpected"]
            )
            state = "warn" if reason in ("cert_expiring", "slow") else "down"
            address, print_ = chance.choice(["", IP]), chance.choice(["", PRINT])
            one.fails(
                row,
                reason,
                state=state,
                address=address,
                fingerprint=print_,
                since=chance.choice([0, 30, 300]),
            )
        elif die < 0.7:
            one.up(row)
        elif die < 0.78:
            one.cut_off(row, chance.choice([other for other in rows if other != row]))
        elif die < 0.86 and one.cut:
            one.reached(chance.choice(list(one.cut)), chance.choice(["up", "down"]))
        elif die < 0.9:
            one.mass()
        elif die < 0.95:
            one.mass_ended()
        elif one.incidents.get(1) is not None and one.incidents[1].status is Status.OPEN:
            acknowledge(one)
        tick(one)
    assert one.incidents
    assert replayed(one.events) == one.incidents
