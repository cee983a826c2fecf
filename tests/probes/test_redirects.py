"""Redirects are followed by our own rules, and what is secret does not follow them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from probes.env import Env
from probes.failure import LookError
from probes.observation import Observation, Verdict
from probes.redirects import redirected_url, shown_url
from probes.resolve import Family, Resolved, ResolveError
from tests.fakes.looking import look
from tests.fakes.page_server import PageServer, page, redirect

START = httpx.URL("http://app.example:8080/dir/page?x=1")


class Names:
    """A resolver that knows the names it was given; each answer is used once, the last for ever."""

    def __init__(self, **answers: list[str]):
        self.answers = {name.replace("_", "."): list(addresses) for name, addresses in answers.items()}

    async def resolve(self, host: str, family: Family, deadline: float) -> Resolved:
        known = self.answers.get(host)
        if known is None:
            raise ResolveError("dns_nxdomain")
        return Resolved((known.pop(0) if len(known) > 1 else known[0],), 0.0)


@pytest.fixture
async def server() -> AsyncIterator[PageServer]:
    async with PageServer() as server:
        yield server


@pytest.fixture
async def other() -> AsyncIterator[PageServer]:
    async with PageServer() as other:
        yield other


def hops(observation: Observation) -> list[tuple[str, int, str]]:
    assert observation.http is not None
    return [(hop.url, hop.status, hop.location) for hop in observation.http.redirects]


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/other", "http://app.example:8080/other"),
        ("other", "http://app.example:8080/dir/other"),
        ("?y=2", "http://app.example:8080/dir/page?y=2"),
        ("//cdn.example/a", "http://cdn.example/a"),
        ("https://app.example/", "https://app.example/"),
        ("HTTPS://APP.example/", "https://app.example/"),
        (" /a b?c d ", "http://app.example:8080/a%20b?c%20d"),
        ("/a%20b", "http://app.example:8080/a%20b"),
        ("/a\tb", "http://app.example:8080/a%09b"),
        ("/über", "http://app.example:8080/%C3%BCber"),
        ("/x#part", "http://app.example:8080/x"),
        ("http://user:secret@app.example/", "http://app.example/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("../../up", "http://app.example:8080/up"),
    ],
)
def test_a_location_leads_where_a_browser_would_go(location: str, leads_to: str) -> None:
    assert str(redirected_url(START, location)) == leads_to


@pytest.mark.parametrize(
    "location",
    ["", "  ", "ftp://app.example/", "javascript:alert(1)", "file:///etc/passwd", "http://", "http:///x",
     "http://[::1/", "http://app.example:99999/", "http://app.example:0/", "http://app.example:x/",
     "/" + "a" * 9000, "mailto:a@b.example", "http://\u202e.example/"],
)  # fmt: skip
def test_a_location_that_leads_nowhere_is_invalid(location: str) -> None:
    with pytest.raises(LookError) as error:
        redirected_url(START, location)
    assert error.value.reason == "redirect_invalid"
    assert str(error.value.params["seen"]).isprintable()


def test_what_looks_like_a_secret_in_an_address_is_masked() -> None:
    assert shown_url("https://a.example/?id=1&access_token=abc&x=2#f") == (
        "https://a.example/?id=1&access_token=***&x=2#f"
    )
    assert shown_url("https://a.example/?pwd=abc&kata_sandi=x;API-KEY=1&q=pwd") == (
        "https://a.example/?pwd=***&kata_sandi=***;API-KEY=***&q=pwd"
    )
    assert shown_url("/in#id_token=abc&state=1") == "/in#id_token=***&state=1"
    assert shown_url("/in#/page?password=abc&x=1") == "/in#/page?password=***&x=1"
    assert shown_url(httpx.URL("https://user:pw@a.example/")) == "https://a.example/"


async def test_a_secret_in_an_address_is_sent_and_never_told(server: PageServer) -> None:
    server.pages |= {
        "/in?key=S3cret": redirect("/out?pwd=S3cret#token=S3cret"),
        "/out?pwd=S3cret": page(b"there"),
    }
    seen = await look(url=server.url("/in?key=S3cret#session=S3cret"))
    assert seen.reason == "ok"
    assert seen.target == server.url("/in?key=***#session=***")
    assert hops(seen) == [(server.url("/in?key=***"), 302, "/out?pwd=***#token=***")]
    assert b"S3cret" not in msgspec.json.encode(seen)


async def test_each_hop_is_listed_and_the_phases_are_summed(server: PageServer) -> None:
    server.pages |= {"/": redirect("/second"), "/second": redirect("/third", 307), "/third": page(b"there")}
    seen = await look(url=server.url())
    assert seen.reason == "ok"
    assert hops(seen) == [
        (server.url(), 302, "/second"),
        (server.url("/second"), 307, "/third"),
    ]
    assert seen.http is not None
    assert (seen.http.status, seen.http.excerpt) == (200, "there")
    first, second = (hop.duration_ms for hop in seen.http.redirects)
    assert 0 < first < seen.duration_ms
    assert first + second < seen.duration_ms
    assert seen.duration_ms == pytest.approx(
        sum(getattr(seen.phases_ms, phase) for phase in seen.phases_ms.__struct_fields__), abs=0.01
    )


async def test_as_many_redirects_as_allowed_are_followed_and_not_one_more(server: PageServer) -> None:
    server.pages |= {"/": redirect("/1"), "/1": redirect("/2"), "/2": page()}
    assert (await look(url=server.url(), max_redirects=2)).reason == "ok"
    seen = await look(url=server.url(), max_redirects=1)
    assert (seen.reason, seen.params) == ("redirect_limit", {"want": 1})
    assert len(hops(seen)) == 1


async def test_a_redirect_that_is_not_followed_is_the_answer(server: PageServer) -> None:
    server.pages["/"] = redirect("/elsewhere")
    seen = await look(url=server.url(), follow_redirects=False)
    assert (seen.reason, seen.params["seen"]) == ("status_unexpected", 302)
    assert (await look(url=server.url(), follow_redirects=False, status=["302"])).reason == "ok"
    assert [asked.path for asked in server.asked] == ["/", "/"]


async def test_a_redirect_without_a_location_is_the_answer(server: PageServer) -> None:
    server.pages["/"] = page(status="302 Found")
    assert (await look(url=server.url())).reason == "status_unexpected"


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "POST", "GET", b""),
        (302, "POST", "GET", b""),
        (303, "POST", "GET", b""),
        (307, "POST", "POST", b"data"),
        (308, "POST", "POST", b"data"),
        (301, "PUT", "PUT", b"data"),
        (303, "PUT", "GET", b""),
        (303, "HEAD", "HEAD", b""),
        (302, "GET", "GET", b""),
    ],
)
async def test_a_redirect_changes_the_method_or_keeps_it(
    server: PageServer, status: int, method: str, then: str, body: bytes
) -> None:
    server.pages |= {"/": redirect("/then", status), "/then": page()}
    sent = "data" if method in ("POST", "PUT") else ""
    keys: dict[str, Any] = {"headers": {"Content-Type": "text/x-data"}} if sent else {}
    seen = await look(url=server.url(), method=method, body=sent, **keys)
    assert seen.reason == "ok"
    first, second = server.asked
    assert (first.method, first.body) == (method, sent.encode())
    assert (second.method, second.body) == (then, body)
    assert ("content-type" in second.headers) is bool(body)


async def test_cookies_go_to_later_hops_of_the_same_host(server: PageServer) -> None:
    cookies = ("Set-Cookie: sid=1; Path=/; HttpOnly", "Set-Cookie: a=b=c", "Set-Cookie: nonsense")
    server.pages |= {
        "/": redirect("/1", headers=cookies),
        "/1": redirect("/2", headers=("Set-Cookie: sid=2", "Set-Cookie: a=; Max-Age=0")),
        "/2": page(),
    }
    await look(url=server.url())
    assert [asked.headers.get("cookie") for asked in server.asked] == [None, "sid=1; a=b=c", "sid=2"]


async def test_cookies_that_are_over_or_for_tls_alone_are_not_sent(server: PageServer) -> None:
    cookies = (
        "Set-Cookie: secure=1; Secure",
        "Set-Cookie: old=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "Set-Cookie: odd=1; Expires=whenever",
        "Set-Cookie: big=" + "x" * 5000,
    )
    server.pages |= {"/": redirect("/1", headers=cookies), "/1": page()}
    await look(url=server.url())
    assert server.asked[1].headers.get("cookie") == "odd=1"


async def test_cookies_are_forgotten_between_looks(server: PageServer) -> None:
    server.pages |= {"/": redirect("/1", headers=("Set-Cookie: sid=1",)), "/1": page()}
    await look(url=server.url())
    await look(url=server.url())
    assert server.asked[2].headers.get("cookie") is None


KEYS = {
    "X-Ws-Signature": "k",
    "X-Session": "s",
    "Accept": "application/json",
    "User-Agent": "probe",
    "X-Plain": "p",
}


async def test_headers_named_like_keys_stay_at_the_configured_origin(
    server: PageServer, other: PageServer
) -> None:
    server.pages |= {"/": redirect("/again"), "/again": redirect(other.url())}
    other.pages["/"] = redirect(server.url("/back"))
    server.pages["/back"] = page()
    seen = await look(url=server.url(), headers={**KEYS, "Host": "app.example"})
    assert seen.reason == "ok"
    for asked in server.asked:
        assert (asked.headers["x-ws-signature"], asked.headers["x-session"]) == ("k", "s")
        assert asked.headers["host"] == "app.example"
    (elsewhere,) = other.asked
    assert "x-ws-signature" not in elsewhere.headers
    assert "x-session" not in elsewhere.headers
    assert elsewhere.headers["host"] == f"127.0.0.1:{other.port}"
    assert (elsewhere.headers["accept"], elsewhere.headers["x-plain"]) == ("application/json", "p")


async def test_cookies_of_one_host_are_not_sent_to_another(server: PageServer) -> None:
    async with PageServer("127.0.0.2") as elsewhere:
        server.pages["/"] = redirect(elsewhere.url(), headers=("Set-Cookie: sid=1",))
        await look(url=server.url())
        assert "cookie" not in elsewhere.asked[0].headers


async def test_a_name_that_changes_its_answer_between_hops_gains_nothing(server: PageServer) -> None:
    server.pages |= {"/": redirect("/again"), "/again": page()}
    names = Names(flips_example=["127.0.0.1", "169.254.169.254"])
    seen = await look(url=f"http://flips.example:{server.port}/", env=Env(resolver=names))
    assert (seen.reason, seen.address) == ("ok", "127.0.0.1")


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "::ffff:169.254.169.254", "224.0.0.1"])
async def test_a_name_that_leads_to_a_denied_address_is_down_when_a_redirect_named_it(
    server: PageServer, address: str
) -> None:
    names = Names(evil_example=[address])
    server.pages["/"] = redirect("http://evil.example/")
    seen = await look(url=server.url(), env=Env(resolver=names))
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "address_denied")
    assert seen.params["address"] == address
    seen = await look(url="http://evil.example/", env=Env(resolver=names))
    assert (seen.verdict, seen.reason) == (Verdict.UNKNOWN, "address_denied")


async def test_a_redirect_from_https_to_http_fails_where_tls_is_required(server: PageServer) -> None:
    seen = await look(url=server.url(), require_tls=True)
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "tls_required")
    assert seen.params == {"seen": server.url()}
    assert server.asked == []


async def test_a_redirect_to_a_name_that_does_not_exist_says_which(server: PageServer) -> None:
    server.pages["/"] = redirect("http://gone.example/")
    seen = await look(url=server.url(), env=Env(resolver=Names()))
    assert (seen.reason, seen.params["name"]) == ("dns_nxdomain", "gone.example")
    assert hops(seen) == [(server.url(), 302, "http://gone.example/")]
