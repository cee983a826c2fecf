"""What benchmarks look at: a small page over HTTP and verified HTTPS, by nginx where it is installed.

Without nginx a server of our own stands in, in a process of its own.
"""

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme

PAGE = "<html><body>thirty-five</body></html>"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
_NGINX_CONF = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type text/html;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{http} backlog=2048; location / {{ return 200 '{page}'; }} }}
  server {{ listen 127.0.0.1:{https} ssl backlog=2048; ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.pem; ssl_session_cache off; location / {{ return 200 '{page}'; }} }}
}}
"""


@dataclass(frozen=True)
class Targets:
    """Where the page is, which authority vouches for it, and who serves it."""

    http: str
    https: str
    ca_file: Path
    server: str


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, seconds: float = 10) -> None:
    """Until something listens there."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens on ``port`` for as long as the block lasts."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def targets(folder: Path, core: int | None = None) -> Iterator[Targets]:
    """Serve the page, from processor ``core`` alone when one is given."""
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    leaf = authority.issue_cert("localhost", "127.0.0.1", key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    http, https = free_port(), free_port()
    if NGINX:
        conf = folder / "nginx.conf"
        conf.write_text(_NGINX_CONF.format(folder=folder, http=http, https=https, page=PAGE))
        command = [NGINX, "-c", str(conf), "-p", str(folder)]
    else:
        command = [sys.executable, __file__, str(http), str(https), str(folder / "server.pem")]
    if core is not None and shutil.which("taskset"):
        command = ["taskset", "-c", str(core), *command]
    with running(command, https):
        yield Targets(
            f"http://127.0.0.1:{http}/",
            f"https://127.0.0.1:{https}/",
            folder / "ca.pem",
            "nginx" if NGINX else "asyncio",
        )


async def _serve(http: int, https: int, pem: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n"
    answer = f"{head}Connection: close\r\n\r\n{PAGE}".encode()

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    plain = await asyncio.start_server(answer_once, "127.0.0.1", http, backlog=2048)
    await asyncio.start_server(answer_once, "127.0.0.1", https, backlog=2048, ssl=context)
    await plain.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
