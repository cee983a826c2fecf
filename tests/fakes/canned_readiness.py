"""The readiness of the scripted engine's city, made up from its rows: all levels, claims, what is missing."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from opsconsole.client.readiness import (
    ApplicationReadiness,
    AskOpdReadiness,
    Evidence,
    HeldDuty,
    LevelWords,
    MeansReadiness,
    OpdReadiness,
    OpdReadinessPage,
    ReadinessPage,
    RuleWords,
    SourceWords,
    Stand,
)
from opsconsole.client.shapes import Opd, Why

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine

LEVELS = tuple(
    LevelWords(level, *names, "pemdi-tingkat")
    for level, names in enumerate(
        [("Belum ada", "Nobody"), ("Rintisan", "Initial"), ("Terkelola", "Managed"),
         ("Terstandardisasi", "Standardised"), ("Terintegrasi dan terukur", "Integrated and measured"),
         ("Optimum", "Optimised")]
    )
)  # fmt: skip
RULES = (
    RuleWords(code="SK", id="SK penunjukan", en="Appointment decree", valid="decree", source="kesiapan-admin",
              voided_by=("transfer", "retirement", "acting")),
    RuleWords(code="KT", id="Kontak terverifikasi", en="Contact verified", valid="90d",
              source="kesiapan-admin"),
    RuleWords(code="BT", id="Bimtek", en="Technical training", valid="24mo", source="kesiapan-admin"),
    RuleWords(code="UR", id="Uji respons", en="Response drill", valid="90d", valid_by_tier={"1": "30d"},
              source="bssn-1-2024-18"),
)  # fmt: skip
SOURCES = (
    SourceWords(id="kesiapan-admin", title="Aturan kesiapan admin kantor ini"),
    SourceWords(id="pemdi-tingkat", title="Tingkat kematangan Pemerintah Digital", confirm=True),
    SourceWords(id="bssn-1-2024-18", number="Peraturan BSSN 1/2024 pasal 18", title="Simulasi berkala"),
)
# The level that asks for each kind of evidence.
_ASKED = {"named": 1, "SK": 2, "KT": 2, "BT": 3, "SOP": 3, "CD": 3, "UR": 4, "LG": 4}
_PROVEN = (1, 2, 0, 3, 1, 4, 2)


def canned_readiness(engine: "ScriptedEngine") -> dict[str, Callable[[Any], object]]:
    """The answers by the name of their query."""

    def page(args: object) -> ReadinessPage:
        opds = tuple(readiness_of(engine, code) for code in engine.board_opds())
        return ReadinessPage(at=engine.now, opds=opds, levels=LEVELS, evidence=RULES)

    def opd(args: AskOpdReadiness) -> OpdReadinessPage:
        one = readiness_of(engine, args.code.upper())
        rows = [row for row in _rows(engine, one) if row.kind in (args.kinds or (row.kind,))][: args.rows]
        return OpdReadinessPage(
            at=engine.now, readiness=one, people=(("rina", "Rina S."), ("budi", "Budi W.")),
            applications=(_application(engine, one),), means=means_of(engine), rows=tuple(rows),
            levels=LEVELS, evidence=RULES, sources=SOURCES,
        )  # fmt: skip

    return {"readiness": page, "readiness-opd": opd}


def readiness_of(engine: "ScriptedEngine", code: str) -> OpdReadiness:
    """The line of an OPD; what the script has put into ``readiness`` replaces the usual fields."""
    row = engine.board_opds()[code]
    place = list(engine.board_opds()).index(code)
    level = _PROVEN[place % len(_PROVEN)]
    fields = _usual(engine, row, place, level) | engine.readiness.get(code, {})
    return OpdReadiness(opd=code, short=row.short, name=row.name, **fields)


def _usual(engine: "ScriptedEngine", row: Opd, place: int, level: int) -> dict[str, Any]:
    cells = {need: "ok" if asked <= level else "lacking" for need, asked in _ASKED.items()}
    first = next((need for need, asked in _ASKED.items() if asked == level + 1), "RV")
    missing = {"what": first, "duty": "admin", "name": "Rina S.", "application": "", "person": "rina"}
    nobody = Why("nobody", {"duty": "admin", "application": "situs"})
    if level == 0:
        cells["named"] = "part"
    falls = level >= 2
    return {
        "proven": level, "median": level + 0.5 * (place % 2),
        "claimed": None if place % 5 == 4 else min(5, level + place % 3),
        "falls_on": engine.now + timedelta(days=7 + 11 * (place % 9)) if falls else None,
        "falls_to": max(level - 1, 0), "cells": cells,
        "reasons": (nobody if level == 0 else Why("missing" if place % 2 else "expired", missing),),
        "applications": row.total, "people": 2, "means": 2, "means_proven": 1,
    }  # fmt: skip


def means_of(engine: "ScriptedEngine") -> tuple[MeansReadiness, ...]:
    """One that a probe shows, and one that nothing does."""
    since = engine.now - timedelta(days=3)
    return (
        MeansReadiness(id="tautan", kind="link", name="Tautan internet", proven_by="service:inet-utama",
                       proven=True, since=since),
        MeansReadiness(id="laptop", kind="device", name="Laptop piket"),
    )  # fmt: skip


def _application(engine: "ScriptedEngine", one: OpdReadiness) -> ApplicationReadiness:
    stands = tuple(
        Stand(
            what=need, level=asked, cell="ok" if asked <= one.proven else "lacking",
            why="" if asked <= one.proven else "missing", row=4 if need == "SK" else 0,
            until=one.falls_on if asked == one.proven else None, source="stated" if need == "KT" else "",
        )
        for need, asked in _ASKED.items()
    )  # fmt: skip
    rina = HeldDuty(
        duty="admin", application="situs", tier=2, person="rina", name="Rina S.", level=one.proven,
        stands=stands,
    )  # fmt: skip
    missing = Stand(what="named", level=1, cell="lacking", why="nobody")
    nobody = HeldDuty(duty="pic", application="situs", tier=2, stands=(missing,))
    return ApplicationReadiness(
        id="situs", name="Situs", tier=2, level=one.proven, duties=(rina,) if one.proven else (rina, nobody)
    )


def _rows(engine: "ScriptedEngine", one: OpdReadiness) -> list[Evidence]:
    """What was recorded, the newest first."""
    told = (("UR", "inside", "pass"), ("KT", "wa", "answered"), ("SK", "", ""), ("KT", "phone", "none"))
    return [
        Evidence(
            number=6 - place, kind=kind, variant=variant, result=result, person="rina", opd=one.opd,
            at=engine.now - timedelta(days=20 * (place + 1)), by="sari", recorded_at=engine.now,
            source="imported" if kind == "SK" else "seen",
        )
        for place, (kind, variant, result) in enumerate(told)
    ]  # fmt: skip
