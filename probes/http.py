"""One look at an HTTP address: fetched by our own transport, judged by what was asked of it."""

from probes.answer import Answer, http_facts
from probes.env import Env
from probes.failure import LookError
from probes.fetch import Fetch
from probes.http_spec import HttpSpec
from probes.http_target import HttpTarget, http_target
from probes.observation import Expectation, Observation
from probes.verdict import ends_with_a_verdict, judge_certificates, judge_time, observe

__all__ = ["HttpSpec", "HttpTarget", "http_target", "look_http"]


@ends_with_a_verdict
async def look_http(target: HttpTarget, deadline: float, env: Env, started: float) -> Observation:
    """Fetch and judge. ``deadline`` is on the running loop's clock; raises nothing but CancelledError."""
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
