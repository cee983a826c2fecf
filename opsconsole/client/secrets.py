"""Which secrets an office refers to and whether they resolve: the query and its answer. Never a value."""

import msgspec

from opsconsole.client.query import Query
from probes.observation import Param


class SecretUse(msgspec.Struct, frozen=True):
    """Where a reference stands: ``key`` is that of the probe, such as ``auth.bearer``."""

    row: str
    probe: str
    key: str


class SecretState(msgspec.Struct, frozen=True, kw_only=True):
    """A reference and what it came to just now.

    ``why`` and ``params`` are a code of `probes.secret_faults.FAULTS` and what fills its words; empty when it
    resolves.
    """

    ref: str
    ok: bool
    why: str = ""
    params: dict[str, Param] = {}
    used: tuple[SecretUse, ...] = ()


class SecretsReport(msgspec.Struct, frozen=True, kw_only=True):
    """``by`` is the account that resolved them, whose keyring, files and environment count."""

    by: str
    secrets: tuple[SecretState, ...] = ()


class AskSecrets(Query[SecretsReport], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Resolve these references afresh; none given: all that the office refers to."""

    refs: tuple[str, ...] = ()
