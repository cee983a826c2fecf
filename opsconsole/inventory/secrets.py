"""The secrets that an office refers to, and whether they resolve here and now."""

import asyncio
import os
from collections.abc import Iterable, Mapping

from opsconsole.base.errors import Invalid
from opsconsole.base.secrets.files import account
from opsconsole.base.secrets.store import SecretStore
from opsconsole.base.text import N_
from opsconsole.client.secrets import SecretsReport, SecretState, SecretUse
from opsconsole.inventory.notify_check import FILE as NOTIFY
from opsconsole.inventory.office import Inventory
from probes.arming import needs_of
from probes.secrets import SecretFault, is_sound_reference


def secret_uses(inventory: Inventory) -> dict[str, list[SecretUse]]:
    """Where each reference stands, in the order of the office's rows, then of its channels."""
    uses: dict[str, list[SecretUse]] = {}
    for probe in inventory.probes():
        for need in needs_of(probe.target):
            uses.setdefault(need.ref, []).append(SecretUse(probe.row_id, probe.name, need.key))
    for channel in inventory.notify.channels.values():
        for key, ref in channel.refs.items():
            uses.setdefault(ref, []).append(SecretUse(NOTIFY, channel.name, key))
    if inventory.notify.heartbeat:
        for key, ref in inventory.notify.heartbeat.refs.items():
            uses.setdefault(ref, []).append(SecretUse(NOTIFY, "heartbeat", key))
    return uses


async def report_secrets(
    uses: Mapping[str, Iterable[SecretUse]], refs: Iterable[str], store: SecretStore
) -> SecretsReport:
    """What ``refs`` come to now, or all that are used. Raises Invalid for what is no reference."""
    wanted = list(dict.fromkeys(refs)) or list(uses)
    for ref in wanted:
        check_sound(ref)
    states = await asyncio.gather(*(_state(ref, tuple(uses.get(ref, ())), store) for ref in wanted))
    return SecretsReport(by=account(os.geteuid()), secrets=tuple(states))


def check_sound(ref: str) -> None:
    """Raises Invalid for what is no reference, without repeating it: it may be the secret itself."""
    if not is_sound_reference(ref):
        raise Invalid(
            N_("That is no reference to a secret."),
            N_("Write keyring:SERVICE/USER, cred:NAME, file:/PATH or env:NAME."),
        )


async def _state(ref: str, used: tuple[SecretUse, ...], store: SecretStore) -> SecretState:
    try:
        await store.fresh(ref)
    except SecretFault as fault:
        return SecretState(ref=ref, ok=False, why=fault.why, params=fault.params, used=used)
    return SecretState(ref=ref, ok=True, used=used)
