"""What answers the query ``secrets``: what this process, which looks, can resolve."""

from opsconsole.base.secrets.store import SecretStore
from opsconsole.client.secrets import AskSecrets, SecretsReport
from opsconsole.engine.asked import Asked
from opsconsole.inventory.secrets import report_secrets, secret_uses


async def answer_secrets(store: SecretStore, asked: Asked) -> SecretsReport:
    """Each reference that is asked for, or each of the office, resolved afresh."""
    args: AskSecrets = asked.args
    return await report_secrets(secret_uses(asked.office.inventory), args.refs, store)
