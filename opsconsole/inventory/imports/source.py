"""A foreign configuration that remembers what was taken of it: what was not is reported, key by key."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from opsconsole.inventory.fields import ID_PATTERN

LossCode = Literal["unknown", "unsupported", "secret", "empty", "kind", "pattern", "file"]
"""Why a key was not carried over: we know of no such key; there is no such thing here; its value is a secret,
which is never written; it says nothing; the kind of monitor has no probe here; it is no pattern that can not
stop an engine (RE2); it names a file that is not here."""


class Loss(NamedTuple):
    """A key of the source that was not carried over, by its path: ``endpoints[3].alerts[0].type``.

    ``hint`` is what to set instead where there is something: a reference to a secret, a key.
    """

    path: str
    code: LossCode
    hint: str = ""


class Imported(NamedTuple):
    """What a source came to: applications as a file of an OPD writes them, and all that was lost."""

    applications: tuple[dict[str, Any], ...]
    losses: tuple[Loss, ...]


class Source:
    """One mapping of the source at ``path``. Every key is taken or lost; `finish` reports what is left.

    ``known`` are the keys that this kind of mapping may have without a twin here: those are lost as
    ``unsupported``, all others as ``unknown``.
    """

    def __init__(self, value: object, path: str, losses: list[Loss], known: Iterable[str] = ()) -> None:
        self._left: dict[str, Any] = (
            {str(key): one for key, one in value.items()} if isinstance(value, Mapping) else {}
        )
        self._losses = losses
        self._known = frozenset(known)
        self.path = path
        if not isinstance(value, Mapping) and not _is_empty(value):
            self._losses.append(Loss(path, "unknown"))

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, default: Any = None) -> Any:
        """The value of a key, which is carried over with that."""
        value = self._left.pop(key, default)
        return default if value is None else value

    def text(self, key: str) -> str:
        """The value of a key as text; empty where it is none."""
        value = self.take(key, "")
        return "" if isinstance(value, Mapping | list) else str(value).strip()

    def number(self, key: str) -> float | None:
        """The value of a key as a number, None where it is none."""
        try:
            return float(self.take(key, ""))
        except (TypeError, ValueError):
            return None

    def below(self, key: str, known: Iterable[str] = ()) -> "Source":
        """The mapping below a key; empty where there is none."""
        return Source(self._left.pop(key, None), self.at(key), self._losses, known)

    def each(self, key: str, known: Iterable[str] = ()) -> Iterator["Source"]:
        """The mappings of a list below a key."""
        items = self._left.pop(key, None)
        for number, one in enumerate(items if isinstance(items, list) else []):
            yield Source(one, f"{self.at(key)}[{number}]", self._losses, known)

    def strings(self, key: str) -> list[tuple[str, str]]:
        """The texts of a list below a key, each with its path."""
        items = self.take(key, [])
        items = items if isinstance(items, list) else [items]
        return [(f"{self.at(key)}[{number}]", str(one)) for number, one in enumerate(items)]

    def lose(self, key: str, code: LossCode, hint: str = "") -> None:
        """Say that a key is not carried over, and why; one that is empty says nothing anyway."""
        if key in self._left:
            value = self._left.pop(key)
            self._losses.append(Loss(self.at(key), "empty" if _is_empty(value) else code, hint))

    def lost(self, path: str, code: LossCode, hint: str = "") -> None:
        """Say that something deeper is not carried over."""
        self._losses.append(Loss(path, code, hint))

    def finish(self, code: LossCode | None = None) -> None:
        """Report every key that is left, down to its leaves; ``code`` says why instead of each key's own."""
        for key, value in self._left.items():
            why: LossCode = code or ("unsupported" if key in self._known else "unknown")
            self._losses.extend(_leaves(self.at(key), value, why))
        self._left.clear()


class Names:
    """Ids of applications that were given already."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def give(self, name: str) -> str:
        """An id for a name, unlike any other."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        wanted = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "aplikasi"
        if not re.fullmatch(ID_PATTERN, wanted):
            wanted = f"app-{wanted}"
        chosen, number = wanted, 2
        while chosen in self._taken:
            chosen, number = f"{wanted}-{number}", number + 1
        self._taken.add(chosen)
        return chosen


def seconds(value: float) -> str:
    """A duration as our files write it: ``90s``, ``500ms``."""
    return f"{value:g}s" if value >= 1 and value == int(value) else f"{round(value * 1000)}ms"


def rhythm(probe: dict[str, Any], *, every: float | None, timeout: float | None) -> None:
    """Put a rhythm into a probe. Ours ends a look before the next is due."""
    if every and every > 0:
        probe["every"] = seconds(every)
    if timeout and timeout > 0:
        probe["timeout"] = seconds(min(timeout, every) if every and every > 0 else timeout)


def _is_empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, Mapping | list) and not value)


def _leaves(path: str, value: object, why: LossCode) -> Iterator[Loss]:
    if isinstance(value, Mapping) and value:
        for key, one in value.items():
            yield from _leaves(f"{path}.{key}", one, why)
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from _leaves(f"{path}[{number}]", one, why)
    else:
        yield Loss(path, "empty" if _is_empty(value) else why)
