"""One look's way from the configured address to the final response, redirects included."""

import httpx

from probes.answer import Answer, answer_of
from probes.dial import Dialer
from probes.env import Env
from probes.failure import LookError
from probes.http_target import HttpTarget
from probes.observation import Redirect
from probes.redirects import Redirector, location_of, redirected_url, shown_url
from probes.stopwatch import Stopwatch
from probes.transport import LookTransport, route


class Fetch:
    """Used once. ``redirects`` are the hops that were followed so far."""

    __slots__ = ("_env", "_limit", "_redirector", "_target", "redirects", "transport")

    def __init__(self, target: HttpTarget, deadline: float, env: Env):
        spec, watch = target.spec, Stopwatch()
        dialer = Dialer(env, watch, spec.ip_family, deadline, target.within)
        self._target = target
        self._limit = max(spec.body_read, spec.body_limit)
        self._env = env
        self._redirector: Redirector | None = None
        self.redirects: tuple[Redirect, ...] = ()
        self.transport = LookTransport(dialer, watch, deadline, target.context_for, self._limit)

    async def run(self) -> Answer:
        """The final answer. Raises LookError."""
        request = self._target.request
        while True:
            response = await self._send(request)
            reader = self.transport.reader
            location = location_of(response) if self._target.spec.follow_redirects else None
            if location is None or reader is None:
                break
            request = self._redirected(request, response, location)
        assert reader is not None, "a response was read by a reader"
        return answer_of(response, reader, self._limit)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        if self._target.spec.require_tls and request.url.scheme != "https":
            raise LookError("tls_required", seen=shown_url(request.url))
        return await self.transport.handle_async_request(request)

    def _redirected(self, request: httpx.Request, response: httpx.Response, location: str) -> httpx.Request:
        most = self._target.spec.max_redirects
        if len(self.redirects) >= most:
            raise LookError("redirect_limit", want=most)
        url = redirected_url(request.url, location)
        seconds = self.transport.watch.seconds - sum(hop.duration_ms for hop in self.redirects) / 1000
        hop = Redirect(
            shown_url(request.url), response.status_code, shown_url(location), round(seconds * 1000, 3)
        )
        self.redirects += (hop,)
        self._redirector = self._redirector or Redirector(
            self._target.request, self._env.wall, self._target.secret_header
        )
        following = self._redirector.next_request(request, response, url)
        route(following, self._target.server_name_for(url))
        return following
