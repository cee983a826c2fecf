"""How long a receiver asks to be left alone: the header ``Retry-After``, in seconds or as a date."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

# No date of HTTP is longer (RFC 9110, section 5.6.7), by far.
_LONGEST_DATE = 64


def asked_wait(headers: Mapping[str, str], now: float) -> float:
    """Seconds from ``now`` (since the epoch) that an answer asks for, 0 where it asks for none.

    A date is held against the answer's own ``Date``, where it has one: a clock that is wrong is so in both.
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    until = _moment(asked)
    if until is None:
        return 0.0
    said_at = _moment(headers.get("date", ""))
    return max(0.0, until - (now if said_at is None else said_at))


def _moment(text: str) -> float | None:
    """A date of HTTP as seconds since the epoch, None for what is none."""
    if not text or len(text) > _LONGEST_DATE:
        return None
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
