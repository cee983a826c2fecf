"""The closed list of reasons: one word for each layer and cause.

A reason is what is stored and compared; its template is the English sentence, filled with the
observation's parameters. Numbers are what the store keeps: they never change and are never reused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from probes.observation import Param, Verdict
from probes.secret_faults import FAULTS
from probes.text import N_

Phase = Literal["resolve", "connect", "tls", "send", "wait", "receive", ""]


@dataclass(frozen=True, slots=True)
class Reason:
    """One way a look can end; ``phase`` is where it happened, empty for none in particular."""

    number: int
    code: str
    verdict: Verdict
    phase: Phase
    template: str


_UP, _DEGRADED, _DOWN, _UNKNOWN = Verdict.UP, Verdict.DEGRADED, Verdict.DOWN, Verdict.UNKNOWN

REASONS: tuple[Reason, ...] = (
    Reason(1, "ok", _UP, "", N_("answered as expected")),
    Reason(2, "slow", _DEGRADED, "wait", N_("took {seen}, more than {want}")),
    Reason(
        3, "cert_expiring", _DEGRADED, "tls", N_("certificate expires in {seen} d, want at least {want} d")
    ),
    Reason(10, "dns_nxdomain", _DOWN, "resolve", N_("the name {name} does not exist")),
    Reason(11, "dns_timeout", _DOWN, "resolve", N_("no answer from DNS for {name} in {want}")),
    Reason(12, "dns_failed", _DOWN, "resolve", N_("DNS failed for {name}: {seen}")),
    Reason(13, "dns_no_address", _DOWN, "resolve", N_("{name} has no address of the wanted family")),
    Reason(14, "address_denied", _UNKNOWN, "connect", N_("address {address} is not allowed ({rule})")),
    Reason(20, "connect_refused", _DOWN, "connect", N_("connection refused by {address}")),
    Reason(21, "connect_timeout", _DOWN, "connect", N_("no connection to {address} in {want}")),
    Reason(22, "connect_unreachable", _DOWN, "connect", N_("no route to {address}")),
    Reason(23, "connection_reset", _DOWN, "wait", N_("connection reset by {address}")),
    Reason(30, "tls_expired", _DOWN, "tls", N_("certificate expired on {seen}")),
    Reason(31, "tls_not_yet_valid", _DOWN, "tls", N_("certificate is not valid before {seen}")),
    Reason(32, "tls_hostname", _DOWN, "tls", N_("certificate is for {seen}, not for {want}")),
    Reason(33, "tls_untrusted", _DOWN, "tls", N_("certificate is not trusted: {seen}")),
    Reason(34, "tls_client_cert", _DOWN, "tls", N_("the server refused our client certificate: {seen}")),
    Reason(35, "tls_timeout", _DOWN, "tls", N_("TLS did not finish in {want}")),
    Reason(36, "tls_failed", _DOWN, "tls", N_("TLS failed: {seen}")),
    Reason(37, "tls_required", _DOWN, "tls", N_("{seen} is not encrypted, TLS is required")),
    Reason(40, "no_response", _DOWN, "wait", N_("connection closed without an answer")),
    Reason(41, "response_timeout", _DOWN, "wait", N_("no answer in {want}")),
    Reason(42, "response_malformed", _DOWN, "receive", N_("the answer is malformed: {seen}")),
    Reason(43, "response_truncated", _DOWN, "receive", N_("the answer broke off after {seen} bytes")),
    Reason(44, "response_too_large", _DOWN, "receive", N_("the answer is larger than {want}")),
    Reason(45, "deadline", _DOWN, "receive", N_("not finished in {want}")),
    Reason(50, "redirect_limit", _DOWN, "wait", N_("more than {want} redirects")),
    Reason(51, "redirect_invalid", _DOWN, "wait", N_("redirected to {seen}, which cannot be followed")),
    Reason(52, "status_unexpected", _DOWN, "wait", N_("status {seen}, want {want}")),
    Reason(53, "header_unexpected", _DOWN, "wait", N_("header {name} is {seen}, want {want}")),
    Reason(54, "body_unexpected", _DOWN, "receive", N_("body: {want}; seen {seen}")),
    Reason(55, "json_unexpected", _DOWN, "receive", N_("JSON: {want}; seen {seen}")),
    Reason(56, "content_cloaked", _DOWN, "receive", N_("crawlers are shown another page: {seen}")),
    Reason(57, "second_look_failed", _DEGRADED, "receive", N_("the second look failed: {seen}")),
    Reason(60, "script_unexpected", _DOWN, "receive", N_("want {want}; seen {seen}")),
    Reason(61, "starttls_failed", _DOWN, "tls", N_("STARTTLS failed: {seen}")),
    Reason(70, "dns_rcode", _DOWN, "receive", N_("DNS answered {seen}, want {want}")),
    Reason(71, "dns_no_answer", _DOWN, "receive", N_("DNS answered without a record")),
    Reason(72, "dns_unexpected", _DOWN, "receive", N_("DNS {name}: {want}; seen {seen}")),
    Reason(73, "dns_malformed", _DOWN, "receive", N_("the DNS answer is malformed: {seen}")),
    Reason(80, "ping_loss", _DOWN, "wait", N_("{seen} of packets lost, at most {want} allowed")),
    Reason(
        81,
        "ping_not_permitted",
        _UNKNOWN,
        "",
        N_("this account may not ping ({seen}); let its group in, or give it CAP_NET_RAW"),
    ),
    Reason(90, "credential_missing", _UNKNOWN, "", N_("the secret {name} is missing or locked")),
    Reason(91, "internal_error", _UNKNOWN, "", N_("our own error: {seen}")),
)

BY_CODE: dict[str, Reason] = {reason.code: reason for reason in REASONS}
BY_NUMBER: dict[int, Reason] = {reason.number: reason for reason in REASONS}


# How ``want`` words a rule over a header or the body: it must match, it must not.
MUST, MUST_NOT = "=~", "!~"


class _Missing(dict[str, Param]):
    def __missing__(self, key: str) -> str:
        return "?"


def fill(template: str, params: dict[str, Param]) -> str:
    """Fill a template; a parameter that is absent shows as ``?`` rather than as an error."""
    return template.format_map(_Missing(params))


def template_of(code: str, params: Mapping[str, Param]) -> str:
    """The English template for a reason; a secret that is missing says more exactly why."""
    fault = FAULTS.get(str(params.get("why"))) if code == "credential_missing" else None
    return fault.what if fault else BY_CODE[code].template


def sentence(code: str, params: dict[str, Param]) -> str:
    """The English sentence for a reason."""
    return fill(template_of(code, params), params)
