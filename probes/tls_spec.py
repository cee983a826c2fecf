"""The ``tls = {…}`` section, the same for every kind that speaks TLS."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from probes.secrets import WANTED, check_reference, is_reference
from probes.spec import Strict, check_host

ServerName = Annotated[str, AfterValidator(lambda name: name and check_host(name))]


class TlsSpec(Strict):
    """How TLS is spoken and what is asked of the certificate.

    ``ca_file`` is a PEM that stands in the place of the system's authorities, relative to the file that
    names it. ``client_cert`` is one PEM of a certificate of ours with its key: a file, likewise relative,
    or a reference to a secret. ``min_days`` left out means 14, or a third of the certificate's whole life
    where that is less.
    """

    verify: bool = True
    ca_file: str = ""
    client_cert: str = ""
    server_name: ServerName = ""
    min_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    min_version: Literal["1.0", "1.1", "1.2", "1.3"] = "1.2"

    @field_validator("client_cert")
    @classmethod
    def _client_cert(cls, value: str) -> str:
        if is_reference(value):
            return check_reference(value)
        if "\n" in value or "-----" in value:
            raise ValueError(f"want the path of a PEM file, or {WANTED.removeprefix('want ')}")
        return value

    @property
    def client_ref(self) -> str:
        """The reference to the client's certificate, empty where it is a file or none."""
        return self.client_cert if is_reference(self.client_cert) else ""
