"""The YAML of another monitor's configuration, as one mapping."""

from collections.abc import Mapping
from typing import Any

import yaml

# Written out in full. The largest configurations that we know of hold some ten thousand values.
MOST_VALUES = 200_000


def read_yaml(text: str) -> Mapping[str, Any]:
    """The mapping that a configuration is.

    Raises ValueError for what is none, and for one that comes to more than `MOST_VALUES` values once each
    alias in it is written out: a few lines of aliases to aliases come to more than any memory holds.
    """
    try:
        document = yaml.safe_load(text)
        values = _values(document, {})
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("no YAML") from error
    if values > MOST_VALUES:
        raise ValueError("too many values, with its aliases written out")
    if not isinstance(document, Mapping):
        raise ValueError("no mapping")
    return document


def _values(one: object, known: dict[int, int]) -> int:
    """How many values this is, all below it included. ``known`` are those that were counted."""
    if not isinstance(one, Mapping | list):
        return 1
    if id(one) not in known:
        below = one.values() if isinstance(one, Mapping) else one
        known[id(one)] = 1 + sum(_values(part, known) for part in below)
    return known[id(one)]
