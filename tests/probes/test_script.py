"""Conversations with servers that speak line by line: what is waited for, what is said, where TLS begins."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from probes.lines import STEP_BYTES, STEP_LINES, Lines
from probes.observation import Observation, Verdict
from probes.tcp import TcpSpec
from tests.fakes.authority import DAY, Issued, ca_file, issue, now, root
from tests.fakes.looking import look
from tests.fakes.talking_server import HOST, Talk, talking

HELLO: list[dict[str, Any]] = [{"expect": "^220 "}, {"send": "EHLO opsconsole"}]
# As the design writes it, and with every step written out.
SHORT: list[dict[str, Any]] = [*HELLO, {"starttls": True}]
LONG: list[dict[str, Any]] = [
    *HELLO,
    {"expect": "^250 "},
    {"send": "STARTTLS"},
    {"expect": "^220 "},
    {"starttls": True},
]
QUICK = {"timeout": "700ms", "retry": "500ms"}


async def play(port: int, script: list[dict[str, Any]], **keys: Any) -> Observation:
    return await look("tcp", host=HOST, port=port, script=script, **keys)


@pytest.fixture(scope="module")
def ca() -> Issued:
    return root(ends=now() + 3650 * DAY)


def greeted(talk: Talk) -> None:
    talk.say(b"220 mail.example ESMTP\r\n")
    talk.hear()
    talk.say(b"250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n")


def let_in(talk: Talk) -> None:
    greeted(talk)
    assert talk.hear() == b"STARTTLS\r\n"
    talk.say(b"220 go ahead\r\n")


# What stands in a script


@pytest.mark.parametrize(
    "line",
    [
        "PASS hunter2",
        "pass p@ss",
        "AUTH PLAIN AGJ1ZGkAaHVudGVyMg==",
        "auth login YnVkaQ==",
        "AUTH hunter2",
        "AUTH budi hunter2",
        "HELLO 3 AUTH budi hunter2",
        "a1 LOGIN budi hunter2",
        "a1 AUTHENTICATE PLAIN AGJ1ZGkAaHVudGVyMg==",
        "Authorization: Basic YnVkaTpodW50ZXIy",
        "GET / HTTP/1.0\r\nX: y&password=hunter2",
        '{"token": "hunter2"}',
        "kata_sandi=hunter2",
    ],
)
def test_a_line_that_logs_in_is_refused_without_being_repeated(line: str) -> None:
    with pytest.raises(ValidationError, match="secrets are never values") as refused:
        TcpSpec.model_validate({"kind": "tcp", "host": HOST, "port": 1, "script": [{"send": line}]})
    [error] = refused.value.errors()
    assert "hunter2" not in str(error["ctx"]["error"])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "USER anonymous",
        "PASS anonymous@contoh.invalid",
        "PASS guest",
        "AUTH TLS",
        "AUTH LOGIN",
        "AUTH SCRAM-SHA-256",
        "AUTH EXTERNAL =",
        "a1 STARTTLS",
        "a1 CAPABILITY",
        "PING",
        "PASSIVE mode",
        "EHLO token.example",
        "RCPT TO:<secret@contoh.invalid>",
    ],
)
def test_other_lines_stand_in_a_script(line: str) -> None:
    spec = {"kind": "tcp", "host": HOST, "port": 1, "script": [{"send": line}]}
    assert TcpSpec.model_validate(spec).script[0].send == line


# In the clear


async def test_steps_are_taken_in_order_and_lines_are_searched_until_one_matches() -> None:
    def part(talk: Talk) -> None:
        greeted(talk)
        talk.hear()

    script = [*HELLO, {"expect": "^250-S"}, {"expect": "(?i)help$"}, {"send": "QUIT"}]
    with talking(part) as (port, heard):
        seen = await play(port, script, slow_over="5s")
    assert (seen.verdict, seen.reason, seen.detail) == (Verdict.UP, "ok", "answered as expected")
    assert heard == [b"EHLO opsconsole\r\n", b"QUIT\r\n"]
    assert [(one.expr, one.seen) for one in seen.expectations[:3]] == [
        ("expect ^220 ", "220 mail.example ESMTP"),
        ("expect ^250-S", "250-STARTTLS"),
        ("expect (?i)help$", "250 HELP"),
    ]
    assert all(one.ok for one in seen.expectations)


async def test_waiting_for_the_first_word_is_a_phase_of_its_own() -> None:
    def part(talk: Talk) -> None:
        time.sleep(0.15)
        talk.say(b"220 ready\n")

    with talking(part) as (port, _):
        phases = (await play(port, [{"expect": "^220"}])).phases_ms
    assert phases.wait > 100 > phases.receive
    assert phases.tls == 0


async def test_a_wrong_greeting_is_shown_beside_what_was_wanted() -> None:
    def part(talk: Talk) -> None:
        talk.say(b"554 no service\r\nbye\r\n")

    with talking(part) as (port, _):
        seen = await play(port, HELLO)
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "script_unexpected")
    assert seen.params == {"want": "^220 ", "seen": "554 no service | bye"}
    assert not seen.expectations[0].ok


async def test_a_last_line_without_its_end_counts_once_the_server_closed() -> None:
    with talking(lambda talk: talk.say(b"login: ")) as (port, _):
        assert (await play(port, [{"expect": "login: $"}])).reason == "ok"


async def test_a_last_line_without_its_end_does_not_count_before() -> None:
    def part(talk: Talk) -> None:
        talk.say(b"login: ")
        talk.wait()

    with talking(part) as (port, _):
        seen = await play(port, [{"expect": "login"}], **QUICK)
    assert (seen.reason, seen.params["seen"]) == ("script_unexpected", "login: ")


async def test_a_banner_that_drips_is_what_was_seen_by_the_deadline() -> None:
    def part(talk: Talk) -> None:
        while True:
            talk.say(b"2")
            time.sleep(0.02)

    with talking(part) as (port, _):
        seen = await play(port, HELLO, **QUICK)
    assert seen.reason == "script_unexpected"
    assert str(seen.params["seen"]).startswith("2222")


@pytest.mark.parametrize(
    "flood", [b"x" * 65_536, b"\n" * 65_536, b"no\r\n" * 9_000], ids=["line", "blank", "no"]
)
async def test_a_flood_ends_the_look_long_before_its_deadline(flood: bytes) -> None:
    def part(talk: Talk) -> None:
        while True:
            talk.say(flood)

    with talking(part) as (port, _):
        begun = time.monotonic()
        seen = await play(port, HELLO, timeout="30s")
    assert seen.reason == "script_unexpected"
    assert time.monotonic() - begun < 15
    assert len(str(seen.params["seen"])) <= 500


# More than the kernel takes at once for somebody who does not read.
MUCH = [{"send": "x" * 4094}] * 49


async def test_much_to_say_is_said_as_it_is_heard() -> None:
    def part(talk: Talk) -> None:
        time.sleep(0.1)
        for _ in MUCH:
            talk.hear()
        talk.say(b"250 heard\r\n")

    with talking(part, narrow=True) as (port, heard):
        seen = await play(port, [*MUCH, {"expect": "^250"}])
    assert (seen.reason, len(b"".join(heard))) == ("ok", 49 * 4096)
    assert seen.phases_ms.send > 50


async def test_a_server_that_does_not_listen_to_the_end() -> None:
    with talking(lambda talk: time.sleep(1.0), narrow=True) as (port, _):
        seen = await play(port, MUCH, **QUICK)
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "response_timeout")


async def test_silence_is_no_answer() -> None:
    with talking(lambda talk: talk.wait()) as (port, _):
        assert (await play(port, HELLO, **QUICK)).reason == "response_timeout"


async def test_silence_after_the_first_steps_is_no_answer_either() -> None:
    def part(talk: Talk) -> None:
        talk.say(b"220 hello\n")
        talk.wait()

    with talking(part) as (port, _):
        seen = await play(port, [*HELLO, {"expect": "^250"}], **QUICK)
    assert (seen.reason, seen.expectations[0].seen) == ("response_timeout", "220 hello")


async def test_a_server_that_hangs_up_without_a_word() -> None:
    with talking(lambda talk: None) as (port, _):
        assert (await play(port, HELLO)).reason == "no_response"


async def test_a_server_that_hangs_up_in_the_middle() -> None:
    def part(talk: Talk) -> None:
        talk.say(b"220 hello\n")
        talk.hear()

    with talking(part) as (port, _):
        assert (await play(port, [*HELLO, {"expect": "^250"}])).reason == "no_response"


async def test_a_server_that_resets_in_the_middle() -> None:
    def part(talk: Talk) -> None:
        talk.say(b"220 hello\n")
        talk.hear()
        talk.reset()

    with talking(part) as (port, _):
        assert (await play(port, [*HELLO, {"expect": "^250"}])).reason == "connection_reset"


async def test_what_is_no_text_is_made_safe() -> None:
    def part(talk: Talk) -> None:
        talk.say(b"\xff\xfe\x1b[31mred\x1b]0;title\x07\xe2\x80\xae\r\n\x00\x00\n")

    with talking(part) as (port, _):
        seen = await play(port, HELLO)
    said = str(seen.params["seen"])
    assert "[31mred" in said
    assert all(char.isprintable() for char in said + seen.detail + seen.expectations[0].seen)


# TLS


@pytest.mark.parametrize("script", [SHORT, LONG], ids=["short", "long"])
async def test_starttls_upgrades_the_connection_and_the_script_goes_on(
    ca: Issued, tmp_path: Path, script: list[dict[str, Any]]
) -> None:
    leaf = issue(HOST, by=ca, ends=now() + 20 * DAY)

    def part(talk: Talk) -> None:
        let_in(talk)
        talk.secure(leaf.server_context())
        talk.hear()
        talk.say(b"250 again\r\n")
        talk.wait()

    tls = {"ca_file": ca_file(tmp_path, ca)}
    with talking(part) as (port, heard):
        seen = await play(port, [*script, {"send": "EHLO again"}, {"expect": "^250 again"}], tls=tls)
    assert (seen.reason, heard[-1]) == ("ok", b"EHLO again\r\n")
    assert seen.tls is not None
    assert seen.tls.verified
    assert seen.phases_ms.tls > 0


@pytest.mark.parametrize(
    ("ask", "yes"),
    [("a1 STARTTLS", b"a1 OK begin\r\n"), ("STLS", b"+OK\r\n"), ("AUTH TLS", b"234 yes\r\n")],
)
async def test_the_yes_of_other_protocols_lets_tls_begin(
    ca: Issued, tmp_path: Path, ask: str, yes: bytes
) -> None:
    def part(talk: Talk) -> None:
        talk.say(b"* hello\r\n")
        talk.hear()
        talk.say(yes)
        talk.secure(issue(HOST, by=ca).server_context())
        talk.wait()

    script: list[dict[str, Any]] = [{"expect": "hello"}, {"send": ask}, {"starttls": True}]
    with talking(part) as (port, _):
        seen = await play(port, script, tls={"ca_file": ca_file(tmp_path, ca)})
    assert seen.reason == "ok"


async def test_the_certificate_behind_starttls_is_judged(ca: Issued, tmp_path: Path) -> None:
    def part(talk: Talk) -> None:
        let_in(talk)
        talk.secure(issue(HOST, by=ca, ends=now() + 5 * DAY).server_context())
        talk.wait()

    with talking(part) as (port, _):
        seen = await play(port, LONG, tls={"ca_file": ca_file(tmp_path, ca)})
    assert (seen.verdict, seen.reason) == (Verdict.DEGRADED, "cert_expiring")
    with talking(part) as (port, _):
        assert (await play(port, LONG)).reason == "tls_untrusted", "without tls its defaults hold"


@pytest.mark.parametrize("script", [SHORT, LONG], ids=["short", "long"])
async def test_a_refusal_of_starttls_is_told_at_once(script: list[dict[str, Any]]) -> None:
    def part(talk: Talk) -> None:
        greeted(talk)
        talk.hear()
        talk.say(b"454 4.7.0 TLS not available\r\n")
        talk.wait()

    with talking(part) as (port, _):
        begun = time.monotonic()
        seen = await play(port, script, timeout="30s")
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "starttls_failed")
    assert seen.params["seen"] == "454 4.7.0 TLS not available"
    assert time.monotonic() - begun < 15


async def test_plain_text_that_comes_with_the_go_ahead_is_a_failure(ca: Issued, tmp_path: Path) -> None:
    def part(talk: Talk) -> None:
        greeted(talk)
        talk.hear()
        talk.say(b"220 go ahead\r\n250 injected\r\n")
        talk.secure(issue(HOST, by=ca).server_context())
        talk.wait()

    for script in (SHORT, LONG):
        with talking(part) as (port, _):
            seen = await play(port, script, tls={"ca_file": ca_file(tmp_path, ca)})
        assert (seen.verdict, seen.reason) == (Verdict.DOWN, "starttls_failed")
        assert seen.params["seen"] == "plain text before TLS: 250 injected"


async def test_plain_text_in_the_place_of_a_handshake_is_a_failure() -> None:
    def part(talk: Talk) -> None:
        let_in(talk)
        time.sleep(0.1)
        talk.say(b"250 injected\r\n")
        talk.wait()

    with talking(part) as (port, _):
        assert (await play(port, LONG)).reason == "tls_failed"


async def test_a_handshake_that_stalls_after_the_go_ahead() -> None:
    def part(talk: Talk) -> None:
        let_in(talk)
        talk.wait()

    with talking(part) as (port, _):
        assert (await play(port, LONG, **QUICK)).reason == "tls_timeout"


async def test_a_server_that_hangs_up_in_the_place_of_a_handshake() -> None:
    with talking(let_in) as (port, _):
        assert (await play(port, LONG)).reason in ("tls_failed", "connection_reset")


async def test_a_script_without_starttls_is_played_inside_tls(ca: Issued, tmp_path: Path) -> None:
    def part(talk: Talk) -> None:
        talk.secure(issue(HOST, by=ca).server_context())
        talk.say(b"* OK IMAP ready\r\n")
        talk.hear()

    with talking(part) as (port, heard):
        script = [{"expect": "^. OK"}, {"send": "a1 LOGOUT"}]
        seen = await play(port, script, tls={"ca_file": ca_file(tmp_path, ca)})
    assert (seen.reason, heard) == ("ok", [b"a1 LOGOUT\r\n"])


# Steps as a file writes them


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ([{}], "exactly one of"),
        ([{"expect": "a", "send": "b"}], "exactly one of"),
        ([{"send": "a"}, {"starttls": False}], "want true"),
        ([{"starttls": True}], "a step before starttls"),
        ([{"send": "a"}, {"starttls": True}, {"send": "b"}, {"starttls": True}], "at most one"),
        ([{"expect": "("}], "not an RE2 pattern"),
        ([{"send": "a"}] * 51, "at most 50"),
        ([{"wait": "1s"}], "Extra inputs"),
    ],
)
def test_steps_that_make_no_sense_are_refused(script: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TcpSpec.model_validate({"host": HOST, "port": 1, "script": script})


# Lines


@given(st.lists(st.binary(max_size=12)), st.lists(st.integers(1, 9), min_size=1))
def test_how_bytes_are_split_makes_no_difference(pieces: list[bytes], cuts: list[int]) -> None:
    text = b"\r\n".join(pieces)
    whole, split = Lines(), Lines()
    whole.feed(text)
    place = 0
    got: list[str | None] = []
    while place < len(text):
        size = cuts[place % len(cuts)]
        split.feed(text[place : place + size])
        place += size
        while (line := split.next()) is not None:
            got.append(line)
    for lines in (whole, split):
        lines.close()
    assert got + list(iter(split.next, None)) == list(iter(whole.next, None))


def test_bounds_hold_for_each_step_afresh() -> None:
    lines = Lines()
    for _ in range(3):
        lines.begin()
        lines.feed(b"\n" * STEP_LINES)
        assert list(iter(lines.next, None)) == [""] * STEP_LINES
        assert lines.full
    lines.begin()
    lines.feed(b"x" * 2 * STEP_BYTES)
    assert lines.full
    assert len(lines.unread) == STEP_BYTES
