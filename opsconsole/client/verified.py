"""The chain of events verified by the engine, in steps: each says how far it came, and the next goes on."""

from datetime import datetime

import msgspec

from opsconsole.client.query import Query

# Longer lists of anchors do not fit into a question.
MOST_WANTED = 4000


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What one step found.

    ``store`` is the store's uuid. ``events`` were whole from where it began up to ``seq``, whose hash is
    ``hash`` (hexadecimal) and whose time is ``at``. ``newest`` is the number of the newest event, as it
    stands there. ``broken_at`` is the first that is not whole, and ``why`` one of ``gap`` (events before it
    are missing), ``prev`` (it seals another event), ``hash`` (it was changed) and ``unreadable``. ``marks``
    are the hashes of those of ``wanted`` that were passed. ``ended``: nothing is left to verify.
    """

    store: str
    events: int
    seq: int
    hash: str
    at: datetime | None = None
    newest: int
    broken_at: int | None = None
    why: str = ""
    marks: dict[int, str] = {}
    ended: bool = True


class AskVerify(Query[Verified], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Verify what comes behind event ``after``, whose hash is ``hash``; from the beginning without.

    ``wanted`` are numbers whose hashes are to be told, at most `MOST_WANTED`.
    """

    after: int = 0
    hash: str = ""
    wanted: tuple[int, ...] = ()
