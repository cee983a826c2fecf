"""Secrets taken out of what a look saw, in whatever form they came back.

What a target echoes may be encoded, cut short or only a part, so it is not enough to look for the whole:
any eight characters in a row that a form of the secret has are masked.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from probes.observation import Observation
from probes.reasons import sentence
from probes.text import safe_text

MASKED = "***"
# Shorter ones would blot out half of every page, and guard nothing.
_LEAST, _LEAST_HALF = 4, 6
_PART = 8
_CUT = "…"
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(.+?)-----END", re.DOTALL)
# Fields that hold only our own words, or an address that was checked to be one.
_OURS = frozenset(("kind", "target", "reason", "verdict", "address", "expr", "fingerprint", "version"))


class Mask:
    """Made once for some values; knows their forms, and shows none of them."""

    __slots__ = ("_forms", "_parts", "_short")

    def __init__(self, values: Iterable[str]):
        forms = {_plain(form) for value in values for form in _forms(value)}
        self._forms = tuple(sorted(forms, key=len, reverse=True))
        self._parts = frozenset(part for form in forms for part in _parts(form))
        self._short = tuple(form for form in self._forms if len(form) < _PART)

    def text(self, text: str) -> str:
        """``text`` with every part of a secret masked."""
        plain = _plain(text)
        starts = range(len(plain) - _PART + 1)
        hits = [(at, at + _PART) for at in starts if plain[at : at + _PART] in self._parts]
        for form in self._short:
            hits += [(found.start(), found.end()) for found in re.finditer(re.escape(form), plain)]
        hits += self._cut_off(plain)
        return _blotted(text, sorted(hits)) if hits else text

    def observation(self, seen: Observation) -> Observation:
        """What was seen, with every part of a secret masked in what came from outside."""
        if seen.reason == "credential_missing":  # it names the reference, and nothing was sent
            return seen
        masked: Observation = self._walk(seen)
        if masked.params != seen.params:
            masked = msgspec.structs.replace(masked, detail=sentence(masked.reason, masked.params))
        return masked

    def _cut_off(self, plain: str) -> list[tuple[int, int]]:
        """The beginning of a secret where a text was cut short."""
        end = len(plain) - plain.endswith(_CUT)
        for length in range(min(_PART - 1, end), _LEAST - 1, -1):
            if any(form.startswith(plain[end - length : end]) for form in self._forms):
                return [(end - length, end)]
        return []

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self._walk(one) for one in value)
        if isinstance(value, dict):
            return {key: self._walk(one) for key, one in value.items()}
        if not isinstance(value, msgspec.Struct):
            return value
        changed = {}
        for name in value.__struct_fields__:
            if name not in _OURS:
                before = getattr(value, name)
                after = self._walk(before)
                if after != before:
                    changed[name] = after
        return msgspec.structs.replace(value, **changed) if changed else value


def _forms(value: str) -> Iterator[str]:
    blocks = _KEY_BLOCK.findall(value)
    if blocks:
        # Of a PEM only the key is secret, and it comes in lines.
        yield from (line for block in blocks for line in block.split() if len(line) >= _PART)
        return
    user, colon, password = value.partition(":")
    halves = [half for half in (user, password) if colon and len(half) >= _LEAST_HALF]
    for one in (value, *halves):
        if len(one) >= _LEAST:
            yield from _encodings(one)


def _encodings(text: str) -> Iterator[str]:
    yield text
    yield safe_text(text, len(text))
    yield quote(text, safe="")
    yield html.escape(text)
    yield json.dumps(text)[1:-1]
    content = text.encode("utf-8", "surrogateescape")
    yield content.hex()
    # In base64 it looks different behind one or two bytes more; what they share a character with is cut off.
    for before, shared in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(bytes(before) + content).decode().rstrip("=")[shared:]
        if not before or len(encoded) >= _PART:
            yield encoded
            yield encoded.replace("+", "-").replace("/", "_")
            yield quote(encoded, safe="")


def _parts(form: str) -> Iterator[str]:
    for at in range(len(form) - _PART + 1):
        yield form[at : at + _PART]


def _plain(text: str) -> str:
    """Without the difference of upper and lower case, which host names and some servers lose."""
    return text.translate(_ASCII_LOWER)


def _blotted(text: str, hits: list[tuple[int, int]]) -> str:
    kept: list[str] = []
    at = until = 0
    for begin, end in hits:
        if begin > until or not kept:
            kept += [text[at:begin], MASKED]
        until = max(until, end)
        at = until
    return "".join((*kept, text[at:]))
