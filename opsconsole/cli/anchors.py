"""Anchors: heads of the event chain that were kept elsewhere, found in whatever kept them.

A side file of an export, a hand-over as JSON or as text, a line of the journal or of the engine's log, the
footer of a Markdown table, or ``SEQ:HASH`` as somebody wrote it down.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_

_MOST_BYTES = 64 * 1024 * 1024
_WRITTEN = re.compile(r"(\d{1,18})[:@= ]([0-9a-fA-F]{16,64})")
_HASH = re.compile(r"(?<![0-9a-zA-Z-])[0-9a-f]{16,64}(?![0-9a-zA-Z-])")
_NUMBER = re.compile(r"(?<![\w:.+-])\d{1,18}(?![\w:.+-])")
# Without one of these beside it a long number in hexadecimal is something else, such as a certificate's.
_TOLD = re.compile(r"audit|hash|seq\b|head\b|kepala|rantai", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# As far before a hash as what belongs to it stands.
_NEAR = 240
_SEQS, _HASHES, _STORES = ("seq", "head_seq"), ("hash", "head_hash"), ("store",)
# What the chain begins with, where no event has been.
_NOTHING = "0" * 64


class Anchor(NamedTuple):
    """The head of a chain at some time. ``hash`` is hexadecimal, at least its first 16 digits."""

    source: str
    seq: int
    hash: str
    store: str = ""


class Verdict(StrEnum):
    """What the chain says to an anchor."""

    HOLDS = "holds"
    CUT_OFF = "cut off"
    REWRITTEN = "rewritten"
    OTHER_STORE = "another store"
    BEHIND_BREAK = "behind the break"


class Judged(NamedTuple):
    """An anchor, and whether the chain holds it."""

    anchor: Anchor
    verdict: Verdict


def read_anchors(given: Iterable[str]) -> list[Anchor]:
    """The anchors in these files, each once. Raises NotFound and `Invalid`."""
    found: dict[Anchor, None] = {}
    for one in given:
        anchors = list(_written(one) or _in_file(Path(one)))
        if not anchors:
            raise Invalid(
                N_("{file} holds no number and hash of an event."),
                N_("Name the side file of an export, a hand-over, lines of the journal, or SEQ:HASH."),
                file=one,
            )
        found.update(dict.fromkeys(anchors))
    return list(found)


def judge(
    anchors: Iterable[Anchor], *, store: str, seq: int, broken: bool, marks: Mapping[int, str]
) -> list[Judged]:
    """Hold each against a chain that is whole up to ``seq``; ``marks`` are the hashes of its events."""
    return [Judged(one, _verdict(one, store, seq, broken, marks)) for one in anchors]


def _verdict(one: Anchor, store: str, seq: int, broken: bool, marks: Mapping[int, str]) -> Verdict:
    if one.store and one.store != store:
        return Verdict.OTHER_STORE
    if one.seq > seq:
        return Verdict.BEHIND_BREAK if broken else Verdict.CUT_OFF
    sealed = marks.get(one.seq, _NOTHING if one.seq == 0 else "")
    return Verdict.HOLDS if sealed.startswith(one.hash) else Verdict.REWRITTEN


def _written(text: str) -> list[Anchor]:
    match = _WRITTEN.fullmatch(text.strip())
    return [Anchor(text.strip(), int(match[1]), match[2].lower())] if match else []


def _in_file(path: Path) -> Iterator[Anchor]:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError as error:
        raise NotFound(
            N_("The anchor {file} can not be read: {error}."),
            file=str(path),
            error=error.strerror or str(error),
        ) from error
    documents = list(_documents(text))
    for document in documents:
        yield from _in_json(document, path.name, "")
    if not documents:
        yield from _in_text(text, path.name)


def _documents(text: str) -> Iterator[object]:
    """The text as JSON, or those of its lines that are: an export, a log."""
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        for line in text.splitlines():
            if line.startswith("{"):
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    continue


def _in_json(value: object, source: str, store: str) -> Iterator[Anchor]:
    if isinstance(value, list):
        for one in value:
            yield from _in_json(one, source, store)
    if not isinstance(value, dict):
        return
    store = str(_first(value, _STORES, str) or store)
    seq, sealed = _first(value, _SEQS, int), _first(value, _HASHES, str)
    if isinstance(seq, int) and isinstance(sealed, str) and _HASH.fullmatch(sealed):
        yield Anchor(source, seq, sealed, store if _UUID.fullmatch(store) else "")
    for one in value.values():
        if isinstance(one, dict | list):
            yield from _in_json(one, source, store)


def _first(value: Mapping[str, object], keys: Iterable[str], kind: type) -> object:
    return next((value[key] for key in keys if isinstance(value.get(key), kind)), None)


def _in_text(text: str, source: str) -> Iterator[Anchor]:
    """Each hash in a text with the number that stands last before it."""
    end = 0
    for match in _HASH.finditer(text):
        near = text[max(end, match.start() - _NEAR) : match.start()]
        numbers = _NUMBER.findall(_UUID.sub("", near))
        if numbers and _TOLD.search(near):
            stores = _UUID.findall(near)
            yield Anchor(source, int(numbers[-1]), match[0], stores[-1] if stores else "")
            end = match.end()
