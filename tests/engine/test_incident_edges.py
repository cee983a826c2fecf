"""Incidents at their edges: what an attack on them found, and how each case has to end."""

import json
from pathlib import Path

import pytest

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.client.incident_commands import (
    Acknowledge,
    AnswerTriage,
    Assign,
    Close,
    Merge,
    Mitigate,
    Note,
    Reopen,
    Reported,
    ReportIncident,
    Resolve,
    Split,
    Unacknowledge,
    Unmerge,
)
from tests.engine.nights import Night, app


async def test_none_is_closed_while_the_law_waits_for_a_notice(home: Path):
    night = Night(home, app("satu", "personal_data = true"))
    night.see("satu", "status_unexpected")
    await night.do(AnswerTriage(1, "personal_data", "yes"))
    await night.do(Resolve(1, cause="attack", note="x", even_so=True))
    with pytest.raises(Conflict, match="clock of the law that runs: pdp"):
        await night.do(Close(1))
    await night.do(Reported(1, "pdp", "surat 12/2026"))
    await night.do(Close(1))
    assert (await night.one()).status == "closed"
    night.close()


async def test_a_clock_of_the_law_and_what_is_still_asked_go_along_when_merged(home: Path):
    night = Night(home, app("satu", "personal_data = true"), app("dua"))
    night.see("satu", "status_unexpected")
    await night.do(AnswerTriage(1, "personal_data", "yes"))
    night.clock.advance(3600)
    night.see("dua", "status_unexpected")
    law = (await night.one()).clocks[2]
    await night.do(Merge(1, 2))
    two = await night.one(2)
    assert (two.clocks[2:], two.asks) == ((law,), ())
    # One of security is asked both; what the other has not is asked there.
    await night.do(ReportIncident("judi", category="defacement"))
    await night.do(AnswerTriage(3, "personal_data", "yes"))
    await night.do(Merge(3, 2))
    two = await night.one(2)
    assert (two.clocks[2:], two.asks) == ((law,), ("iiv",)), "the first knowledge counts"
    await night.check()
    night.close()


async def test_what_was_answered_at_triage_goes_along_with_no_parent_by_itself(home: Path):
    night = Night(home, app("induk"), app("anak", 'depends_on = ["induk"]', "personal_data = true"))
    night.see("induk")
    night.see("anak")
    night.see("anak", "status_unexpected")
    await night.do(AnswerTriage(1, "personal_data", "yes"))
    night.see("induk", "status_unexpected")
    assert [one.status for one in await night.all()] == ["open", "open"]
    await night.check()
    night.close()


async def test_whose_it_is_may_acknowledge_it_for_longer_and_nobody_gives_back_what_is_over(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    await night.do(Acknowledge(1), "sari")
    await night.do(Assign(1, "root"), "sari")
    await night.do(Acknowledge(1, until="3h"), "root")
    assert (await night.one()).acknowledged_by == "root"
    await night.do(Resolve(1, cause="server", note="x", even_so=True), "root")
    with pytest.raises(Conflict, match="is resolved"):
        await night.do(Unacknowledge(1), "budi")
    assert (await night.one()).owner == "root"
    night.close()


async def test_numbers_and_years_beyond_all_bounds_are_refused_in_words(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    for number in (2**63, 10**30):
        with pytest.raises(NotFound, match="no incident"):
            await night.do(Note(number, "x"))
    for end in ("0001-01-01", "9999-12-31T23:59-14:00", "0001-01-01T00:00+14:00"):
        with pytest.raises(Invalid):
            await night.do(Acknowledge(1, until=end))
    night.close()


async def test_a_time_of_day_at_which_it_began_is_the_last_one_that_was(home: Path):
    night = Night(home, app("satu"))
    for at, seconds in (("17:00", 5600), ("19:00", 24 * 3600 - 1600), ("2h", 7200)):  # it is 18:33:20
        number = json.loads(bytes((await night.do(ReportIncident("x", at=at))).result))
        one = await night.one(number)
        assert (one.opened_at - one.happened_at).total_seconds() == pytest.approx(seconds, abs=1)
    with pytest.raises(Invalid, match="neither a time nor how long") as refused:
        await night.do(ReportIncident("x", at="tadi"))
    assert "how long ago" in refused.value.next_step
    with pytest.raises(Invalid, match="within the last 30 days"):
        await night.do(ReportIncident("x", at="31d"))
    night.close()


async def test_one_that_was_reported_is_not_reopened_beside_another_one_of_its_row(home: Path):
    night = Night(home, app("satu"))
    await night.do(ReportIncident("loket", application="satu"))
    await night.do(Resolve(1, cause="human", note="x"))
    await night.do(ReportIncident("loket lagi", application="satu"))
    with pytest.raises(Conflict, match="is open: #2"):
        await night.do(Reopen(1, "belum"))
    night.close()


async def test_unmerging_from_what_was_merged_itself_and_after_a_split(home: Path):
    night = Night(home, app("satu"), app("dua"), app("tiga"))
    for row in ("satu", "dua", "tiga"):
        night.see(row, "status_unexpected")
    await night.do(Merge(1, 2))
    await night.do(Merge(2, 3))
    await night.do(Unmerge(1, "bukan"))
    assert [[m.id for m in (await night.one(n)).members] for n in (1, 3)] == [["satu"], ["tiga", "dua"]]
    await night.do(Split(3, "dua", "lain"))
    with pytest.raises(Conflict, match="none of the members of #2"):
        await night.do(Unmerge(2))
    await night.check()
    night.close()


async def test_what_the_clock_has_done_is_not_kept_in_memory(home: Path):
    night = Night(home, app("satu"))
    for _ in range(5):
        night.see("satu", "status_unexpected")
        await night.do(Acknowledge(1, until="1m"))
        await night.pass_by(61)
    assert night.ticking._under_way == {}
    night.close()


async def test_what_is_split_off_has_been_known_as_long_as_the_whole(home: Path):
    night = Night(home, app("satu"), app("dua", "personal_data = true"), app("tiga"))
    for row in ("satu", "dua", "tiga"):
        night.see(row, "connect_refused", address="127.9.9.9")
    opened_at = (await night.one()).opened_at
    night.clock.advance(7200)
    await night.do(Split(1, "dua", "kabel lain"))
    two = await night.one(2)
    assert (two.asks, two.opened_at > opened_at) == (("personal_data",), True)
    await night.do(AnswerTriage(2, "personal_data", "checking"))
    await night.do(AnswerTriage(2, "personal_data", "yes"))
    [law] = (await night.one(2)).clocks[2:]
    assert law.started_at == opened_at
    assert law.due_at is not None and (law.due_at - opened_at).total_seconds() == 72 * 3600
    await night.check()
    night.close()


async def test_what_was_answered_of_the_whole_is_so_of_what_is_split_off(home: Path):
    night = Night(home, app("satu", "personal_data = true"), app("dua", "personal_data = true"), app("tiga"))
    for row in ("satu", "dua", "tiga"):
        night.see(row, "connect_refused", address="127.9.9.9")
    await night.do(AnswerTriage(1, "personal_data", "yes"))
    law = (await night.one()).clocks[2]
    night.clock.advance(7200)
    await night.do(Split(1, "dua", "kabel lain"))
    await night.do(Split(1, "tiga", "kabel lain"))
    two, three = await night.one(2), await night.one(3)
    assert (two.asks, two.questions[0].by, two.clocks[2:]) == ((), "sari", (law,))
    assert (three.questions, three.clocks[2:]) == ((), ()), "it holds no personal data"
    await night.do(AnswerTriage(2, "personal_data", "no"))
    assert (await night.one(2)).clocks[2:] == ()
    await night.do(AnswerTriage(2, "personal_data", "yes"))
    assert (await night.one(2)).clocks[2:] == (law,)
    await night.check()
    night.close()


async def test_what_is_merged_unanswered_has_been_known_since_the_first_of_the_two(home: Path):
    night = Night(home, app("satu", "personal_data = true"), app("dua", "personal_data = true"), app("tiga"))
    night.see("satu", "status_unexpected")
    first = (await night.one()).opened_at
    night.clock.advance(3600)
    night.see("dua", "status_unexpected")
    night.see("tiga", "status_unexpected")
    await night.do(AnswerTriage(2, "personal_data", "yes"))
    assert (await night.one(2)).clocks[2].started_at > first
    await night.do(Merge(1, 2))
    assert [clock.started_at for clock in (await night.one(2)).clocks[2:]] == [first]
    await night.do(Unmerge(1))
    await night.do(Merge(1, 3))
    await night.do(AnswerTriage(3, "personal_data", "yes"))
    assert [clock.started_at for clock in (await night.one(3)).clocks[2:]] == [first]
    await night.check()
    night.close()


async def test_none_is_closed_while_triage_waits_for_an_answer(home: Path):
    night = Night(home, app("satu", "personal_data = true"))
    night.see("satu", "status_unexpected")
    await night.do(Resolve(1, cause="server", note="x", even_so=True))
    with pytest.raises(Conflict, match="question of triage that nobody has answered: personal_data"):
        await night.do(Close(1, "selesai"))
    await night.do(AnswerTriage(1, "personal_data", "checking"))
    with pytest.raises(Invalid, match="still being looked for"):
        await night.do(Close(1))
    await night.do(Close(1, "menunggu OPD, nota 12/2026"))
    assert (await night.one()).status == "closed"
    await night.check()
    night.close()


async def test_a_false_alarm_is_closed_whatever_triage_asks(home: Path):
    night = Night(home, app("satu", "personal_data = true"))
    night.see("satu", "status_unexpected")
    await night.do(Resolve(1, cause="", note="polanya salah", false_alarm=True))
    await night.do(Close(1))
    assert (await night.one()).status == "closed"
    night.close()


async def test_people_can_work_again_once_and_whoever_says_so_later_is_told_who_did(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    await night.do(Mitigate(1, "server kedua"), "sari", command_id="satu")
    at = (await night.one()).mitigated_at
    night.clock.advance(600)
    with pytest.raises(Conflict, match=r"was mitigated by sari at \d\d:\d\d"):
        await night.do(Mitigate(1, "server ketiga"), "budi")
    assert (await night.do(Mitigate(1, "server kedua"), "sari", command_id="satu")).repeated
    one = await night.one()
    assert (one.mitigated_at, one.note) == (at, "server kedua")
    await night.check()
    night.close()


async def test_a_cause_that_was_said_is_corrected_only_by_whoever_says_so(home: Path):
    night = Night(home, app("satu"))
    night.see("satu", "status_unexpected")
    await night.do(Resolve(1, cause="server", note="dihidupkan", even_so=True), "sari", command_id="satu")
    at = (await night.one()).resolved_at
    night.clock.advance(600)
    with pytest.raises(Conflict, match=r"was resolved by sari at \d\d:\d\d"):
        await night.do(Resolve(1, cause="power", note="listrik"), "budi")
    assert (
        await night.do(Resolve(1, cause="server", note="dihidupkan", even_so=True), "sari", command_id="satu")
    ).repeated
    await night.do(Resolve(1, cause="power", note="listrik", even_so=True), "budi")
    one = await night.one()
    assert (one.cause, one.note, one.resolved_at) == ("power", "listrik", at)
    was = [
        json.loads(body).get("was")
        for [body] in night.query("SELECT body FROM event WHERE kind = 'incident.resolved' ORDER BY seq")
    ]
    assert was == [None, "server"]
    await night.check()
    night.close()


async def test_what_goes_along_with_its_parent_has_been_known_since_it_failed_itself(home: Path):
    data = "personal_data = true"
    night = Night(home, app("induk"), app("anak", 'depends_on = ["induk"]', data), app("lain", data))
    night.see("induk")
    night.see("anak")
    night.see("anak", "status_unexpected")
    first = (await night.one()).opened_at
    night.clock.advance(7200)
    night.see("induk", "status_unexpected")
    await night.written()
    assert [one.status for one in await night.all()] == ["merged", "open"]
    two = await night.one(2)
    assert (two.asks, two.opened_at > first) == (("personal_data",), True)
    await night.do(AnswerTriage(2, "personal_data", "yes"))
    assert [clock.started_at for clock in (await night.one(2)).clocks[2:]] == [first]
    # What began later changes nothing of when it was known.
    night.clock.advance(60)
    night.see("lain", "status_unexpected")
    await night.do(Merge(3, 2))
    assert [clock.started_at for clock in (await night.one(2)).clocks[2:]] == [first]
    await night.check()
    night.close()
