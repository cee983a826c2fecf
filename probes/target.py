"""What a probe is made ready for once, so that each look costs only the look."""

from typing import Protocol

from probes.spec import ProbeSpec


class Target(Protocol):
    """A configured probe made ready: patterns compiled, files read, request built.

    ``label`` is what people are shown, ``host_key`` what the bound on looks per host counts by
    (``host:port``). Both are safe text.
    """

    @property
    def kind(self) -> str: ...

    @property
    def spec(self) -> ProbeSpec: ...

    @property
    def label(self) -> str: ...

    @property
    def host_key(self) -> str: ...


class TargetError(ValueError):
    """A spec names something that can not be used; ``key`` is the key's path, such as ``tls.ca_file``."""

    def __init__(self, key: str, message: str):
        super().__init__(message)
        self.key = key
