"""What a short command pays for: nothing that only the engine or a screen needs."""

import subprocess
import sys

import pytest

HEAVY = "pydantic sqlmodel sqlalchemy textual rich starlette uvicorn apscheduler re2 httptools"


@pytest.mark.parametrize(
    ("script", "unwanted"),
    [
        ("import opsconsole.client.calls, opsconsole.client.commands", f"{HEAVY} httpx click asyncio"),
        ("import opsconsole.client.locate, opsconsole.client.status", f"{HEAVY} httpx"),
        ("import opsconsole.client.start", f"{HEAVY} httpx"),
        ("import opsconsole.client.unix_http", f"{HEAVY} httpx click asyncio"),
        (
            "from opsconsole.client.wire import load_httpx; load_httpx().HTTPTransport",
            f"{HEAVY} click pygments",
        ),
    ],
)
def test_the_client_pulls_in_nothing_it_does_not_need(script, unwanted):
    code = f"import sys; {script}; print(*sorted(set(sys.argv[1:]) & set(sys.modules)))"
    command = [sys.executable, "-c", code, *unwanted.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_httpx_is_whole_after_it_was_loaded_lightly():
    code = (
        "from opsconsole.client.wire import load_httpx; load_httpx(); import httpx._main as m; print(m.main)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "main" in done.stdout
