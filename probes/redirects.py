"""Where a redirect leads and what the next request carries there."""

import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx

from probes.failure import LookError
from probes.http_spec import PORTS, has_sound_port
from probes.text import safe_text

FOLLOWED = frozenset((301, 302, 303, 307, 308))
_BECOMES_GET = frozenset((301, 302, 303))
_BODY_HEADERS = frozenset((b"content-length", b"content-type", b"content-encoding", b"content-language"))
# A header so named may be a credential: it is for the configured origin alone.
_KEY_LIKE = re.compile(rb"auth|cookie|key|token|secret|session|credential|signature|passw", re.IGNORECASE)
_USERINFO = re.compile(r"//[^/?#]*@")
# In a query or a fragment; sandi and kunci are Indonesian for password and key.
_SECRET_VALUE = re.compile(
    r"([?&;#][^=&;#]*(?:token|key|secret|pass|pwd|sandi|kunci|sig|session|auth|credential|jwt|otp)[^=&;#]*=)"
    r"[^&;#]+",
    re.IGNORECASE,
)
# A blank or a control character: encoded, as browsers do it.
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f]")
_MAX_COOKIES = 50
_MAX_COOKIE_BYTES = 4096
_MAX_LOCATION = 8192

Origin = tuple[str, str, int]


def origin_of(url: httpx.URL) -> Origin:
    """Scheme, host and port."""
    return url.scheme, url.host, url.port or PORTS[url.scheme]


def shown_url(url: httpx.URL | str) -> str:
    """An address as it may be stored: without a user name, and what looks like a secret in it masked."""
    text = _USERINFO.sub("//", str(url), count=1)
    return safe_text(_SECRET_VALUE.sub(r"\1***", text), 300)


def location_of(response: httpx.Response) -> str | None:
    """The address a response redirects to as it was sent, None when it is no redirect."""
    if response.status_code not in FOLLOWED:
        return None
    values: list[str] = response.headers.get_list("location")
    return values[0] if values else None


def redirected_url(base: httpx.URL, location: str) -> httpx.URL:
    """Where ``location`` leads from ``base``. Raises LookError ``redirect_invalid``."""
    text = _NOT_IN_URLS.sub(lambda char: f"%{ord(char[0]):02X}", location.strip())
    try:
        # With a scheme but no host, joining would take the host of the page that redirects.
        given = httpx.URL(text)
        url = base.join(given)
        usable = url.scheme in PORTS and has_sound_port(url) and bool(given.host or not given.scheme)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        usable = False
    if not usable or not text or len(text) > _MAX_LOCATION:
        raise LookError("redirect_invalid", seen=shown_url(location) or "-")
    return url.copy_with(userinfo=b"", fragment=None)


class Redirector:
    """Makes the next request of a look; ``wall`` gives seconds since the epoch.

    ``secret_header`` (lower case) carries a secret and is for the first request's origin alone, whatever it
    is called. Cookies live as long as the look and go to the host that set them.
    """

    def __init__(self, first: httpx.Request, wall: Callable[[], float], secret_header: bytes = b""):
        self._first = first
        self._secret_header = secret_header
        self._wall = wall
        self._origin = origin_of(first.url)
        self._cookies: dict[str, dict[str, tuple[str, bool]]] = {}

    def next_request(self, request: httpx.Request, response: httpx.Response, url: httpx.URL) -> httpx.Request:
        """The request for ``url``, where ``response`` to ``request`` led (RFC 9110, section 15.4)."""
        self._keep_cookies(request.url, response)
        method = _next_method(request.method, response.status_code)
        keeps_body = method == request.method and bool(request.content)
        same_origin = origin_of(url) == self._origin
        headers = []
        for name, value in self._first.headers.raw:
            lower = name.lower()
            if lower in _BODY_HEADERS and not keeps_body:
                continue
            if not same_origin and self._is_for_origin(lower):
                continue
            headers.append((name, value))
        cookies = self._cookies_for(url)
        if cookies:
            headers.append((b"Cookie", cookies.encode("ascii")))
        content = request.content if keeps_body else None
        return httpx.Request(method, url, headers=headers, content=content)

    def _is_for_origin(self, name: bytes) -> bool:
        return name in (b"host", self._secret_header) or _KEY_LIKE.search(name) is not None

    def _keep_cookies(self, url: httpx.URL, response: httpx.Response) -> None:
        jar = self._cookies.setdefault(url.host, {})
        for line in response.headers.get_list("set-cookie"):
            pair, _, rest = line.partition(";")
            name, value = _halves(pair)
            if "=" not in pair or not name or len(pair) > _MAX_COOKIE_BYTES or not pair.isprintable():
                continue
            attributes = {key.lower(): text for key, text in map(_halves, rest.split(";"))}
            if _is_over(attributes, self._wall()):
                jar.pop(name, None)
            elif len(jar) < _MAX_COOKIES:
                jar[name] = (value, "secure" in attributes)

    def _cookies_for(self, url: httpx.URL) -> str:
        kept = self._cookies.get(url.host, {})
        text = "; ".join(
            f"{name}={value}" for name, (value, secure) in kept.items() if not secure or url.scheme == "https"
        )
        return text if len(text) <= _MAX_COOKIE_BYTES * 4 and text.isascii() else ""


def _halves(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _next_method(method: str, status: int) -> str:
    if status == 303 and method != "HEAD":
        return "GET"
    return "GET" if method == "POST" and status in _BECOMES_GET else method


def _is_over(attributes: dict[str, str], now: float) -> bool:
    """Whether a cookie is to be forgotten; Max-Age goes before Expires (RFC 6265, section 4.1.2)."""
    if "max-age" in attributes:
        return attributes["max-age"].startswith("-") or attributes["max-age"] == "0"
    try:
        return parsedate_to_datetime(attributes["expires"]).timestamp() < now
    except (KeyError, ValueError, TypeError, OverflowError):
        return False
