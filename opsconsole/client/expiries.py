"""Everything that ends by itself on some day, in one list: certificates, domains, papers, evidence."""

from datetime import date, datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query

ExpiryKind = Literal[
    "tls", "domain", "hosting", "agreement", "decree", "certificate", "document", "bimtek", "evidence"
]
"""A TLS certificate, the registration of a domain, a contract of hosting, an agreement (PKS, MoU), a decree
(SK), another certificate (such as that of a TTIS), another document, Bimtek, other evidence of people."""


class Expiry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that ends. ``day`` is its last day in the office's zone, ``left`` in how many days.

    ``name`` is that of the application or of the paper, or the code of the evidence; ``number`` the paper's.
    ``who`` must act: the name of a person, of an OPD, or empty for this office; ``person``
    is the id of whom evidence is about.
    """

    kind: ExpiryKind
    day: date
    left: int
    name: str
    number: str = ""
    application: str = ""
    opd: str = ""
    opd_short: str = ""
    person: str = ""
    who: str = ""


class ExpiriesPage(msgspec.Struct, frozen=True, kw_only=True):
    """What ended or ends within ``days`` of ``today``, the first first; ``over`` of them have ended."""

    at: datetime
    today: date
    days: int
    expiries: tuple[Expiry, ...] = ()
    over: int = 0


class AskExpiries(Query[ExpiriesPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has ended and is still there, and what ends within ``days``; ``opd`` narrows it."""

    days: int = 90
    opd: str = ""
