"""An edit of ours that can not be committed leaves no trace."""

from pathlib import Path

import pytest

from opsconsole.base.errors import Problem
from opsconsole.client.commands import AddApplication
from opsconsole.engine.accept import Acceptance
from opsconsole.store.drafts import own_event
from tests.engine.inside import NOON, Inside
from tests.engine.offices import application


async def test_an_application_that_can_not_be_committed_is_taken_out_of_the_file_again(home: Path):
    inside = Inside(home, application("satu", "http://127.0.0.1:9/"))
    put_to_work: list[object] = []
    acceptance = Acceptance(
        inside.outset.place.config,
        inside.clock,
        inside.recorder,
        inside.outset.office,
        lambda office, _changes: put_to_work.append(office),
    )
    file = inside.outset.place.config / "opd" / "uji.toml"
    before = file.read_bytes()
    assert inside.recorder.close(10)
    with pytest.raises(Problem, match="ending"):
        await acceptance.add(
            AddApplication("dua", "Dua", "http://127.0.0.1:10/"),
            lambda kind, subject, body: own_event(kind, subject, NOON, body),
            "command-1",
        )
    assert file.read_bytes() == before
    assert put_to_work == [] and "dua" not in acceptance.office.rows
    inside.close()
