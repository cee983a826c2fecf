"""Behaviours of servers that fail at TLS, or behind it."""

import asyncio

from tests.fakes.rude_http import OK, Behaviour, behaves, plain, reset

TLS_BEHAVIOURS: dict[str, Behaviour] = {}


def behaves_over_tls(behaviour: Behaviour) -> Behaviour:
    """Serve a behaviour behind a handshake that succeeds."""
    TLS_BEHAVIOURS[behaviour.__name__] = behaviour
    return behaviour


@behaves
async def tls_stalls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@behaves
async def tls_closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)


@behaves
async def tls_resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    reset(writer)


@behaves
async def tls_garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"\x16\x03\x03\x40\x00" + b"\xaa" * 16_384)
    await reader.read()


@behaves
async def tls_half_a_record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"\x16\x03\x03\x40\x00\x02\x00")
    await reader.read()


@behaves
async def tls_drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xf0\x03\x03")
    while not writer.is_closing():
        writer.write(b"\x00")
        await writer.drain()
        await asyncio.sleep(0.05)


@behaves
async def tls_speaks_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


@behaves_over_tls
async def tls_then_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@behaves_over_tls
async def tls_then_closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


@behaves_over_tls
async def tls_then_endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK + b"\r\n")
    while not writer.is_closing():
        writer.write(b"A" * 65_536)
        await writer.drain()
        await asyncio.sleep(0)


@behaves_over_tls
async def tls_then_cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(plain(100) + b"half")
    await writer.drain()
    reset(writer)
