"""Sending through one channel, as the sender does it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opsconsole.inventory.notify import Smtp, Webhook
from opsconsole.notify.mail import send_mail
from opsconsole.notify.rules import Failure
from opsconsole.notify.sending import Draft, Surroundings
from opsconsole.notify.webhook import send_webhook
from probes.env import Env
from probes.secrets import Secret, SecretFault

VALUES = {
    "text": 'INS-2026-000007 KRITIS: "NIK" & kawan\nSejak 02:02.',
    "subject": "INS-2026-000007 KRITIS: NIK",
    "event": "opened",
    "incident": "INS-2026-000007",
    "number": "7",
    "severity": "critical",
    "application": "ws-nik",
    "name": "NIK",
    "opd": "Dispendukcapil",
    "since": "2026-11-24T02:02:00+00:00",
    "office": "Kominfo Uji",
}
KEY = "0123456789abcdef"


def around(folder: Path = Path(), **secrets: str) -> Surroundings:
    """Surroundings in which ``env:NAME`` is what is given under that name."""

    async def resolve(ref: str) -> Secret:
        name = ref.removeprefix("env:")
        if name not in secrets:
            raise SecretFault(ref, "env_missing")
        return Secret(ref, secrets[name])

    return Surroundings(Env(secrets=resolve), folder)


async def post(
    channel: Mapping[str, Any], to: str = "", place: Surroundings | None = None, **values: str
) -> Failure | None:
    """One message through a webhook of these keys."""
    made = Webhook.model_validate({"name": "uji", "kind": "webhook", **channel})
    return await send_webhook(made, Draft(to, KEY, {**VALUES, **values}), place or around())


async def mail(
    channel: Mapping[str, Any], place: Surroundings | None = None, **values: str
) -> Failure | None:
    """One mail to rina through a server of these keys."""
    known = {
        "name": "surel",
        "kind": "smtp",
        "host": "127.0.0.1",
        "from": "opsconsole@sukamaju.example",
        "to": ["rina@sukamaju.example"],
    }
    made = Smtp.model_validate({**known, **channel})
    return await send_mail(made, Draft("rina@sukamaju.example", KEY, {**VALUES, **values}), place or around())
