"""Incidents come of what is told of rows, in the same commit, and are changed by command."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.client.incident_commands import (
    Acknowledge,
    AnswerTriage,
    Assign,
    Attribute,
    Close,
    Merge,
    Mitigate,
    Note,
    Reopen,
    Reported,
    ReportIncident,
    Resolve,
    SetSeverity,
    Snooze,
    Split,
    Take,
    Unacknowledge,
    Unmerge,
    Unsnooze,
)
from opsconsole.client.incidents import Severity
from opsconsole.engine.batch import Command
from opsconsole.incidents import bodies
from opsconsole.store.drafts import own_event
from probes.observation import Verdict
from tests.engine.inside import Inside
from tests.engine.looking import observation
from tests.engine.nights import Night, app


async def test_a_confirmed_down_opens_an_incident_that_ends_by_itself_once_it_stayed_up(home: Path):
    night = Night(home, app("satu", "tier = 1"))
    night.see("satu")
    night.see("satu", "connect_refused", address="127.9.0.1")
    one = await night.one()
    assert (one.status, one.subject, one.reason, one.state) == ("open", "satu", "connect_refused", "down")
    assert one.claims == ("address:127.9.0.1",)
    assert [clock.id for clock in one.clocks] == ["respond", "recover"]
    night.clock.advance(60)
    night.see("satu")
    assert (await night.one()).recovered_at is not None
    await night.pass_by(299)
    assert (await night.one()).status == "open"
    await night.pass_by(2)
    one = await night.one()
    assert (one.status, one.cause) == ("resolved", "")
    assert night.query("SELECT * FROM incident_claim") == []
    assert [kind for kind, _ in await night.told()] == [
        *("opened", "member_recovered", "recovered", "resolved")
    ]
    await night.check()
    night.close()


async def test_who_acknowledged_first_is_told_to_whoever_comes_second(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "connect_refused")
    seen = await night.one()
    first = await night.do(Acknowledge(1, note="sedang dilihat"), "sari", version=seen.version)
    again = await night.do(Acknowledge(1), "sari")
    assert first.seq and not again.repeated
    with pytest.raises(Conflict, match=r"#1 was acknowledged by sari at \d\d:\d\d"):
        await night.do(Acknowledge(1), "budi", version=seen.version)
    await night.do(Note(1, "tunggu ISP"), "budi", version=seen.version)
    with pytest.raises(Conflict, match="still has"):
        await night.do(Resolve(1, cause="network", note="kabel"), "sari")
    await night.do(Resolve(1, cause="network", note="kabel", even_so=True), "sari")
    one = await night.one()
    assert (one.status, one.cause, one.note, one.acknowledged_by) == ("resolved", "network", "kabel", "")
    await night.check()
    night.close()


async def test_an_acknowledgement_ends_with_the_shift_or_when_somebody_said(home: Path):
    night = Night(home, app("satu"), app("dua"))
    for row in ("satu", "dua"):
        night.see(row, "status_unexpected")
    # It is 18:33 in Jakarta: the shift ends at 21:00.
    await night.do(Acknowledge(1))
    await night.do(Acknowledge(2, until="30m"))
    assert [f"{(await night.one(n)).ack_until:%H:%M:%S}" for n in (1, 2)] == ["14:00:00", "12:03:20"]
    await night.pass_by(1800)
    assert [(await night.one(n)).status for n in (1, 2)] == ["acknowledged", "open"]
    await night.pass_by(7200)
    one = await night.one(1)
    assert (one.status, one.acknowledged_by, one.answered_at) == ("open", "", one.clocks[0].met_at)
    ended = night.query("SELECT body FROM event WHERE kind = 'incident.ack_ended' ORDER BY seq")
    assert [json.loads(bytes(body))["why"] for (body,) in ended] == ["until", "shift"]  # type: ignore[arg-type]
    await night.check()
    night.close()


async def test_what_somebody_did_is_theirs_until_they_give_it_back(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    await night.do(Take(1), "budi")
    one = await night.one()
    assert (one.owner, one.acknowledged_by, one.status) == ("budi", "budi", "acknowledged")
    with pytest.raises(Conflict, match="yours already"):
        await night.do(Take(1), "budi")
    await night.do(Take(1), "sari")
    await night.do(Assign(1, "root"), "sari")
    assert (await night.one()).owner == "root"
    with pytest.raises(NotFound, match="nobody called rooot"):
        await night.do(Assign(1, "rooot"), "sari")
    await night.do(Unacknowledge(1), "sari")
    one = await night.one()
    assert (one.owner, one.acknowledged_by, one.status) == ("", "", "open")
    with pytest.raises(Conflict, match="not acknowledged"):
        await night.do(Unacknowledge(1))
    await night.check()
    night.close()


async def test_a_snooze_has_a_reason_and_an_end_within_a_week(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    for end, reason in (("8d", "lama"), ("2h", " "), ("2026-11-01", "sudah lewat")):
        with pytest.raises(Invalid):
            await night.do(Snooze(1, end, reason))
    await night.do(Snooze(1, "2h", "menunggu vendor"))
    one = await night.one()
    assert (one.snooze_reason, one.status) == ("menunggu vendor", "open")
    await night.pass_by(7200)
    assert (await night.one()).snoozed_until is None
    with pytest.raises(Conflict, match="not snoozed"):
        await night.do(Unsnooze(1))
    await night.do(Snooze(1, "2h", "lagi"))
    await night.do(Unsnooze(1))
    assert (await night.one()).snooze_reason == ""
    await night.check()
    night.close()


async def test_from_mitigated_to_closed(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    with pytest.raises(Conflict, match="not resolved"):
        await night.do(Close(1))
    with pytest.raises(Invalid, match="how people can work"):
        await night.do(Mitigate(1, " "))
    await night.do(Mitigate(1, "dialihkan ke server kedua"))
    assert (await night.one()).status == "mitigated"
    night.clock.advance(60)
    night.see("satu")
    await night.pass_by(301)
    one = await night.one()
    assert (one.status, one.cause) == ("resolved", "")
    with pytest.raises(Conflict, match="ended by itself"):
        await night.do(Close(1))
    with pytest.raises(Invalid, match="Say what the cause"):
        await night.do(Resolve(1, cause="", note=""))
    await night.do(Resolve(1, cause="national", note="PDN pulih"))
    await night.do(Attribute(1, "inside", "ternyata kabel kita"))
    await night.do(Close(1, "selesai"))
    one = await night.one()
    assert (one.status, one.cause, one.attribution, one.note) == ("closed", "national", "inside", "selesai")
    with pytest.raises(Conflict, match="closed"):
        await night.do(Close(1))
    with pytest.raises(Conflict, match="is closed"):
        await night.do(Acknowledge(1))
    with pytest.raises(Invalid, match="needs a reason"):
        await night.do(Reopen(1, ""))
    await night.do(Reopen(1, "belum selesai"))
    one = await night.one()
    assert (one.status, one.reopened) == ("open", 1)
    with pytest.raises(Conflict, match="is open"):
        await night.do(Reopen(1, "lagi"))
    await night.check()
    night.close()


async def test_a_false_alarm_needs_no_cause_and_is_no_open_one_though_the_row_fails_on(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "body_unexpected")
    await night.do(Resolve(1, cause="", note="polanya salah", false_alarm=True))
    one = await night.one()
    assert (one.status, one.false_alarm, one.down) == ("resolved", True, 1)
    await night.do(Close(1))
    await night.check()
    night.close()


async def test_a_severity_is_changed_with_a_reason_and_its_targets_with_it(home: Path):
    night = Night(home, app("satu", "tier = 1"))
    night.see("satu", "status_unexpected")
    before = await night.one()
    with pytest.raises(Invalid, match="needs a reason"):
        await night.do(SetSeverity(1, Severity.LOW, ""))
    await night.do(SetSeverity(1, Severity.LOW, "tidak dipakai malam"))
    one = await night.one()
    assert (one.severity, one.severity_why) == ("low", "tidak dipakai malam")
    assert before.clocks[0].due_at is not None and one.clocks[0].due_at is not None
    assert one.clocks[0].due_at > before.clocks[0].due_at
    await night.check()
    night.close()


async def test_a_yes_at_triage_starts_the_clock_of_the_law_and_a_no_ends_it(home: Path):
    night = Night(home, app("satu", "personal_data = true"))
    night.see("satu", "status_unexpected")
    assert (await night.one()).asks == ("personal_data",)
    for question, answer in (("cuaca", "yes"), ("personal_data", "")):
        with pytest.raises(Invalid):
            await night.do(AnswerTriage(1, question, answer))  # type: ignore[arg-type]
    await night.do(AnswerTriage(1, "personal_data", "checking"))
    assert [clock.id for clock in (await night.one()).clocks] == ["respond", "recover"]
    await night.do(AnswerTriage(1, "personal_data", "yes"))
    one = await night.one()
    assert one.asks == () and one.questions[0].by == "sari"
    [law] = one.clocks[2:]
    assert law.due_at is not None and (law.due_at - one.opened_at).total_seconds() == 72 * 3600
    with pytest.raises(Invalid, match="no clock"):
        await night.do(Reported(1, "tidak-ada", "surat"))
    await night.do(AnswerTriage(1, "personal_data", "no"))
    assert len((await night.one()).clocks) == 2
    await night.do(AnswerTriage(1, "personal_data", "yes"))
    await night.do(Resolve(1, cause="attack", note="x", even_so=True))
    await night.pass_by(72 * 3600 + 1)
    assert (await night.one()).clocks[2].overdue_at is not None
    assert [one.number for one in night.hub.incidents()] == [1], "the law still waits"
    with pytest.raises(Invalid, match="to whom"):
        await night.do(Reported(1, law.id, " "))
    await night.do(Reported(1, law.id, "surat 12/2026 ke lembaga"))
    assert (await night.one()).clocks[2].met_at is not None
    await night.pass_by(1)
    assert night.hub.incidents() == ()
    await night.check()
    night.close()


async def test_a_target_that_ran_out_is_told_once_and_not_after_recovery(home: Path):
    night = Night(home, app("satu", "tier = 1"), app("dua", "tier = 1"))
    night.see("satu", "status_unexpected")
    night.see("dua", "status_unexpected")
    night.see("dua")
    await night.pass_by(5 * 3600)
    await night.pass_by(3600)
    late = night.query("SELECT subject, body FROM event WHERE kind = 'incident.clock_overdue' ORDER BY seq")
    assert [subject for subject, _ in late] == ["incident:1"] * 2
    await night.check()
    night.close()


async def test_one_that_a_person_reports(home: Path):
    night = Night(home, app("satu", "tier = 1", "personal_data = true"))
    night.see("satu")
    result = await night.do(
        ReportIncident(
            "loket tidak bisa cetak", application="satu", reporter="Bu Rina", at="2026-11-24T17:00"
        )
    )
    assert json.loads(bytes(result.result)) == 1
    one = await night.one()
    assert (one.title, one.source, one.severity, one.subject) == (
        *("loket tidak bisa cetak", "call", "critical"), "satu",
    )  # fmt: skip
    assert (one.opened_at - one.happened_at).total_seconds() > 3600
    with pytest.raises(Conflict, match="is open: #1"):
        await night.do(ReportIncident("lagi", application="satu"))
    with pytest.raises(NotFound):
        await night.do(ReportIncident("x", application="tidak-ada"))
    for wrong in (ReportIncident(" "), ReportIncident("x", severity="parah"), ReportIncident("x", at="31d")):
        with pytest.raises(Invalid):
            await night.do(wrong)
    # What is found by probes meanwhile is the same, and does not end it.
    night.see("satu", "status_unexpected")
    night.see("satu")
    await night.pass_by(400)
    one = await night.one()
    assert (one.status, [member.because for member in one.members]) == ("open", ["self"])
    # One of security is another cause, and asks both questions.
    await night.do(ReportIncident("judi di halaman depan", application="satu", category="defacement"))
    cyber = await night.one(2)
    assert (cyber.kind, cyber.severity, cyber.asks) == ("cyber", "critical", ("personal_data", "iiv"))
    await night.do(ReportIncident("surat BSSN", source="bssn", severity="high"))
    assert (await night.one(3)).severity == "high"
    await night.check()
    night.close()


async def test_merging_takes_members_along_and_unmerging_gives_them_back(home: Path):
    night = Night(home, app("satu"), app("dua"), app("tiga"))
    for row in ("satu", "dua", "tiga"):
        night.see(row, "status_unexpected")
    with pytest.raises(Invalid, match="into itself"):
        await night.do(Merge(1, 1))
    await night.do(Merge(2, 1, "switch lantai dua"))
    one, two = await night.one(1), await night.one(2)
    assert {member.id: member.because for member in one.members} == {"satu": "self", "dua": "person"}
    assert (two.status, two.merged_into, two.note) == ("merged", 1, "switch lantai dua")
    with pytest.raises(Conflict, match="merged into #1"):
        await night.do(Acknowledge(2))
    # Its row is the other one's now.
    night.clock.advance(60)
    night.see("dua")
    assert (await night.one(1)).down == 1
    await night.do(Unmerge(2, "bukan"))
    two = await night.one(2)
    assert two.status == "open" and two.recovered_at is not None and two.members[0].because == "self"
    assert [member.id for member in (await night.one(1)).members] == ["satu"]
    with pytest.raises(Conflict, match="not merged"):
        await night.do(Unmerge(2))
    # Merged into one that is over by now, it stays.
    await night.do(Merge(3, 1))
    await night.do(Resolve(1, cause="network", note="x", even_so=True))
    with pytest.raises(Conflict, match="is over"):
        await night.do(Unmerge(3))
    await night.check()
    night.close()


async def test_members_with_a_cause_of_their_own_are_split_off(home: Path):
    night = Night(home, app("satu"), app("dua"), app("tiga"))
    for row in ("satu", "dua", "tiga"):
        night.see(row, "connect_refused", address="127.9.9.9")
    assert len((await night.one()).members) == 3
    for members in ("", "tidak-ada", "satu,dua,tiga"):
        with pytest.raises(Invalid):
            await night.do(Split(1, members, "lain"))
    with pytest.raises(Invalid, match="is about satu"):
        await night.do(Split(1, "satu", "lain"))
    result = await night.do(Split(1, "dua, tiga", "kabel lain"))
    assert json.loads(bytes(result.result)) == 2
    one, two = await night.one(1), await night.one(2)
    assert ([m.id for m in one.members], [m.id for m in two.members]) == (["satu"], ["dua", "tiga"])
    night.see("dua")
    night.see("tiga")
    assert (await night.one(2)).recovered_at is not None
    assert (await night.one(1)).recovered_at is None
    await night.check()
    night.close()


async def test_a_retry_of_a_command_does_nothing_twice(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    first = await night.do(Note(1, "sekali"), command_id="abc")
    again = await night.do(Note(1, "sekali"), command_id="abc")
    assert (again.seq, again.repeated) == (first.seq, True)
    assert (await night.told()).count(("noted", "incident:1")) == 1
    with pytest.raises(NotFound, match="no incident #9"):
        await night.do(Note(9, "siapa"))
    with pytest.raises(Invalid):
        await night.do(Note(1, " "))
    with pytest.raises(Invalid, match="longer"):
        await night.do(Note(1, "x" * 3000))
    night.close()


async def test_what_changed_by_itself_is_told_too(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    seen = await night.one()
    night.see("satu")
    await night.pass_by(400)
    with pytest.raises(Conflict, match=r"ended by itself at \d\d:\d\d"):
        await night.do(SetSeverity(1, Severity.LOW, "x"), version=seen.version)
    # A note and a member are no reason to refuse.
    night.close()


async def test_the_store_itself_refuses_a_second_open_one_of_a_cause(home: Path):
    night = Night(home, app("satu"), app("dua"))
    night.see("satu", "status_unexpected")
    one = await night.one()
    twin = {**bodies.opened(one), "number": 2}
    command = Command(None, (own_event("incident.opened", "incident:2", night.clock.now(), twin),))
    night.recorder.command(command)
    with pytest.raises(Conflict, match=r"does not fit .* incident 2 claims what is taken"):
        await asyncio.wrap_future(command.done)
    assert night.query("SELECT number FROM incident") == [(1,)]
    assert ("opened", "incident:2") not in await night.told()
    # Even where nothing checks beforehand.
    with night.store.writer() as conn, pytest.raises(IntegrityError):
        conn.exec_driver_sql("INSERT INTO incident_claim VALUES ('row:satu', 2)")
    night.close()


async def test_a_row_that_was_only_cut_off_has_recovered_when_it_is_seen_to_be_up(home: Path):
    night = Night(home, app("induk"), app("anak", 'depends_on = ["induk"]'))
    for row in ("induk", "anak"):
        night.see(row)
    night.see("induk", "status_unexpected")
    night.see("anak", "status_unexpected")
    one = await night.one()
    assert {member.id: member.because for member in one.members} == {"induk": "self", "anak": "parent"}
    night.clock.advance(60)
    night.see("induk")
    await night.pass_by(1)
    assert (await night.one()).down == 1
    night.see("anak")
    assert (await night.one()).down == 1, "nobody is told of it"
    await night.pass_by(5)
    assert (await night.one()).recovered_at is not None
    await night.check()
    night.close()


async def test_members_that_the_files_know_no_longer_hold_nothing_open(home: Path):
    night = Night(home, app("satu"), app("dua"))
    night.see("dua", "status_unexpected")
    clock = night.clock
    await night.written()
    night.close()
    later = Night(home, app("satu"), clock=clock)
    await later.ticking.start()
    await later.pass_by(5)
    assert (await later.one()).recovered_at is not None
    later.close()


async def test_rows_told_to_be_down_by_an_engine_without_incidents_get_one_at_the_start(home: Path):
    before = Inside(home, app("satu"), app("dua"))
    before.fit("unset")
    before.look("satu", observation(Verdict.DOWN, "status_unexpected", seen=503))
    before.look("dua", observation())
    await before.written()
    before.close()
    night = Night(home, app("satu"), app("dua"), clock=before.clock)
    before.clock.advance(600)
    await night.ticking.start()
    one = await night.one()
    assert (one.subject, one.reason, one.params) == ("satu", "status_unexpected", {"seen": 503})
    assert (one.opened_at - one.happened_at).total_seconds() == pytest.approx(600, abs=1)
    assert [shown.number for shown in night.hub.incidents()] == [1]
    # One that somebody resolved although it fails on is not opened by a restart.
    await night.do(Resolve(1, cause="vendor", note="x", even_so=True))
    await night.written()
    night.close()
    again = Night(home, app("satu"), app("dua"), clock=before.clock)
    await again.ticking.start()
    assert len(await again.all()) == 1
    again.close()


async def test_what_is_over_leaves_the_board_after_a_day(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    night.see("satu")
    await night.pass_by(301)
    await night.pass_by(86_000)
    assert len(night.hub.incidents()) == 1
    await night.pass_by(500)
    assert night.hub.incidents() == ()
    night.close()


async def test_a_mass_failure_that_ended_while_no_engine_ran_ends_after_the_start(home: Path):
    night = Night(home, *(app(f"app-{number}") for number in range(6)))
    night.in_mass = True
    for number in range(6):
        night.see(f"app-{number}", "connect_refused")
    incidents = await night.all()
    assert [one.reason for one in incidents if one.status == "open"] == ["mass_failure"]
    assert len(incidents[-1].members) == 4, "those that were confirmed before it was noticed"
    await night.pass_by(1)
    assert (await night.one(5)).state == "down"
    night.in_mass = False
    await night.pass_by(5)
    assert (await night.one(5)).params["why"] == "restart"
    await night.check()
    night.close()
