"""An ``http`` probe made ready once: the request, the rules, the TLS context."""

import functools
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx

from probes.http_spec import PORTS, HttpSpec
from probes.judge import Rules
from probes.redirects import origin_of
from probes.spec import format_duration
from probes.text import safe_text
from probes.tls import tls_context
from probes.transport import route

USER_AGENT = "opsconsole (availability probe)"
_DEFAULTS = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True, slots=True, eq=False)
class HttpTarget:
    """An address made ready to be fetched. ``within`` words the time limit."""

    spec: HttpSpec
    label: str
    host_key: str
    request: httpx.Request
    rules: Rules
    context: Callable[[], ssl.SSLContext]
    within: str
    kind: Literal["http"] = "http"

    def server_name_for(self, url: httpx.URL) -> str:
        """The name to ask for in place of the host's own: given ones hold for the configured origin alone."""
        return self.spec.tls.server_name if origin_of(url) == origin_of(self.request.url) else ""


def http_target(spec: HttpSpec, folder: Path) -> HttpTarget:
    """Make a spec ready; ``folder`` is what the files it names are relative to. Raises TargetError."""
    url = httpx.URL(spec.url).copy_with(fragment=None)
    context = functools.cache(lambda: tls_context(spec.tls, folder, alpn=("http/1.1",)))
    if url.scheme == "https" or spec.tls.ca_file:
        context()
    given = {name.lower() for name in spec.headers}
    headers = {name: text for name, text in _DEFAULTS.items() if name.lower() not in given} | spec.headers
    request = httpx.Request(spec.method, url, headers=headers, content=spec.body.encode() or None)
    route(request, spec.tls.server_name)
    host = f"[{url.host}]" if ":" in url.host else url.host
    return HttpTarget(
        spec,
        safe_text(spec.url),
        safe_text(f"{host}:{url.port or PORTS[url.scheme]}".lower()),
        request,
        Rules(spec),
        context,
        format_duration(spec.timeout),
    )
