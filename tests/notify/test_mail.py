"""Mail to a real server: in which order, how encrypted, and what its refusals mean."""

import ssl
from pathlib import Path

import pytest

from tests.fakes.authority import ca_file, issue, root
from tests.fakes.mail_server import MailServer
from tests.notify.sending import KEY, VALUES, around, mail

LOGIN = "pengirim:kata-sandi-rahasia"


@pytest.fixture
def context(tmp_path: Path) -> ssl.SSLContext:
    ca = root()
    ca_file(tmp_path, ca)
    return issue("127.0.0.1", by=ca).server_context()


async def test_a_mail_arrives_over_starttls_once_we_have_logged_in(context: ssl.SSLContext, tmp_path: Path):
    with MailServer(context, login=LOGIN) as server:
        keys = {"port": server.port, "ca_file": "authorities.pem", "auth": "env:LOGIN"}
        assert await mail(keys, around(tmp_path, LOGIN=LOGIN)) is None
    [taken] = server.taken
    assert (taken.sender, taken.recipients) == ("opsconsole@sukamaju.example", ("rina@sukamaju.example",))
    assert (taken.encrypted, taken.user) == (True, "pengirim")
    assert taken.message["Subject"] == VALUES["subject"]
    assert taken.message["Message-ID"] == f"<{KEY}@sukamaju.example>"
    assert taken.text == VALUES["text"]
    assert [line.split(" ")[0] for line in server.heard] == [
        *("EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"),
    ]


@pytest.mark.parametrize(
    ("offers", "way"),
    [
        ("AUTH LOGIN", "LOGIN"),
        ("AUTH=LOGIN", "LOGIN"),
        ("AUTH NTLM LOGIN", "LOGIN"),
        ("AUTH LOGIN PLAIN", "PLAIN"),
    ],
)
async def test_we_log_in_as_the_server_offers_once_it_is_sealed(
    context: ssl.SSLContext, tmp_path: Path, offers: str, way: str
):
    with MailServer(context, login=LOGIN, offers=offers) as server:
        keys = {"port": server.port, "ca_file": "authorities.pem", "auth": "env:LOGIN"}
        assert await mail(keys, around(tmp_path, LOGIN=LOGIN)) is None
    assert server.taken[0].user == "pengirim"
    assert f"AUTH {way}" in [" ".join(line.split(" ")[:2]) for line in server.heard]


async def test_a_server_that_takes_no_way_of_ours_says_so(context: ssl.SSLContext, tmp_path: Path):
    with MailServer(context, login=LOGIN, offers="AUTH CRAM-MD5 XOAUTH2") as server:
        keys = {"port": server.port, "ca_file": "authorities.pem", "auth": "env:LOGIN"}
        failed = await mail(keys, around(tmp_path, LOGIN=LOGIN))
    assert failed is not None
    assert (failed.permanent, failed.params) == (True, {"seen": "504 5.5.4 not that way"})


async def test_a_password_that_login_does_not_take_is_told_without_it(
    context: ssl.SSLContext, tmp_path: Path
):
    with MailServer(context, login="lain:lain-sekali", offers="AUTH LOGIN") as server:
        keys = {"port": server.port, "ca_file": "authorities.pem", "auth": "env:LOGIN"}
        failed = await mail(keys, around(tmp_path, LOGIN=LOGIN))
    assert failed is not None
    assert (failed.permanent, failed.params) == (True, {"seen": "535 5.7.8 wrong user or password"})


async def test_a_mail_arrives_over_tls_from_the_first_byte(context: ssl.SSLContext, tmp_path: Path):
    with MailServer(context, at_once=True, login=LOGIN) as server:
        keys = {"port": server.port, "tls": "tls", "ca_file": "authorities.pem", "auth": "env:LOGIN"}
        assert await mail(keys, around(tmp_path, LOGIN=LOGIN)) is None
    assert server.taken[0].encrypted


async def test_a_mail_arrives_in_the_open_where_the_office_wants_that():
    with MailServer() as server:
        assert await mail({"port": server.port, "tls": "none"}) is None
    assert not server.taken[0].encrypted


async def test_templates_fill_subject_and_text_and_no_header_can_be_added():
    with MailServer() as server:
        keys = {
            "port": server.port,
            "tls": "none",
            "subject": "[{office}] {name}",
            "body": "{incident}\n.{text}",
        }
        assert await mail(keys, name="a\r\nBcc: x@y.example", office="Kominfo") is None
    message = server.taken[0].message
    assert message["Subject"] == "[Kominfo] a Bcc: x@y.example"
    assert message["Bcc"] is None
    assert server.taken[0].text == f"INS-2026-000007\n.{VALUES['text']}"


async def test_text_of_any_kind_comes_through_whole():
    text = "baris\n.\n..titik\nQUIT\nsiang – malam …\n" + "x" * 2000
    with MailServer() as server:
        assert await mail({"port": server.port, "tls": "none"}, text=text) is None
    assert server.taken[0].text == text


@pytest.mark.parametrize(
    ("refusals", "permanent"),
    [
        ({"GREETING": "554 5.7.1 go away"}, True),
        ({"GREETING": "421 4.3.2 later"}, False),
        ({"MAIL": "451 4.3.0 later"}, False),
        ({"RCPT": "550 5.1.1 no such user"}, True),
        ({"RCPT": "450 4.2.0 greylisted"}, False),
        ({"DATA": "452 4.3.1 full"}, False),
        ({"END": "554 5.6.0 spam"}, True),
        ({"END": "451 4.3.0 later"}, False),
    ],
)
async def test_a_refusal_says_whether_it_is_worth_another_try(refusals: dict[str, str], permanent: bool):
    with MailServer(refusals=refusals) as server:
        failed = await mail({"port": server.port, "tls": "none"})
    assert failed is not None
    assert (failed.code, failed.permanent, failed.uncertain) == ("mail_refused", permanent, False)
    assert failed.params == {"seen": next(iter(refusals.values()))}
    assert not server.taken


async def test_a_wrong_password_is_told_without_the_password(context: ssl.SSLContext, tmp_path: Path):
    with MailServer(context, login="lain:lain-sekali") as server:
        keys = {"port": server.port, "ca_file": "authorities.pem", "auth": "env:LOGIN"}
        failed = await mail(keys, around(tmp_path, LOGIN=LOGIN))
    assert failed is not None
    assert failed.permanent
    assert failed.params == {"seen": "535 5.7.8 wrong user or password"}


async def test_a_secret_without_a_user_is_told(tmp_path: Path, context: ssl.SSLContext):
    failed = await mail({"port": 9, "auth": "env:LOGIN"}, around(tmp_path, LOGIN="tanpatitikdua"))
    assert failed is not None
    assert failed.params["why"] == "basic_form"


async def test_nothing_is_said_in_the_open_to_a_server_without_starttls():
    with MailServer() as server:
        failed = await mail({"port": server.port})
    assert failed is not None
    assert failed.params == {"seen": "502 not here"}
    assert server.heard == ["EHLO opsconsole", "STARTTLS"]


async def test_a_certificate_that_nobody_vouches_for_ends_it_before_the_password(
    context: ssl.SSLContext, tmp_path: Path
):
    with MailServer(context, login=LOGIN) as server:
        failed = await mail({"port": server.port, "auth": "env:LOGIN"}, around(tmp_path, LOGIN=LOGIN))
    assert failed is not None
    assert (failed.code, failed.permanent) == ("tls_untrusted", False)
    assert server.heard == ["EHLO opsconsole", "STARTTLS"]


async def test_words_put_into_the_servers_mouth_before_tls_are_not_listened_to(
    context: ssl.SSLContext, tmp_path: Path
):
    with MailServer(context, injected=b"250 ok\r\n") as server:
        failed = await mail({"port": server.port, "ca_file": "authorities.pem"}, around(tmp_path))
    assert failed is not None
    assert "250 ok" in str(failed.params["seen"])
    assert not server.taken


@pytest.mark.parametrize("word", ["EHLO", "DATA", "MAIL"])
async def test_a_server_that_falls_silent_is_left_in_time_and_asked_again(word: str):
    with MailServer(silent_after=word) as server:
        failed = await mail({"port": server.port, "tls": "none", "timeout": "300ms"})
    assert failed is not None
    assert not failed.permanent
    assert failed.uncertain
