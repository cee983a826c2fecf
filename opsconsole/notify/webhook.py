"""A message to an address: one request over a fresh, checked connection; no redirect is followed."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jmespath
import msgspec

from opsconsole.inventory.notify import Heartbeat, Webhook, filled
from opsconsole.notify.asked_wait import asked_wait
from opsconsole.notify.rules import Failure, is_permanent
from opsconsole.notify.sending import Draft, Surroundings, attempt
from probes.dial import Dialer
from probes.failure import LookError
from probes.http_spec import status_range
from probes.reader import ResponseReader
from probes.secrets import Secret, SecretFault
from probes.spec import format_duration
from probes.stopwatch import Stopwatch
from probes.tls import tls_context
from probes.tls_spec import TlsSpec
from probes.transport import LookTransport

# More of an answer is never read; what a gateway says fits many times.
_MOST_ANSWER_BYTES = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AGENT = "opsconsole (notification)"
# What may stand in a path as it is; a Telegram token holds a colon.
_IN_URL = ":-_.~"
_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}


async def send_webhook(channel: Webhook, draft: Draft, around: Surroundings) -> Failure | None:
    """Send one message; why it failed, None once it was taken. Ends within the channel's ``timeout``."""
    return await attempt(channel.refs, around.env, partial(_post, channel, draft, around))


async def send_heartbeat(heartbeat: Heartbeat, around: Surroundings) -> Failure | None:
    """Give the sign of life; why it failed, None once it was taken."""
    return await attempt(heartbeat.refs, around.env, partial(_beat, heartbeat, around))


async def _post(
    channel: Webhook, draft: Draft, around: Surroundings, secrets: Mapping[str, Secret]
) -> Failure | None:
    values = {**draft.values, "to": draft.recipient, "key": draft.key}
    form, content = body_of(channel, values, _plain(secrets))
    headers = {"Content-Type": _TYPES[form], "Idempotency-Key": draft.key}
    request = _request(channel, values, secrets, headers, content)
    return await _exchange(channel, request, around, channel.status, channel.answer or "")


async def _beat(heartbeat: Heartbeat, around: Surroundings, secrets: Mapping[str, Secret]) -> Failure | None:
    request = _request(heartbeat, {}, secrets, {}, b"")
    return await _exchange(heartbeat, request, around, ["200-299"], "")


def body_of(channel: Webhook, values: Mapping[str, str], secrets: Mapping[str, str]) -> tuple[str, bytes]:
    """Which kind of body a channel sends, and the body, each value escaped for where it stands."""
    fill = partial(filled, values={**values, **secrets})
    if channel.json_body is not None:
        return "json", msgspec.json.encode(_walk(channel.json_body, fill))
    if channel.form is not None:
        return "form", urlencode({name: fill(text) for name, text in channel.form.items()}).encode()
    return "text", fill(channel.text or "").encode()


def _walk(value: Any, fill: Callable[[str], str]) -> Any:
    match value:
        case str():
            return fill(value)
        case dict():
            return {key: _walk(one, fill) for key, one in value.items()}
        case list():
            return [_walk(one, fill) for one in value]
    return value


def _plain(secrets: Mapping[str, Secret]) -> dict[str, str]:
    return {key.removeprefix("secrets."): one.reveal() for key, one in secrets.items()}


def _request(
    web: Webhook | Heartbeat,
    values: Mapping[str, str],
    secrets: Mapping[str, Secret],
    own: Mapping[str, str],
    content: bytes,
) -> httpx.Request:
    """The request with its secrets in it. Raises SecretFault for one that no header can carry."""
    for one in secrets.values():
        if _CONTROL.search(one.reveal()) or not one.reveal().isascii():
            raise SecretFault(one.ref, "header_characters")
    known = _plain(secrets)
    in_url = {name: quote(text, safe=_IN_URL) for name, text in {**values, **known}.items()}
    given = {
        name: filled(text, {**{key: _one_line(text) for key, text in values.items()}, **known})
        for name, text in web.headers.items()
    }
    usual = {
        "User-Agent": _AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **own,
    }
    taken = {name.lower() for name in given}
    headers = {name: text for name, text in usual.items() if name.lower() not in taken} | given
    url = httpx.URL(filled(web.url, in_url)).copy_with(fragment=None)
    return httpx.Request(web.method, url, headers=list(headers.items()), content=content or None)


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).encode("ascii", "replace").decode()


async def _exchange(
    web: Webhook | Heartbeat, request: httpx.Request, around: Surroundings, status: list[str], answer: str
) -> Failure | None:
    deadline = asyncio.get_running_loop().time() + web.timeout
    watch = Stopwatch()
    dialer = Dialer(around.env, watch, "auto", deadline, format_duration(web.timeout))
    tls = TlsSpec(ca_file=web.ca_file)
    transport = LookTransport(
        dialer,
        watch,
        deadline,
        lambda _url: tls_context(tls, around.folder, alpn=("http/1.1",)),
        _MOST_ANSWER_BYTES,
    )
    try:
        await transport.handle_async_request(request)
    except LookError:
        # Who says yes and then drips has taken it, and who says no has not; only an answer must be whole.
        if not transport.reader or not transport.reader.status:
            raise
        if answer and _accepts(status, transport.reader.status):
            raise
    return _judged(transport.reader, status, answer, around.env.wall())


def _judged(reader: ResponseReader | None, status: list[str], answer: str, now: float) -> Failure | None:
    assert reader is not None, "a request that did not fail has one"
    code, seen = reader.status, reader.body.decode("utf-8", "replace")
    if not _accepts(status, code):
        return Failure(
            "channel_refused",
            {"status": code, "seen": seen.strip() or "-"},
            permanent=is_permanent(code),
            retry_after=asked_wait(httpx.Headers(reader.headers), now),
        )
    if answer and not _says_yes(answer, seen):
        return Failure("channel_answer", {"status": code, "seen": seen.strip() or "-"})
    return None


def _accepts(status: list[str], code: int) -> bool:
    return any(low <= code <= high for low, high in map(status_range, status))


def _says_yes(answer: str, body: str) -> bool:
    try:
        return jmespath.search(answer, json.loads(body)) is True
    except (ValueError, RecursionError, jmespath.exceptions.JMESPathError):
        return False
