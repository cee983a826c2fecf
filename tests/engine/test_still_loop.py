"""Time that passes when it is told to."""

from opsconsole.engine.still_loop import StillClock, StillLoop


def test_what_is_due_runs_in_order_at_its_moment_and_what_is_cancelled_does_not() -> None:
    clock = StillClock(100.0)
    loop = StillLoop(clock)
    ran: list[tuple[str, float]] = []
    loop.call_later(5.0, lambda: ran.append(("b", clock.now())))
    loop.call_later(
        2.0,
        lambda: (ran.append(("a", clock.now())), loop.call_soon(lambda: ran.append(("soon", clock.now())))),
    )
    loop.call_later(3.0, lambda: ran.append(("never", clock.now()))).cancel()
    loop.call_later(90.0, lambda: ran.append(("late", clock.now())))
    assert loop.wake == 102.0 and clock.monotonic() == 100.0
    loop.run_until(110.0)
    assert ran == [("a", 102.0), ("soon", 102.0), ("b", 105.0)]
    assert clock.now() == 110.0 and loop.wake == 190.0


def test_what_is_due_at_one_moment_is_run_before_what_follows_from_it() -> None:
    loop = StillLoop(StillClock(100.0))
    ran: list[str] = []
    loop.call_later(5.0, lambda: (ran.append("a"), loop.call_soon(lambda: ran.append("soon"))))
    loop.call_later(5.0, lambda: ran.append("b"))
    loop.run_until(105.0)
    assert ran == ["a", "b", "soon"]


def test_time_does_not_go_back() -> None:
    clock = StillClock(100.0)
    loop = StillLoop(clock)
    loop.run_until(50.0)
    assert clock.now() == 100.0 and loop.wake == float("inf")
