"""Offices written for one test."""

from collections.abc import Callable
from pathlib import Path

MakeOffice = Callable[..., Path]

SETTINGS = '[office]\nname = "Kominfo Kota Uji"\n'
OPD = """\
code = "DINKES"
name = "Dinas Kesehatan"
short = "Dinkes"

[[applications]]
id = "simpus"
name = "SIM Puskesmas"

[[applications.probes]]
kind = "http"
url = "http://127.20.2.1:8080/"
"""


def opd(code: str, *keys: str, applications: tuple[str, ...] = ()) -> str:
    """The file of an agency; each of ``applications`` is the keys of one after its name."""
    head = "\n".join([f'code = "{code}"', f'name = "Dinas {code}"', f'short = "{code}"', *keys])
    return "\n".join([head, *(f'[[applications]]\nname = "A"\n{one}' for one in applications)]) + "\n"
