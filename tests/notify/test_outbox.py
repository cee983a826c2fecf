"""What is written to the outbox, called off, repeated and told of the end, as incidents go their way."""

from opsconsole.client.incident_commands import (
    Acknowledge,
    Merge,
    Reopen,
    Resolve,
    SetSeverity,
    Snooze,
    Take,
    Unacknowledge,
    Unmerge,
    Unsnooze,
)
from opsconsole.client.incidents import Severity
from opsconsole.store.drafts import own_event
from probes.observation import Verdict
from tests.engine.looking import observation
from tests.fakes.receiver import Receiver, reply
from tests.notify.conftest import RULE, Wake

ESCALATION = """
[[rules]]
name = "piket"
severities = ["critical", "high"]
channels = ["hook"]

[[rules]]
name = "kepala"
severities = ["critical"]
channels = ["hook"]
to = ["kepala"]
after = "15m"
"""
EVERYTHING = """
[[rules]]
name = "semua"
severities = ["critical", "high", "medium", "low"]
channels = ["hook"]
"""
DOWN = observation(Verdict.DOWN, "connect_refused", address="127.0.0.2")


def kinds(taker: Receiver) -> list[str]:
    """What arrived: kind and recipient of each message."""
    return [f"{text.split(' ')[0]} {text.split(' ')[2]}" for text in taker.texts]


async def test_an_outage_that_is_confirmed_wakes_whom_its_severity_asks_for_and_its_end_is_told(
    wake: Wake, taker: Receiver
):
    awake = wake(EVERYTHING)
    awake.start()
    for _attempt in range(3):
        awake.look("satu", DOWN)
        awake.clock.advance(60)
    await awake.written()
    await awake.until(lambda: len(taker.received) == 1)
    for _pass in range(2):
        awake.look("satu", observation())
        awake.clock.advance(60)
    await awake.written()
    await awake.until(lambda: len(taker.received) == 2)
    assert kinds(taker) == ["opened rina", "ended rina"]
    await awake.until(lambda: awake.states() == {"sent": 2})


async def test_what_fails_again_after_its_end_was_told_wakes_again(wake: Wake, taker: Receiver):
    awake = wake(EVERYTHING)
    awake.start()
    for seen, arrived in ((DOWN, 1), (observation(), 2), (DOWN, 3), (observation(), 4)):
        for _look in range(3):
            awake.look("satu", seen)
            awake.clock.advance(60)
        await awake.written()
        await awake.until(lambda n=arrived: len(taker.received) == n)
    assert kinds(taker) == ["opened rina", "ended rina"] * 2


async def test_what_fails_again_before_anybody_was_told_wakes_after_all(wake: Wake, taker: Receiver):
    awake = wake(EVERYTHING)
    for seen in (DOWN, observation(), DOWN):
        for _look in range(3):
            awake.look("satu", seen)
            awake.clock.advance(60)
    await awake.written()
    assert awake.states() == {"cancelled": 1, "pending": 1}


async def test_a_message_is_written_with_the_event_that_it_follows_from(wake: Wake):
    awake = wake()
    await awake.report()
    [(opened,)] = awake.query("SELECT seq FROM event WHERE kind = 'incident.opened'")
    assert awake.query("SELECT event_seq, opening, state FROM outbox") == [(opened, opened, "pending")]


async def test_an_incident_of_another_severity_wakes_nobody(wake: Wake):
    awake = wake()
    await awake.report(severity="low")
    assert awake.states() == {}


async def test_acknowledging_calls_off_what_waits_and_says_so(wake: Wake, taker: Receiver):
    awake = wake(ESCALATION)
    number = await awake.report()
    assert awake.planned() == [
        ("opened", "piket", "rina", "pending"),
        ("opened", "kepala", "kepala", "pending"),
    ]
    awake.start()
    await awake.until(lambda: kinds(taker) == ["opened rina"] and awake.states().get("sent"))
    await awake.do(Acknowledge(number))
    assert [row[3] for row in awake.planned()] == ["sent", "cancelled"]
    [told] = awake.events("notify.cancelled")
    assert told == {"number": number, "count": 1, "because": "incident.acknowledged"}
    awake.clock.advance(3600)
    await awake.do(Resolve(number, "power", "genset dinyalakan"))
    await awake.until(lambda: awake.states() == {"sent": 2, "cancelled": 1})
    assert kinds(taker) == ["opened rina", "ended rina"]


async def test_nobody_who_answers_wakes_the_head_after_a_quarter_of_an_hour(wake: Wake, taker: Receiver):
    awake = wake(ESCALATION)
    await awake.report()
    awake.start()
    awake.clock.advance(14 * 60)
    await awake.until(lambda: awake.states() == {"sent": 1, "pending": 1})
    awake.clock.advance(60)
    await awake.until(lambda: awake.states() == {"sent": 2})
    assert kinds(taker) == ["opened rina", "opened kepala"]


async def test_taking_snoozing_merging_and_a_false_alarm_call_off_too(wake: Wake):
    awake = wake()
    numbers = [await awake.report(f"Listrik padam {n}") for n in range(5)]
    await awake.do(Take(numbers[0]))
    await awake.do(Snooze(numbers[1], "1h", "menunggu PLN"))
    await awake.do(Merge(numbers[2], numbers[4]))
    await awake.do(Resolve(numbers[3], "unknown", "salah lihat", false_alarm=True))
    assert awake.states() == {"cancelled": 4, "pending": 1}


async def test_of_an_end_nobody_hears_who_was_not_told_of_the_beginning(wake: Wake):
    awake = wake()
    number = await awake.report()
    await awake.do(Resolve(number, "power", "menyala lagi"))
    assert awake.planned() == [("opened", "piket", "rina", "cancelled")]


async def test_an_acknowledgement_or_a_snooze_that_ends_wakes_again(wake: Wake, taker: Receiver):
    awake = wake()
    number = await awake.report()
    await awake.do(Acknowledge(number))
    await awake.do(Unacknowledge(number, "salah tekan"))
    assert awake.states() == {"cancelled": 1, "pending": 1}
    await awake.do(Snooze(number, "1h", "menunggu PLN"))
    await awake.do(Unsnooze(number))
    assert awake.states() == {"cancelled": 2, "pending": 1}
    await awake.do(Resolve(number, "power", "menyala lagi"))
    await awake.do(Reopen(number, "padam lagi"))
    assert awake.states() == {"cancelled": 3, "pending": 1}
    awake.start()
    await awake.until(lambda: awake.states() == {"cancelled": 3, "sent": 1})
    assert kinds(taker) == ["opened rina"]


async def test_a_severity_that_is_raised_wakes_those_whom_the_new_one_asks_for_and_nobody_twice(wake: Wake):
    awake = wake(ESCALATION)
    number = await awake.report(severity="high")
    await awake.do(SetSeverity(number, Severity.CRITICAL, "layanan publik"))
    assert awake.planned() == [
        ("opened", "piket", "rina", "pending"),
        ("opened", "kepala", "kepala", "pending"),
    ]
    await awake.do(SetSeverity(number, Severity.HIGH, "ternyata tidak"))
    assert [row[3] for row in awake.planned()] == ["pending", "cancelled"]


async def test_a_reminder_comes_until_somebody_answers(wake: Wake, taker: Receiver):
    awake = wake(RULE + 'repeat = "10m"\ntimes = 2')
    number = await awake.report()
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 1, "pending": 1})
    awake.clock.advance(600)
    await awake.until(lambda: awake.states() == {"sent": 2, "pending": 1})
    await awake.do(Acknowledge(number))
    assert awake.states() == {"sent": 2, "cancelled": 1}
    assert kinds(taker) == ["opened rina", "reminder rina"]


async def test_what_is_called_off_on_its_way_is_not_tried_again_and_its_end_is_told_to_nobody(
    wake: Wake, taker: Receiver
):
    awake = wake()
    number = await awake.report()
    taker.hold()
    taker.answer = lambda _received: reply(503)
    awake.start()
    await awake.until(lambda: awake.states() == {"leased": 1})
    await awake.do(Resolve(number, "power", "menyala lagi"))
    assert [row[0] for row in awake.planned()] == ["opened", "ended"]
    taker.release()
    await awake.until(lambda: awake.states() == {"cancelled": 2})
    assert len(taker.received) == 1


async def test_what_arrives_although_it_was_called_off_on_its_way_has_an_end_too(wake: Wake, taker: Receiver):
    awake = wake()
    number = await awake.report()
    taker.hold()
    awake.start()
    await awake.until(lambda: awake.states() == {"leased": 1})
    await awake.do(Resolve(number, "power", "menyala lagi"))
    taker.release()
    await awake.until(lambda: awake.states() == {"sent": 2})
    assert kinds(taker) == ["opened rina", "ended rina"]


async def test_an_event_of_an_incident_that_is_not_there_changes_nothing(wake: Wake):
    awake = wake()
    awake.recorder.event(own_event("incident.seen", "incident:99", awake.clock.now()))
    await awake.written()
    assert awake.states() == {}


async def test_whoever_has_duty_by_the_offices_calendar_is_woken_and_then_whoever_relieves_him(
    wake: Wake, taker: Receiver
):
    """It is 18:33 in Jakarta, so the shift of the afternoon has duty until 21:00."""
    awake = wake(
        '[[rules]]\nname = "siang"\nseverities = ["critical"]\nchannels = ["hook"]\nshifts = ["siang"]\n'
        'repeat = "2h"\n'
        '[[rules]]\nname = "malam"\nseverities = ["critical"]\nchannels = ["hook"]\nshifts = ["malam"]\n'
        'to = ["budi"]\n'
    )
    await awake.report()
    awake.start()
    for sent in (1, 2, 3):
        await awake.until(lambda n=sent: awake.states().get("sent") == n)
        awake.clock.advance(2 * 3600)
    assert kinds(taker) == ["opened rina", "reminder rina", "opened budi"]


async def test_who_was_called_to_what_is_merged_is_told_and_hears_of_the_end_of_the_whole(
    wake: Wake, taker: Receiver
):
    awake = wake()
    part = await awake.report("Layar gelap")
    whole = await awake.report("Listrik padam", "low")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 1})
    await awake.do(Merge(part, whole))
    await awake.until(lambda: awake.states() == {"sent": 2})
    await awake.do(Resolve(whole, "power", "menyala lagi"))
    await awake.until(lambda: awake.states() == {"sent": 3})
    assert [text.split(" ")[0:2] for text in taker.texts] == [
        ["opened", "INS-2026-000001"],
        ["merged", "INS-2026-000001"],
        ["ended", "INS-2026-000002"],
    ]


async def test_of_a_merge_nobody_hears_who_was_not_called(wake: Wake, taker: Receiver):
    awake = wake()
    part = await awake.report("Layar gelap")
    await awake.do(Merge(part, await awake.report("Listrik padam", "low")))
    assert awake.states() == {"cancelled": 1}


async def test_whoever_hears_of_several_parts_hears_of_the_end_once(wake: Wake, taker: Receiver):
    awake = wake()
    parts = [await awake.report(f"Layar gelap {number}") for number in range(2)]
    middle, whole = await awake.report("Satu ruang", "low"), await awake.report("Listrik padam")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 3})
    for part in parts:
        await awake.do(Merge(part, middle))
    await awake.do(Merge(middle, whole))
    await awake.do(Resolve(whole, "power", "menyala lagi"))
    await awake.until(lambda: awake.states() == {"sent": 7})
    assert [row[0] for row in awake.planned()] == [*["opened"] * 3, *["merged"] * 3, "ended"]


async def test_what_is_unmerged_calls_again_and_a_merge_that_fails_on_its_way_is_told_to_nobody(
    wake: Wake, taker: Receiver
):
    awake = wake()
    part, whole = await awake.report("Layar gelap"), await awake.report("Listrik padam", "low")
    taker.hold()
    taker.answer = lambda _received: reply(503)
    awake.start()
    await awake.until(lambda: awake.states() == {"leased": 1})
    await awake.do(Merge(part, whole))
    assert [row[0] for row in awake.planned()] == ["opened", "merged"]
    taker.answer = lambda _received: reply(503)
    taker.release()
    await awake.until(lambda: awake.states() == {"cancelled": 2})
    taker.answer = lambda _received: reply()
    await awake.do(Unmerge(part, "bukan listrik"))
    await awake.until(lambda: awake.states() == {"cancelled": 2, "sent": 1})


async def test_what_gets_worse_by_a_member_calls_those_whom_it_now_asks_for(wake: Wake):
    awake = wake(ESCALATION)
    row = await awake.report("Satu gangguan", "medium", "satu")
    whole = await awake.report("Listrik padam", "medium")
    assert awake.states() == {}
    body = {"number": whole, "members": [], "severity": "critical", "clocks": []}
    joined = own_event("incident.member_joined", f"incident:{whole}", awake.clock.now(), body)
    awake.recorder.event(joined)
    await awake.written()
    assert [one[:3] for one in awake.planned()] == [
        ("opened", "piket", "rina"),
        ("opened", "kepala", "kepala"),
    ]
    assert {one.incident for one in awake.page().messages} == {whole} != {row}


ROSTER = """
[[rules]]
name = "{name}"
severities = ["critical"]
channels = ["hook"]
to = {to}
after = "10m"
"""


async def test_a_roster_that_changes_takes_along_what_waits(wake: Wake, taker: Receiver):
    awake = wake(ROSTER.format(name="piket", to='["rina", "salah"]'))
    await awake.report()
    awake.start()
    awake.clock.advance(300)
    await awake.reload(ROSTER.format(name="piket", to='["rina", "budi"]'))
    assert [(row[2], row[3]) for row in awake.planned()] == [
        ("rina", "pending"),
        ("salah", "cancelled"),
        ("budi", "pending"),
    ]
    assert awake.events("notify.cancelled") == [{"number": 1, "count": 1, "because": "config"}]
    awake.clock.advance(300)
    await awake.until(lambda: awake.states() == {"sent": 2, "cancelled": 1})
    assert sorted(kinds(taker)) == ["opened budi", "opened rina"]


async def test_where_its_rule_is_gone_the_others_tell_of_it(wake: Wake, taker: Receiver):
    awake = wake(ROSTER.format(name="piket", to='["rina"]'))
    number = await awake.report()
    await awake.report("Banjir", "high")
    awake.start()
    await awake.reload(ROSTER.format(name="siaga", to='["budi"]'))
    assert [row[1:] for row in awake.planned()] == [
        ("piket", "rina", "cancelled"),
        ("siaga", "budi", "pending"),
    ]
    await awake.reload("")
    assert awake.states() == {"cancelled": 2}
    await awake.do(Resolve(number, "power", "menyala lagi"))


async def test_who_was_called_to_a_part_hears_of_the_end_that_followed_and_of_no_later_one(
    wake: Wake, taker: Receiver
):
    awake = wake(ESCALATION)
    part, whole = await awake.report("Layar gelap"), await awake.report("Listrik padam", "high")
    awake.start()
    awake.clock.advance(15 * 60)
    await awake.until(lambda: awake.states() == {"sent": 3})
    await awake.do(Merge(part, whole))
    await awake.do(Resolve(whole, "power", "menyala lagi"))
    await awake.until(lambda: awake.states() == {"sent": 7})
    await awake.do(Reopen(whole, "padam lagi"))
    awake.clock.advance(60)
    await awake.until(lambda: awake.states() == {"sent": 8})
    await awake.do(Resolve(whole, "power", "menyala lagi"))
    assert [row[2] for row in awake.planned() if row[0] == "ended"] == ["kepala", "rina", "rina"]


async def test_what_was_called_off_and_is_wanted_again_is_sent(wake: Wake, taker: Receiver):
    awake = wake(ESCALATION)
    number = await awake.report()
    for severity in (Severity.LOW, Severity.CRITICAL, Severity.HIGH, Severity.CRITICAL):
        await awake.do(SetSeverity(number, severity, "layanan publik"))
    assert [row[3] for row in awake.planned()] == ["pending", "pending"]
    awake.start()
    awake.clock.advance(15 * 60)
    await awake.until(lambda: awake.states() == {"sent": 2})


async def test_what_is_wanted_again_while_it_is_on_its_way_is_tried_again(wake: Wake, taker: Receiver):
    awake = wake()
    number = await awake.report()
    taker.hold()
    taker.answer = lambda _received: reply(503)
    awake.start()
    await awake.until(lambda: awake.states() == {"leased": 1})
    for severity in (Severity.LOW, Severity.CRITICAL):
        await awake.do(SetSeverity(number, severity, "layanan publik"))
    taker.release()
    await awake.until(awake.failed)
    assert awake.states() == {"pending": 1}


async def test_rules_that_are_changed_and_changed_back_call_all_the_same(wake: Wake, taker: Receiver):
    awake = wake(ROSTER.format(name="piket", to='["rina"]'))
    await awake.report()
    awake.start()
    for to in ('["budi"]', '["rina"]'):
        await awake.reload(ROSTER.format(name="piket", to=to))
    assert [row[2:] for row in awake.planned()] == [("rina", "pending"), ("budi", "cancelled")]


async def test_a_roster_that_changed_while_no_engine_ran_holds_from_the_next_one_on(
    wake: Wake, taker: Receiver
):
    first = wake(ROSTER.format(name="piket", to='["salah"]'))
    await first.report()
    await first.end()
    second = wake(ROSTER.format(name="piket", to='["budi"]'), clock=first.clock)
    second.start()
    second.clock.advance(600)
    await second.until(lambda: second.states() == {"sent": 1, "cancelled": 1})
    assert kinds(taker) == ["opened budi"]
