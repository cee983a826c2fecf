"""The client's own certificate: one PEM with its key, put into a TLS context without touching a disk."""

import os
import re
import ssl

_CERTIFICATE = "-----BEGIN CERTIFICATE-----"
_KEY = re.compile(r"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----")
_ENCRYPTED = re.compile(r"-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED", re.MULTILINE)


class PemError(ValueError):
    """A PEM can not be used; ``why`` is a code of `probes.secret_faults.FAULTS`."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


def load_client_cert(context: ssl.SSLContext, pem: str) -> None:
    """Have ``context`` present the certificate of ``pem``. Raises PemError."""
    if _ENCRYPTED.search(pem):
        raise PemError("pem_encrypted")
    if _CERTIFICATE not in pem or not _KEY.search(pem):
        raise PemError("pem_form")
    # OpenSSL reads it from a file alone: this one has no name and is gone when it is closed.
    memory = os.memfd_create("client-cert", os.MFD_CLOEXEC)
    try:
        os.write(memory, pem.encode())
        # A passphrase is never asked for on a terminal.
        context.load_cert_chain(f"/proc/self/fd/{memory}", password=lambda: b"")
    except ssl.SSLError as error:
        raise PemError("pem_mismatch" if error.reason == "KEY_VALUES_MISMATCH" else "pem_form") from None
    finally:
        os.close(memory)
