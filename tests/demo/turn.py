"""What one turn of the demo's story has to come to: listed beforehand, compared with what an engine recorded.

A row's words are those of its application, confirmed ones alone, one after the other; before the first it is
pending. ``via`` is who cut it off. ``told`` is what people hear of it.
"""

import json
from typing import NamedTuple

from opsconsole.store.database import Store


class Row(NamedTuple):
    """One row of the table."""

    words: tuple[str, ...]
    told: tuple[str, ...] = ()
    via: str = ""


# What our own link does to everything that is up, and to the two that never are.
OUR_LINK = ("unknown", "up")
ELSE = Row(("up", *OUR_LINK))
OUTAGE = Row(("up", "down", "up", *OUR_LINK), ("down", "up"))
SHARED_HOST = ("disnakerpmptsp-web", "bkad-web", "dlh-web", "diskopindag-web", "dinkes-web", "dishub-web")


class Trouble(NamedTuple):
    """One incident. ``members`` are rows and why each belongs to it; ``severity`` is the worst it had.

    ``ends``: how it stands when the turn is over: it fails, it has recovered (which half an hour may still
    undo), or that has lasted five minutes and it was resolved by itself. The engine's clock is 90 s ahead
    for a while, which is when most are. ``again``: what the next turn makes of it. That comes within half an
    hour of each recovery: nothing opens anew.
    """

    members: dict[str, str]
    severity: str
    ends: tuple[str, ...]
    again: str = ""


def cut_off(via: str) -> Row:
    """Fails with its parent, and nobody is told of it."""
    return Row(("up", "unreachable", "up", *OUR_LINK), (), via)


TURN: dict[str, Row] = {
    "lpse": Row(("down", "unknown", "down"), ("down",)),
    "jdih": Row(("warn", "unknown", "warn"), ("warn",)),
    "pajak-esppt": Row(("warn", "up", *OUR_LINK), ("warn", "up")),
    "izol": Row(("down", "up", *OUR_LINK), ("down", "up")),
    "cctv": OUTAGE,
    "dns": OUTAGE,
    # First its name can not be found, which is the name server's outage; later its name leads elsewhere.
    "portal": Row(("up", "unreachable", "up", "down", "up", *OUR_LINK), ("down", "up"), "dns"),
    "simrs": OUTAGE,
    "daftar-rsud": cut_off("simrs"),
    "suradi": Row(("up", "warn", "up", *OUR_LINK), ("warn", "up")),
    **dict.fromkeys(SHARED_HOST, OUTAGE),
    "service:siak": OUTAGE,
    "ws-nik": cut_off("service:siak"),
    "siapel": cut_off("service:siak"),
    "simpeg": OUTAGE,
    "jaringan-intra": OUTAGE,
    "siapp": cut_off("jaringan-intra"),
    "smartmap": cut_off("jaringan-intra"),
    "tapping": cut_off("jaringan-intra"),
    # One of the two ways out is an outage of its own; what lies behind both is not.
    "gerbang-cadangan": OUTAGE,
    "gerbang-dc": OUTAGE,
    "service:oss": cut_off("gerbang-dc"),
    "service:bpjs": cut_off("gerbang-dc"),
    # It fails within its maintenance.
    "sms-gateway": Row(("up", "maint", "up", *OUR_LINK)),
}
# How often it fails before it counts as flapping is chance.
FLAPPING = "sembako"

FAILS, UP, RESOLVED = ("open",), ("recovered",), ("resolved",)
# Five minutes after its recovery the clock is put right again: chance decides.
EITHER = ("recovered", "resolved")
REOPENED, FAILED_AGAIN = "incident.reopened", "incident.member_failed_again"

# In the order in which they open, but for those that begin within a few seconds of each other.
INCIDENTS: tuple[Trouble, ...] = (
    Trouble({"lpse": "self"}, "critical", FAILS),
    Trouble({"jdih": "self"}, "low", FAILS),
    Trouble({"izol": "self"}, "critical", RESOLVED, REOPENED),
    Trouble({"pajak-esppt": "self"}, "high", RESOLVED, REOPENED),
    Trouble({"cctv": "self"}, "high", RESOLVED, REOPENED),
    # The portal's name is not found, and later leads elsewhere: a member that fails again.
    Trouble({"dns": "self", "portal": "parent"}, "critical", UP, FAILED_AGAIN),
    Trouble({"simrs": "self", "daftar-rsud": "parent"}, "critical", RESOLVED, REOPENED),
    Trouble({"suradi": "self"}, "high", EITHER, REOPENED),
    Trouble(dict.fromkeys(SHARED_HOST, "address"), "medium", RESOLVED, REOPENED),
    Trouble({"service:siak": "self", "ws-nik": "parent", "siapel": "parent"}, "critical", EITHER, REOPENED),
    Trouble({"simpeg": "self"}, "high", UP, REOPENED),
    Trouble(
        {"jaringan-intra": "self", "siapp": "parent", "smartmap": "parent", "tapping": "parent"},
        "high", UP, REOPENED,
    ),
    Trouble({"gerbang-cadangan": "self"}, "high", UP, REOPENED),
    Trouble({"gerbang-dc": "self", "service:oss": "parent", "service:bpjs": "parent"}, "high", UP, REOPENED),
)  # fmt: skip
# These begin within a few seconds of each other as the city opens: which is told first is chance.
FIRST = 4
_RANK = ("critical", "high", "medium", "low")


def incidents(store: Store) -> list[Trouble]:
    """The incidents that an engine recorded, in order of their numbers.

    What shares an address is ``address`` throughout: which of them failed first is chance.
    """
    with store.reader() as conn:
        kept = conn.exec_driver_sql(
            "SELECT subject, kind, body FROM event WHERE kind LIKE 'incident.%' ORDER BY seq"
        ).all()
    found: dict[str, Trouble] = {}
    for subject, kind, text in kept:
        body = json.loads(text)
        one = found.get(subject, Trouble({}, "low", FAILS))
        members = one.members | {member["id"]: member["because"] for member in body.get("members", ())}
        if "address" in members.values():
            members = dict.fromkeys(members, "address")
        severity = min(one.severity, body.get("severity", "low"), key=_RANK.index)
        found[subject] = Trouble(members, severity, _ENDS.get(kind, one.ends), one.again)
    return list(found.values())


_ENDS = {
    "incident.opened": FAILS,
    "incident.member_failed_again": FAILS,
    "incident.reopened": FAILS,
    "incident.recovered": UP,
    "incident.resolved": RESOLVED,
}


def open_since(store: Store) -> float:
    """From how many seconds after the engine's start on an incident was open without a break."""
    with store.reader() as conn:
        kept = conn.exec_driver_sql(
            "SELECT subject, kind, at FROM event "
            "WHERE kind LIKE 'incident.%' OR kind = 'engine.started' ORDER BY seq"
        ).all()
    started = next(at for _subject, kind, at in kept if kind == "engine.started")
    since, still = float("inf"), set[str]()
    for subject, kind, at in kept:
        if _ENDS.get(kind) == FAILS:
            since = since if still else at
            still.add(subject)
        elif kind in ("incident.resolved", "incident.closed"):
            still.discard(subject)
    return float("inf") if not still else (since - started) / 1000


def again(store: Store) -> dict[frozenset[str], str]:
    """What the second turn made of each incident: the first event of it in that turn, by its members.

    The wall clock was put right at the end of the first.
    """
    with store.reader() as conn:
        [(turned,)] = conn.exec_driver_sql(
            "SELECT min(seq) FROM event WHERE kind = 'clock.stepped' "
            "AND json_extract(body, '$.seconds') LIKE '-%'"
        ).all()
        kept = conn.exec_driver_sql(
            "SELECT subject, kind FROM event WHERE seq > ? AND kind IN (?, ?) ORDER BY seq DESC",
            (turned, REOPENED, FAILED_AGAIN),
        ).all()
    by_subject = {str(subject): str(kind) for subject, kind in kept}
    return {
        frozenset(one.members): by_subject.get(f"incident:{number}", "")
        for number, one in enumerate(incidents(store), start=1)
    }


def check(found: list[Trouble], listed: tuple[Trouble, ...], chance: int) -> None:
    """Whether these are the incidents listed, no more and no fewer, the first ``chance`` in any order."""
    assert len(found) == len(listed), found

    def key(one: Trouble) -> list[str]:
        return sorted(one.members)

    ordered = [*sorted(found[:chance], key=key), *found[chance:]]
    wanted = [*sorted(listed[:chance], key=key), *listed[chance:]]
    for one, other in zip(ordered, wanted, strict=True):
        assert (one.members, one.severity) == (other.members, other.severity)
        assert set(one.ends) <= set(other.ends), one


def recorded(store: Store) -> dict[str, Row]:
    """What an engine recorded, row by row."""
    with store.reader() as conn:
        changes = conn.exec_driver_sql(
            "SELECT entity_id, to_state, params FROM transition "
            "WHERE entity = 'application' AND hard ORDER BY id"
        ).all()
        told = conn.exec_driver_sql(
            "SELECT subject, json_extract(body, '$.after') FROM event "
            "WHERE kind = 'application.announced' ORDER BY seq"
        ).all()
    words: dict[str, list[str]] = {}
    via: dict[str, str] = {}
    for row, word, params in changes:
        known = words.setdefault(row, [])
        if word == "unreachable" and known[-1:] == ["down"]:
            # It failed together with its parent and was confirmed a moment before it.
            known.pop()
        if not known or known[-1] != word:
            known.append(word)
        if word == "unreachable":
            via[row] = json.loads(params)["via"]
    return {
        row: Row(tuple(known), tuple(after for who, after in told if who == row), via.get(row, ""))
        for row, known in words.items()
    }


def events(store: Store) -> list[str]:
    """The kinds of events of the engine itself, in order."""
    with store.reader() as conn:
        return [
            kind
            for (kind,) in conn.exec_driver_sql(
                "SELECT kind FROM event WHERE subject = 'engine' OR kind LIKE 'maintenance.%' ORDER BY seq"
            )
        ]
