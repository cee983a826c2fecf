"""The engine's log: one JSON object a line, in a file that rotates, and never a secret.

Addresses are written without user information and query, since tokens hide there, whatever field or
sentence they stand in.
"""

import logging
import os
import re
import sys
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from probes.text import safe_text

FILE_BYTES = 10 * 1024 * 1024
FILES = 5
Logger = FilteringBoundLogger
_MODE = 0o640
_VALUE_CHARACTERS = 4000
_USERINFO = re.compile(r"(?<=://)[^/?#\s@\"']*@")
_QUERY = re.compile(r"(://[^\s?#\"']*)[?#][^\s\"']*")


_NAME = "opsconsole.engine"
_FACTS: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def mask(text: str) -> str:
    """``text`` with user information and query of every address in it taken out."""
    if "://" not in text:
        return text
    return _QUERY.sub(r"\1?***", _USERINFO.sub("***@", text))


def _masked(hide: Callable[[str], str]) -> Processor:
    def masked(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = mask(hide(safe_text(value, _VALUE_CHARACTERS, lines=True)))
        return event

    return masked


class _PrivateFile(RotatingFileHandler):
    """A rotating file that nobody outside the engine's group reads, whatever the umask."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.baseFilename, flags, _MODE)
        os.fchmod(descriptor, _MODE)
        return os.fdopen(descriptor, "a", encoding="utf-8")


class EngineLog:
    """The logger and the file behind it. ``hide`` takes out of a text what is known to be secret."""

    def __init__(self, path: Path, hide: Callable[[str], str] = str) -> None:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._handler = _PrivateFile(path, maxBytes=FILE_BYTES, backupCount=FILES)
        self._handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=_FACTS,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _masked(hide),
                    structlog.processors.JSONRenderer(),
                ],
            )
        )
        # Libraries and other rooms log as they are used to; what they warn of stands in the same file.
        self._root = logging.getLogger()
        self._root.addHandler(self._handler)
        logging.getLogger(_NAME).setLevel(logging.INFO)
        self.logger: Logger = cast(
            FilteringBoundLogger,
            structlog.wrap_logger(
                logging.getLogger(_NAME),
                processors=[*_FACTS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
                wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
                cache_logger_on_first_use=True,
            ),
        )

    @property
    def file(self) -> IO[str]:
        """The open file, for what writes without the logger (stack dumps)."""
        return self._handler.stream or sys.stderr

    def close(self) -> None:
        """Close the file."""
        self._root.removeHandler(self._handler)
        self._handler.close()
