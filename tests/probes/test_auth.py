"""Secrets by reference: resolved for each look, sent to one origin, never seen again."""

import base64
import ssl
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from pydantic import ValidationError

from probes.env import Env
from probes.observation import Observation, Verdict
from probes.registry import KINDS
from probes.secrets import Secret, SecretFault, is_sound_reference
from probes.target import TargetError
from tests.fakes.authority import Issued, ca_file, issue, root
from tests.fakes.looking import look
from tests.fakes.page_server import PageServer, page, redirect

TOKEN = "kA7/x+Qz9=Wm3_tR.5"
REF = "keyring:opsconsole/app"


def env(values: Mapping[str, str], asked: list[str] | None = None) -> Env:
    """Surroundings in which these references resolve."""

    async def resolve(ref: str) -> Secret:
        if asked is not None:
            asked.append(ref)
        if ref not in values:
            raise SecretFault(ref, "keyring_locked")
        return Secret(ref, values[ref])

    return Env(secrets=resolve)


@pytest.fixture
async def server() -> AsyncIterator[PageServer]:
    async with PageServer() as made:
        yield made


async def looked(server: PageServer, auth: dict[str, str], value: str = TOKEN, **keys: Any) -> Observation:
    return await look(url=server.url(), auth=auth, env=env({REF: value}), **keys)


@pytest.mark.parametrize(
    ("auth", "value", "name", "sent"),
    [
        ({"bearer": REF}, TOKEN, "authorization", f"Bearer {TOKEN}"),
        ({"bearer": REF}, "caf\xe9", "authorization", "Bearer caf\xe9"),
        (
            {"basic": REF},
            "budi:s\xebcret:é",
            "authorization",
            "Basic " + base64.b64encode("budi:s\xebcret:é".encode()).decode(),
        ),
        ({"header": "X-Api-Key", "value": REF}, TOKEN, "x-api-key", TOKEN),
        ({"header": "user-agent", "value": REF}, TOKEN, "user-agent", TOKEN),
    ],
)
async def test_each_form_is_sent_as_its_header(
    server: PageServer, auth: dict[str, str], value: str, name: str, sent: str
) -> None:
    seen = await looked(server, auth, value)
    assert seen.reason == "ok"
    assert server.asked[0].headers[name] == sent


@pytest.mark.parametrize("auth", [{"bearer": REF}, {"basic": REF}, {"header": "Ruangan", "value": REF}])
async def test_a_secret_goes_to_the_configured_origin_alone(server: PageServer, auth: dict[str, str]) -> None:
    name = auth.get("header", "Authorization").lower()
    async with PageServer() as other:
        server.pages |= {"/": redirect("/again"), "/again": redirect(other.url()), "/back": page()}
        other.pages["/"] = redirect(server.url("/back"))
        seen = await looked(server, auth, "budi:\xebsandi-panjang")
        assert seen.reason == "ok"
        assert [name in asked.headers for asked in server.asked] == [True, True, True]
        assert name not in other.asked[0].headers


async def test_what_a_target_echoes_is_masked(server: PageServer) -> None:
    encoded = base64.b64encode(TOKEN.encode()).decode()
    body = f"<title>{TOKEN}</title>{TOKEN} {encoded}".encode()
    server.pages["/"] = redirect(f"/{encoded}?t={TOKEN}")
    server.pages[f"/{encoded}?t={TOKEN}"] = page(body, headers=(f"X-Echo: {TOKEN}",))
    seen = await looked(
        server,
        {"bearer": REF},
        header_must_match=[{"name": "X-Echo", "pattern": "^no$"}],
        body_must_not_match=[TOKEN[:12].replace("+", r"\+")],
    )
    assert seen.reason == "header_unexpected"
    assert seen.http is not None
    assert seen.http.title == "***"
    assert seen.http.redirects[0].location.startswith("/***")
    assert seen.params["seen"] == "***"
    for leak in (TOKEN, TOKEN[:10], encoded[:12]):
        assert leak not in repr(seen)


async def test_what_a_rule_found_of_a_secret_is_masked(server: PageServer) -> None:
    server.pages["/"] = page(TOKEN.encode())
    seen = await looked(server, {"bearer": REF}, body_must_not_match=["Qz9=Wm3_t"])
    assert (seen.reason, seen.params["seen"]) == ("body_unexpected", "***")


@pytest.mark.parametrize(
    ("auth", "value", "why"),
    [
        ({"bearer": REF}, "a\r\nX-Evil: 1", "header_characters"),
        ({"header": "X-Key", "value": REF}, "a\nb", "header_characters"),
        ({"header": "X-Key", "value": REF}, "kunci\u2013rahasia", "header_characters"),
        ({"basic": REF}, "a:b\x00", "header_characters"),
        ({"basic": REF}, "no-colon", "basic_form"),
    ],
)
async def test_a_secret_that_no_header_can_carry_is_never_sent(
    server: PageServer, auth: dict[str, str], value: str, why: str
) -> None:
    seen = await looked(server, auth, value)
    assert (seen.verdict, seen.reason) == (Verdict.UNKNOWN, "credential_missing")
    assert seen.params == {"name": REF, "why": why}
    assert value not in repr(seen)
    assert not server.asked


async def test_a_secret_that_does_not_resolve_says_which_and_why(server: PageServer) -> None:
    seen = await look(url=server.url(), auth={"bearer": "keyring:opsconsole/gone"}, env=env({}))
    assert (seen.verdict, seen.reason) == (Verdict.UNKNOWN, "credential_missing")
    assert seen.detail == "keyring:opsconsole/gone: the keyring is locked"
    assert seen.params == {"name": "keyring:opsconsole/gone", "why": "keyring_locked"}
    assert not server.asked
    unresolved = await look(url=server.url(), auth={"bearer": REF})
    assert unresolved.params["why"] == "unresolved"


async def test_a_new_value_is_used_at_the_next_look(server: PageServer) -> None:
    spec = KINDS["http"].spec.model_validate(
        {"kind": "http", "url": server.url(), "auth": {"bearer": REF}, "timeout": "5s"}
    )
    target = KINDS["http"].target(spec, Path())
    values, asked = {REF: "the-first-one"}, list[str]()
    surroundings = env(values, asked)
    for value in ("the-first-one", "the-first-one", "another-one"):
        values[REF] = value
        await KINDS["http"].look(target, float("inf"), surroundings)
    assert [one.headers["authorization"] for one in server.asked] == [
        "Bearer the-first-one",
        "Bearer the-first-one",
        "Bearer another-one",
    ]
    assert asked == [REF] * 3


@pytest.mark.parametrize(
    ("auth", "key", "says"),
    [
        ({"bearer": "hunter2"}, "auth.bearer", "want a reference to a secret"),
        ({"basic": "budi:hunter2"}, "auth.basic", "want a reference to a secret"),
        ({"header": "X-Key", "value": "hunter2"}, "auth.value", "want a reference to a secret"),
        ({"bearer": "vault:hunter2"}, "auth.bearer", "want a reference to a secret"),
        ({"bearer": "env:1X"}, "auth.bearer", "want a reference to a secret"),
        ({"bearer": "file:here"}, "auth.bearer", "want a reference to a secret"),
        ({"bearer": "cred:../x"}, "auth.bearer", "want a reference to a secret"),
        ({"bearer": "keyring:alone"}, "auth.bearer", "want a reference to a secret"),
        ({}, "auth", "want one of"),
        ({"bearer": REF, "basic": REF}, "auth", "want one of"),
        ({"bearer": REF, "header": "X-Key"}, "auth", "want one of"),
        ({"header": "X-Key"}, "auth", "value: missing"),
        ({"value": REF}, "auth", "header: missing"),
        ({"header": "X Key", "value": REF}, "auth", "header: want"),
        ({"header": "Content-Length", "value": REF}, "auth", "header: want"),
        ({"header": "host", "value": REF}, "auth", "header: want"),
    ],
)
def test_a_secret_is_written_as_one_reference(auth: dict[str, str], key: str, says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        KINDS["http"].spec.model_validate({"kind": "http", "url": "http://a.example/", "auth": auth})
    (error,) = refused.value.errors()
    assert ".".join(map(str, error["loc"])) == key
    assert says in error["msg"]
    assert "hunter2" not in error["msg"]


def test_a_header_is_not_given_twice() -> None:
    with pytest.raises(ValidationError, match="set by auth"):
        KINDS["http"].spec.model_validate(
            {
                "kind": "http",
                "url": "http://a.example/",
                "headers": {"x-ruangan": "1"},
                "auth": {"header": "X-Ruangan", "value": REF},
            }
        )


@pytest.mark.parametrize(
    "ref", ["keyring:a/b", "keyring:a/b/c", "cred:api-key.1", "file:/run/x y", "env:API_TOKEN", "env:_x"]
)
def test_these_are_references(ref: str) -> None:
    assert is_sound_reference(ref)


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret(REF, "hunter2")
    shown = f"{secret} {secret!r} {secret!s} {secret:>40} {[secret]} {vars} {SecretFault(REF, 'empty')!r}"
    assert "hunter2" not in shown
    assert f"<secret {REF}>" in shown
    assert secret.reveal() == "hunter2"
    with pytest.raises(TypeError):
        secret.__reduce__()


def pem_of(issued: Issued, *, password: bytes = b"") -> str:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    key = issued.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    ).decode()
    return issued.pem.decode() + key


@pytest.fixture(scope="module")
def ca() -> Issued:
    return root()


@pytest.fixture(scope="module")
def client_pem(ca: Issued) -> str:
    return pem_of(issue(by=ca, common_name="opsconsole"))


@pytest.fixture
async def guarded(ca: Issued, tmp_path: Path) -> AsyncIterator[PageServer]:
    """A server that answers nobody without a certificate."""
    context = issue("127.0.0.1", by=ca).server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca_file(tmp_path, ca))
    async with PageServer(tls=context) as made:
        yield made


def keys_for(kind: str, server: PageServer, client_cert: str, folder: Path) -> dict[str, Any]:
    tls = {"ca_file": str(folder / "authorities.pem"), "client_cert": client_cert}
    where = {"url": server.url()} if kind == "http" else {"host": "127.0.0.1", "port": server.port}
    return {**where, "tls": tls}


@pytest.mark.parametrize("kind", ["http", "tcp", "tls"])
@pytest.mark.parametrize("by_reference", [True, False])
async def test_our_certificate_is_presented(
    kind: str, by_reference: bool, guarded: PageServer, client_pem: str, tmp_path: Path
) -> None:
    (tmp_path / "client.pem").write_text(client_pem)
    given = REF if by_reference else "client.pem"
    keys = keys_for(kind, guarded, given, tmp_path)
    seen = await look(kind, env=env({REF: client_pem}), folder=tmp_path, **keys)
    assert seen.reason == "ok", seen.detail


async def test_without_our_certificate_there_is_no_answer(guarded: PageServer, tmp_path: Path) -> None:
    seen = await look(**keys_for("http", guarded, "", tmp_path))
    assert seen.verdict is Verdict.DOWN
    assert not guarded.asked


async def test_our_certificate_is_shown_to_the_configured_origin_alone(
    guarded: PageServer, client_pem: str, tmp_path: Path
) -> None:
    async with PageServer(tls=guarded._tls) as other:
        guarded.pages |= {"/": redirect("/again"), "/again": redirect(other.url())}
        seen = await look(**keys_for("http", guarded, REF, tmp_path), env=env({REF: client_pem}))
        assert seen.verdict is Verdict.DOWN
        assert len(guarded.asked) == 2
        assert not other.asked


def broken_pems(ca: Issued) -> dict[str, str]:
    one, two = issue(by=ca, common_name="one"), issue(by=ca, common_name="two")
    key_of_two = pem_of(two).removeprefix(two.pem.decode())
    return {
        "pem_form": one.pem.decode(),
        "pem_mismatch": one.pem.decode() + key_of_two,
        "pem_encrypted": pem_of(one, password=b"sandi"),
    }


@pytest.mark.parametrize("why", ["pem_form", "pem_mismatch", "pem_encrypted"])
@pytest.mark.parametrize("kind", ["http", "tls"])
async def test_a_certificate_that_is_none_is_our_own_trouble(
    kind: str, why: str, guarded: PageServer, ca: Issued, tmp_path: Path
) -> None:
    pem = broken_pems(ca)[why]
    seen = await look(kind, env=env({REF: pem}), **keys_for(kind, guarded, REF, tmp_path))
    assert (seen.verdict, seen.reason) == (Verdict.UNKNOWN, "credential_missing")
    assert seen.params == {"name": REF, "why": why}
    (tmp_path / "client.pem").write_text(pem)
    spec = KINDS[kind].spec.model_validate({"kind": kind, **keys_for(kind, guarded, "client.pem", tmp_path)})
    with pytest.raises(TargetError) as refused:
        KINDS[kind].target(spec, tmp_path)
    assert refused.value.key == "tls.client_cert"
    assert "client.pem" in str(refused.value)


def test_a_certificate_that_is_not_there_or_stands_in_the_file_itself_is_refused(tmp_path: Path) -> None:
    spec = KINDS["tls"].spec.model_validate(
        {"kind": "tls", "host": "a.example", "port": 443, "tls": {"client_cert": "gone.pem"}}
    )
    with pytest.raises(TargetError, match="can not read"):
        KINDS["tls"].target(spec, tmp_path)
    with pytest.raises(ValidationError, match="want the path of a PEM file"):
        KINDS["tls"].spec.model_validate(
            {"kind": "tls", "host": "a.example", "port": 1, "tls": {"client_cert": "-----BEGIN"}}
        )


def test_contexts_with_a_certificate_are_shared_apart(client_pem: str, tmp_path: Path) -> None:
    (tmp_path / "client.pem").write_text(client_pem)

    def context(client_cert: str) -> ssl.SSLContext:
        spec = KINDS["tls"].spec.model_validate(
            {"kind": "tls", "host": "a.example", "port": 443, "tls": {"client_cert": client_cert}}
        )
        return KINDS["tls"].target(spec, tmp_path).tls[0]  # type: ignore[no-any-return]

    assert context("client.pem") is context("client.pem")
    assert context("") is context("")
    assert context("client.pem") is not context("")
