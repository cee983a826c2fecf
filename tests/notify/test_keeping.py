"""How long messages are kept, and what becomes of those that wait when the clock is set back."""

from opsconsole.client.incident_commands import Acknowledge, Merge, Resolve
from opsconsole.client.outbox import DismissMessage, TryChannel
from tests.fakes.receiver import Receiver, reply
from tests.notify.conftest import RULE, Wake

DAY = 86_400.0
SHORT = RULE + '[outbox]\nkeep = "2d"\n'
LATER = RULE + 'after = "10m"\n'


async def test_what_has_left_is_forgotten_once_it_is_old_and_over(wake: Wake, taker: Receiver):
    awake = wake(SHORT)
    over, still = await awake.report("Listrik padam"), await awake.report("Banjir")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 2})
    await awake.do(Resolve(over, "power", "menyala lagi"))
    await awake.do(Acknowledge(still))
    await awake.do(TryChannel("hook"))
    await awake.until(lambda: awake.states() == {"sent": 4})
    for days, left in ((1.9, 4), (0.2, 1)):
        awake.clock.advance(days * DAY)
        awake.notifications.prune()
        await awake.written()
        assert awake.states() == {"sent": left}
    await awake.do(Resolve(still, "power", "menyala lagi"))
    await awake.until(lambda: awake.states() == {"sent": 2})
    assert [text.split(" ")[0] for text in taker.texts][-1] == "ended", "who was called hears of the end"


async def test_what_could_not_be_sent_stays_until_somebody_has_answered(wake: Wake, taker: Receiver):
    taker.answer = lambda _received: reply(403)
    awake = wake(SHORT)
    number = await awake.report()
    awake.start()
    await awake.until(lambda: awake.states() == {"dead": 1})
    await awake.do(Resolve(number, "power", "menyala lagi"))
    awake.clock.advance(400 * DAY)
    awake.notifications.prune()
    await awake.written()
    assert awake.states() == {"dead": 1}
    await awake.do(DismissMessage(1))
    awake.notifications.prune()
    await awake.written()
    assert awake.states() == {}


async def test_who_was_told_of_a_part_stays_known_while_the_whole_is_open(wake: Wake, taker: Receiver):
    awake = wake(SHORT)
    part, whole = await awake.report("Layar gelap"), await awake.report("Listrik padam", "low")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 1})
    await awake.do(Merge(part, whole))
    await awake.until(lambda: awake.states() == {"sent": 2})
    awake.clock.advance(3 * DAY)
    awake.notifications.prune()
    await awake.written()
    assert [row[0] for row in awake.planned()] == ["merged"]
    await awake.do(Resolve(whole, "power", "menyala lagi"))
    await awake.until(lambda: awake.states() == {"sent": 2})
    awake.clock.advance(3 * DAY)
    awake.notifications.prune()
    await awake.written()
    assert awake.states() == {}


async def test_what_waits_waits_no_longer_when_the_clock_is_set_back(wake: Wake, taker: Receiver):
    awake = wake(LATER)
    await awake.report()
    awake.start()
    awake.clock.wall -= 3600
    awake.notifications.stepped(-3600.0)
    await awake.written()
    awake.clock.advance(9 * 60)
    awake.notifications.wake()
    await awake.written()
    assert awake.states() == {"pending": 1}
    awake.clock.advance(61)
    await awake.until(lambda: awake.states() == {"sent": 1})


async def test_a_clock_that_is_set_on_calls_nobody_later(wake: Wake, taker: Receiver):
    awake = wake(LATER)
    await awake.report()
    awake.start()
    awake.clock.wall += 660
    awake.notifications.stepped(660.0)
    await awake.until(lambda: awake.states() == {"sent": 1})


async def test_a_clock_that_was_set_back_between_two_engines_holds_up_nothing(wake: Wake, taker: Receiver):
    first = wake(LATER)
    await first.report()
    first.clock.advance(600)
    await first.written()
    await first.end()
    first.clock.wall -= 3600
    second = wake(LATER, clock=first.clock)
    second.start()
    await second.until(lambda: second.states() == {"sent": 1})


async def test_what_was_sent_before_the_clock_was_set_back_holds_up_no_digest(wake: Wake, taker: Receiver):
    awake = wake(RULE + "[digest]\nover = 1\n")
    for number in range(3):
        await awake.report(f"Listrik padam {number}")
    awake.start()
    await awake.until(lambda: awake.states() == {"sent": 3})
    awake.clock.wall -= 3600
    awake.notifications.stepped(-3600.0)
    for number in range(3, 6):
        await awake.report(f"Listrik padam {number}")
    awake.clock.advance(6)
    await awake.until(lambda: awake.states() == {"sent": 6})
