"""What a channel needs to send, and the parts that all kinds of channels share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from opsconsole.notify.rules import Failure
from probes.env import Env
from probes.failure import LookError
from probes.masking import Mask
from probes.observation import Param
from probes.secrets import Secret, SecretFault
from probes.text import safe_text

# What is shown of an answer: enough for the reason that gateways give.
SEEN_CHARACTERS = 120
# After these the message may have arrived.
_UNCERTAIN = frozenset(
    (
        *("response_timeout", "deadline", "connection_reset", "no_response"),
        *("response_truncated", "response_malformed", "response_too_large"),
    )
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What sending takes: addresses and names (`probes.env`), and the folder of the office's files."""

    env: Env
    folder: Path


@dataclass(frozen=True, slots=True)
class Draft:
    """One message ready to go: what fills its templates, ``to`` and ``key`` included."""

    recipient: str
    key: str
    values: Mapping[str, str]


async def resolved(refs: Mapping[str, str], env: Env) -> dict[str, Secret]:
    """The secrets of a channel by the keys that name them. Raises SecretFault."""
    return {key: await env.secrets(ref) for key, ref in refs.items()}


async def attempt(
    refs: Mapping[str, str], env: Env, send: Callable[..., Awaitable[Failure | None]]
) -> Failure | None:
    """Resolve the secrets and send; what went wrong, with nothing of a secret in it, None for success."""
    try:
        secrets = await resolved(refs, env)
    except SecretFault as fault:
        return Failure("credential_missing", dict(fault.params))
    mask = Mask(one.reveal() for one in secrets.values())
    try:
        failure = await send(secrets)
    except SecretFault as fault:
        failure = Failure("credential_missing", dict(fault.params))
    except LookError as error:
        failure = Failure(
            error.reason,
            dict(error.params),
            permanent=error.reason == "address_denied",
            uncertain=error.reason in _UNCERTAIN,
        )
    return None if failure is None else failure._replace(params=masked(failure.params, mask))


def masked(params: Mapping[str, Param], mask: Mask) -> dict[str, Param]:
    """Parameters without any part of a secret, short and safe to show."""
    return {
        name: safe_text(mask.text(value), SEEN_CHARACTERS) if isinstance(value, str) else value
        for name, value in params.items()
    }
