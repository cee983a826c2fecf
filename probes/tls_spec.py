"""The ``tls = {…}`` section, the same for every kind that speaks TLS."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from probes.spec import Strict, check_host

ServerName = Annotated[str, AfterValidator(lambda name: name and check_host(name))]


class TlsSpec(Strict):
    """How TLS is spoken and what is asked of the certificate.

    ``ca_file`` is a PEM that stands in the place of the system's authorities, relative to the file that
    names it. ``min_days`` left out means 14, or a third of the certificate's whole life where that is less.
    """

    verify: bool = True
    ca_file: str = ""
    server_name: ServerName = ""
    min_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    min_version: Literal["1.0", "1.1", "1.2", "1.3"] = "1.2"
