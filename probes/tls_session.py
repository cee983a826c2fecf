"""TLS in memory: what the socket brought goes in, what it must take comes out."""

import ssl

from probes.certificates import Certificates, certificates_of
from probes.tls import tls_failure

# The size of a TLS record: what one read from OpenSSL can give (RFC 8446, section 5.1).
_RECORD_BYTES = 16 * 1024


class TlsSession:
    """The client's side of one connection; ``name`` is what the certificate must be for.

    Its methods raise LookError with a ``tls_*`` reason. ``outgoing`` holds what is to be sent after each
    of them, a failed one too.
    """

    __slots__ = ("_incoming", "_name", "_tls", "_verified", "outgoing")

    def __init__(self, context: ssl.SSLContext, name: str):
        self.outgoing = ssl.MemoryBIO()
        self._incoming = ssl.MemoryBIO()
        self._name = name
        self._verified = False
        # As bytes: a text would be sent through the idna codec each time.
        self._tls = context.wrap_bio(self._incoming, self.outgoing, False, name.encode("ascii"))

    def shake_hands(self) -> bool:
        """Go on with the handshake; True when it is done."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            raise tls_failure(error, self._tls, self._name) from None
        self._verified = self._tls.context.verify_mode is ssl.CERT_REQUIRED
        return True

    def take(self, data: bytes) -> None:
        """Take what the socket brought."""
        self._incoming.write(data)

    def read(self) -> bytes | None:
        """The next plain bytes; None when more must come first, nothing when the peer said farewell."""
        try:
            return self._tls.read(_RECORD_BYTES)
        except ssl.SSLWantReadError:
            return None
        except ssl.SSLError as error:
            raise tls_failure(error, self._tls, self._name) from None

    def write(self, data: bytes) -> None:
        """Encrypt for ``outgoing``."""
        self._tls.write(data)

    def certificates(self) -> Certificates | None:
        """What the peer showed, as far as the handshake came; None when that was nothing."""
        shown = certificates_of(self._tls, verified=self._verified)
        return shown if shown.facts.fingerprint or self._verified else None
