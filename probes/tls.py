"""TLS contexts: few, shared, and alike on every Python; and why a handshake failed."""

import functools
import ssl
import warnings
from datetime import UTC, datetime
from pathlib import Path

from probes.certificates import Certificates, certificates_of
from probes.client_cert import PemError, load_client_cert
from probes.failure import LookError
from probes.reasons import fill
from probes.secret_faults import FAULTS
from probes.secrets import Secret, SecretFault
from probes.target import TargetError
from probes.text import safe_text
from probes.tls_spec import TlsSpec

_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_NOT_YET_VALID, _EXPIRED, _HOSTNAMES = 9, 10, (62, 64)
# What a server says that wanted a certificate of ours (RFC 8446, section 6.2, by OpenSSL's names).
_CLIENT_CERT_ALERTS = (
    "ALERT_CERTIFICATE_REQUIRED",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_CERTIFICATE_REVOKED",
    "ALERT_CERTIFICATE_EXPIRED",
    "ALERT_CERTIFICATE_UNKNOWN",
    "ALERT_UNKNOWN_CA",
    "ALERT_ACCESS_DENIED",
)


def tls_context(
    spec: TlsSpec, folder: Path, *, alpn: tuple[str, ...] = (), client: Secret | None = None
) -> ssl.SSLContext:
    """The context for a ``tls`` section; ``folder`` is what the files it names are relative to.

    Equal sections share one context: the system's authorities take megabytes. ``client`` is what
    ``client_cert`` refers to. Raises TargetError, and SecretFault where ``client`` is of no use.
    """
    authorities = _read_authorities(folder / Path(spec.ca_file).expanduser()) if spec.ca_file else None
    pem = client.reveal() if client else ""
    if spec.client_cert and not spec.client_ref:
        pem = _read("tls.client_cert", folder / Path(spec.client_cert).expanduser())
    try:
        shared = (spec.verify, authorities, spec.min_version, alpn)
        return _client_context(*shared, pem) if pem else _context(*shared)
    except ssl.SSLError as error:
        raise TargetError(
            "tls.ca_file", f"{spec.ca_file} holds a certificate that can not be read"
        ) from error
    except PemError as error:
        if client:
            raise SecretFault(client.ref, error.why) from None
        what = fill(FAULTS[error.why].what, {"name": spec.client_cert})
        raise TargetError("tls.client_cert", f"{what}; {FAULTS[error.why].remedy}") from None


def _read(key: str, path: Path) -> str:
    try:
        return path.read_text("ascii", errors="ignore")
    except OSError as error:
        raise TargetError(key, f"can not read {path}: {error.strerror}") from error


def _read_authorities(path: Path) -> str:
    text = _read("tls.ca_file", path)
    # An empty file must not be taken for none: then the system's authorities would count.
    if "-----BEGIN" not in text:
        raise TargetError("tls.ca_file", f"want a PEM file of certificates, which {path} is not")
    return text


@functools.lru_cache(maxsize=64)
def _client_context(
    verify: bool, authorities: str | None, min_version: str, alpn: tuple[str, ...], pem: str
) -> ssl.SSLContext:
    context = _make_context(verify, authorities, min_version, alpn)
    load_client_cert(context, pem)
    return context


@functools.lru_cache(maxsize=256)
def _context(
    verify: bool, authorities: str | None, min_version: str, alpn: tuple[str, ...]
) -> ssl.SSLContext:
    return _make_context(verify, authorities, min_version, alpn)


def _make_context(
    verify: bool, authorities: str | None, min_version: str, alpn: tuple[str, ...]
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # A common name alone is no host name: RFC 9525, section 2.
    context.hostname_checks_common_name = False
    context.options |= ssl.OP_NO_RENEGOTIATION
    if min_version in ("1.0", "1.1"):
        # OpenSSL 3 speaks these only at security level 0.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        # Whoever asks for an old version has a server that knows no other.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = _VERSIONS[min_version]
    if alpn:
        context.set_alpn_protocols(list(alpn))
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif authorities is not None:
        context.load_verify_locations(cadata=authorities)
        # An office may trust an authority below a root that it does not know.
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    else:
        context.load_default_certs()
    return context


def tls_failure(error: ssl.SSLError, tls: ssl.SSLObject, wanted: str) -> LookError:
    """Why TLS with ``tls`` failed; ``wanted`` is the name that the certificate should be for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _verification_failure(error, certificates_of(tls, verified=False), wanted)
    said = (error.reason or str(error)).replace("_", " ").lower()
    if any(alert in (error.reason or "") for alert in _CLIENT_CERT_ALERTS):
        return LookError("tls_client_cert", seen=safe_text(said, 100))
    return LookError("tls_failed", seen=safe_text(said, 100))


def _verification_failure(error: ssl.SSLCertVerificationError, shown: Certificates, wanted: str) -> LookError:
    code = error.verify_code
    if code == _EXPIRED:
        return LookError("tls_expired", seen=_day(shown.expires))
    if code == _NOT_YET_VALID:
        return LookError("tls_not_yet_valid", seen=_day(shown.begins))
    if code in _HOSTNAMES:
        return LookError("tls_hostname", seen=shown.names or "no host name", want=wanted)
    return LookError("tls_untrusted", seen=safe_text(error.verify_message, 100))


def _day(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds is not None else "?"
