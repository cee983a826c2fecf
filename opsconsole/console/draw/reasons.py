"""Reasons in words: the whole sentence, or a few words for a narrow column."""

import re
from collections.abc import Mapping
from datetime import datetime

from opsconsole.base.text import N_, _, reason_text, translate
from opsconsole.client.shapes import Application, State
from opsconsole.console.draw.view import View
from probes.observation import Param

# What the sentences of `probes.reasons` come down to in about 22 cells; the others are short already.
_SHORT: Mapping[str, str] = {
    "slow": N_("slow {seen} > {want}"),
    "cert_expiring": N_("cert: {seen} d left"),
    "dns_nxdomain": N_("no such name in DNS"),
    "dns_timeout": N_("DNS: no answer"),
    "dns_failed": N_("DNS: {seen}"),
    "dns_no_address": N_("name has no address"),
    "address_denied": N_("address not allowed"),
    "connect_refused": N_("connection refused"),
    "connect_timeout": N_("no connection in {want}"),
    "connect_unreachable": N_("no route"),
    "connection_reset": N_("connection reset"),
    "tls_expired": N_("cert expired {seen}"),
    "tls_not_yet_valid": N_("cert from {seen}"),
    "tls_hostname": N_("cert is for {seen}"),
    "tls_untrusted": N_("cert not trusted"),
    "tls_client_cert": N_("our cert was refused"),
    "tls_timeout": N_("TLS: not in {want}"),
    "tls_failed": N_("TLS: {seen}"),
    "tls_required": N_("not encrypted"),
    "no_response": N_("closed, no answer"),
    "response_malformed": N_("malformed answer"),
    "response_truncated": N_("answer broke off"),
    "response_too_large": N_("answer over {want}"),
    "redirect_limit": N_("over {want} redirects"),
    "redirect_invalid": N_("bad redirect"),
    "status_unexpected": N_("{seen}, want {want}"),
    "header_unexpected": N_("{name}: {seen}"),
    "body_unexpected": N_("page: {seen}"),
    "json_unexpected": N_("JSON: {seen}"),
    "script_unexpected": N_("said: {seen}"),
    "starttls_failed": N_("STARTTLS failed"),
    "dns_rcode": N_("DNS: {seen}"),
    "dns_no_answer": N_("DNS: no record"),
    "dns_unexpected": N_("DNS: unexpected answer"),
    "dns_malformed": N_("DNS: malformed answer"),
    "ping_loss": N_("{seen} lost"),
    "ping_not_permitted": N_("may not ping"),
    "credential_missing": N_("a secret is missing"),
    "unreachable": N_("via {via}"),
    "maint": N_("until {until} {by}: {why}"),
    "offline": N_("we were offline"),
    "unconfirmed": N_("waits for self-check"),
    "mass_failure": N_("with most hosts"),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def shown_params(params: Mapping[str, Param], view: View) -> dict[str, Param]:
    """The parameters with moments in the office's own time."""
    return {name: _shown(value, view) for name, value in params.items()}


def _shown(value: Param, view: View) -> Param:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return view.at(datetime.fromisoformat(value))
    return value


def reason_line(code: str, params: Mapping[str, Param], view: View, *, short: bool = False) -> str:
    """A reason as a sentence, or in a few words where there are any for it."""
    shown = shown_params(params, view)
    return translate(_SHORT[code], shown) if short and code in _SHORT else reason_text(code, shown)


def why_text(row: Application, view: View, *, short: bool = False) -> str:
    """Why a row is as it is, how far a failure is from being confirmed, and whether it flaps."""
    if row.state is State.UP and row.reason == "ok":
        return ""
    text = reason_line(row.reason, row.params, view, short=short)
    if not row.hard and row.attempts:
        text = f"{row.attempt}/{row.attempts} {text}"
    if not row.flapping:
        return text
    return (_("flaps: {why}") if short else _("flapping: {why}")).format(why=text)
