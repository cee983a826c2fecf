"""A server that gives everything away: what it is sent comes back in page, title, headers and addresses."""

import html
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import quote

FILLER = "selamat datang di layanan kota " * 9


class EchoServer:
    """``heard`` are the headers of each request. Use it as a context.

    ``/fail`` answers 500, ``/redirect`` leads to an address with the secret in it, ``/cut`` writes so much
    before it that an excerpt breaks off inside it.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        self.heard: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.heard))
        self._server.daemon_threads = True
        self._server.socket = tls.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"https://127.0.0.1:{self._server.server_address[1]}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(heard: list[dict[str, str]]) -> type[BaseHTTPRequestHandler]:
    class Echo(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            sent = {name.lower(): value for name, value in self.headers.items()}
            heard.append(sent)
            secret = sent.get("authorization", "").split(" ")[-1] or sent.get("x-kunci", "")
            path = self.path.split("?")[0]
            self.send_response({"/fail": 500, "/redirect": 302}.get(path, 200))
            if path == "/redirect":
                self.send_header("Location", f"/ok/{quote(secret)}?q={quote(secret, safe='')}")
            filler = FILLER if path == "/cut" else ""
            shown = "".join(f"<p>{filler}{html.escape(value)}: {name}</p>" for name, value in sent.items())
            body = f"<title>{html.escape(secret)}</title>{filler}{secret}{shown}".encode()
            self.send_header("Content-Type", f"text/html; charset=utf-8; echo={secret}")
            self.send_header("X-Echo", secret)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: it would be the one to leak."""

    return Echo
