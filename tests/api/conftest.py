"""A scripted engine on a socket of its own, and ways to speak to it without the client."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from opsconsole.base.paths import Place, home_place
from opsconsole.client.shapes import PROTOCOL, PROTOCOL_HEADER
from tests.fakes.scripted_engine import ScriptedEngine


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return home_place(tmp_path)


@pytest.fixture
def engine(place: Place) -> Iterator[ScriptedEngine]:
    with ScriptedEngine(place) as running:
        yield running


@pytest.fixture
def raw(engine: ScriptedEngine) -> Iterator[httpx.Client]:
    transport = httpx.HTTPTransport(uds=str(engine.place.socket), verify=False)
    headers = {PROTOCOL_HEADER: str(PROTOCOL)}
    with httpx.Client(
        transport=transport, base_url="http://engine", headers=headers, trust_env=False
    ) as client:
        yield client
