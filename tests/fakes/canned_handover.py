"""A shift that has everything to hand over: an outage that goes on, one that ended, what people did."""

from datetime import datetime, timedelta

from opsconsole.client.incident_pages import Handover, HandoverChange, IncidentDetail, TimelineEntry
from opsconsole.client.incidents import Clock, Incident, Member, Question, Severity, Status
from opsconsole.client.readiness import RunningDrill
from opsconsole.client.shapes import Contact

HASH = "0f" * 32


def outage(now: datetime) -> Incident:
    """A critical one of personal data, taken by somebody, with every clock there is."""
    began = now - timedelta(minutes=24)
    simrs = Member(id="simrs", name="SIMRS RSUD", opd="RSUD", opd_short="RSUD", tier=1, since=began)
    queue = Member(id="antrean", name="Antrean RSUD", opd="RSUD", opd_short="RSUD", tier=2, since=began)
    return Incident(
        number=123, status=Status.ACKNOWLEDGED, severity=Severity.CRITICAL, subject="simrs", opd="RSUD",
        opd_short="RSUD", tier=1, state="down", reason="connect_refused",
        params={"address": "127.20.9.1:9443"}, probe="http",
        members=(simrs, queue), happened_at=began, opened_at=began + timedelta(minutes=2),
        acknowledged_at=now - timedelta(minutes=9), acknowledged_by="budi", owner="budi",
        answered_at=now - timedelta(minutes=9), ack_until=now + timedelta(hours=3),
        questions=(
            Question(id="personal_data", answer="yes", by="budi", at=now - timedelta(minutes=8)),
            Question(id="iiv"),
        ),
        clocks=(
            Clock(
                id="respond", started_at=began, due_at=began + timedelta(minutes=15),
                met_at=now - timedelta(minutes=9),
            ),
            Clock(id="recover", started_at=began, due_at=now - timedelta(minutes=5)),
            Clock(id="pdp", started_at=began, due_at=began + timedelta(hours=72), source="uu-pdp-27-2022-46"),
            Clock(id="bssn", started_at=began, source="bssn-1-2024-15"),
        ),
        note="menunggu vendor memulihkan basis data", note_by="budi", note_at=now, changed_at=now,
    )  # fmt: skip


def ended(now: datetime) -> Incident:
    """One that is over, with its cause."""
    began = now - timedelta(hours=3)
    return Incident(
        number=122, status=Status.RESOLVED, severity=Severity.MEDIUM, subject="portal",
        opd_short="Diskominfo", members=(Member(id="portal", name="Portal Kota", since=began),),
        happened_at=began, opened_at=began,
        resolved_at=began + timedelta(minutes=40), recovered_at=began + timedelta(minutes=38),
        cause="network", note="kabel diganti", note_by="rina", changed_at=now,
    )  # fmt: skip


def handover(now: datetime) -> Handover:
    """The night shift of 23 November."""
    return Handover(
        at=now, shift="malam", start=now - timedelta(hours=5, minutes=14),
        end=now + timedelta(hours=2, minutes=46), open=(outage(now),), ended=(ended(now),),
        changes=(
            HandoverChange(
                at=now - timedelta(minutes=9), kind="incident.acknowledged", subject="incident:123",
                person="budi", text="saya lihat",
                params={"number": 123, "until": "2026-11-23T22:14:00+00:00", "note": "saya lihat"},
            ),
            HandoverChange(
                at=now - timedelta(minutes=3), kind="probe.paused", subject="portal", person="rina",
                params={"until": "2026-11-23T22:14:00+00:00", "reason": "ganti disk"}, text="ganti disk",
            ),
        ),
        changes_total=2,
        drills=(
            RunningDrill(
                number=1, person="rina", name="Rina S.", opd="RSUD", application="simrs", asked_at=now,
                due_at=now + timedelta(minutes=15),
            ),
        ),
        head_seq=4711, head_hash=HASH,
    )  # fmt: skip


def outage_detail(now: datetime) -> IncidentDetail:
    """All about the outage."""
    one = outage(now)
    return IncidentDetail(
        incident=one, name="SIMRS RSUD", opd_name="Rumah Sakit Umum Daerah", hosting="commercial",
        vendor="PT Contoh",
        timeline=(
            TimelineEntry(
                at=one.opened_at, seq=5, kind="incident.opened", via="engine",
                params={"severity": "critical", "reason": "connect_refused", "state": "down"},
            ),
            TimelineEntry(
                at=now, seq=7, kind="incident.noted", person="budi", params={"note": one.note},
                text=one.note,
            ),
        ),
        contacts=(
            Contact(name="Rina S.", duty="admin", phone="0812-0000-0001", whatsapp="0812-0000-0001"),
            Contact(name="Piket RSUD", duty="operator", phone="0812-0000-0002"),
        ),
    )  # fmt: skip
