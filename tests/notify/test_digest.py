"""Many messages at once become few, and few stay as they are."""

from opsconsole.notify.texts import MOST_CHARACTERS
from tests.fakes.receiver import Receiver, reply
from tests.notify.conftest import RULE, Wake

# One rule for all severities.
ALL = RULE.replace('["critical"]', '["critical", "high"]')
TEXT = '\n[digest]\nover = 3\nevery = "1m"\n'
HOOK = """
[[channels]]
name = "hook"
kind = "webhook"
url = "{url}"
to = ["rina"]
text = "{{event}}|{{text}}"
"""


async def test_a_few_messages_leave_one_by_one(wake: Wake, taker: Receiver):
    awake = wake(RULE + TEXT, hook=HOOK)
    for number in range(3):
        await awake.report(f"Listrik padam {number}")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 3})
    assert [text.split("|")[0] for text in taker.texts] == ["opened"] * 3


async def test_more_become_one_message_that_tells_of_all(wake: Wake, taker: Receiver):
    awake = wake(RULE + TEXT, hook=HOOK)
    for number in range(5):
        await awake.report(f"Listrik padam {number}")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 5})
    [text] = taker.texts
    assert text.startswith("digest|Uji: 5 messages at once. Trouble: 5. Over: 0.")
    assert all(f"Listrik padam {number}" in text for number in range(5))
    assert awake.events("notify.sent")[0]["messages"] == [1, 2, 3, 4, 5]
    assert {one.together for one in awake.page().messages} == {5}


async def test_what_comes_after_a_digest_waits_for_the_next_one(wake: Wake, taker: Receiver):
    """The first of them leaves alone; before it has arrived there are too many."""
    awake = wake(ALL + TEXT, hook=HOOK)
    for number in range(5):
        await awake.report(f"Listrik padam {number}", "high")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 5})
    taker.hold()
    for number in range(5, 10):
        await awake.report(f"Listrik padam {number}", "high")
    taker.release()
    await awake.until(lambda: awake.states() == {"sent": 6, "pending": 4})
    awake.clock.advance(59)
    await awake.written()
    assert awake.states() == {"sent": 6, "pending": 4}
    awake.clock.advance(1)
    await awake.until(lambda: awake.states() == {"sent": 10})
    assert [text.split("|")[0] for text in taker.texts] == ["digest", "opened", "digest"]


async def test_a_digest_that_may_have_arrived_comes_again_as_the_same_message(wake: Wake, taker: Receiver):
    awake = wake(RULE + TEXT, hook=HOOK + 'timeout = "500ms"')
    for number in range(5):
        await awake.report(f"Listrik padam {number}")
    taker.hold()
    awake.start()
    await awake.until(awake.failed)
    taker.release()
    await awake.report("Yang baru")
    await awake.until(lambda: awake.states() == {"sent": 6})
    first, new, again = taker.received
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"]
    assert b"Yang baru" in new.body
    assert b"Yang baru" not in again.body


async def test_a_digest_that_was_refused_takes_up_what_came_meanwhile(wake: Wake, taker: Receiver):
    taker.answer = lambda _received: reply(503)
    awake = wake(RULE + TEXT, hook=HOOK)
    for number in range(5):
        await awake.report(f"Listrik padam {number}")
    awake.start()
    await awake.until(awake.failed)
    await awake.report("Yang baru")
    await awake.until(awake.failed)
    taker.answer = lambda _received: reply()
    awake.clock.advance(70)
    await awake.until(lambda: awake.states() == {"sent": 6})
    assert "6 messages at once" in taker.texts[-1]


async def test_recipients_have_digests_of_their_own(wake: Wake, taker: Receiver):
    rule = RULE.replace('channels = ["hook"]', 'channels = ["hook"]\nto = ["rina", "budi"]')
    awake = wake(rule + TEXT, hook=HOOK.replace("{{event}}", "{{event}} {{to}}"))
    for number in range(4):
        await awake.report(f"Listrik padam {number}")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 8})
    assert sorted(text.split("|")[0] for text in taker.texts) == ["digest budi", "digest rina"]


async def test_a_storm_of_five_hundred_incidents_is_a_handful_of_messages(wake: Wake, taker: Receiver):
    """Half of them come before anything is sent, half while it is: a few alone, the others in a digest."""
    awake = wake(RULE + TEXT, hook=HOOK)
    for number in range(250):
        await awake.report(f"Aplikasi {number:03}")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 250})
    for number in range(250, 500):
        await awake.report(f"Aplikasi {number:03}")
    await awake.until(lambda: set(awake.states()) == {"sent", "pending"})
    awake.clock.advance(60)
    await awake.until(lambda: awake.states() == {"sent": 500})
    assert len(taker.received) <= 1 + 3 + 1
    assert all(len(text.split("|", 1)[1]) <= MOST_CHARACTERS for text in taker.texts)
    assert "… and " in taker.texts[0]


async def test_a_storm_that_trickles_in_is_a_few_messages_a_minute(wake: Wake, taker: Receiver):
    awake = wake(ALL + TEXT, hook=HOOK)
    awake.start()
    for number in range(60):
        await awake.report(f"Aplikasi {number:03}", "high")
        awake.clock.advance(2)
        awake.notifications.wake()
        await awake.written()
    awake.clock.advance(60)
    await awake.until(lambda: awake.states() == {"sent": 60})
    assert len(taker.received) <= 3 * 4, "in two minutes and a bit"


async def test_in_a_storm_something_critical_leaves_within_seconds_and_takes_along_what_waits(
    wake: Wake, taker: Receiver
):
    awake = wake(ALL + TEXT, hook=HOOK)
    for number in range(5):
        await awake.report(f"Aplikasi {number:03}", "high")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 5})
    awake.clock.advance(1)
    taker.hold()
    for number in range(5, 10):
        await awake.report(f"Aplikasi {number:03}", "high")
    taker.release()
    await awake.until(lambda: awake.states() == {"sent": 6, "pending": 4})
    await awake.report("NIK padam", "critical")
    awake.clock.advance(3)
    await awake.written()
    assert len(taker.received) == 2, "the last digest left four seconds ago"
    awake.clock.advance(1)
    await awake.until(lambda: awake.states() == {"sent": 11})
    assert len(taker.received) == 3
    kind, text = taker.texts[-1].split("|")
    assert kind == "digest"
    assert text.splitlines()[1] == "INS-2026-000011 CRITICAL: NIK padam", "the worst comes first"
    assert "Aplikasi 009" in text


async def test_an_office_may_let_what_is_critical_wait_as_well(wake: Wake, taker: Receiver):
    awake = wake(ALL + TEXT + 'urgent = "1h"\n', hook=HOOK)
    for number in range(5):
        await awake.report(f"Aplikasi {number:03}")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 5})
    taker.hold()
    for number in range(5, 10):
        await awake.report(f"Aplikasi {number:03}")
    taker.release()
    await awake.until(lambda: awake.states() == {"sent": 6, "pending": 4})
    awake.clock.advance(30)
    awake.notifications.wake()
    await awake.written()
    assert awake.states() == {"sent": 6, "pending": 4}
    awake.clock.advance(30)
    await awake.until(lambda: awake.states() == {"sent": 10})
