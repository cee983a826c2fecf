"""The certificates: a client that trusts the authority judges every leaf as it should."""

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from opsconsole.demo.certs import make_certificates
from opsconsole.demo.plan import Certificates, Leaf

HOST = "127.20.9.9"
NOW = datetime.now(UTC)


@pytest.fixture
def made(tmp_path: Path) -> Certificates:
    return make_certificates(tmp_path / "certs", [(HOST, leaf) for leaf in Leaf], NOW)


def handshake(made: Certificates, leaf: Leaf, name: str = HOST) -> None:
    """A real handshake between a server with that leaf and a strict client. Raises ssl.SSLError."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(made.leaf_file(HOST, leaf))
    client_context = ssl.create_default_context(cafile=str(made.ca_file))
    client_context.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server_context.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    server = threading.Thread(target=serve)
    server.start()
    try:
        with client_context.wrap_socket(ours, server_hostname=name):
            pass
    finally:
        ours.close()
        server.join()


def left(made: Certificates, leaf: Leaf) -> timedelta:
    certificate = x509.load_pem_x509_certificate(made.leaf_file(HOST, leaf).read_bytes())
    return certificate.not_valid_after_utc - NOW


@pytest.mark.parametrize("leaf", [Leaf.GOOD, Leaf.EXPIRING])
def test_a_leaf_that_is_still_valid_passes_strict_verification(made: Certificates, leaf: Leaf) -> None:
    handshake(made, leaf)


def test_an_expired_leaf_is_refused_as_expired(made: Certificates) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"):
        handshake(made, Leaf.EXPIRED)


def test_a_leaf_holds_for_its_own_address_alone(made: Certificates) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        handshake(made, Leaf.GOOD, name="127.20.9.10")


def test_only_the_expiring_leaf_lies_within_the_days_that_probes_warn_at(made: Certificates) -> None:
    assert timedelta(0) < left(made, Leaf.EXPIRING) < timedelta(days=14) < left(made, Leaf.GOOD)
    assert left(made, Leaf.EXPIRED) < timedelta(0)


def test_keys_are_readable_by_their_owner_alone_and_the_authority_keeps_its_own(made: Certificates) -> None:
    for path in made.folder.glob("*.pem"):
        has_key = b"PRIVATE KEY" in path.read_bytes()
        assert has_key == (path != made.ca_file)
        if has_key:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_two_demos_do_not_trust_each_other(tmp_path: Path, made: Certificates) -> None:
    other = make_certificates(tmp_path / "other", [(HOST, Leaf.GOOD)], NOW)
    mixed = Certificates(tmp_path / "mixed")
    mixed.folder.mkdir()
    mixed.ca_file.write_bytes(other.ca_file.read_bytes())
    mixed.leaf_file(HOST, Leaf.GOOD).write_bytes(made.leaf_file(HOST, Leaf.GOOD).read_bytes())
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate"):
        handshake(mixed, Leaf.GOOD)
