"""The log file: JSON, private, and without secrets."""

import json
import logging
import stat
import tempfile
from pathlib import Path

import pytest

from opsconsole.engine.log import EngineLog, mask
from probes.masking import Mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("http://sari:kunci@example.org/a?token=abc#x is down", "http://***@example.org/a?*** is down"),
        (
            "GET https://example.org/a?key=1 and http://b/?c",
            "GET https://example.org/a?*** and http://b/?***",
        ),
        ("https://example.org/plain", "https://example.org/plain"),
        ("nothing to hide, user@example.org", "nothing to hide, user@example.org"),
    ],
)
def test_addresses_lose_user_and_query(text, masked):
    assert mask(text) == masked


def test_each_line_is_json_private_and_masked():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log" / "engine.log"
        log = EngineLog(path)
        log.logger.info("look.odd", url="http://u:p@h/?q", text="red\x1b[31m")
        try:
            raise ValueError("at http://u:p@h/?q")
        except ValueError:
            log.logger.exception("look.failed")
        logging.getLogger("somebody.else").warning("asked for %s", "https://h/?secret=1")
        log.close()
        logging.getLogger("somebody.else").warning("after the end")
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [line["event"] for line in lines] == ["look.odd", "look.failed", "asked for https://h/?***"]
        assert lines[0]["url"] == "http://***@h/?***" and "\x1b" not in lines[0]["text"]
        assert "ValueError: at http://***@h/?***" in lines[1]["exception"]
        assert all(line["timestamp"].endswith("Z") for line in lines)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_no_known_secret_is_written_whatever_it_stands_in():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "engine.log"
        log = EngineLog(path, Mask(["rahasia-sekali-7"]).text)
        log.logger.info("look.odd", seen="it said rahasia-sekali-7")
        try:
            raise ValueError("of cmFoYXNpYS1zZWthbGktNw==")
        except ValueError:
            log.logger.exception("look.failed")
        logging.getLogger("somebody.else").warning("for rahasia-sekali-7")
        log.close()
        written = path.read_text()
        assert "rahasia" not in written and "cmFoYXNp" not in written
        assert written.count("***") == 4  # the line of source in the traceback too
