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
