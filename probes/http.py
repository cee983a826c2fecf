"""One look at an HTTP address: fetched by our own transport, judged by what was asked of it."""

from probes.answer import Answer, http_facts
from probes.env import Env
from probes.failure import LookError, our_own
from probes.fetch import Fetch
from probes.http_spec import HttpSpec
from probes.http_target import HttpTarget, http_target
from probes.observation import Expectation, Observation
from probes.stopwatch import Stopwatch
from probes.verdict import judge_certificates, judge_time, observe

__all__ = ["HttpSpec", "HttpTarget", "http_target", "look_http"]


async def look_http(target: HttpTarget, deadline: float, env: Env) -> Observation:
    """Fetch and judge. ``deadline`` is on the running loop's clock; raises nothing but CancelledError."""
    started = env.wall()
    try:
        return await _look(target, deadline, env, started)
    except Exception as error:  # ours, and no reason to leave a target without a verdict
        return observe(target, started, Stopwatch(), our_own(error))


async def _look(target: HttpTarget, deadline: float, env: Env, started: float) -> Observation:
    fetch = Fetch(target, deadline, env)
    transport = fetch.transport
    answer: Answer | None = None
    failure: LookError | None
    expectations: list[Expectation] = []
    try:
        answer = await fetch.run()
    except LookError as found:
        failure = found.with_traceback(None)  # which would hold this frame, and be held by it
    else:
        failure, expectations = target.rules.judge(answer)
        if failure is None:
            slow = judge_time(target.spec, transport.watch.seconds, expectations)
            expiring = judge_certificates(target.spec.tls, transport.certificates, started, expectations)
            failure = slow or expiring
    return observe(
        target,
        started,
        transport.watch,
        failure,
        address=transport.address,
        port=transport.port,
        expectations=expectations,
        http=http_facts(transport.reader, answer, fetch.redirects),
        tls=transport.certificates.facts if transport.certificates else None,
    )
