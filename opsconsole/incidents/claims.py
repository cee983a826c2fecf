"""What an open incident claims as its cause. The store refuses a second open one with the same claim."""

from opsconsole.client.incidents import Incident

MASS = "mass"


def row_claim(row_id: str, *, expiry: bool = False) -> str:
    """The claim on a row. That something of it is about to expire is another cause than that it fails."""
    return f"{'expiry' if expiry else 'row'}:{row_id}"


def address_claim(address: str) -> str:
    """The claim on what fails at one address."""
    return f"address:{address}"


def certificate_claim(fingerprint: str) -> str:
    """The claim on what fails for one certificate."""
    return f"certificate:{fingerprint}"


def claims(incident: Incident) -> frozenset[str]:
    """All that it claims: its members and what they share; nothing once it is over or merged."""
    if not incident.status.is_open:
        return frozenset()
    expiry = incident.category == "expiry"
    rows = (row_claim(member.id, expiry=expiry) for member in incident.members)
    return frozenset((*rows, *incident.claims))
