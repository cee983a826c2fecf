"""One look at a name server: one question, over UDP or TCP, and what the answer says.

Over UDP anybody may send an answer in the server's name. So the id is random, the port fresh, and what
does not answer our very question is passed over until the deadline.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from probes.connection import Connection
from probes.datagram import Datagram
from probes.dial import Dialer, is_literal
from probes.dns_judge import DnsRules
from probes.dns_message import DnsAnswer, Question, Sieve, is_truncated, question, read
from probes.dns_spec import DnsSpec, parse_server
from probes.dns_stream import StreamReader, framed
from probes.env import Env
from probes.failure import LookError
from probes.observation import DnsFacts, Expectation, Observation
from probes.place import Place
from probes.spec import format_duration
from probes.stopwatch import Phase, Stopwatch
from probes.text import safe_text
from probes.verdict import ends_with_a_verdict, judge_time, observe

_SHOWN_RECORDS, _SHOWN_CHARS = 10, 200


@dataclass(frozen=True, slots=True, eq=False)
class DnsTarget:
    """A question made ready. ``label`` is a DNS URI (RFC 4501); ``within`` words the limit."""

    spec: DnsSpec
    host: str
    port: int
    label: str
    host_key: str
    literal: bool
    question: Question
    rules: DnsRules
    within: str
    kind: Literal["dns"] = "dns"


def dns_target(spec: DnsSpec, folder: Path) -> DnsTarget:
    """Make a spec ready; no key of it names a file."""
    host, port = parse_server(spec.server)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return DnsTarget(
        spec=spec,
        host=host,
        port=port,
        label=safe_text(f"dns://{address}/{spec.domain}?type={spec.type}"),
        host_key=address.lower(),
        literal=is_literal(host),
        question=question(spec.domain, spec.type, recursion=spec.recursion),
        rules=DnsRules(spec),
        within=format_duration(spec.timeout),
    )


@ends_with_a_verdict
async def look_dns(target: DnsTarget, deadline: float, env: Env, started: float) -> Observation:
    """Ask. ``deadline`` is on the running loop's clock; raises nothing but CancelledError."""
    watch = Stopwatch()
    dialer = Dialer(env, watch, target.spec.ip_family, deadline, target.within)
    expectations: list[Expectation] = []
    place: Place | None = None
    inquiry = _Inquiry(target, watch)
    failure: LookError | None = None
    try:
        place = await dialer.place(target.host, target.port, literal=target.literal)
        answer = await inquiry.run(place, deadline)
        failure, expectations = target.rules.judge(answer)
        failure = failure or judge_time(target.spec, watch.seconds, expectations)
    except LookError as found:
        failure = found.with_traceback(None)  # which would hold this frame, and be held by it
    return observe(
        target,
        started,
        watch,
        failure,
        address=place.address if place else "",
        port=target.port if place else 0,
        expectations=[*inquiry.strays(), *expectations],
        dns=inquiry.facts(),
    )


class _Inquiry:
    """The question asked once, and again over TCP when the answer does not fit a datagram."""

    def __init__(self, target: DnsTarget, watch: Stopwatch):
        self._watch = watch
        self._sieve = Sieve(target.question)
        self._transport: Literal["udp", "tcp"] = target.spec.transport
        self._truncated = False
        self._answer: DnsAnswer | None = None

    async def run(self, place: Place, deadline: float) -> DnsAnswer:
        """The answer, read. Raises LookError."""
        message = b""
        if self._transport == "udp":
            message = await Datagram(place, self._watch, self._sieve.query, self._sieve.takes).run(deadline)
            self._truncated = is_truncated(message)
        if not message or self._truncated:
            self._transport = "tcp"
            reader = StreamReader(self._sieve)
            query = framed(self._sieve.query)
            await Connection(place, self._watch, None, query, reader).run(deadline)
            message = reader.answer
        try:
            async with asyncio.timeout_at(deadline):
                self._answer = await read(message)
        except TimeoutError:
            # Reading gives way to other looks, and with many of them it takes its time.
            raise place.timeout(Phase.RECEIVE) from None
        return self._answer

    def strays(self) -> list[Expectation]:
        """What came and was passed over; an answer that came in the end makes it good."""
        ignored = self._sieve.ignored
        if not ignored:
            return []
        seen = ", ".join(f"{count} with {why}" for why, count in sorted(ignored.items()))
        return [Expectation("an answer to our question", f"ignored: {seen}", ok=self._answer is not None)]

    def facts(self) -> DnsFacts | None:
        """What is shown of the answer, None when nothing at all is known of one."""
        answer = self._answer
        if answer is None:
            return DnsFacts(transport=self._transport, truncated=True) if self._truncated else None
        records = answer.records["answer"]
        return DnsFacts(
            rcode=answer.rcode,
            authoritative=answer.authoritative,
            recursion_available=answer.recursion_available,
            transport=self._transport,
            truncated=self._truncated,
            records=len(records),
            answers=tuple(safe_text(record, _SHOWN_CHARS) for record in records[:_SHOWN_RECORDS]),
        )
