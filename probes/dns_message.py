"""DNS on the wire: our query, which of what comes back answers it, and what the answer says."""

import asyncio
import secrets
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from probes.dns_records import HEADER_BYTES, RecordReader, TooMuch
from probes.failure import LookError
from probes.text import safe_text

Section = Literal["answer", "authority", "additional"]
SECTIONS: tuple[Section, ...] = ("answer", "authority", "additional")
_HEADER = struct.Struct("!6H")
_ID_BYTES = 2
_OPCODE = 0x7800
_CHARACTERS_A_TURN = 1000
# Servers that could not or would not read the question may leave it out of their answer.
_WITHOUT_QUESTION = frozenset((dns.rcode.FORMERR, dns.rcode.SERVFAIL, dns.rcode.NOTIMP, dns.rcode.REFUSED))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as it was given and as it goes on the wire behind the query's id."""

    name: dns.name.Name
    type: dns.rdatatype.RdataType
    wire: bytes


def question(domain: str, record_type: str, *, recursion: bool) -> Question:
    """A checked name and type made ready to be asked.

    The query is the plainest there is: every server understands it, also one that knows no EDNS.
    """
    name, rdtype = dns.name.from_text(domain), dns.rdatatype.from_text(record_type)
    flags = dns.flags.RD if recursion else 0
    query = dns.message.make_query(name, rdtype, flags=flags, id=0, use_edns=False)
    return Question(name, rdtype, query.to_wire()[_ID_BYTES:])


class Sieve:
    """Made for one look: a query with an id that nobody can guess, and what came that does not answer it."""

    __slots__ = ("_id", "_question", "ignored", "query")

    def __init__(self, asked: Question):
        self.ignored: Counter[str] = Counter()
        self._id = secrets.token_bytes(_ID_BYTES)
        self._question = asked
        self.query = self._id + asked.wire

    def takes(self, message: bytes) -> bool:
        """Whether a message answers our query; another one is passed over.

        Raises LookError ``dns_malformed`` where it has our id and can not be read.
        """
        stray = self._stray(message)
        if stray:
            self.ignored[stray] += 1
        return not stray

    def _stray(self, message: bytes) -> str:
        """Why a message is no answer to our query, empty for one that is."""
        if message[:_ID_BYTES] != self._id:
            return "another id"
        if len(message) < HEADER_BYTES:
            raise malformed(f"{len(message)} bytes")
        _, flags, questions, *_ = _HEADER.unpack_from(message)
        if not flags & dns.flags.QR or flags & _OPCODE:
            return "no answer"
        if questions > 1:
            # There is never more than one (RFC 9619), and to read thousands would hold up everybody.
            raise malformed(f"{questions} questions")
        return "" if self._answers(message) else "another question"

    def _answers(self, message: bytes) -> bool:
        try:
            head = dns.message.from_wire(message, question_only=True)
        except Exception as error:  # foreign bytes: whatever goes wrong, they are at fault
            raise malformed(str(error) or type(error).__name__) from None
        asked = [(one.name, one.rdtype, one.rdclass) for one in head.question]
        if not asked:
            return head.rcode() in _WITHOUT_QUESTION
        return asked == [(self._question.name, self._question.type, dns.rdataclass.IN)]


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """An answer read: its records, section by section, as a zone file writes them."""

    rcode: str
    authoritative: bool
    recursion_available: bool
    records: Mapping[Section, tuple[str, ...]]


def is_truncated(message: bytes) -> bool:
    """Whether the server says that not all of its answer is here."""
    return bool(_HEADER.unpack_from(message)[1] & dns.flags.TC)


async def read(message: bytes) -> DnsAnswer:
    """What an answer says. Raises LookError ``dns_malformed`` or ``response_too_large``."""
    _, flags, _, *counts = _HEADER.unpack_from(message)
    try:
        reader = RecordReader(message)
        records = {name: await _section(reader, count) for name, count in zip(SECTIONS, counts, strict=True)}
    except TooMuch as error:
        raise LookError("response_too_large", want=str(error)) from None
    except Exception as error:  # foreign bytes: whatever goes wrong, they are at fault
        raise malformed(str(error) or type(error).__name__) from None
    rcode = dns.rcode.to_text(dns.rcode.Rcode(flags & 0xF))
    return DnsAnswer(rcode, bool(flags & dns.flags.AA), bool(flags & dns.flags.RA), records)


async def _section(reader: RecordReader, count: int) -> tuple[str, ...]:
    texts, characters = [], 0
    for _ in range(count):
        texts.append(reader.record())
        characters += len(texts[-1])
        if characters > _CHARACTERS_A_TURN:
            characters = 0
            await asyncio.sleep(0)  # the looks beside this one go on
    return tuple(filter(None, texts))


def malformed(seen: str) -> LookError:
    """An answer of ours that can not be read, and why."""
    return LookError("dns_malformed", seen=safe_text(seen, 120))
