"""An ``http`` probe made ready once: the request, the rules, the TLS context."""

import functools
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import httpx

from probes.arming import Arming, Need
from probes.http_spec import PORTS, HttpSpec
from probes.judge import Rules
from probes.redirects import origin_of, shown_url
from probes.secrets import Secret
from probes.spec import format_duration
from probes.text import safe_text
from probes.tls import tls_context
from probes.transport import route

_ALPN = ("http/1.1",)
USER_AGENT = "opsconsole (availability probe)"
_DEFAULTS = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True, slots=True, eq=False)
class HttpTarget:
    """An address made ready to be fetched. ``within`` words the time limit.

    ``context`` is for TLS anywhere, ``own_context`` for TLS with the configured origin.
    """

    spec: HttpSpec
    label: str
    host_key: str
    request: httpx.Request
    rules: Rules
    context: Callable[[], ssl.SSLContext]
    own_context: Callable[[], ssl.SSLContext]
    within: str
    arming: Arming | None = None
    kind: Literal["http"] = "http"

    def server_name_for(self, url: httpx.URL) -> str:
        """The name to ask for in place of the host's own: given ones hold for the configured origin alone."""
        return self.spec.tls.server_name if self._is_own(url) else ""

    def context_for(self, url: httpx.URL) -> ssl.SSLContext:
        """The TLS context for an address: our certificate is shown to the configured origin alone."""
        return self.own_context() if self._is_own(url) else self.context()

    @property
    def secret_header(self) -> bytes:
        """The name of the header that carries a secret, in lower case."""
        return self.spec.auth.name.lower().encode() if self.spec.auth else b""

    def _is_own(self, url: httpx.URL) -> bool:
        return url is self.request.url or origin_of(url) == origin_of(self.request.url)


def http_target(spec: HttpSpec, folder: Path) -> HttpTarget:
    """Make a spec ready; ``folder`` is what the files it names are relative to. Raises TargetError."""
    url = httpx.URL(spec.url).copy_with(fragment=None)
    stranger = spec.tls.model_copy(update={"client_cert": ""})
    context = functools.cache(lambda: tls_context(stranger, folder, alpn=_ALPN))
    if url.scheme == "https" or spec.tls.ca_file:
        context()
    own: Callable[[], ssl.SSLContext] = context
    if spec.tls.client_cert and not spec.tls.client_ref:
        # A certificate that can not be used is told at once, not at the first look.
        with_cert = tls_context(spec.tls, folder, alpn=_ALPN)
        own = lambda: with_cert  # noqa: E731
    host = f"[{url.host}]" if ":" in url.host else url.host
    target = HttpTarget(
        spec,
        shown_url(spec.url),
        safe_text(f"{host}:{url.port or PORTS[url.scheme]}".lower()),
        _request(spec, url),
        Rules(spec),
        context,
        own,
        format_duration(spec.timeout),
    )
    needs = _needs(spec)
    return replace(target, arming=Arming(needs, partial(_armed, target, folder))) if needs else target


def _needs(spec: HttpSpec) -> tuple[Need, ...]:
    needs = (spec.auth.need,) if spec.auth else ()
    return (*needs, Need("tls.client_cert", spec.tls.client_ref)) if spec.tls.client_ref else needs


def _armed(target: HttpTarget, folder: Path, values: Mapping[str, Secret]) -> HttpTarget:
    """The target with its secrets in it. Raises SecretFault."""
    spec, request, own = target.spec, target.request, target.own_context
    if spec.auth:
        sent = spec.auth.header_value(values[spec.auth.need.ref])
        request = _request(spec, request.url, (spec.auth.name.encode(), sent))
    if spec.tls.client_ref:
        context = tls_context(spec.tls, folder, alpn=_ALPN, client=values[spec.tls.client_ref])
        own = lambda: context  # noqa: E731
    return replace(target, request=request, own_context=own, arming=None)


def _request(spec: HttpSpec, url: httpx.URL, secret: tuple[bytes, bytes] | None = None) -> httpx.Request:
    given = {name.lower() for name in spec.headers} | {spec.auth.name.lower() if spec.auth else ""}
    texts = {name: text for name, text in _DEFAULTS.items() if name.lower() not in given} | spec.headers
    headers = [(name.encode(), text.encode()) for name, text in texts.items()]
    if secret:
        headers.append(secret)
    request = httpx.Request(spec.method, url, headers=headers, content=spec.body.encode() or None)
    route(request, spec.tls.server_name)
    return request
