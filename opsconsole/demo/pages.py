"""What the city's servers say: small pages in Indonesian, as an agency's would be, and JSON for machines."""

import html
import json

from opsconsole.demo.plan import Page
from opsconsole.demo.story import Fault, Ill

_PAGE = """<!doctype html>
<html lang="id">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<header><p>Pemerintah Kota &middot; {owner}</p><h1>{title}</h1></header>
<main>{main}</main>
<footer><p>&copy; {owner}. Pusat bantuan: loket layanan, Senin sampai Jumat 08.00-15.00 WIB.</p></footer>
</body>
</html>
"""
_WELCOME = """<p>Selamat datang di layanan {title}. Silakan masuk untuk mengajukan permohonan atau
memantau berkas Anda.</p>
<nav><ul><li><a href="/">Beranda</a></li><li><a href="/layanan">Layanan</a></li>
<li><a href="/berita">Berita</a></li><li><a href="/kontak">Kontak</a></li></ul></nav>
<form><label>Nama pengguna <input name="pengguna"></label>
<label>Kata sandi <input type="password" name="sandi"></label><button>Masuk</button></form>"""
_MAINTENANCE = """<h2>Mohon maaf</h2><p>Situs sedang dalam perbaikan. Layanan akan kembali normal
secepatnya. Terima kasih atas kesabaran Anda.</p>"""
_FAILED = "<h2>{status} {phrase}</h2><p>Layanan sementara tidak dapat diakses.</p>"

_PHRASES = {
    200: "OK",
    401: "Unauthorized",
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


def answer(page: Page | None, fault: Fault | None) -> bytes:
    """A whole HTTP/1.1 response for a page, or for none (404), spoiled by ``fault`` if it is of that sort."""
    if page is None:
        return _response(404, "text/plain; charset=utf-8", b"tidak ditemukan\n")
    ill = fault.ill if fault else None
    status = int(fault.value) if fault and ill is Ill.STATUS else 200
    if ill is Ill.MAINTENANCE:
        return _response(200, "text/html; charset=utf-8", _html(page, _MAINTENANCE))
    if page.form == "json":
        body = _health(page, failed=ill in (Ill.UNHEALTHY, Ill.STATUS))
        return _response(status, "application/json", body)
    if status != 200 or ill is Ill.UNHEALTHY:
        status = status if status != 200 else 500
        main = _FAILED.format(status=status, phrase=_PHRASES.get(status, "Error"))
        return _response(status, "text/html; charset=utf-8", _html(page, main))
    return _response(
        200, "text/html; charset=utf-8", _html(page, _WELCOME.format(title=html.escape(page.title)))
    )


def refusal() -> bytes:
    """A whole response for who did not show that they may see the page."""
    return _response(401, "application/json", b'{"status": "error", "error": "unauthorized"}')


def _html(page: Page, main: str) -> bytes:
    title, owner = html.escape(page.title), html.escape(page.owner)
    return _PAGE.format(title=title, owner=owner, main=main).encode()


def _health(page: Page, *, failed: bool) -> bytes:
    state = "error" if failed else "ok"
    nodes = [{"name": "node-1", "status": "ok"}, {"name": "node-2", "status": state}]
    return json.dumps({"status": state, "service": page.title, "database": state, "nodes": nodes}).encode()


def _response(status: int, content_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {_PHRASES.get(status, 'Error')}\r\nServer: nginx\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
