"""Questions from outside: what is silly is refused, what is heavy is ended, nobody takes all places."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsconsole.api.hub import Hub
from opsconsole.base.errors import Problem
from opsconsole.client.planned import AskSchedule
from opsconsole.client.queries import QUERIES, QueryShape
from opsconsole.client.shapes import PROTOCOL, Caller, Hello, Role
from opsconsole.engine.port import ASKED_AT_ONCE, Port
from opsconsole.engine.questions import Asked
from probes.observation import utc
from tests.engine.city import City
from tests.engine.inside import NOON, Inside
from tests.engine.offices import Office, application, until

TIMES = (
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "1969-01-01T00:00:00Z"),
    *("2026-01-01T00:00:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59", "9999-12-31T23:59:59-14:00"),
)
VAST = 10**30
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    *(("history", {"application": "satu", "until": at}) for at in TIMES),
    *(("log", {"since": at, "window": "24h"}) for at in TIMES),
    *(("log", {"until": at}) for at in TIMES),
    *(("replay", {"since": at}) for at in TIMES),
    *(("handover", {"at": at}) for at in TIMES),
    ("history", {"application": "satu", "cells": -VAST, "stretches": True}),
    ("history", {"application": "satu", "cells": VAST}),
    ("log", {"limit": -1}),
    ("log", {"limit": VAST}),
    ("log", {"before": "9" * 18 + "." + "9" * 18}),
    ("opd", {"code": "", "log": -1}),
    ("opd", {"code": "uji", "log": VAST}),
]
COMMANDS: list[tuple[str, dict[str, Any]]] = [
    (name, {"application": "satu", "reason": "x", **args})
    for at in (*TIMES, "9" * 30 + "d", "1e400s", "24:00", "-1h")
    for name, args in (
        ("pause", {"until": at}),
        ("maintenance", {"until": at}),
        ("maintenance", {"start": at, "until": "2h"}),
        ("maintenance", {"until": "2h", "lasts": at}),
    )
]


@pytest.fixture
def caller(office: Office, city: City) -> Iterator[httpx.Client]:
    """Someone who speaks to the socket without our client."""
    office.write(application("satu", city.site().url))
    office.start()
    until(lambda: office.row("satu").state == "up")
    transport = httpx.HTTPTransport(uds=str(office.place.socket))
    with httpx.Client(transport=transport, base_url="http://engine", timeout=30) as made:
        yield made


def test_no_question_and_no_command_makes_the_engine_fail(caller: httpx.Client):
    answers = {
        f"{name} {args}": caller.get(f"/v1/queries/{name}", params={"args": json.dumps(args)})
        for name, args in QUESTIONS
    }
    for number, (name, args) in enumerate(COMMANDS):
        body = {"command_id": f"command-{number}", "args": args}
        answers[f"{name} {args}"] = caller.post(f"/v1/commands/{name}", json=body)
    failed = [asked for asked, answer in answers.items() if answer.status_code not in (200, 404, 422)]
    assert failed == []


def test_a_time_says_its_zone_and_words_are_few(caller: httpx.Client):
    for args in ({"since": "2026-01-01T00:00:00"}, {"kinds": ["x"] * 51}, {"about": ["x"] * 51}):
        answer = caller.get("/v1/queries/log", params={"args": json.dumps(args)})
        assert (answer.status_code, next(iter(args)) in answer.json()["lines"][0]) == (422, True)


class Desk:
    """Answers a question when it is told to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.done = asyncio.Event()

    async def answer(self, asked: Asked) -> int:
        self.asked.append(asked.caller.uid)
        await self.done.wait()
        return asked.caller.uid


async def test_one_account_has_a_few_places_and_is_told_when_they_are_long_taken(home: Path):
    inside, desk = Inside(home), Desk()
    caller = Caller(1, "satu", "socket", Role.VIEWER)
    port = Port(
        asyncio.get_running_loop(), inside.clock, inside.store, Hub(1), commands=None,  # type: ignore[arg-type]
        questions={"schedule": desk.answer}, windows=inside.windows, checked_at=lambda: None,
        about=Hello(
            version="0", protocol=PROTOCOL, run=1, started_at=utc(NOON), office="Uji", zone="Asia/Jakarta",
            language="id", opd_term="OPD", demo=False, caller=caller,
        ),
    )  # fmt: skip
    port.take(inside.outset.office)
    shape = QUERIES["schedule"]
    many = [asyncio.create_task(port.query(shape, AskSchedule(), caller)) for _ in range(5)]
    other = asyncio.create_task(port.query(shape, AskSchedule(), Caller(2, "dua", "socket", Role.VIEWER)))
    async with asyncio.timeout(10):
        while 2 not in desk.asked:
            await asyncio.sleep(0)
    assert desk.asked.count(1) == ASKED_AT_ONCE
    hasty = QueryShape("schedule", AskSchedule, object, seconds=0.05)
    with pytest.raises(Problem, match="too long"):
        await port.query(hasty, AskSchedule(), Caller(3, "tiga", "socket", Role.VIEWER))
    desk.done.set()
    assert await asyncio.gather(*many, other) == [1, 1, 1, 1, 1, 2]
    inside.close()
