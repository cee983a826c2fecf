"""What ends by itself, in words."""

from collections.abc import Mapping

from opsconsole.base.text import N_, _, ngettext, translate
from opsconsole.client.expiries import Expiry, ExpiryKind
from opsconsole.console.draw import readiness
from opsconsole.console.draw.lines import printable

KINDS: Mapping[ExpiryKind, str] = {
    "tls": N_("TLS certificate"),
    "domain": N_("domain"),
    "hosting": N_("hosting"),
    "agreement": N_("agreement"),
    "decree": N_("decree"),
    "certificate": N_("certificate"),
    "document": N_("document"),
    "bimtek": N_("Bimtek"),
    "evidence": N_("evidence"),
}


def kind_text(kind: ExpiryKind) -> str:
    """What sort of thing ends."""
    return translate(KINDS[kind])


def name_text(one: Expiry) -> str:
    """What it is called: the application or the paper with its number, what the evidence is of."""
    name = evidence_text(one.name) if one.person else printable(one.name)
    return f"{name} ({printable(one.number)})" if one.number else name


def evidence_text(code: str) -> str:
    """A kind of evidence: its code, or what a need that has none is called."""
    return code if code.isupper() else readiness.of(readiness.NEEDS, code)


def left_text(days: int) -> str:
    """How long there is, or how long it is over."""
    if days < 0:
        return ngettext("over for {n} day", "over for {n} days", -days).format(n=-days)
    return _("today") if not days else ngettext("{n} day", "{n} days", days).format(n=days)


def who_text(one: Expiry) -> str:
    """Who must act."""
    return printable(one.who) or _("this office")
