"""The records of a DNS message as a zone file writes them, read within bounds.

A message of 64 KiB can be built so that its names and bitmaps unfold to hundreds of times its size.
"""

from typing import Any

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.wire

HEADER_BYTES = 12
# A message full of plain records stays below each of these.
MAX_LABELS, MAX_POINTERS, MAX_CHARACTERS = 20_000, 10_000, 256 * 1024
MAX_DATA, MAX_BITMAP = 16 * 1024, 512
# Eight types a byte: a name and every type that was ever assigned take less than MAX_BITMAP.
_BITMAPS = frozenset((dns.rdatatype.NSEC, dns.rdatatype.NSEC3, dns.rdatatype.CSYNC))
# Of any other type the library would look for a module each time, and remember that there is none.
_KNOWN = frozenset(dns.rdatatype.RdataType)


class TooMuch(dns.exception.FormError):
    """More than any sane server sends; its text says how much would have been read."""

    def __init__(self, limit: str):
        super().__init__(limit)  # type: ignore[no-untyped-call]


class RecordReader:
    """Reads one record after the other, from behind the question on. It raises when the message is bad."""

    __slots__ = ("_characters", "_parser")

    def __init__(self, message: bytes):
        self._parser = _Parser(message, HEADER_BYTES)
        self._characters = 0
        for _ in range(int.from_bytes(message[4:6], "big")):
            self._parser.owner()
            self._parser.get_struct("!HH")

    def record(self) -> str:
        """The next record; empty for one that belongs to the message and not to the zone."""
        owner = self._parser.owner()
        rdtype, rdclass, ttl, length = self._parser.get_struct("!HHIH")
        limit = MAX_BITMAP if rdtype in _BITMAPS else MAX_DATA
        if length > limit:
            raise TooMuch(f"{limit} bytes a record")
        with self._parser.restrict_to(length):
            data = self._data(rdclass, rdtype)
        if rdtype == dns.rdatatype.OPT:
            return ""
        text = f"{owner} {ttl} {dns.rdataclass.to_text(rdclass)} {dns.rdatatype.to_text(rdtype)} {data}"
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise TooMuch(f"{MAX_CHARACTERS} characters")
        return text

    def _data(self, rdclass: int, rdtype: int) -> str:
        if rdclass == dns.rdataclass.IN and rdtype in _KNOWN:
            group, kind = dns.rdataclass.IN, dns.rdatatype.RdataType(rdtype)
            return dns.rdata.from_wire_parser(group, kind, self._parser).to_text()
        data = self._parser.get_remaining()
        return rf"\# {len(data)} {data.hex()}".rstrip()  # RFC 3597


class _Parser(dns.wire.Parser):
    """dnspython's, with an end to how far names are unfolded."""

    def __init__(self, wire: bytes, current: int):
        self._labels = self._pointers = 0
        super().__init__(wire, current)

    def owner(self) -> dns.name.Name:
        """The name that a record or a question begins with: it may be compressed whatever the type."""
        return self._counted(dns.name.from_wire_parser(self))

    def get_name(self, *args: Any, **options: Any) -> dns.name.Name:
        return self._counted(super().get_name(*args, **options))

    def seek(self, where: int) -> None:
        self._pointers += 1
        if self._pointers > MAX_POINTERS:
            raise TooMuch(f"{MAX_POINTERS} pointers")
        super().seek(where)

    def _counted(self, name: dns.name.Name) -> dns.name.Name:
        self._labels += len(name)
        if self._labels > MAX_LABELS:
            raise TooMuch(f"{MAX_LABELS} labels")
        return name
