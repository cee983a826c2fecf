"""The incidents of a scripted engine: two that are open, one that is somebody's, two that are over."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from opsconsole.base.errors import Conflict, NotFound
from opsconsole.client import incident_commands as commands
from opsconsole.client.incident_pages import (
    AskIncidents,
    Handover,
    HandoverChange,
    IncidentDetail,
    IncidentFigures,
    IncidentsPage,
    Past,
    Related,
    TimelineEntry,
)
from opsconsole.client.incidents import Clock, Incident, Member, Question, Severity, Status
from opsconsole.client.readiness import ContactReadiness
from opsconsole.client.shapes import Application, Contact
from tests.fakes.scripted_city import SHARED

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine

_DAYS = {"24h": 1, "7d": 7, "30d": 30, "all": 10_000}


def canned_incidents(engine: "ScriptedEngine") -> dict[str, Callable[[Any], object]]:
    """The answers by the name of their query."""
    return {
        "incidents": lambda args: incidents_page(engine, args),
        "incident": lambda args: incident_detail(engine, args.number),
        "handover": lambda args: handover(engine),
    }


def opening(engine: "ScriptedEngine") -> list[Incident]:
    """What there is when the night begins."""
    gate, simrs, keu = engine.row("gw-satu"), engine.row("simrs"), engine.row("simda")
    members = [_member(engine.row(row_id), "parent", "gw-satu") for row_id in SHARED]
    return [
        _of(engine, 412, gate, Severity.CRITICAL, members=(_member(gate), *members),
            clocks=(_clock(engine, "respond", -1), _clock(engine, "recover", 3.8))),
        _of(engine, 413, simrs, Severity.HIGH, members=(_member(simrs),),
            clocks=(_clock(engine, "respond", 0.3), _clock(engine, "recover", 7.8))),
        _of(engine, 409, keu, Severity.HIGH, members=(_member(keu),), status=Status.ACKNOWLEDGED,
            acknowledged_by="budi", acknowledged_at=engine.now - timedelta(minutes=90), owner="budi",
            ack_until=engine.now + timedelta(hours=2, minutes=46), note="tunggu ISP", note_by="budi",
            note_at=engine.now - timedelta(minutes=40),
            questions=(Question(id="personal_data", answer="no", by="budi", at=engine.now),),
            clocks=(_clock(engine, "recover", 5.0),)),
        _over(engine, 411, engine.row("bphtb"), "certificate", "sertifikat diperbarui", 4),
        _over(engine, 410, engine.row("spmb"), "capacity", "disk penuh", 19),
    ]  # fmt: skip


def incidents_page(engine: "ScriptedEngine", args: AskIncidents) -> IncidentsPage:
    """Those of the window, what is open first."""
    since = engine.now - timedelta(days=_DAYS.get(args.window, 0))
    found = [
        one
        for one in engine.incidents.values()
        if one.status.is_open or (args.window != "open" and one.changed_at >= since)
    ]
    return IncidentsPage(
        at=engine.now, incidents=tuple(found[: args.limit]), total=len(found),
        figures=IncidentFigures(open=2, acknowledged=1, mtta_s=250.0, mtta_n=3, mttr_s=690.0, mttr_n=2),
    )  # fmt: skip


def incident_detail(engine: "ScriptedEngine", number: int) -> IncidentDetail:
    """Everything about one."""
    one = _known(engine, number)
    opened = one.opened_at
    timeline = [
        TimelineEntry(at=opened, kind="incident.opened", seq=1, via="engine", subject=f"incident:{number}",
                      params={"severity": one.severity.value, "reason": one.reason, **one.params},
                      happened_at=one.happened_at),
        *engine.timelines.get(number, ()),
    ]  # fmt: skip
    related = Related(number=413, subject="simrs", shares=("time", "address"), apart_s=58.0)
    row = engine.row(one.subject) if one.subject else None
    return IncidentDetail(
        incident=one, name=row.name if row else one.title, opd_name="Dinas Komunikasi dan Informatika",
        hosting="kominfo", handed_over=True, vendor="PT Contoh", runbook="docs/rb-17.md",
        timeline=tuple(timeline), related=(related,) if number == 412 else (),
        past=(Past(number=377, opened_at=opened - timedelta(days=20), lasted_s=1140.0, cause="network",
                   note="switch diganti"),),
        contacts=(Contact(name="Rina S.", duty="admin", phone="0812-0000-0601"),),
        readiness=(ContactReadiness(level=3, answered_at=opened - timedelta(days=12)),),
    )  # fmt: skip


def handover(engine: "ScriptedEngine") -> Handover:
    """The night's shift so far."""
    rows = list(engine.incidents.values())
    start = engine.now.replace(hour=14, minute=0, second=0)
    return Handover(
        at=engine.now, shift="malam", start=start, end=start + timedelta(hours=8),
        open=tuple(one for one in rows if one.status.is_open),
        ended=tuple(one for one in rows if not one.status.is_open),
        changes=(HandoverChange(at=engine.now - timedelta(minutes=90), kind="incident.acknowledged",
                                subject="incident:409", person="budi", params={}),),
        head_seq=4711, head_hash="ab" * 32,
    )  # fmt: skip


def carry_out(engine: "ScriptedEngine", args: msgspec.Struct, person: str, version: int | None) -> Incident:
    """Do what a command says of an incident. Raises Conflict where it has changed meanwhile."""
    one = _known(engine, args.incident)  # type: ignore[attr-defined]
    if version is not None and version < one.version:
        raise Conflict("{person} changed it at {time}.", "Look again.", person="sari", time="02:11")
    changes: dict[str, object] = {}
    match args:
        case commands.Acknowledge():
            changes = {
                "status": Status.ACKNOWLEDGED,
                "acknowledged_by": person,
                "acknowledged_at": engine.now,
            }
        case commands.Take():
            changes = {"owner": person}
        case commands.Note(text=text):
            changes = {"note": text, "note_by": person, "note_at": engine.now}
        case commands.Snooze(reason=reason):
            changes = {"snoozed_until": engine.now + timedelta(hours=2), "snooze_reason": reason}
        case commands.Resolve():
            changes = {"status": Status.RESOLVED, "resolved_at": engine.now, "cause": args.cause}
        case commands.Merge(into=into):
            changes = {"status": Status.MERGED, "merged_into": into}
        case commands.AnswerTriage(question=question, answer=answer):
            changes = {"questions": (Question(id=question, answer=answer, by=person, at=engine.now),)}  # type: ignore[arg-type]
    entry = TimelineEntry(
        at=engine.now, kind=f"incident.{_EVENTS.get(type(args), 'noted')}", person=person,
        subject=f"incident:{one.number}", seq=one.version + 2, text=getattr(args, "text", ""),
        params={"note": getattr(args, "text", "")},
    )  # fmt: skip
    engine.timelines.setdefault(one.number, []).append(entry)
    return engine.set_incident(one.number, **changes)


_EVENTS = {commands.Acknowledge: "acknowledged", commands.Take: "taken", commands.Resolve: "resolved"}


def _known(engine: "ScriptedEngine", number: int) -> Incident:
    one = engine.incidents.get(number)
    if one is None:
        raise NotFound(
            "There is no incident {number}.", "`opsconsole incidents list` lists them.", number=number
        )
    return one


def _of(
    engine: "ScriptedEngine", number: int, row: Application, severity: Severity, **fields: Any
) -> Incident:
    opened = row.since + timedelta(minutes=1)
    return Incident(
        number=number, severity=severity, subject=row.id, opd=row.opd, opd_short=row.opd_short, tier=row.tier,
        state=row.state.value, reason=row.reason, params=row.params, probe=row.probe, happened_at=row.since,
        opened_at=opened, changed_at=fields.pop("changed_at", opened), version=1, **fields,
    )  # fmt: skip


def _over(
    engine: "ScriptedEngine", number: int, row: Application, cause: str, note: str, minutes: float
) -> Incident:
    ended = engine.now - timedelta(hours=2)
    began = ended - timedelta(minutes=minutes)
    return Incident(
        number=number, status=Status.RESOLVED, subject=row.id, opd=row.opd, opd_short=row.opd_short,
        tier=row.tier, reason="no_response", happened_at=began, opened_at=began + timedelta(minutes=1),
        acknowledged_at=began + timedelta(minutes=2), acknowledged_by="sari", owner="sari", resolved_at=ended,
        recovered_at=ended, cause=cause, note=note, note_by="sari", note_at=ended, changed_at=ended,
        members=(msgspec.structs.replace(_member(row), since=began, recovered_at=ended),), version=4,
    )  # type: ignore[arg-type]  # fmt: skip


def _member(row: Application, because: str = "self", via: str = "") -> Member:
    return Member(
        id=row.id, name=row.name, opd=row.opd, opd_short=row.opd_short, tier=row.tier,
        because=because, via=via, since=row.since, reason=row.reason,  # type: ignore[arg-type]
    )  # fmt: skip


def _clock(engine: "ScriptedEngine", clock_id: str, hours: float, source: str = "") -> Clock:
    due = engine.now + timedelta(hours=hours)
    return Clock(id=clock_id, started_at=engine.now - timedelta(hours=1), due_at=due, source=source)
