"""What docs/notify.md tells a newcomer to write is an office, and its channels are taken where they lead."""

import re
import textwrap
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from opsconsole.inventory.load import load
from tests.fakes.receiver import Answer, Receiver, fonnte, telegram
from tests.notify.sending import VALUES, around, post

PAGE = (Path(__file__).parents[2] / "docs" / "notify.md").read_text("utf-8")
WRITTEN = "\n".join(textwrap.dedent(block) for block in re.findall(r" *```toml\n(.*?)```", PAGE, re.DOTALL))


def channel(name: str) -> dict[str, Any]:
    return next(one for one in tomllib.loads(WRITTEN)["channels"] if one["name"] == name)


def test_all_its_blocks_together_are_a_file_that_is_taken(tmp_path: Path):
    (tmp_path / "settings.toml").write_text("")
    (tmp_path / "notify.toml").write_text(WRITTEN)
    notify = load(tmp_path).notify
    assert list(notify.channels) == ["telegram-piket", "wa-piket", "surel"]
    assert notify.heartbeat is not None
    assert notify.rules


@pytest.mark.parametrize(
    ("name", "host", "answer"),
    [
        ("telegram-piket", "https://api.telegram.org", telegram),
        ("wa-piket", "https://api.fonnte.com", fonnte),
    ],
)
async def test_a_channel_that_is_copied_from_it_is_taken(name: str, host: str, answer: Any):
    token = "123456:AA-bb_cc"
    taking: Answer = partial(answer, token=token)
    with Receiver(taking) as taker:
        written = channel(name)
        keys = {**written, "url": written["url"].replace(host, taker.url), "secrets": {"token": "env:TOKEN"}}
        assert await post(keys, written["to"][0], around(TOKEN=token)) is None
        assert await post(keys, written["to"][0], around(TOKEN="another")) is not None
    body = taker.received[0].json if "json" in written else taker.received[0].form
    assert VALUES["text"] in body.values()
