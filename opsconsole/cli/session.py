"""How a command was called: for which office, in which language."""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opsconsole.base.errors import Unreachable
from opsconsole.base.text import safe_text
from opsconsole.cli.language import speak

if TYPE_CHECKING:
    from opsconsole.client.calls import Client
    from opsconsole.client.locate import Found
    from opsconsole.client.shapes import Hello


@dataclass(frozen=True, slots=True)
class Session:
    """``home`` and ``lang`` as given before the verb; None where they were not."""

    home: Path | None
    lang: str | None

    def words(self, *verb: str) -> str:
        """What to type for ``verb`` in this same office."""
        home = ("--home", str(self.home)) if self.home else ()
        return safe_text(shlex.join(("opsconsole", *home, *verb)), 1000)

    def found(self) -> "Found":
        """The office that this command is about."""
        from opsconsole.client.locate import locate

        return locate(self.home, os.environ)

    def client(self) -> "Client":
        """A caller for the office's engine."""
        from opsconsole.client.calls import Client

        return Client(self.found().place)

    def greet(self, client: "Client") -> "Hello":
        """Say hello; from here on speak the office's language, unless another one was asked for.

        Raises Unreachable, with what to do where the office is another account's or the machine's.
        """
        from opsconsole.client.wire import HELLO_SECONDS

        try:
            hello = client.hello(HELLO_SECONDS)
        except Unreachable as problem:
            found = self.found()
            if found.why == "own":
                raise
            from opsconsole.client.start import absent

            raise absent(found) from problem
        if self.lang is None and hello.language:
            speak(hello.language)
        return hello
