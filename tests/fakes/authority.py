"""A certificate authority that issues whatever a test wants, sound or not."""

import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


def now() -> datetime:
    """The present, to the second, as certificates hold it."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key and those that vouch for it, nearest first, the root left out."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def server_context(self) -> ssl.SSLContext:
        """A context that presents the certificate and those above it."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in self.above)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile() as file:
            file.write(key + self.pem + chain)
            file.flush()
            context.load_cert_chain(file.name)
        return context


def issue(
    *names: str,
    by: Issued | None = None,
    common_name: str = "test",
    begins: datetime | None = None,
    ends: datetime | None = None,
    authority: bool = False,
) -> Issued:
    """A certificate for host names and addresses: self-signed without ``by``, without a SAN for no names."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now() - 30 * DAY)
        .not_valid_after(ends or now() + 365 * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_general(name) for name in names]), False
        )
    certificate = builder.sign(by.key if by else key, hashes.SHA256())
    is_below_root = by is None or by.certificate.issuer == by.certificate.subject
    above = () if by is None or is_below_root else (by.certificate, *by.above)
    return Issued(certificate, key, above)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def root(ends: datetime | None = None) -> Issued:
    """An authority of its own."""
    return issue(common_name="Test Root", ends=ends, authority=True)


def ca_file(folder: Path, *authorities: Issued) -> str:
    """A PEM file of authorities; its path."""
    path = folder / "authorities.pem"
    path.write_bytes(b"".join(authority.pem for authority in authorities))
    return str(path)
