"""The change stream as an answer: NDJSON that ends when the client leaves, loses its role, or we stop."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from opsconsole.api.port import Subscription
from opsconsole.client.shapes import PROTOCOL, PROTOCOL_HEADER

_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/x-ndjson"),
        (PROTOCOL_HEADER.encode(), str(PROTOCOL).encode()),
    ],
}


class ChangeStream:
    """An ASGI answer that sends what a subscription yields.

    ``allowed`` is asked before each piece, so that a role that was taken away ends the stream by the
    next heartbeat. A slow reader holds up only itself: its queue in the hub is bounded.
    """

    def __init__(self, subscription: Subscription, allowed: Callable[[], Awaitable[bool]]) -> None:
        self._subscription = subscription
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until one side ends it."""
        leaving = asyncio.create_task(self._close_when_gone(receive))
        try:
            await send(_START)
            async for chunk in self._subscription:
                if not await self._allowed():
                    break
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            self._subscription.close()

    async def _close_when_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._subscription.close()
