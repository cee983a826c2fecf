"""What the certificates of a connection say: read once for each chain, not once for each look."""

import functools
import hashlib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from probes.observation import TlsFacts
from probes.text import safe_text

_DER = 2  # _ssl.ENCODING_DER


@dataclass(frozen=True, slots=True)
class Certificates:
    """A chain, leaf first. Times are seconds since the epoch, None when there is no readable certificate.

    ``expires`` is the earliest end of the chain and ``life`` how many seconds that certificate lives in
    all; ``begins`` is the latest beginning. ``names`` are the leaf's host names as one text.
    """

    facts: TlsFacts
    expires: float | None = None
    life: float = 0.0
    begins: float | None = None
    names: str = ""


def certificates_of(tls: ssl.SSLObject, *, verified: bool) -> Certificates:
    """The verified chain, or the presented one when it was not (successfully) verified."""
    return _read(_chain(tls, verified), tls.version() or "", verified)


def _chain(tls: ssl.SSLObject, verified: bool) -> tuple[bytes, ...]:
    """The chain's DER. Before Python 3.13 only the private object below gives it."""
    asked: Any = tls if sys.version_info >= (3, 13) else vars(tls)["_sslobj"]
    shown = asked.get_verified_chain() if verified else asked.get_unverified_chain()
    if sys.version_info >= (3, 13):
        return tuple(shown)
    return tuple(certificate.public_bytes(_DER) for certificate in shown or ())


@functools.lru_cache(maxsize=2048)
def _read(chain: tuple[bytes, ...], version: str, verified: bool) -> Certificates:
    parsed = [certificate for certificate in map(_parse, chain) if certificate is not None]
    if not parsed or parsed[0].der != chain[0]:
        return Certificates(TlsFacts(version=version, verified=verified))
    leaf, earliest = parsed[0], min(parsed, key=lambda certificate: certificate.not_after)
    facts = TlsFacts(
        version=version,
        verified=verified,
        fingerprint=hashlib.sha256(leaf.der).hexdigest(),
        leaf_expires_at=leaf.not_after,
        chain_expires_at=earliest.not_after,
        issuer=leaf.issuer,
        subject=leaf.subject,
    )
    return Certificates(
        facts,
        earliest.not_after.timestamp(),
        (earliest.not_after - earliest.not_before).total_seconds(),
        max(certificate.not_before for certificate in parsed).timestamp(),
        leaf.names,
    )


@dataclass(frozen=True, slots=True)
class _Certificate:
    der: bytes
    not_before: datetime
    not_after: datetime
    issuer: str
    subject: str
    names: str


def _parse(der: bytes) -> _Certificate | None:
    """What we read of one certificate; None when it is so malformed that its dates can not be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, TypeError, OverflowError):
        return None
    return _Certificate(
        der,
        begins,
        ends,
        _name(lambda: certificate.issuer),
        _name(lambda: certificate.subject),
        _names(certificate),
    )


def _name(read: Callable[[], x509.Name]) -> str:
    try:
        return safe_text(read().rfc4514_string(), 200)
    except (ValueError, TypeError):
        return ""


def _names(certificate: x509.Certificate) -> str:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError, TypeError):
        return ""
    names = [*extension.value.get_values_for_type(x509.DNSName)]
    names += [str(address) for address in extension.value.get_values_for_type(x509.IPAddress)]
    return safe_text(", ".join(names), 120)
