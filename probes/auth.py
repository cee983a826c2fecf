"""``auth = {…}`` of an http probe: one header, whose value is a secret."""

import base64
import re
from typing import Any

from pydantic import model_validator

from probes.arming import Need
from probes.secrets import Secret, SecretFault, SecretRef
from probes.spec import Strict

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# RFC 9110 says what these do to the message itself: the transport alone may set them.
FRAMING = re.compile(
    r"connection|content-length|expect|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade",
    re.IGNORECASE,
)
_TAKEN = re.compile(rf"host|{FRAMING.pattern}", re.IGNORECASE)


class AuthSpec(Strict):
    """How we show who we are; exactly one of ``bearer``, ``basic`` and ``header`` with its ``value``.

    Each is a reference; what ``basic`` refers to is ``user:password``.
    """

    bearer: SecretRef | None = None
    basic: SecretRef | None = None
    header: str = ""
    value: SecretRef | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Any:
        if (self.bearer, self.basic, self.header or self.value).count(None) != 2:
            raise ValueError(
                'want one of { bearer = "…" }, { basic = "…" } and { header = "X-Api-Key", value = "…" }'
            )
        if self.header and (not TOKEN.fullmatch(self.header) or _TAKEN.fullmatch(self.header)):
            raise ValueError("header: want the name of a header, such as X-Api-Key")
        if self.value and not self.header:
            raise ValueError("header: missing beside value; want the name of a header, such as X-Api-Key")
        if self.header and not self.value:
            raise ValueError("value: missing beside header; want a reference to the secret that it carries")
        return self

    @property
    def name(self) -> str:
        """The header that carries the secret."""
        return self.header or "Authorization"

    @property
    def need(self) -> Need:
        """The key of the one form that is given, and its reference."""
        for key, ref in (("bearer", self.bearer), ("basic", self.basic), ("value", self.value)):
            if ref:
                return Need(f"auth.{key}", ref)
        raise AssertionError("checked to have one form")

    def header_value(self, secret: Secret) -> bytes:
        """What is sent. Raises SecretFault when the secret can not be sent so."""
        text = secret.reveal()
        if _CONTROL.search(text):
            raise SecretFault(secret.ref, "header_characters")
        if self.basic:
            if ":" not in text:
                raise SecretFault(secret.ref, "basic_form")
            return b"Basic " + base64.b64encode(text.encode())
        try:
            sent = text.encode("latin-1")
        except UnicodeEncodeError:
            raise SecretFault(secret.ref, "header_characters") from None
        return b"Bearer " + sent if self.bearer else sent
