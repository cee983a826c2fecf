"""What is recorded of people, in a running engine: drills, attendance, transfers, what is taken back."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.client.agency import AskOpd
from opsconsole.client.attendance import AttendanceLine, AttendanceReport
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.incident_pages import AskIncident
from opsconsole.client.readiness import (
    AskBimtek,
    AskOpdReadiness,
    AskPerson,
    AskReadiness,
    AskReminders,
    OpdReadiness,
    PersonPage,
)
from opsconsole.client.readiness_commands import (
    AnswerDrill,
    CheckAttendance,
    ImportAttendance,
    MissDrill,
    PlanBimtek,
    ProveMeans,
    RecordAttendance,
    RecordChange,
    RecordContact,
    RecordDecree,
    RecordHandOver,
    RecordLogin,
    RecordReview,
    RecordRoster,
    RecordSop,
    SendReminder,
    StartDrill,
    Transfer,
    VoidEvidence,
)
from tests.engine.city import City
from tests.engine.offices import Office, application, until

PEOPLE = """
[[people]]
id = "rina"
name = "Rina Prasetyo"
phone = "0812-0000-0001"

[[people]]
id = "budi"
name = "Budi Saputra, S.Kom."
duty = "backup"
backup_of = ["rina"]
phone = "0812-0000-0002"
email = "budi@sukamaju.example"

[[people]]
id = "sari"
name = "Sari Puspita"
duty = "head"
phone = "0812-0000-0003"
"""
MEANS = """
[[means]]
id = "fo"
kind = "link"
name = "Tautan FO"
proven_by = "satu"

[[means]]
id = "laptop"
kind = "device"
name = "Laptop piket"
"""
TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()
EARLIER = f"{datetime.now(UTC) - timedelta(days=20):%Y-%m-%d}"
QUICK = {"every": "300ms", "retry": "100ms"}
# Whatever the hour at which the tests run: drills in working hours, and none that is forbidden.
RULES = """
on_holidays = true

[[drills]]
tiers = [1, 2, 3, 4]
inside = "{inside}"

[[quiet]]
name = "kapan pun"
days = "mon-sun"
spans = ["00:00-24:00"]
only = "{only}"
"""


def begin(
    office: Office, url: str = "", *, inside: str = "15m", only: str = "ramadan", people: str = PEOPLE
) -> None:
    """An office of one application of tier 3 with an admin, a backup and a head, and its engine."""
    office.write(
        application(
            "satu",
            url or "http://127.0.0.1:9/",
            lines=["claimed = 4", f"live_since = {TODAY}"],
            probe=QUICK,
        )
    )
    opd = office.place.config / "opd" / "uji.toml"
    head, _, rest = opd.read_text().partition("\n[[applications]]")
    opd.write_text(f"{head}{MEANS}\n[[applications]]{rest}")
    folder = office.place.config / "people"
    folder.mkdir()
    (folder / "uji.toml").write_text(people)
    (office.place.config / "readiness.toml").write_text(RULES.format(inside=inside, only=only))
    office.start()


def send(office: Office, args: Any) -> Any:
    with office.client() as client:
        return json.loads(bytes(client.command(args).result))


def line(office: Office) -> OpdReadiness:
    with office.client() as client:
        [found] = client.query(AskReadiness()).opds
    return found


def person(office: Office, name: str) -> PersonPage:
    with office.client() as client:
        return client.query(AskPerson(person=name))


def raise_to(office: Office, level: int) -> None:
    """Record what each level asks for."""
    if level >= 2:
        send(office, RecordDecree("rina", "188.4/12", EARLIER, signer="Wali Kota", valid_until="2099-12-31"))
        send(office, RecordContact("rina", "wa"))
    if level >= 3:
        send(office, PlanBimtek("BT-1", "Dasar", EARLIER))
        send(office, RecordAttendance("BT-1", "rina,budi"))
        send(office, RecordContact("budi", "phone"))
        send(office, RecordSop("rina", "v3"))
    if level >= 4:
        send(office, StartDrill("rina"))
        send(office, AnswerDrill("rina"))
        send(office, RecordLogin("rina"))


def test_each_recording_raises_what_is_proven_and_the_claim_stays_beside_it(office: Office):
    begin(office)
    assert (line(office).claimed, line(office).proven) == (4, 1)
    assert {one.params["what"] for one in line(office).reasons} == {"SK", "KT"}
    for level in (2, 3, 4):
        raise_to_only = {2: _second, 3: _third, 4: _fourth}[level]
        raise_to_only(office)
        assert line(office).proven == level
    found = line(office)
    assert (found.median, found.falls_to, found.claimed) == (4.0, 3, 4)
    # The login ends first, and what is kept of the admin's SK is there to be seen.
    assert found.falls_on is not None
    stands = {one.what: one for one in person(office, "rina").held[0].stands}
    assert stands["LG"].until == found.falls_on
    assert (stands["PK"].cell, stands["SK"].cell, stands["held"].why) == ("not_needed", "ok", "not_held")
    [decree] = [one for one in person(office, "rina").rows if one.kind == "SK"]
    assert (decree.params["number"], decree.source, decree.uid) == ("188.4/12", "seen", decree.uid)
    assert decree.via == "command"


def _second(office: Office) -> None:
    raise_to(office, 2)


def _third(office: Office) -> None:
    send(office, PlanBimtek("BT-1", "Dasar", EARLIER))
    send(office, RecordAttendance("bt-1", "rina,budi"))
    send(office, RecordContact("budi", "phone"))
    send(office, RecordSop("rina", "v3"))


def _fourth(office: Office) -> None:
    send(office, StartDrill("rina"))
    send(office, AnswerDrill("rina"))
    send(office, RecordLogin("rina", source="stated"))


def test_a_transfer_takes_away_what_has_to_be_proven_again_until_it_is_taken_back(office: Office):
    begin(office)
    raise_to(office, 4)
    assert line(office).proven == 4
    send(office, Transfer("rina,budi", "pelantikan"))
    found = line(office)
    assert found.proven == 1
    assert {one.code for one in found.reasons} == {"voided", "missing"}
    rows = person(office, "rina").rows
    assert {one.kind for one in rows if one.voided} == {"SK", "KT", "UR", "LG"}
    assert {one.why_void for one in rows if one.voided} == {"transfer"}
    # Whoever follows is proven anew, and the duty has to be handed over.
    raise_to(office, 2)
    assert [one.params["what"] for one in line(office).reasons] == ["ST"]
    send(office, RecordHandOver("uji", leaving="rina", to="budi", note="akun, kunci, SOP"))
    assert line(office).proven == 2 or line(office).proven == 3
    before = len(person(office, "rina").rows)
    undone = send(office, VoidEvidence())
    assert undone["kind"] == "handed_over"
    assert [one.params["what"] for one in line(office).reasons] == ["ST"]
    for _time in range(3):
        send(office, VoidEvidence())
    assert line(office).proven == 4, "the contact, the decree and the transfer are taken back"
    assert len(person(office, "rina").rows) == before, "nothing is deleted"
    office.stop()
    assert office.chain().whole


def test_what_was_taken_back_by_mistake_holds_again(office: Office):
    begin(office)
    raise_to(office, 2)
    [decree] = [one for one in person(office, "rina").rows if one.kind == "SK"]
    send(office, VoidEvidence(decree.number, "salah orang"))
    assert line(office).proven == 1
    with pytest.raises(Conflict, match="taken back already"):
        send(office, VoidEvidence(decree.number))
    office.stop()
    [[void]] = office.query("SELECT id FROM evidence WHERE kind = 'VO'")
    office.start()
    send(office, VoidEvidence(void))
    assert line(office).proven == 2
    with pytest.raises(NotFound, match="no recording 999"):
        send(office, VoidEvidence(999))


def test_a_drill_outlives_a_kill_and_passes_when_it_is_answered_in_time(office: Office):
    begin(office)
    started = send(office, StartDrill("rina"))
    assert (started["number"], started["tier"], started["hours"]) == (1, 3, "inside")
    with pytest.raises(Conflict, match="drilled already"):
        send(office, StartDrill("rina"))
    office.kill()
    office.start()
    assert line(office).running_drills == 1
    drill = person(office, "rina").drill
    assert drill is not None and drill.number == 1
    assert send(office, AnswerDrill("rina"))["result"] == "pass"
    [row] = person(office, "rina").rows
    assert (row.kind, row.result, row.variant, row.params["tier"]) == ("UR", "pass", "inside", 3)
    with pytest.raises(Conflict, match="is not being drilled"):
        send(office, MissDrill("rina"))


def test_a_drill_that_nobody_answers_ends_as_missed_by_itself(office: Office):
    begin(office, inside="100ms")
    send(office, StartDrill("rina"))
    until(lambda: person(office, "rina").drill is None)
    [row] = person(office, "rina").rows
    assert (row.kind, row.result, row.by, row.via) == ("UR", "missed", "", "engine")
    assert send(office, StartDrill("rina"))["number"] == 2
    assert send(office, MissDrill("rina"))["result"] == "missed"


def test_nobody_is_drilled_at_a_quiet_time_unless_it_is_meant(office: Office):
    begin(office, only="always")
    with pytest.raises(Conflict, match=r"Now is kapan pun.*--meant"):
        send(office, StartDrill("rina"))
    assert send(office, StartDrill("rina", meant=True))["meant"] is True


def test_a_list_of_attendance_is_checked_then_recorded_once(office: Office):
    begin(office)
    send(office, PlanBimtek("BT-1", "Dasar", EARLIER, "satu"))
    lines = (
        AttendanceLine(2, "RINA PRASETYO, S.STP"),
        AttendanceLine(3, "Budi Saputra", certificate="C-7"),
        AttendanceLine(4, "Rina Prasetya"),
        AttendanceLine(5, "", phone="+62 812 0000 0002"),
    )
    with office.client() as client:
        dry = client.command(CheckAttendance("bt-1", lines))
    report = json.loads(bytes(dry.result))
    assert [one["person"] for one in report["attended"]] == ["rina", "budi"]
    assert [(one["line"], one["why"], one["near"]) for one in report["not_understood"]] == [
        (4, "unknown", ["rina"]),
        (5, "twice", ["budi"]),
    ]
    assert person(office, "rina").rows == ()
    found = send(office, ImportAttendance("BT-1", lines))
    assert found == report
    [row] = person(office, "budi").rows
    assert (row.kind, row.source, row.variant, row.params) == (
        "BT",
        "imported",
        "BT-1",
        {"certificate": "C-7"},
    )
    with pytest.raises(Conflict, match="Nobody of the list"):
        send(office, ImportAttendance("BT-1", lines))
    with pytest.raises(Conflict, match="recorded for BT-1 already"):
        send(office, RecordAttendance("BT-1", "rina"))
    with office.client() as client:
        [session] = client.query(AskBimtek(code="BT-1")).sessions
    assert (session.attended, session.opds, session.applications) == (("rina", "budi"), ("UJI",), ("satu",))
    [behaviour] = session.behaviour
    figures = {one.what: one for one in behaviour.figures}
    assert (figures["registered_before"].before_n, figures["registered_before"].after_n) == (0, 1)
    assert figures["in_date"].after_n > 5 and figures["in_date"].before == 0.0


def test_means_are_shown_by_probes_where_one_can_and_else_by_evidence(office: Office, city: City):
    begin(office, city.site().url)
    until(lambda: office.row("satu").state == "up")
    found = line(office)
    assert (found.means, found.means_proven) == (2, 1)
    send(office, ProveMeans("UJI", "laptop", "dilihat di kantor"))
    assert line(office).means_proven == 2
    with pytest.raises(Conflict, match="probes of satu"):
        send(office, ProveMeans("uji", "fo"))
    with pytest.raises(NotFound, match="Its means: fo, laptop"):
        send(office, ProveMeans("uji", "kursi"))
    with office.client() as client:
        page = client.query(AskOpdReadiness(code="uji"))
    assert [(one.id, one.proven, one.proven_by) for one in page.means] == [
        ("fo", True, "satu"),
        ("laptop", True, ""),
    ]
    assert [one.id for one in page.applications] == ["satu"]
    assert [held.person for held in page.applications[0].duties] == ["rina"]
    assert page.rows[0].kind == "MN"


def test_what_is_gone_begins_a_chain_of_reminders(office: Office):
    begin(office)
    raise_to(office, 2)
    with office.client() as client:
        assert client.query(AskReminders()).reminders == ()
    send(office, RecordChange("number", people="rina"))
    with office.client() as client:
        [one] = client.query(AskReminders()).reminders
        assert client.query(AskReminders(due=True)).reminders == ()
    assert (one.opd, one.due, one.sent, one.to, one.head) == (
        "UJI",
        "",
        "",
        ("Rina Prasetyo",),
        "Sari Puspita",
    )
    assert [(reason.code, reason.params["what"]) for reason in one.reasons] == [("voided", "KT")]
    send(office, SendReminder("uji", "first", "WA"))
    with office.client() as client:
        [one] = client.query(AskReminders(opd="uji")).reminders
    assert (one.sent, one.sent_at is not None) == ("first", True)


def test_beside_whom_to_call_stands_how_ready_they_are_and_when_they_answered_last(office: Office):
    begin(office)
    zone = ZoneInfo("Asia/Jakarta")
    send(office, ReportIncident("loket tidak bisa cetak", application="satu"))

    def called() -> list[tuple[str, int, str | None]]:
        with office.client() as client:
            found = client.query(AskIncident(number=1))
        assert len(found.readiness) == len(found.contacts) == 3
        return [
            (contact.name, one.level, one.answered_at and f"{one.answered_at.astimezone(zone):%Y-%m-%d}")
            for contact, one in zip(found.contacts, found.readiness, strict=True)
            if one is not None
        ]

    names = ["Rina Prasetyo", "Budi Saputra, S.Kom.", "Sari Puspita"]
    assert sorted(called()) == sorted((name, 1, None) for name in names)
    raise_to(office, 2)
    send(office, RecordContact("rina", "wa", EARLIER))
    send(office, RecordContact("budi", "none"))
    send(office, RecordContact("budi", "phone", EARLIER))
    today = f"{datetime.now(zone):%Y-%m-%d}"
    found = {name: (level, at) for name, level, at in called()}
    assert found["Rina Prasetyo"] == (2, today), "the last answer counts"
    assert found["Budi Saputra, S.Kom."] == (1, EARLIER), "a call that was not answered is none"
    assert found["Sari Puspita"] == (1, None)
    send(office, RecordChange("number", "rina"))
    assert {name: at for name, _level, at in called()}["Rina Prasetyo"] is None, "it was another number"


def test_what_is_recorded_has_to_be_of_somebody_and_of_some_day(office: Office):
    begin(office)
    refused: list[tuple[object, type[Exception], str]] = [
        (RecordContact("rini", "wa"), NotFound, "Nearest: rina"),
        (RecordContact("zzz", "wa"), NotFound, "no person zzz"),
        (RecordContact("rina", "wa", "2099-01-01"), Invalid, "not come yet"),
        (RecordDecree("", "1", "2026-01-01"), Invalid, "between 1 and"),
        (RecordDecree("rina", " ", "2026-01-01"), Invalid, "number is missing"),
        (RecordDecree("rina", "1", "01/02/2026"), Invalid, "is no date"),
        (RecordDecree("rina", "1", "2026-02-01", valid_until="2026-01-01"), Invalid, "can not end"),
        (RecordDecree("rina", "1", "2026-02-01", sha256="12"), Invalid, "no SHA-256"),
        (RecordDecree("rina", "1", "2026-02-01", application="dua"), NotFound, "no application dua"),
        (RecordRoster("rina", "2026-02-02", "2026-02-01"), Invalid, "can not end"),
        (RecordChange("acting"), NotFound, "no OPD"),
        (RecordChange("version"), Invalid, "which application"),
        (RecordReview("uji", ""), Invalid, "note is missing"),
        (PlanBimtek("BT 1/", "x"), Invalid, "no code"),
        (PlanBimtek("BT-1", "x", "besok"), Invalid, "no time"),
        (RecordAttendance("BT-1", "rina"), NotFound, "no Bimtek BT-1"),
        (VoidEvidence(), NotFound, "recorded nothing"),
    ]
    for args, kind, words in refused:
        with pytest.raises(kind, match=words):
            send(office, args)
    office.stop()
    assert office.query("SELECT count(*) FROM evidence") == [(0,)]


def test_changes_of_an_opd_or_an_application_take_away_from_everybody_of_it(office: Office):
    begin(office)
    raise_to(office, 3)
    send(office, RecordRoster("rina", EARLIER, "2099-01-01"))
    assert line(office).proven == 3
    send(office, RecordChange("version", application="satu"))
    assert {one.params["what"] for one in line(office).reasons} == {"BT", "SOP", "CD"}
    send(office, RecordChange("acting", opd="uji"))
    assert line(office).proven == 1
    assert [one.params["what"] for one in line(office).reasons] == ["SK"]
    send(office, RecordChange("retirement", people="rina"))
    assert line(office).proven == 0
    assert [one.code for one in line(office).reasons] == ["nobody"]


def test_the_tables_are_made_again_of_the_chain(office: Office, tmp_path: Path):
    from opsconsole.readiness.project import project
    from opsconsole.store.database import open_store
    from opsconsole.store.events import of_kinds

    begin(office)
    raise_to(office, 4)
    send(office, Transfer("rina"))
    send(office, VoidEvidence())
    send(office, StartDrill("budi"))
    send(office, VoidEvidence())
    send(office, PlanBimtek("BT-2", "Lanjut"))
    send(office, VoidEvidence())
    office.stop()
    kinds = [
        kind for (kind,) in office.query("SELECT DISTINCT kind FROM event WHERE kind LIKE 'readiness.%'")
    ]
    tables = {
        name: office.query(f"SELECT * FROM {name} ORDER BY 1") for name in ("evidence", "drill", "bimtek")
    }
    store = open_store(office.place.database)
    with store.reader() as conn:
        told = of_kinds(conn, kinds, 0, 1e11)
    store.close()
    fresh = open_store(tmp_path / "fresh" / "opsconsole.db")
    with fresh.writer() as conn:
        for event in told:
            project(conn, event)
        for name, rows in tables.items():
            assert [tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1")] == rows
    fresh.close()
    assert len(tables["evidence"]) > 8


def test_a_report_of_attendance_can_be_read_back(office: Office):
    begin(office)
    send(office, PlanBimtek("BT-1", "Dasar", EARLIER))
    import msgspec

    with office.client() as client:
        found = client.command(ImportAttendance("BT-1", (AttendanceLine(2, person="rina"),)))
    report = msgspec.json.decode(found.result, type=AttendanceReport)
    assert [(one.person, one.how) for one in report.attended] == [("rina", "id")]


def test_a_cell_is_answered_with_its_own_rows_and_with_what_takes_them_away(office: Office):
    begin(office)
    send(office, RecordContact("rina", "wa"))
    send(office, RecordLogin("rina"))
    with office.client() as client:
        page = client.query(AskOpdReadiness(code="UJI", kinds=("KT",)))
        assert {row.kind for row in page.rows} == {"KT"}
        assert {row.kind for row in client.query(AskOpdReadiness(code="UJI")).rows} == {"KT", "LG"}
    [rule] = [one for one in page.evidence if one.code == "KT"]
    assert (rule.valid, rule.voided_by) == ("90d", ("transfer", "retirement", "number"))


def test_the_page_of_an_opd_has_its_readiness_and_its_means(office: Office):
    begin(office)
    with office.client() as client:
        page = client.query(AskOpd(code="uji"))
        [listed] = client.query(AskReadiness(opd="UJI")).opds
    assert page.readiness == listed
    assert [one.name for one in page.means] == ["Tautan FO", "Laptop piket"]
    assert [one.level for one in page.levels] == [0, 1, 2, 3, 4, 5]
