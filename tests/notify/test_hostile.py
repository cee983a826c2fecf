"""Receivers that hang, drip, flood and lead astray: each ends in time, and holds up nobody else."""

import asyncio
import tracemalloc

import pytest

from tests.fakes.mail_server import MailServer
from tests.fakes.receiver import Behave, Receiver, reply
from tests.fakes.rude_servers import rude_servers
from tests.notify.conftest import RULE, Wake
from tests.notify.sending import mail, post

SHORT = "300ms"


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def says_nothing_after_the_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await reader.read()


async def drips_its_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"H")
        await writer.drain()
        await asyncio.sleep(0.05)


async def floods_its_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        await writer.drain()


async def speaks_another_language(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.sukamaju.example ESMTP\r\n")
    await writer.drain()
    await reader.read()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


@pytest.mark.parametrize(
    "behave",
    [
        *(hangs, says_nothing_after_the_request, drips_its_head, floods_its_head),
        *(speaks_another_language, hangs_up),
    ],
)
async def test_whoever_does_not_answer_as_he_should_is_left_in_time_and_tried_again(behave: Behave):
    with Receiver(behave=behave) as taker:
        failed = await post({"url": taker.url, "text": "{text}", "timeout": SHORT})
    assert failed is not None
    assert not failed.permanent


async def test_seventy_servers_that_misbehave_at_once_cost_little_and_hold_up_nobody():
    with rude_servers() as ports, Receiver() as taker:
        tracemalloc.start()
        asked = []
        for name, port in ports.items():
            url = f"{'https' if name.startswith('tls') else 'http'}://127.0.0.1:{port}/"
            asked.append(post({"url": url, "text": "{text}", "answer": "ok", "timeout": "2s"}))
        under_way = asyncio.gather(*asked)
        assert await post({"url": taker.url, "text": "{text}"}) is None
        async with asyncio.timeout(30):
            came_to = dict(zip(ports, await under_way, strict=True))
        _size, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(came_to) > 70
    assert None not in came_to.values()
    refused = {name for name, failed in came_to.items() if failed is not None and failed.permanent}
    assert refused == {name for name in ports if "redirect" in name} | {"answers_before_reading"}
    assert peak < 16 * 2**20, "all of them together"


async def drips_its_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def floods_its_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 65536)
        await writer.drain()


@pytest.mark.parametrize("behave", [drips_its_body, floods_its_body])
async def test_whoever_says_yes_has_taken_it_whatever_follows(behave: Behave):
    with Receiver(behave=behave) as taker:
        assert await post({"url": taker.url, "text": "{text}", "timeout": SHORT}) is None


async def refuses_and_hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\nblocked")
    await writer.drain()
    await reader.read()


@pytest.mark.parametrize("answer", [{}, {"answer": "ok"}])
async def test_whoever_says_no_has_not_taken_it_though_he_never_ends(answer: dict[str, str]):
    with Receiver(behave=refuses_and_hangs) as taker:
        failed = await post({"url": taker.url, "text": "{text}", "timeout": SHORT, **answer})
    assert failed is not None
    assert (failed.code, failed.permanent, failed.uncertain) == ("channel_refused", True, False)
    assert failed.params == {"status": 403, "seen": "blocked"}


async def test_a_yes_that_must_be_read_and_does_not_come_is_none():
    with Receiver(behave=drips_its_body) as taker:
        failed = await post({"url": taker.url, "text": "{text}", "timeout": SHORT, "answer": "ok"})
    assert failed is not None
    assert failed.uncertain


async def test_a_redirect_to_where_clouds_keep_their_keys_leads_nowhere():
    location = "Location: http://169.254.169.254/latest/meta-data/iam/security-credentials/"
    with Receiver(lambda _received: reply(307, b"", location)) as taker:
        failed = await post({"url": taker.url, "text": "{text}"})
    assert failed is not None
    assert (failed.code, failed.params["status"]) == ("channel_refused", 307)


async def test_what_an_answer_says_is_shown_without_its_escape_sequences_and_cut_short():
    said = "\x1b]52;c;ZWNobw==\x07\x1b[31mtidak\u202e" + "x" * 1000
    with Receiver(lambda _received: reply(400, said.encode())) as taker:
        failed = await post({"url": taker.url, "text": "{text}"})
    assert failed is not None
    seen = str(failed.params["seen"])
    assert len(seen) <= 120
    assert not set(seen) & set("\x1b\x07\u202e")


async def test_a_mail_server_whose_greeting_never_ends_is_left_in_time():
    with MailServer(refusals={"GREETING": "220-" + "x" * 100_000}) as server:
        failed = await mail({"port": server.port, "tls": "none", "timeout": SHORT})
    assert failed is not None
    assert not failed.permanent


MANY = """
[[channels]]
name = "diam"
kind = "webhook"
url = "{url}"
to = ["1", "2", "3", "4", "5", "6", "7", "8"]
text = "{{text}}"

[[rules]]
name = "diam"
severities = ["critical"]
channels = ["diam"]
"""


async def test_a_channel_that_hangs_holds_up_no_other_one(wake: Wake, taker: Receiver):
    with Receiver(behave=hangs) as silent:
        awake = wake(MANY.format(url=silent.url) + RULE)
        awake.start()
        await awake.report()
        await awake.until(lambda: awake.states().get("sent") == 1)
        assert awake.states() == {"sent": 1, "leased": 4, "pending": 4}, "of the silent one only so many"


async def test_an_engine_ends_in_time_while_channels_hang(wake: Wake):
    with Receiver(behave=hangs) as silent:
        awake = wake(MANY.format(url=silent.url))
        awake.start()
        await awake.report()
        await awake.until(lambda: awake.states().get("leased") == 4)
        await awake.end()
        assert not awake.sending
