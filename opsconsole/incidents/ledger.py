"""What rules are given and what they give: a row that fails, what is stored, and the events that follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from opsconsole.client.incidents import Incident
from probes.observation import Param

EXPIRING = "cert_expiring"


class Next(NamedTuple):
    """An event that follows; ``body`` holds the incident's number."""

    kind: str
    body: Mapping[str, object]

    @property
    def number(self) -> int:
        """Whose it is."""
        return int(str(self.body["number"]))


class Seen(NamedTuple):
    """A row that fails: what is told of it, since when, and when that was noticed."""

    row: str
    state: str
    reason: str
    params: Mapping[str, Param]
    probe: str
    address: str
    fingerprint: str
    happened_at: datetime
    at: datetime

    @property
    def expires(self) -> bool:
        """Whether nothing fails but that a certificate will expire soon."""
        return self.state == "warn" and self.reason == EXPIRING


class CutOff(NamedTuple):
    """A row that another one cuts off: since when it is out of reach."""

    row: str
    via: str
    since: datetime


class Ledger(Protocol):
    """What is stored of incidents, as rules ask for it."""

    def next_number(self) -> int:
        """The number of the next one."""
        ...

    def holder(self, claim: str) -> Incident | None:
        """The open one that claims this."""
        ...

    def over(self, row_id: str) -> Sequence[Incident]:
        """The newest that are over and had this row as a member, newest first; "" for mass failures."""
        ...

    def begun_since(self, moment: datetime) -> Sequence[Incident]:
        """The open ones whose trouble began then or later."""
        ...

    def cut_off_by(self, row_id: str) -> Sequence[CutOff]:
        """The rows that this one cuts off, as they are shown now."""
        ...
