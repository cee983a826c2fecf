"""Behaviours of web servers that no web server should have."""

import asyncio
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable

import brotli
import zstandard

OK = b"HTTP/1.1 200 OK\r\n"
BOMB_BYTES = 32 * 1024 * 1024

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
BEHAVIOURS: dict[str, Behaviour] = {}


def behaves(behaviour: Behaviour) -> Behaviour:
    """Serve a behaviour on a port of its own."""
    BEHAVIOURS[behaviour.__name__] = behaviour
    return behaviour


def says(name: str, answer: bytes) -> None:
    """A behaviour that reads the request, sends ``answer`` and closes."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    BEHAVIOURS[name] = behave


def computes(name: str, answer: Callable[[], bytes]) -> None:
    """The same for an answer that is costly to make, made when it is first asked for."""
    made: list[bytes] = []

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        made.extend([] if made else [answer()])
        writer.write(made[0])
        await writer.drain()

    BEHAVIOURS[name] = behave


def says_and_stays(name: str, answer: bytes) -> None:
    """The same without closing: more may come for ever."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await reader.read()

    BEHAVIOURS[name] = behave


def floods(name: str, begin: bytes, again: bytes, pause: float = 0.0) -> None:
    """A behaviour that never stops sending ``again``, at full speed or with a pause between."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(begin)
        while not writer.is_closing():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    BEHAVIOURS[name] = behave


def reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def plain(length: int) -> bytes:
    return b"%sContent-Length: %d\r\n\r\n" % (OK, length)


def coded(coding: bytes, body: bytes) -> bytes:
    return b"%sContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s" % (OK, coding, len(body), body)


def redirect(location: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"


def gzip_bomb() -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, 31)
    return stream.compress(bytes(BOMB_BYTES)) + stream.flush()


@behaves
async def healthy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(plain(2) + b"ok")


@behaves
async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@behaves
async def closes_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write_eof()
    await reader.read()


@behaves
async def closes_after_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


@behaves
async def resets_after_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    reset(writer)


@behaves
async def resets_in_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(plain(100) + b"half")
    await writer.drain()
    await asyncio.sleep(0.05)
    reset(writer)


@behaves
async def ssh_banner(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    await reader.read()


@behaves
async def never_reads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.pause_reading()
    await asyncio.sleep(60)


@behaves
async def answers_before_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    await asyncio.sleep(60)


@behaves
async def slow_redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.2)
    writer.write(redirect(b"/again"))


@behaves
async def drips_status_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in OK * 100:
        if writer.is_closing():
            break
        writer.write(bytes((byte,)))
        await asyncio.sleep(0.05)


says("binary_garbage", bytes(range(256)) * 4)
says("http_0_9", b"<html>It works!</html>")
says("http_2_frames", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80\x00\x04\x00\x01\x00\x00")
says("bad_status", b"HTTP/1.1 abc OK\r\n\r\n")
says("empty_status", b"HTTP/1.1\r\n\r\n")
says(
    "upgrades",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n\x81\x00",
)
says("many_headers", OK + b"A: b\r\n" * 300 + b"\r\n")
says("huge_header", OK + b"X: " + b"a" * (10 * 1024 * 1024) + b"\r\n\r\n")
says("lengths_differ", OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!")
says("cut_head", OK + b"Content-Type: text/ht")
says("cut_body", plain(100) + b"half")
says("cut_chunk", OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf")
says("cut_before_last_chunk", OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
says("bad_chunk_size", OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n0\r\n\r\n")
says("negative_chunk_size", OK + b"Transfer-Encoding: chunked\r\n\r\n-4\r\nhalf\r\n0\r\n\r\n")
says("only_interim", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
computes("gzip_bomb", lambda: coded(b"gzip", gzip_bomb()))
computes("deflate_bomb", lambda: coded(b"deflate", zlib.compress(bytes(BOMB_BYTES), 9)))
computes("br_bomb", lambda: coded(b"br", brotli.compress(bytes(BOMB_BYTES), quality=2)))
computes("zstd_bomb", lambda: coded(b"zstd", zstandard.ZstdCompressor().compress(bytes(BOMB_BYTES))))
computes("gzip_in_gzip_bomb", lambda: coded(b"gzip, gzip", zlib.compress(gzip_bomb(), 9, 31)))
says("gzip_broken", coded(b"gzip", b"this is no gzip"))
says("gzip_cut", coded(b"gzip", zlib.compress(b"hello" * 100, 9, 31)[:-9]))
says("zstd_many_frames", coded(b"zstd", zstandard.ZstdCompressor().compress(b"") * 20_000))
says("redirect_loop", redirect(b"/again"))
says("redirect_to_metadata", redirect(b"http://169.254.169.254/latest/meta-data/"))
says("redirect_to_mapped_metadata", redirect(b"http://[::ffff:a9fe:a9fe]/"))
says("redirect_to_file", redirect(b"file:///etc/passwd"))
says("redirect_to_nonsense", redirect(b"http://[:::1/"))
says("redirect_to_nowhere", redirect(b""))
says("redirect_far", redirect(b"/" + b"a" * 20_000))
says("deep_json", OK + b"\r\n" + b"[" * 100_000)
says("escapes", b"HTTP/1.1 200 \x1b]0;owned\x07\r\nContent-Type: text/html; \x1b[31m\r\n\r\n"
      b"<title>\x1b]52;c;b3duZWQ=\x07\xe2\x80\xae</title>\x1b[2J\x9b1m")  # fmt: skip
says_and_stays("stalls_after_head", plain(100))
says_and_stays("huge_chunk", OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffff\r\nhalf")
says_and_stays("keeps_open", plain(2) + b"ok and more")
floods("drips_headers", OK, b"X: y\r\n", 0.05)
floods("floods_headers", OK, b"X-Fill: " + b"a" * 1000 + b"\r\n")
floods("floods_blank_lines", b"", b"\r\n" * 1000)
floods("drips_interim", b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05)
floods("floods_interim", b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)
floods("drips_body", plain(100_000), b"x", 0.02)
floods("endless_body", OK + b"\r\n", b"A" * 65_536)
floods("tiny_chunks", OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1000)
floods("chunk_extensions", OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"e" * 1000 + b"\r\nx\r\n")
floods("endless_chunk_line", OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1" * 1000)
floods("endless_trailers", OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"T: x\r\n" * 100)
floods("endless_gzip", OK + b"Content-Encoding: gzip\r\n\r\n" + zlib.compress(b"", 9, 31)[:10],
        b"\x00\x00\x00\xff\xff" * 1000)  # fmt: skip
