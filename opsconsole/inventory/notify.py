"""``notify.toml``: channels, who is told of what and when, and the sign of life that the console gives."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from opsconsole.base.text import _
from opsconsole.inventory.fields import Email, Id, Line
from probes.auth import FRAMING, TOKEN
from probes.http_spec import JsonRule, Status, check_url
from probes.secrets import SecretRef
from probes.spec import Duration, Host, Port, Strict, parse_duration

# As long as an attempt may take: a third of what it is leased for.
MOST_SECONDS = 10.0
# What a template may name; a webhook's own ``secrets`` come on top.
PLACEHOLDERS = (
    *("text", "subject", "to", "key", "event", "incident", "number", "severity"),
    *("application", "name", "opd", "since", "office"),
)
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Headers that show who we are: their value is a secret, and a secret never stands in a file.
_SECRET_HEADER = re.compile(
    r"(proxy-)?authorization|cookie2?|x-auth|.*(-|^)(api)?(token|key)|.*(secret|passw|credential).*",
    re.IGNORECASE,
)
_CHOSEN_HOST = re.compile(r"[^/]*//[^/?#]*\{")


def placeholders_in(template: str) -> Iterator[str]:
    """The names of the placeholders in a template, as they come."""
    return (found[1] for found in _PLACEHOLDER.finditer(template))


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders replaced, each once: what a value holds is no placeholder."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def _known(template: str, *more: str) -> str:
    """The template as given. Raises ValueError for a placeholder that nothing fills."""
    for name in placeholders_in(template):
        if name not in PLACEHOLDERS and name not in more:
            allowed = ", ".join(f"{{{one}}}" for one in (*more, *PLACEHOLDERS))
            raise ValueError(
                _("nothing fills {name}; want one of {allowed}").format(name=f"{{{name}}}", allowed=allowed)
            )
    return template


def _no_lines(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError(_("want one line without control characters"))
    return text


def _short(seconds: float) -> float:
    if seconds > MOST_SECONDS:
        raise ValueError(_("want at most {most}").format(most=f"{MOST_SECONDS:g}s"))
    return seconds


def _long_enough(seconds: float) -> float:
    if seconds < 86_400.0:
        raise ValueError(_("want at least {n}").format(n="1d"))
    return seconds


Template = Annotated[str, Field(max_length=4000), AfterValidator(_known)]
LineTemplate = Annotated[Template, Field(max_length=500), AfterValidator(_no_lines)]
Recipient = Annotated[Line, AfterValidator(_no_lines)]
Delay = Annotated[
    float,
    BeforeValidator(parse_duration),
    Field(json_schema_extra={"type": "string", "pattern": r"^\d+(\.\d+)?(ms|s|m|h|d)$"}),
]
Timeout = Annotated[Duration, AfterValidator(_short)]
SecretName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


def _wanted_email(value: str) -> str:
    if not value or not value.isascii() or any(char in "<>\r\n" for char in value):
        raise ValueError(_('want an address such as "rina@sukamaju.example"'))
    return value


Mail = Annotated[Email, AfterValidator(_wanted_email)]


class Smtp(Strict):
    """A mail server. ``auth`` refers to ``user:password``; ``ca_file`` is relative to the office's folder."""

    name: Id
    kind: Literal["smtp"] = "smtp"
    host: Host
    port: Port = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: str = ""
    auth: SecretRef | None = None
    sender: Mail = Field(alias="from")
    to: Annotated[list[Mail], Field(min_length=1)]
    subject: LineTemplate = "{subject}"
    body: Template = "{text}"
    timeout: Timeout = 10.0

    @model_validator(mode="after")
    def _sealed(self) -> Any:
        if self.auth and self.tls == "none":
            raise ValueError(
                "tls: " + _('want "starttls" or "tls" beside auth: a password is not sent in the open')
            )
        return self

    @property
    def refs(self) -> Mapping[str, str]:
        """The references to secrets, by the keys that name them."""
        return {"auth": self.auth} if self.auth else {}


class _Web(Strict):
    """An address with its headers; ``secrets`` are references, which templates name as {name}."""

    url: Annotated[str, Field(max_length=4096)]
    headers: dict[str, str] = {}
    secrets: dict[SecretName, SecretRef] = {}
    ca_file: str = ""
    timeout: Timeout = 10.0

    @field_validator("secrets")
    @classmethod
    def _free_names(cls, value: dict[str, str]) -> Any:
        for name in value:
            if name in PLACEHOLDERS:
                raise ValueError(_("{name} is a placeholder already: choose another name").format(name=name))
        return value

    @model_validator(mode="after")
    def _address(self) -> Any:
        _keyed("url", lambda: _known(self.url, *self.secrets))
        if _CHOSEN_HOST.match(self.url):
            raise ValueError("url: " + _("want the host written out: no placeholder may choose it"))
        _keyed("url", lambda: check_url(_PLACEHOLDER.sub("x", self.url)))
        for name, text in self.headers.items():
            _keyed("headers", lambda name=name, text=text: self._check_header(name, text))
        return self

    def _check_header(self, name: str, text: str) -> None:
        if not TOKEN.fullmatch(name) or FRAMING.fullmatch(name) or name.lower() == "host":
            raise ValueError(_("{name} is no header that can be given").format(name=repr(name)))
        _known(_no_lines(text), *self.secrets)
        if not text.isascii():
            raise ValueError(_("the value of {name} may hold only ASCII characters").format(name=name))
        if _SECRET_HEADER.fullmatch(name) and not set(placeholders_in(text)) & set(self.secrets):
            raise ValueError(
                _(
                    "{name} carries a secret, and secrets are never values in a file; write "
                    'secrets = {{ token = "keyring:SERVICE/USER" }} and {name} = "{{token}}"'
                ).format(name=name)
            )

    @property
    def refs(self) -> Mapping[str, str]:
        """The references to secrets, by the keys that name them."""
        return {f"secrets.{name}": ref for name, ref in self.secrets.items()}


class Webhook(_Web):
    """An address that takes messages, with exactly one of ``json``, ``form`` and ``text`` as its body.

    Placeholders in texts are escaped for the body they stand in. ``answer`` is a JMESPath expression over
    the answer that must give true, for gateways that answer 200 to what they did not take.
    """

    name: Id
    kind: Literal["webhook"] = "webhook"
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    to: list[Recipient] = []
    json_body: dict[str, Any] | None = Field(default=None, alias="json")
    form: dict[str, str] | None = None
    text: Annotated[str, Field(max_length=4000)] | None = None
    status: Annotated[list[Status], Field(min_length=1)] = ["200-299"]
    answer: JsonRule | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Any:
        if (self.json_body, self.form, self.text).count(None) != 2:
            raise ValueError("json: " + _("want exactly one of json, form and text as the body"))
        for key, body in (("json", self.json_body), ("form", self.form), ("text", self.text)):
            for template in _texts(body):
                _keyed(key, lambda template=template: _known(template, *self.secrets))
        return self


class Heartbeat(_Web):
    """An address that is called each minute: whoever misses the call knows that nobody watches any more."""

    method: Literal["GET", "HEAD", "POST"] = "GET"


Severity = Literal["critical", "high", "medium", "low"]


class Rule(Strict):
    """Who is told of incidents of some severities, in which shifts, after how long without an answer.

    ``shifts`` are names of shifts in calendar.toml, empty: at any time. ``to`` stands in the place of the
    channels' own recipients. ``repeat``: again so often until somebody answers, at most ``times`` times.
    """

    name: Id
    severities: Annotated[list[Severity], Field(min_length=1)]
    channels: Annotated[list[str], Field(min_length=1)]
    to: list[Recipient] = []
    shifts: list[str] = []
    after: Delay = 0.0
    repeat: Duration | None = None
    times: Annotated[int, Field(ge=1, le=50)] = 3


class Digest(Strict):
    """More than ``over`` messages within a minute for one recipient become one, one each ``every``.

    With something critical among them the next one leaves ``urgent`` after the last.
    """

    over: Annotated[int, Field(ge=1, le=1000)] = 5
    every: Duration = 60.0
    urgent: Duration = 5.0


class Kept(Strict):
    """``keep``: how long messages stay that have left or were called off, once it is over."""

    keep: Annotated[Duration, AfterValidator(_long_enough)] = 90 * 86_400.0


class NotifyFile(Strict):
    """``notify.toml``."""

    # Each is checked on its own against the model of its kind.
    channels: list[dict[str, Any]] = []
    rules: list[Rule] = []
    digest: Digest = Field(default_factory=Digest)
    outbox: Kept = Field(default_factory=Kept)
    heartbeat: Heartbeat | None = None


Channel = Smtp | Webhook
CHANNELS: Mapping[str, type[Smtp] | type[Webhook]] = {"smtp": Smtp, "webhook": Webhook}


@dataclass(frozen=True, slots=True)
class Notify:
    """What an office's file says, checked: channels by their names, rules in the order of the file."""

    channels: Mapping[str, Channel] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    digest: Digest = field(default_factory=Digest)
    heartbeat: Heartbeat | None = None
    outbox: Kept = field(default_factory=Kept)


def _texts(body: object) -> Iterator[str]:
    match body:
        case str():
            yield body
        case dict():
            for value in body.values():
                yield from _texts(value)
        case list():
            for value in body:
                yield from _texts(value)


def _keyed(key: str, check: Any) -> None:
    """Run a check; what it raises names the key."""
    try:
        check()
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None
