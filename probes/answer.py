"""A final HTTP response as it is judged and shown: decoded, bounded, made into text once."""

import functools
import html
from dataclasses import dataclass

import httpx

from probes.decode import decode, text_of
from probes.observation import HttpFacts, Redirect
from probes.reader import ResponseReader
from probes.text import safe_text

_EXCERPT_CHARS = 300
# Four bytes a character in any charset that is known here.
_EXCERPT_BYTES = 4 * _EXCERPT_CHARS
_TITLE_WITHIN = 64 * 1024
_TITLE_TAG_BYTES = 256
_TITLE_BYTES = 1024


@dataclass(frozen=True)
class Answer:
    """``body`` is decoded and at most what the look reads; ``complete`` when that was all of it."""

    status: int
    headers: httpx.Headers
    content_type: bytes
    body: bytes
    complete: bool

    @functools.cached_property
    def text(self) -> str:
        """The body as text, by its charset."""
        return text_of(self.body, self.content_type)


def answer_of(response: httpx.Response, reader: ResponseReader, limit: int) -> Answer:
    """The answer in a response. Raises LookError when its content coding is broken."""
    body, complete = reader.body, reader.complete
    if reader.codings:
        decoded = decode(reader.codings, body, limit, whole=complete)
        body, complete = decoded.body, decoded.complete
    return Answer(response.status_code, response.headers, reader.content_type, body, complete)


def http_facts(
    reader: ResponseReader | None, answer: Answer | None, redirects: tuple[Redirect, ...]
) -> HttpFacts:
    """What is shown of the last response, of which perhaps only a part came."""
    if reader is None or not reader.status:
        return HttpFacts(redirects=redirects, body_complete=False)
    body = answer.body if answer else reader.body
    content_type = reader.content_type
    return HttpFacts(
        reader.status,
        reader.version,
        redirects,
        len(body),
        reader.wire_bytes,
        answer is not None and answer.complete,
        safe_text(content_type, 100) if content_type else "",
        title_of(body, content_type),
        safe_text(text_of(body[:_EXCERPT_BYTES], content_type), _EXCERPT_CHARS).strip(),
    )


def title_of(body: bytes, content_type: bytes) -> str:
    """The page's title, empty when it has none near its beginning."""
    if b"html" not in content_type and content_type:
        return ""
    head = body[:_TITLE_WITHIN]
    lower = head.lower()
    tag = lower.find(b"<title")
    if tag < 0:
        return ""
    begin = lower.find(b">", tag, tag + _TITLE_TAG_BYTES)
    end = lower.find(b"</title", begin, begin + _TITLE_BYTES)
    if begin < 0 or end < 0:
        return ""
    return safe_text(html.unescape(text_of(head[begin + 1 : end], content_type)), 120).strip()
