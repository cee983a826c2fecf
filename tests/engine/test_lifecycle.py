"""From start to end: what an engine takes up, what it leaves, what ends it."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
from contextlib import aclosing

import pytest

from opsconsole.base.errors import Unreachable
from opsconsole.client.calls import AsyncClient
from opsconsole.client.commands import StopEngine
from opsconsole.client.shapes import Change, Engine, row_of
from tests.engine.city import City
from tests.engine.offices import Office, application, until
from tests.engine.zygote import ROOT

BROKEN = '[[applications]]\nid = "satu"\nnmae = "Satu"\n'


def test_an_engine_answers_with_every_row_and_looks_soon(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url), application("dua", site.url))
    office.start()
    board = office.board()
    assert [row.id for row in board.applications] == ["satu", "dua"]
    assert [(opd.code, opd.total) for opd in board.opds] == [("UJI", 2)]
    assert board.engine.probes == 2
    until(lambda: all(row.state == "up" for row in office.board().applications))
    assert office.stop() == 0
    assert office.query("SELECT run, ended_at IS NOT NULL FROM engine_run") == [(1, 1)]
    assert [body["why"] for body in office.events("engine.stopped")] == ["SIGTERM"]
    assert office.chain().whole


def test_the_stop_command_is_answered_before_the_end(office: Office):
    office.write()
    office.start()
    with office.client() as client:
        result = client.command(StopEngine())
    assert result.seq
    assert office.wait() == 0
    assert not office.place.socket.exists()
    kinds = [kind for (kind,) in office.query("SELECT kind FROM event ORDER BY seq")]
    assert kinds == ["engine.started", "engine.stop", "engine.stopped"]


async def test_sigterm_ends_it_with_consoles_attached_and_a_look_that_hangs(office: Office, city: City):
    mute = city.site("mute")
    office.write(application("diam", mute.url, probe={"timeout": "5m", "every": "10m"}))
    office.start()
    until(lambda: mute.hits)
    seen: list[Change] = []
    opened = asyncio.Event()

    async def console() -> None:
        async with AsyncClient(office.place) as client, aclosing(client.changes()) as changes:
            async for change in changes:
                seen.append(change)
                opened.set()

    consoles = [asyncio.create_task(console()) for _ in range(3)]
    # One more that has stopped reading.
    stalled = socket.socket(socket.AF_UNIX)
    stalled.connect(str(office.place.socket))
    stalled.sendall(b"GET /v1/changes HTTP/1.1\r\nHost: x\r\n\r\n")
    await opened.wait()
    began = time.monotonic()
    assert await asyncio.to_thread(office.stop) == 0
    # Far from the five minutes of the look; the two seconds it is made for stand in the benchmarks.
    assert time.monotonic() - began < 10
    await asyncio.wait_for(asyncio.gather(*consoles, return_exceptions=True), 10)
    last = row_of(seen[-1])
    assert isinstance(last, Engine) and last.stopping
    stalled.close()
    assert not office.place.socket.exists()
    assert office.query("SELECT count(*) FROM engine_run WHERE ended_at IS NOT NULL") == [(1,)]


async def test_an_office_stays_when_its_last_console_has_left_and_refuses_a_second_engine(office: Office):
    office.write()
    first = office.start()
    async with AsyncClient(office.place) as client, aclosing(client.changes()) as changes:
        await anext(changes)
    left = time.monotonic()
    command = [sys.executable, "-m", "opsconsole", "--home", str(office.home), "engine"]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 6
    assert str(first) in second.stderr and "--replace" in second.stderr
    # Longer than a demo would have waited for another console.
    await asyncio.sleep(max(0.0, left + 2.2 - time.monotonic()))
    assert office.answers()


def test_replace_ends_an_engine_that_hangs_and_takes_its_place(office: Office):
    office.write()
    hung = office.start()
    office.send(signal.SIGSTOP)
    office.begin(replace=True)
    # SIGTERM does nothing to a stopped process; after five seconds it is killed.
    until(office.answers)
    assert office.engine != hung
    with office.client() as client:
        assert client.hello().run == 2
    assert office.stop() == 0
    assert office.query("SELECT run, ended_at IS NULL FROM engine_run") == [(1, 1), (2, 0)]


def test_a_broken_configuration_starts_nothing_and_replaces_nothing(office: Office):
    office.write()
    running = office.start()
    office.write(BROKEN)
    office.begin(replace=True)
    assert office.wait() == 2
    assert "opd/uji.toml:7: nmae: " in office.complaints()
    office.engine = running
    with office.client() as client:
        assert client.hello().run == 1
    assert office.stop() == 0
    assert office.query("SELECT count(*) FROM engine_run") == [(1,)]


def test_a_place_without_an_office_is_a_configuration_error(office: Office):
    office.begin()
    assert office.wait() == 2
    assert str(office.place.config) in office.complaints()
    assert not office.place.database.exists()


async def test_a_demo_ends_when_its_last_console_has_left(office: Office):
    office.write()
    office.start(demo=True)
    for _ in range(2):
        async with AsyncClient(office.place) as client, aclosing(client.changes()) as changes:
            await anext(changes)
    assert await asyncio.to_thread(office.wait) == 0
    assert [body["why"] for body in office.events("engine.stopped")] == ["last console left"]


def test_an_engine_that_died_left_its_run_open_and_the_next_one_goes_on(office: Office):
    office.write()
    for _ in range(2):
        office.start()
        office.kill()
    with pytest.raises(Unreachable), office.client() as client:
        client.hello()
    office.start()
    assert office.stop() == 0
    assert office.query("SELECT run, ended_at IS NULL FROM engine_run") == [(1, 1), (2, 1), (3, 0)]
    assert [body["run"] for body in office.events("engine.cut_off")] == [1, 2]
