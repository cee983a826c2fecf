"""The keys of an ``http`` probe, checked."""

import re
from typing import Annotated, Any, Literal

import httpx
import jmespath
import jmespath.exceptions
from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from probes.auth import FRAMING, TOKEN, AuthSpec
from probes.spec import SIZE_SCHEMA, Pattern, ProbeSpec, Strict, parse_size
from probes.tls_spec import TlsSpec

_STATUS = re.compile(r"([1-9]\d\d)(?:\s*-\s*([1-9]\d\d))?")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_SECRET = re.compile(
    r"(proxy-)?authorization|cookie2?|x-auth|.*(-|^)(api)?(token|key)|.*(secret|passw|credential).*",
    re.IGNORECASE,
)
PORTS = {"http": 80, "https": 443}
MAX_BODY = 64 * 1024 * 1024


def status_range(text: str) -> tuple[int, int]:
    """The lowest and highest status of ``200`` or ``200-299``. Raises ValueError for anything else."""
    match = _STATUS.fullmatch(text)
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if low > high:
        raise ValueError('want a status or a range, such as "200" or "200-299"')
    return low, high


def _check_status(value: object) -> object:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise ValueError('want a status or a range, such as "200" or "200-299"')
    status_range(text)
    return text


def has_sound_port(url: httpx.URL) -> bool:
    """Whether the port that an address names, if any, is one."""
    return url.port is None or 0 < url.port <= 65535


def check_url(text: str) -> str:
    """The address as given. Raises ValueError, saying what to write instead."""
    if _CONTROL.search(text):
        raise ValueError("want an address without blanks or control characters; write a blank as %20")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError(f"not an address: {error}") from error
    if url.scheme not in PORTS:
        raise ValueError("want an address that begins with http:// or https://")
    if not url.host:
        raise ValueError("want an address with a host name or an IP address")
    if url.userinfo:
        raise ValueError("a user name or password can not stand in an address: secrets are never values")
    if not has_sound_port(url):
        raise ValueError("want a port from 1 to 65535")
    return text


def _check_json(text: str) -> str:
    try:
        jmespath.compile(text)
    except jmespath.exceptions.JMESPathError as error:
        raise ValueError(f"not a JMESPath expression: {str(error).splitlines()[0]}") from error
    return text


def _body_size(value: object) -> int:
    size = parse_size(value)
    if not 0 < size <= MAX_BODY:
        raise ValueError("want a size from 1B to 64MiB")
    return size


def _optional_size(value: object) -> int:
    return 0 if value == "" else _body_size(value)


Status = Annotated[
    str, BeforeValidator(_check_status), Field(json_schema_extra={"pattern": r"^[1-9]\d\d(-[1-9]\d\d)?$"})
]
Url = Annotated[str, AfterValidator(check_url), Field(max_length=4096, json_schema_extra={"format": "uri"})]
JsonRule = Annotated[str, AfterValidator(_check_json)]
BodySize = Annotated[int, BeforeValidator(_body_size), Field(json_schema_extra=SIZE_SCHEMA)]
OptionalSize = Annotated[int, BeforeValidator(_optional_size), Field(json_schema_extra=SIZE_SCHEMA)]


def is_secret_header(name: str) -> bool:
    """Whether a header of this name carries a secret, which can not stand in a file."""
    return _SECRET.fullmatch(name) is not None


def _auth(name: str) -> str:
    """What to write in the place of a header that carries a secret."""
    if name.lower() == "authorization":
        return 'write auth = { bearer = "keyring:SERVICE/USER" } or { basic = … }'
    return f'write auth = {{ header = "{name}", value = "keyring:SERVICE/USER" }}'


class HeaderRule(Strict):
    """A pattern over a header's values; ``allow_missing`` lets an answer without the header pass."""

    name: str
    pattern: Pattern
    allow_missing: bool = False

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        if not TOKEN.fullmatch(value):
            raise ValueError("want the name of a header, such as Content-Type")
        return value


class HttpSpec(ProbeSpec):
    """One address to fetch and what its answer must be like. ``body_limit`` 0 (``""`` in a file) is none."""

    kind: Literal["http"] = "http"
    url: Url
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = "GET"
    headers: dict[str, str] = {}
    auth: AuthSpec | None = None
    body: str = ""
    status: Annotated[list[Status], Field(min_length=1)] = ["200-299"]
    follow_redirects: bool = True
    max_redirects: Annotated[int, Field(ge=0, le=50)] = 10
    body_must_match: list[Pattern] = []
    body_must_not_match: list[Pattern] = []
    header_must_match: list[HeaderRule] = []
    header_must_not_match: list[HeaderRule] = []
    json_rules: list[JsonRule] = Field(default=[], alias="json")
    body_read: BodySize = 256 * 1024
    body_limit: OptionalSize = 0
    tls: TlsSpec = TlsSpec()
    require_tls: bool = False

    @field_validator("headers")
    @classmethod
    def _headers(cls, value: dict[str, str]) -> Any:
        for name, text in value.items():
            if not TOKEN.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of a header")
            if is_secret_header(name):
                raise ValueError(
                    f"{name} carries a secret, and secrets are never values in a file; {_auth(name)}"
                )
            if FRAMING.fullmatch(name):
                raise ValueError(f"{name} is set by the probe itself and can not be given")
            if not text.isascii() or any(char < " " or char == "\x7f" for char in text):
                raise ValueError(f"the value of {name} may hold only printable ASCII characters")
        return value

    @model_validator(mode="after")
    def _no_header_twice(self) -> Any:
        name = self.auth.name.lower() if self.auth else ""
        if name in (given.lower() for given in self.headers):
            raise ValueError(f"headers: {name} is set by auth and can not be given twice")
        return self
