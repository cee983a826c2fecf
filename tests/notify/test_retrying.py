"""Channels that fail: tried again ever later, under the same key, and given up where that is no use."""

import pytest

from opsconsole.base.clock import utc
from opsconsole.base.errors import Conflict, NotFound
from opsconsole.client.incident_commands import Acknowledge
from opsconsole.client.outbox import DismissMessage, RetryMessage, TryChannel
from opsconsole.notify.rules import MOST_ATTEMPTS
from tests.fakes.receiver import Receiver, reply
from tests.notify.conftest import HOOK, RULE, Wake


async def test_what_was_refused_for_now_is_tried_again_under_the_same_key(wake: Wake, taker: Receiver):
    answers = iter([reply(503), reply(503), reply(200)])
    taker.answer = lambda _received: next(answers)
    awake = wake()
    await awake.report()
    awake.start()
    for attempts in (1, 2):
        await awake.until(lambda n=attempts: awake.failed(n))
        awake.clock.advance(15)
    await awake.until(lambda: awake.states() == {"sent": 1})
    assert len({one.headers["idempotency-key"] for one in taker.received}) == 1
    [failed] = awake.events("notify.failed")
    assert failed["reason"] == "channel_refused"
    assert awake.events("notify.sent")[0]["messages"] == [1]


async def test_nothing_is_tried_before_its_time(wake: Wake, taker: Receiver):
    taker.answer = lambda _received: reply(429, b"", "Retry-After: 300")
    awake = wake()
    await awake.report()
    awake.start()
    await awake.until(awake.failed)
    awake.clock.advance(290)
    await awake.written()
    assert len(taker.received) == 1
    awake.clock.advance(11)
    await awake.until(lambda: len(taker.received) == 2)


async def test_what_will_never_be_taken_is_dead_at_once_and_the_board_says_so(wake: Wake, taker: Receiver):
    taker.answer = lambda _received: reply(403, b"blocked")
    awake = wake()
    await awake.report()
    awake.start()
    await awake.until(lambda: awake.notifications.notices())
    [notice] = awake.notifications.notices()
    assert (notice.code, notice.params) == ("notify_dead", {"count": 1, "channel": "hook"})
    assert awake.page().messages[0].due_at == utc(awake.clock.now()), "when it was tried"
    [dead] = awake.events("notify.dead")
    assert (dead["reason"], dead["params"]) == ("channel_refused", {"status": 403, "seen": "blocked"})
    assert awake.notifications.backlog.dead == 1


async def test_what_was_tried_for_a_day_is_dead(wake: Wake, taker: Receiver):
    taker.answer = lambda _received: reply(500)
    awake = wake()
    await awake.report()
    awake.start()
    await awake.until(awake.failed)
    with awake.store.writer() as conn:
        conn.exec_driver_sql("UPDATE outbox SET attempts = ?", (MOST_ATTEMPTS - 1,))
    awake.clock.advance(60)
    await awake.until(lambda: awake.states() == {"dead": 1})
    assert len(awake.events("notify.failed")) == 1, "the same trouble is told once"


async def test_a_dead_message_is_tried_again_or_let_go_by_command(wake: Wake, taker: Receiver):
    taker.answer = lambda _received: reply(403)
    awake = wake()
    await awake.report()
    await awake.report("Banjir")
    awake.start()
    await awake.until(lambda: awake.states() == {"dead": 2})
    taker.answer = lambda _received: reply()
    await awake.do(RetryMessage(1))
    await awake.until(lambda: awake.states() == {"dead": 1, "sent": 1})
    await awake.do(DismissMessage(2))
    assert awake.states() == {"sent": 1, "cancelled": 1}
    await awake.until(lambda: awake.notifications.notices() == ())
    assert [awake.events(kind)[0]["message"] for kind in ("notify.retried", "notify.dismissed")] == [1, 2]


async def test_all_dead_messages_of_a_channel_are_tried_again_or_let_go_at_once(wake: Wake, taker: Receiver):
    taker.answer = lambda _received: reply(401)
    awake = wake()
    for title in ("Listrik padam", "Banjir", "Kabel putus"):
        await awake.report(title)
    awake.start()
    await awake.until(lambda: awake.states() == {"dead": 3})
    taker.answer = lambda _received: reply(401 if len(taker.received) > 4 else 200)
    assert await awake.do(RetryMessage("hook")) == [1, 2, 3]
    await awake.until(lambda: awake.states() == {"sent": 1, "dead": 2})
    assert await awake.do(DismissMessage("3")) == [3]
    assert await awake.do(DismissMessage("hook")) == [2]
    assert awake.states() == {"sent": 1, "cancelled": 2}


async def test_only_what_is_dead_can_be_tried_again(wake: Wake):
    awake = wake()
    await awake.report()
    with pytest.raises(Conflict):
        await awake.do(RetryMessage(1))
    for number in (7, 0, -1, 10**20, "9" * 30, "hook", "gone", "", "-3", "\u0661"):
        with pytest.raises(NotFound):
            await awake.do(DismissMessage(number))


async def test_a_message_for_a_channel_that_the_files_no_longer_have_is_dead(wake: Wake, taker: Receiver):
    awake = wake()
    await awake.report()
    with awake.store.writer() as conn:
        conn.exec_driver_sql("UPDATE outbox SET channel = 'gone'")
    awake.start()
    await awake.until(lambda: awake.states() == {"dead": 1})
    assert awake.page().messages[0].error == "channel_missing"


async def test_a_test_says_for_each_recipient_whether_it_arrived_and_leaves_nothing_behind(
    wake: Wake, taker: Receiver
):
    awake = wake(RULE, hook=HOOK.replace('to = ["rina"]', 'to = ["rina", "budi"]'))
    taker.answer = lambda received: reply(200 if b"rina" in received.body else 400, b"no budi")
    awake.start()
    told = await awake.do(TryChannel("hook"))
    assert [(one["recipient"], one["state"], one.get("error", "")) for one in told] == [
        ("rina", "sent", ""),
        ("budi", "cancelled", "channel_refused"),
    ]
    assert awake.notifications.notices() == ()
    with pytest.raises(NotFound):
        await awake.do(TryChannel("gone"))


async def test_another_engine_takes_up_what_was_on_its_way_under_the_same_key(wake: Wake, taker: Receiver):
    first = wake()
    await first.report()
    taker.hold()
    first.start()
    await first.until(lambda: len(taker.received) == 1)
    await first.end()
    second = wake(clock=first.clock)
    assert second.states() == {"leased": 1}
    taker.release()
    second.start()
    await second.until(lambda: second.states() == {"sent": 1})
    assert len({one.headers["idempotency-key"] for one in taker.received}) == 1
    assert len(taker.received) == 2


async def test_what_was_called_off_while_its_engine_died_is_not_sent_again(wake: Wake, taker: Receiver):
    first = wake()
    number = await first.report()
    taker.hold()
    first.start()
    await first.until(lambda: len(taker.received) == 1)
    await first.do(Acknowledge(number))
    await first.end()
    taker.release()
    second = wake(clock=first.clock)
    second.start()
    await second.until(lambda: second.states() == {"cancelled": 1})
    assert len(taker.received) == 1


async def test_what_did_not_reach_somebody_leaves_as_soon_as_he_can_be_reached(wake: Wake, taker: Receiver):
    """Its turn would come in ten minutes; what was refused keeps to that."""
    awake = wake()
    for title in ("Listrik padam", "Banjir"):
        await awake.report(title)
    failed = "UPDATE outbox SET attempts = 9, due_at = due_at + 600000, error = "
    with awake.store.writer() as conn:
        conn.exec_driver_sql(f"{failed} 'connect_timeout' WHERE id = 1")
        conn.exec_driver_sql(f"{failed} 'channel_refused' WHERE id = 2")
    awake.start()
    awake.clock.advance(1)
    awake.notifications.wake()
    await awake.written()
    assert not taker.received
    await awake.report("Kabel putus")
    await awake.until(lambda: awake.states() == {"sent": 2, "pending": 1})
    assert [text.split(" ")[1][-1] for text in taker.texts] == ["3", "1"]
