"""What every kind of probe shares in its configured form, and the types its keys are made of.

Durations are ``500ms``, ``10s``, ``5m``, ``24h``, ``30d`` and come out as seconds; sizes are ``100B``,
``256KiB``, ``1MiB`` and come out as bytes. Patterns are RE2: no pattern can stop the engine.
"""

import ipaddress
import re
from contextlib import suppress
from typing import Annotated, Any, Literal

import re2
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST = 366 * 86400.0
_SIZE = re.compile(r"([0-9]+)(B|KiB|MiB)")
_BYTES = {"B": 1, "KiB": 1024, "MiB": 1024 * 1024}
_HOST_NAME = re.compile(
    r"(?=.{1,253}\.?$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?"
)


def parse_duration(value: object) -> float:
    """Seconds from a duration such as ``10s``. Raises ValueError for anything else."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('want a duration such as "500ms", "10s", "5m", "24h" or "30d"')
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > _LONGEST:
        raise ValueError("want at most 366d")
    return seconds


def parse_size(value: object) -> int:
    """Bytes from a size such as ``256KiB``. Raises ValueError for anything else."""
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('want a size such as "100B", "256KiB" or "1MiB"')
    return int(match[1]) * _BYTES[match[2]]


def format_duration(seconds: float) -> str:
    """The shortest text that `parse_duration` reads back, to the millisecond."""
    for unit in ("d", "h", "m", "s"):
        amount = seconds / _SECONDS[unit]
        if amount >= 1 and abs(amount - round(amount, 1)) < 1e-9:
            return f"{amount:.1f}".removesuffix(".0") + unit
    return f"{seconds * 1000:.0f}ms" if seconds < 1 else f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"


def format_size(count: int) -> str:
    """The shortest text that `parse_size` reads back."""
    for unit in ("MiB", "KiB"):
        if count and count % _BYTES[unit] == 0:
            return f"{count // _BYTES[unit]}{unit}"
    return f"{count}B"


def check_host(text: str) -> str:
    """A host name or a literal address. Raises ValueError for anything else."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if not _HOST_NAME.fullmatch(text):
            raise ValueError("want a host name or an IP address, without port and brackets") from None
    return text


def _check_pattern(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("want a pattern in quotes")
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(value, options)
    except re2.error as error:
        text = error.args[0] if error.args else error
        said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
        raise ValueError(f"not an RE2 pattern: {said}") from error
    return value


_DURATION_SCHEMA: dict[str, JsonValue] = {"type": "string", "pattern": r"^\d+(\.\d+)?(ms|s|m|h|d)$"}
SIZE_SCHEMA: dict[str, JsonValue] = {"type": "string", "pattern": r"^(\d+(B|KiB|MiB))?$"}
Duration = Annotated[float, BeforeValidator(parse_duration), Field(gt=0, json_schema_extra=_DURATION_SCHEMA)]
Size = Annotated[int, BeforeValidator(parse_size), Field(gt=0, json_schema_extra=SIZE_SCHEMA)]
Pattern = Annotated[str, BeforeValidator(_check_pattern)]
Host = Annotated[str, AfterValidator(check_host)]
Port = Annotated[int, Field(ge=1, le=65535)]


RETRY_SECONDS = 15.0


class Strict(BaseModel):
    """A section of a file: unknown keys are refused, nothing is changed after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class ProbeSpec(Strict):
    """The keys that hold for every kind: identity, rhythm, what a failure means.

    ``to`` is the other end of what this one tries: data that its application gets from there or puts there.
    """

    kind: str
    id: str = Field(default="", pattern=r"^[a-z0-9][a-z0-9-]{0,47}$|^$")
    was: list[str] = []
    every: Duration = 60.0
    retry: Duration = RETRY_SECONDS
    timeout: Duration = 10.0
    slow_over: Duration | None = None
    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    recoveries: Annotated[int, Field(ge=1, le=20)] = 2
    essential: bool = True
    to: str = ""
    ip_family: Literal["auto", "4", "6"] = "auto"

    @model_validator(mode="before")
    @classmethod
    def _keeps_a_fast_rhythm(cls, keys: Any) -> Any:
        """A rhythm that is faster than ours while a failure is not confirmed is kept then, too."""
        if not isinstance(keys, dict) or "retry" in keys or not isinstance(keys.get("every"), str):
            return keys
        with suppress(ValueError):
            if parse_duration(keys["every"]) < RETRY_SECONDS:
                return {**keys, "retry": keys["every"]}
        return keys

    @model_validator(mode="after")
    def _rhythm(self) -> Any:
        if self.retry > self.every:
            raise ValueError("retry: want at most every, the steady rhythm")
        return self

    @property
    def name(self) -> str:
        """The probe's id: given, or its kind."""
        return self.id or self.kind
