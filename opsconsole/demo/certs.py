"""Certificates made on the spot: one authority for the demo and one leaf for each host.

Keys are ECDSA P-256: a hundred of them and their signatures take a fraction of a second. The
authority's key is never written down, so nobody can sign with it once the demo has started.
"""

import os
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from opsconsole.demo.plan import Certificates, Leaf

# A leaf's life in days before and after now. Two weeks is what probes warn at unless told otherwise
# (`min_days`), so a leaf that is expiring has less and a good one clearly more.
_EXPIRING = (84, 6)
_EXPIRED = (93, -3)
_SHORTEST_LEFT, _LONGEST_LEFT = 40, 320


def make_certificates(folder: Path, leaves: Iterable[tuple[str, Leaf]], now: datetime) -> Certificates:
    """Write the authority and every wanted (address, leaf) below ``folder``, which must not exist yet.

    ``now`` is aware; every date follows from it. Files are readable by their owner alone.
    """
    folder.mkdir(mode=0o700, parents=True)
    made = Certificates(folder)
    authority = _Authority(now)
    made.ca_file.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    for address, leaf in leaves:
        _write_private(made.leaf_file(address, leaf), authority.sign(address, *_dates(address, leaf, now)))
    return made


def _dates(address: str, leaf: Leaf, now: datetime) -> tuple[datetime, datetime]:
    if leaf is Leaf.GOOD:
        spread = zlib.crc32(address.encode()) % (_LONGEST_LEFT - _SHORTEST_LEFT)
        before, left = 30, _SHORTEST_LEFT + spread
    else:
        before, left = _EXPIRING if leaf is Leaf.EXPIRING else _EXPIRED
    return now - timedelta(days=before), now + timedelta(days=left)


class _Authority:
    """The demo's own certificate authority, valid around every leaf it signs."""

    def __init__(self, now: datetime) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "opsconsole demo"),
                x509.NameAttribute(NameOID.COMMON_NAME, "opsconsole demo CA"),
            ]
        )
        self._key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        builder = _builder(self._name, self._name, self._key.public_key())
        self.certificate = (
            builder.not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(self._key_id, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def sign(self, address: str, begins: datetime, ends: datetime) -> bytes:
        """A leaf for an IP address with a key of its own, both as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        # Python 3.13 verifies strictly: identifiers and usages are asked for, not only the dates.
        certificate = (
            _builder(name, self._name, key.public_key())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._key_id), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return certificate.public_bytes(Encoding.PEM) + private


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    return builder.public_key(key).serial_number(x509.random_serial_number())


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_private(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
