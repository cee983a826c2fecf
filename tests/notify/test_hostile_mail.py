"""Mail servers that fall silent, hang up, refuse or never end, at each step: left in time, asked again."""

import asyncio
import contextlib
from collections.abc import Mapping

import pytest

from opsconsole.notify.rules import Failure
from tests.fakes.receiver import Behave, Receiver
from tests.notify.sending import mail

SHORT = "500ms"
STEPS = ("GREETING", "EHLO", "MAIL", "RCPT", "DATA", "END")
# Before the last step nothing was handed over.
USUAL = {"GREETING": b"220 mail\r\n", "DATA": b"354 go on\r\n"}


class Endless(bytes):
    """Said again and again."""


def playing(**odd: bytes | None) -> Behave:
    """Answer each step as usual but for the odd ones: with other bytes, b"" for none, None to hang up."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            step = "GREETING"
            while True:
                answer = odd.get(step, USUAL.get(step, b"250 ok\r\n"))
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
                while isinstance(answer, Endless):
                    writer.write(answer)
                    await writer.drain()
                if step == "DATA" and answer.startswith(b"354"):
                    await reader.readuntil(b"\r\n.\r\n")
                    step = "END"
                    continue
                step = (await reader.readuntil(b"\r\n")).split(b" ")[0].split(b"\r")[0].decode()
                if step == "QUIT":
                    return

    return behave


async def sent(behave: Behave, **keys: object) -> Failure | None:
    with Receiver(behave=behave) as server:
        known: Mapping[str, object] = {"port": server.port, "tls": "none", "timeout": SHORT}
        async with asyncio.timeout(20):
            return await mail({**known, **keys})


async def test_a_server_that_does_all_as_usual_takes_it():
    assert await sent(playing()) is None


@pytest.mark.parametrize("step", STEPS)
async def test_who_falls_silent_at_any_step_is_asked_again(step: str):
    failed = await sent(playing(**{step: b""}))
    assert failed is not None
    assert not failed.permanent


@pytest.mark.parametrize("step", STEPS)
async def test_who_hangs_up_at_any_step_is_asked_again(step: str):
    failed = await sent(playing(**{step: None}))
    assert failed is not None
    assert not failed.permanent


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("code", "permanent"), [(b"451", False), (b"552", True)])
async def test_a_refusal_at_any_step_is_understood(step: str, code: bytes, permanent: bool):
    failed = await sent(playing(**{step: code + b"-4.0.0 first\r\n" + code + b" 4.0.0 second\r\n"}))
    assert failed is not None
    assert (failed.code, failed.permanent, failed.uncertain) == ("mail_refused", permanent, False)


@pytest.mark.parametrize("end", [b"", None])
async def test_of_a_mail_that_was_handed_over_without_an_answer_nobody_knows(end: bytes | None):
    failed = await sent(playing(END=end))
    assert failed is not None
    assert failed.uncertain, "it comes again as the same mail"


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
async def test_a_yes_where_another_is_wanted_is_none(step: str):
    failed = await sent(playing(**{step: b"220 hello\r\n"}))
    assert failed is not None
    assert not failed.permanent


@pytest.mark.parametrize(
    "line", [b"220-" + b"x" * 60 + b"\r\n", b"x" * 4000, b"\r\n", b"\x1b]52;c;aa\x07\r\n"]
)
async def test_a_greeting_that_never_ends_is_left_in_time(line: bytes):
    failed = await sent(playing(GREETING=Endless(line)))
    assert failed is not None
    assert not failed.permanent
    assert "\x1b" not in str(failed.params)


@pytest.mark.parametrize("step", ["EHLO", "END"])
async def test_an_answer_that_never_ends_is_left_in_time(step: str):
    failed = await sent(playing(**{step: Endless(b"250-more\r\n")}))
    assert failed is not None
    assert not failed.permanent


@pytest.mark.parametrize(
    "answer", [b"", None, b"454 4.7.0 not now\r\n", b"220 go\r\nHTTP/1.1 200 OK\r\n\r\n"]
)
async def test_without_tls_nothing_is_told_where_tls_is_wanted(answer: bytes | None):
    failed = await sent(playing(STARTTLS=answer), tls="starttls")
    assert failed is not None
    assert not failed.permanent


async def test_a_server_that_never_shakes_hands_is_left_in_time():
    for keys in ({"tls": "tls"}, {"tls": "starttls"}):
        failed = await sent(playing(STARTTLS=b"220 go\r\n", GREETING=USUAL["GREETING"]), **keys)
        assert failed is not None
        assert not failed.permanent


async def test_a_server_that_hangs_up_right_after_its_yes_has_taken_it():
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await playing(END=None)(reader, writer)
        writer.write(b"250 taken\r\n")

    assert await sent(behave) is None
