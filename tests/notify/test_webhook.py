"""Messages to an address: what they look like on the wire, and what an answer means."""

import tomllib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from opsconsole.base.paths import example_office
from tests.fakes.authority import DAY, ca_file, issue, now, root
from tests.fakes.receiver import Received, Receiver, fonnte, reply, telegram
from tests.notify.sending import KEY, VALUES, around, post

TOKEN = "123456:AA-bb_cc"


def example(name: str) -> dict[str, Any]:
    """A channel of the example office, with its comment signs taken away."""
    text = (example_office() / "notify.toml").read_text("utf-8")
    block = next(part for part in text.split("# [[channels]]\n")[1:] if f'name = "{name}"' in part)
    lines = [line.removeprefix("# ") for line in block.split("\n\n")[0].splitlines()]
    return tomllib.loads("\n".join(lines))


async def test_the_example_of_a_telegram_bot_is_what_telegram_takes():
    channel = example("telegram-piket")
    with Receiver(partial(telegram, token=TOKEN)) as bot:
        url = channel["url"].replace("http://127.20.6.1:8081", bot.url)
        ref = {"token": "env:TOKEN"}
        failed = await post({**channel, "url": url, "secrets": ref}, channel["to"][0], around(TOKEN=TOKEN))
    assert failed is None
    [received] = bot.received
    assert received.json == {
        "chat_id": "-1001000000000",
        "text": VALUES["text"],
        "disable_web_page_preview": True,
    }


async def test_the_example_of_a_whatsapp_gateway_is_what_the_gateway_takes():
    channel = example("wa-piket")
    with Receiver(partial(fonnte, token="tok en")) as gateway:
        keys = {**channel, "url": gateway.url + "/send", "secrets": {"token": "env:TOKEN"}}
        assert await post(keys, channel["to"][1], around(TOKEN="tok en")) is None
        wrong = await post(keys, channel["to"][1], around(TOKEN="another"))
    assert gateway.received[0].form == {
        "target": "081200000002",
        "message": VALUES["text"],
        "countryCode": "62",
    }
    assert wrong is not None
    assert (wrong.code, wrong.permanent) == ("channel_answer", False)
    assert wrong.params == {"status": 200, "seen": '{"status":false,"reason":"invalid token"}'}


async def test_a_bot_that_does_not_know_the_chat_says_so_and_is_not_asked_again():
    channel = example("telegram-piket")
    with Receiver(partial(telegram, token=TOKEN)) as bot:
        url = channel["url"].replace("http://127.20.6.1:8081", bot.url)
        keys = {**channel, "url": url, "secrets": {"token": "env:TOKEN"}}
        failed = await post(keys, "nobody", around(TOKEN=TOKEN))
    assert failed is not None
    assert failed.permanent
    assert failed.params["status"] == 400
    assert "chat not found" in str(failed.params["seen"])


HOSTILE = 'a"b\\c\n{to} & d=e%f;é\u2028'


async def test_what_a_value_holds_is_text_in_json_whatever_it_is():
    with Receiver() as taker:
        await post({"url": taker.url, "json": {"a": ["{text}", 1, {"b": "x {text}"}]}}, text=HOSTILE)
    assert taker.received[0].json == {"a": [HOSTILE, 1, {"b": f"x {HOSTILE}"}]}


async def test_what_a_value_holds_is_text_in_a_form_in_an_address_and_as_it_is():
    with Receiver() as taker:
        await post({"url": taker.url, "form": {"m": "{text}", "to": "{to}"}}, "0812", text=HOSTILE)
        await post({"url": taker.url + "/{name}?q={name}", "text": "> {text}"}, text=HOSTILE, name="a/b?c&d")
    form, plain = taker.received
    assert form.form == {"m": HOSTILE, "to": "0812"}
    assert plain.path == "/a%2Fb%3Fc%26d?q=a%2Fb%3Fc%26d"
    assert plain.body.decode() == f"> {HOSTILE}"


async def test_a_value_can_not_add_a_header():
    with Receiver() as taker:
        keys = {"url": taker.url, "headers": {"X-Name": "{name}"}, "text": "{text}"}
        assert await post(keys, name="a\r\nX-More: b") is None
    headers = taker.received[0].headers
    assert headers["x-name"] == "a  X-More: b"
    assert "x-more" not in headers


async def test_the_same_message_has_the_same_key():
    with Receiver() as taker:
        for _time in range(2):
            await post({"url": taker.url, "json": {"key": "{key}"}})
    assert [(one.headers["idempotency-key"], one.json["key"]) for one in taker.received] == [(KEY, KEY)] * 2


AT = "Date: Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("answer", "permanent", "retry_after"),
    [
        (reply(503), False, 0),
        (reply(429, b"", "Retry-After: 17"), False, 17),
        (reply(503, b"", AT, "Retry-After: Wed, 21 Oct 2026 07:30:00 GMT"), False, 120),
        (reply(429, b"", "Retry-After: -7"), False, 0),
        (reply(401), True, 0),
        (reply(302, b"", "Location: http://169.254.169.254/latest/meta-data/"), True, 0),
    ],
)
async def test_an_answer_says_whether_it_is_worth_another_try(
    answer: bytes, permanent: bool, retry_after: int
):
    with Receiver(lambda _received: answer) as taker:
        failed = await post({"url": taker.url, "text": "{text}"})
    assert failed is not None
    assert (failed.code, failed.permanent, failed.retry_after) == ("channel_refused", permanent, retry_after)
    assert len(taker.received) == 1, "no redirect is followed"


async def test_other_statuses_count_where_the_channel_says_so():
    with Receiver(lambda _received: reply(202)) as taker:
        assert await post({"url": taker.url, "text": "{text}", "status": ["202"]}) is None
        failed = await post({"url": taker.url, "text": "{text}", "status": ["200"]})
    assert failed is not None


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"ok":"true"}', b'{"ok":1}', b"", b"[" * 60_000])
async def test_only_an_answer_that_gives_true_is_a_yes(body: bytes):
    with Receiver(lambda _received: reply(200, body)) as taker:
        failed = await post({"url": taker.url, "text": "{text}", "answer": "ok"})
    assert failed is not None
    assert failed.code == "channel_answer"


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "0.0.0.0", "224.0.0.1"]
)
async def test_addresses_that_belong_to_nobody_are_never_called(host: str):
    failed = await post({"url": f"http://{host}:9/", "text": "{text}"})
    assert failed is not None
    assert (failed.code, failed.permanent) == ("address_denied", True)


async def test_nobody_there_is_worth_another_try():
    with Receiver() as taker:
        url = taker.url
    failed = await post({"url": url, "text": "{text}"})
    assert failed is not None
    assert (failed.code, failed.permanent, failed.uncertain) == ("connect_refused", False, False)


async def test_a_secret_that_is_missing_or_fits_no_header_is_told_by_its_reference():
    keys = {"url": "http://127.0.0.1:9/", "text": "x", "secrets": {"token": "env:TOKEN"}}
    keys |= {"headers": {"Authorization": "{token}"}}
    missing = await post(keys)
    unfit = await post(keys, place=around(TOKEN="two\nlines"))
    assert [one and (one.code, one.params["why"], one.params["name"]) for one in (missing, unfit)] == [
        ("credential_missing", "env_missing", "env:TOKEN"),
        ("credential_missing", "header_characters", "env:TOKEN"),
    ]


async def test_what_a_receiver_echoes_of_a_secret_is_masked():
    def echo(received: Received) -> bytes:
        return reply(400, f"you said {received.headers['authorization']}".encode())

    with Receiver(echo) as taker:
        keys = {"url": taker.url, "text": "x", "secrets": {"token": "env:TOKEN"}}
        failed = await post(
            {**keys, "headers": {"Authorization": "{token}"}}, place=around(TOKEN="kunci-rahasia-sekali")
        )
    assert failed is not None
    assert failed.params == {"status": 400, "seen": "you said ***"}


async def test_an_authority_of_the_offices_own_is_trusted_where_it_is_named(tmp_path: Any):
    ca = root()
    context = issue("127.0.0.1", by=ca).server_context()
    ca_file(tmp_path, ca)
    with Receiver(tls=context) as taker:
        keys = {"url": taker.url.replace("http:", "https:"), "text": "{text}"}
        trusted = await post({**keys, "ca_file": "authorities.pem"}, place=around(tmp_path))
        unknown = await post(keys, place=around(tmp_path))
    assert trusted is None
    assert unknown is not None
    assert unknown.code == "tls_untrusted"


@pytest.mark.parametrize(
    ("name", "ends", "code"),
    [("lain.sukamaju.example", DAY, "tls_hostname"), ("127.0.0.1", -DAY, "tls_expired")],
)
async def test_a_certificate_of_another_or_of_yesterday_gets_no_message_and_no_secret(
    tmp_path: Any, name: str, ends: timedelta, code: str
):
    ca = root()
    ca_file(tmp_path, ca)
    with Receiver(tls=issue(name, by=ca, ends=now() + ends).server_context()) as taker:
        url = taker.url.replace("http:", "https:") + "/{token}"
        keys = {"url": url, "text": "{text}", "ca_file": "authorities.pem", "secrets": {"token": "env:TOKEN"}}
        failed = await post(keys, place=around(tmp_path, TOKEN="kunci-rahasia-sekali"))
    assert failed is not None
    assert (failed.code, failed.permanent, taker.received) == (code, False, [])
