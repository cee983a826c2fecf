"""What is wrong with a register, and where: files that are allowed and still not right."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from opsconsole.client.findings import Finding
from opsconsole.inventory.findings import ProbeFacts, findings
from opsconsole.inventory.load import load
from opsconsole.inventory.places import row_lines
from opsconsole.inventory.warnings import warnings
from tests.inventory.offices import MakeOffice, opd

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
PROBE = '[[applications.probes]]\nkind = "http"\nurl = "{url}"\n'
ADMIN = '[[people]]\nid = "{id}"\nname = "Rina"\nduty = "admin"\nphone = "{phone}"\n'


def app(row_id: str, *keys: str, url: str = "https://127.0.0.1:9/") -> str:
    return "\n".join([f'id = "{row_id}"', *keys, PROBE.format(url=url) if url else ""])


def found(folder: Any, facts: Mapping[str, Sequence[ProbeFacts]] | None = None) -> list[Finding]:
    return findings(load(folder), facts or {}, NOW)


def codes(listed: list[Finding], row_id: str | None = None) -> set[str]:
    return {one.code for one in listed if row_id in (None, one.application)}


@pytest.fixture
def sound(make_office: MakeOffice) -> MakeOffice:
    """An office in which nothing is wrong but what a test adds."""

    def make(**files: str) -> Any:
        people = ADMIN.format(id="rina", phone="0800-0000-1000")
        dinkes = opd("DINKES", applications=(app("simpus", url="https://127.0.0.1:1/"),))
        return make_office(**{"people__dinkes": people, "opd__dinkes": dinkes, **files})

    return make


def test_a_sound_register_has_no_findings(sound: MakeOffice) -> None:
    assert found(sound()) == []


SECRET = 'auth = { bearer = "env:TOKEN" }\n'


@pytest.mark.parametrize(
    ("url", "openly"),
    [
        ("http://portal.contoh.invalid/", True),
        ("http://203.0.113.9/", True),
        ("http://[2001:4860::1]/", True),
        ("https://portal.contoh.invalid/", False),
        ("http://127.0.0.1:2/", False),
        ("http://localhost:2/", False),
        ("http://10.1.2.3/", False),
        ("http://[fd00::1]/", False),
        ("http://[::ffff:10.1.2.3]/", False),
    ],
)
def test_a_secret_in_the_clear_is_told_where_it_leaves_our_networks(
    sound: MakeOffice, url: str, openly: bool
) -> None:
    folder = sound(opd__dinkes=opd("DINKES", applications=(app("satu"), app("dua", url=url) + SECRET)))
    assert ("plain_secret" in codes(found(folder), "dua")) is openly
    assert "plain_secret" not in codes(found(folder), "satu")
    told = [line for line in warnings(load(folder), NOW.date()) if "want https" in line]
    assert len(told) == openly
    assert all(line.split(": ")[1] == "auth" for line in told)


def test_what_lacks_a_probe_a_runbook_or_tls_is_told_with_who_mends_it(sound: MakeOffice) -> None:
    rows = (
        app("satu", "tier = 1", url=""),
        app("dua", "tier = 2", 'runbook = "docs"', url="http://127.0.0.1:2/"),
        app("tiga", "personal_data = true", url="http://127.0.0.1:3/"),
        app("empat", "tier = 4", url="http://127.0.0.1:4/"),
        app("lima", "tier = 1", "active = false", url=""),
    )
    listed = found(sound(opd__dinkes=opd("DINKES", applications=rows)))
    told = {(one.application, one.code): (one.severity, one.fixer) for one in listed}
    assert told == {
        ("satu", "no_probe"): ("high", "us"),
        ("satu", "no_runbook"): ("med", "opd"),
        ("dua", "plain"): ("low", "opd"),
        ("tiga", "plain_personal"): ("med", "opd"),
    }


def test_the_worst_stands_first_and_each_says_where_its_entry_is(sound: MakeOffice) -> None:
    rows = (app("b", "tier = 2", url="http://127.0.0.1:2/"), app("a", "tier = 1", url=""))
    folder = sound(opd__dinkes=opd("DINKES", applications=rows))
    listed = found(folder)
    assert [one.severity for one in listed] == ["high", "med", "low"]
    text = (folder / "opd" / "dinkes.toml").read_text().splitlines()
    for one in listed:
        assert one.file == "opd/dinkes.toml"
        assert text[one.line - 1] == "[[applications]]"
        assert f'id = "{one.application}"' in text[one.line : one.line + 2]
    assert row_lines(load(folder)) == {one.application: one.line for one in listed}


def test_an_agency_without_an_admin_is_told_once_one_application_alone(sound: MakeOffice) -> None:
    two = opd(
        "BKD", applications=(app("x", "tier = 1", 'runbook = "d"', url="https://127.0.0.1:5/"), app("y"))
    )
    listed = found(sound(opd__bkd=two))
    assert [(one.code, one.opd, one.application, one.severity) for one in listed] == [
        ("no_admin", "BKD", "", "high")
    ]
    named = ADMIN.format(id="sari", phone="0800").rstrip() + '\napplications = ["x"]\n'
    listed = found(sound(opd__bkd=two, people__bkd=named))
    assert [(one.code, one.application, one.severity) for one in listed] == [("no_admin", "y", "med")]
    silent = ADMIN.format(id="sari", phone="")
    assert codes(found(sound(opd__bkd=two, people__bkd=silent))) == {"no_number"}


def test_two_that_look_at_the_same_address_are_told(sound: MakeOffice) -> None:
    rows = (app("satu", url="https://127.0.0.1:2/"), app("dua", url="https://127.0.0.1:2"))
    listed = found(sound(opd__dinkes=opd("DINKES", applications=rows)))
    assert [(one.code, one.application, one.params) for one in listed] == [
        ("same_target", "dua", {"other": "satu"})
    ]


def test_what_an_ended_agency_left_behind_is_told(sound: MakeOffice) -> None:
    old = opd(
        "LAMA", "valid_to = 2026-05-30", applications=(app("warisan"), app("mati", "active = false", url=""))
    )
    rows = (app("satu", 'depends_on = ["warisan"]', url="https://127.0.0.1:2/"),
            app("dua", 'depends_on = ["mati"]', url="https://127.0.0.1:3/"))  # fmt: skip
    people = ADMIN.format(id="ani", phone="0800")
    folder = sound(opd__lama=old, people__lama=people, opd__dinkes=opd("DINKES", applications=rows))
    listed = {one.application: one for one in found(folder)}
    assert {row_id: one.code for row_id, one in listed.items()} == {
        "warisan": "opd_ended", "satu": "parent_ended", "dua": "parent_off",
    }  # fmt: skip
    # The day after, in the office's zone.
    assert listed["warisan"].since == datetime(2026, 5, 30, 17, 0, tzinfo=UTC)


def test_a_circle_of_dependencies_and_a_year_without_days_off_are_told(sound: MakeOffice) -> None:
    rows = (
        app("satu", 'depends_on = ["dua"]'),
        app("dua", 'depends_on = ["satu"]', url="https://127.0.0.1:3/"),
    )
    hours = '[[hours]]\nname = "kantor"\nweek = [{ days = "mon-fri", open = ["08:00-16:00"] }]\n'
    folder = sound(opd__dinkes=opd("DINKES", applications=rows), calendar=hours)
    listed = found(folder)
    assert codes(listed) == {"circle", "year_missing"}
    year = next(one for one in listed if one.code == "year_missing")
    assert (year.params, year.severity, year.file) == ({"year": 2026}, "med", "calendar.toml")
    late = findings(load(folder), {}, datetime(2026, 12, 2, tzinfo=UTC))
    assert {one.params.get("year") for one in late} - {None} == {2026, 2027}


def seen(reason: str = "ok", **fields: Any) -> dict[str, list[ProbeFacts]]:
    return {"simpus": [ProbeFacts("http", reason, {"seen": "x"}, NOW - timedelta(hours=2), **fields)]}


def test_what_the_last_look_says_of_host_and_certificate_is_told(sound: MakeOffice) -> None:
    folder = sound()
    for reason, code, fixer in (
        ("dns_nxdomain", "dns", "dns"),
        ("tls_hostname", "cert_name", "opd"),
        ("tls_untrusted", "cert_untrusted", "opd"),
    ):
        [one] = found(folder, seen(reason))
        assert (one.code, one.fixer, one.since) == (code, fixer, NOW - timedelta(hours=2))
    assert found(folder, seen("connect_refused")) == []


@pytest.mark.parametrize(
    ("days", "reason", "code", "severity"),
    [(-1, "tls_expired", "cert_expired", "high"), (9, "ok", "cert_expiring", "med"),
     (25, "ok", "cert_expiring", "low"), (60, "cert_expiring", "cert_expiring", "med"),
     (60, "ok", None, None)],
)  # fmt: skip
def test_a_certificate_is_told_before_and_after_it_ends(
    sound: MakeOffice, days: int, reason: str, code: str | None, severity: str | None
) -> None:
    listed = found(sound(), seen(reason, expires_at=NOW + timedelta(days=days, hours=1)))
    assert [(one.code, one.severity, one.params["days"]) for one in listed] == (
        [(code, severity, days)] if code else []
    )


def test_a_pause_is_told_when_it_lasts_for_over_a_day(sound: MakeOffice) -> None:
    folder = sound()
    since = NOW - timedelta(hours=25)
    [one] = found(folder, seen(paused_at=since, paused_by="budi"))
    assert (one.code, one.since, one.params["by"]) == ("paused", since, "budi")
    assert found(folder, seen(paused_at=NOW - timedelta(hours=23), paused_by="budi")) == []
