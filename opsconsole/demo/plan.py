"""What the demo and its city tell each other: what to open (JSON, one line), what was opened, which files."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec

Protocol = Literal["http", "https", "tcp", "tls", "smtp", "dns"]
Form = Literal["html", "json"]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What one row of the board is asked for on a door: ``path`` for the web, empty for plain TCP.

    For a name server the path is the question, `path_of`.

    ``row`` is the id that the story's faults name, ``title`` and ``owner`` are shown on the page. Only who
    brings ``token``, where there is one, gets it.
    """

    row: str
    path: str = ""
    title: str = ""
    owner: str = ""
    form: Form = "html"
    token: str = ""


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """One listening address. ``port`` is the one written in the example office, not the one opened."""

    address: str
    port: int
    protocol: Protocol
    pages: tuple[Page, ...]

    @property
    def name(self) -> str:
        """What the opened port is reported under."""
        return f"{self.address}:{self.port}"


def path_of(name: str, record_type: str) -> str:
    """What a question is called on a name server's door."""
    return f"{name.rstrip('.')} {record_type}".lower()


class CityPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the city serves, and the folder its certificates lie in."""

    certificates: str
    doors: tuple[Door, ...]


class CityOpened(msgspec.Struct, frozen=True, kw_only=True):
    """The ports the kernel gave, by door name, and what a self-check can ask (each ``ADDR:PORT``).

    ``receiver`` takes the messages of the demo's notify channel, also ``ADDR:PORT``. ``opened_at`` is when
    the story began, by the machine's monotonic clock, which all processes share.
    """

    ports: dict[str, int]
    gateway: str
    dns: str
    canaries: tuple[str, ...]
    receiver: str = ""
    opened_at: float = 0.0


class Leaf(StrEnum):
    """Which certificate of its host a server presents."""

    GOOD = "good"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Certificates:
    """A folder of PEM files: ``ca.pem`` and, for each host and leaf, certificate and key in one file."""

    folder: Path

    @property
    def ca_file(self) -> Path:
        """The authority that probes are told to trust."""
        return self.folder / "ca.pem"

    def leaf_file(self, address: str, leaf: Leaf) -> Path:
        """Where the leaf of a host lies."""
        return self.folder / f"{address}.{leaf}.pem"
