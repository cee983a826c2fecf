"""What is wrong with the register: entries that lack something, and what the last looks say of them.

Pure: what the engine saw is passed in. Whatever is refused when the files are read never gets here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from opsconsole.client.findings import SEVERITIES, Finding, Fixer, Severity
from opsconsole.client.shapes import Contact
from opsconsole.inventory.office import ApplicationEntry, Inventory
from opsconsole.inventory.places import key_line, row_lines
from opsconsole.inventory.warnings import circles, sends_openly
from probes.observation import Param

# From so many days before its end a certificate is worth a line, also where its probe does not warn yet.
_SOON_DAYS, _NEAR_DAYS = 30, 14
_MOST_TIER = 2
_LONG_PAUSE = timedelta(hours=24)
# Reasons of a look that are somebody's mistake in setting things up, not an outage: code, severity, fixer.
_SET_UP_WRONGLY: Mapping[str, tuple[str, Severity, Fixer]] = {
    "dns_nxdomain": ("dns", "high", "dns"),
    "dns_no_address": ("dns", "high", "dns"),
    "dns_failed": ("dns", "high", "dns"),
    "dns_timeout": ("dns", "high", "dns"),
    "tls_hostname": ("cert_name", "med", "opd"),
    "tls_untrusted": ("cert_untrusted", "med", "opd"),
}


@dataclass(frozen=True, slots=True)
class ProbeFacts:
    """What was last seen by a probe: why it is as it is and since when, and when its certificate ends.

    ``paused_at`` is since when it is paused, by ``paused_by``.
    """

    name: str
    reason: str
    params: Mapping[str, Param]
    since: datetime
    expires_at: datetime | None = None
    paused_at: datetime | None = None
    paused_by: str = ""


Facts = Mapping[str, Sequence[ProbeFacts]]


def findings(inventory: Inventory, facts: Facts, now: datetime) -> list[Finding]:
    """Everything that somebody should mend, the worst first. ``facts`` are by row id."""
    register = _Register(inventory, now)
    found = [
        *register.contacts(),
        *register.calendar(),
        *register.circles(),
        *register.same_targets(),
        *(one for row in inventory.rows() for one in register.row(row, facts.get(row.id, ()))),
    ]
    return sorted(found, key=_urgency)


def _urgency(one: Finding) -> tuple[int, str, str, str]:
    return SEVERITIES.index(one.severity), one.opd_short.casefold(), one.application, one.code


class _Register:
    """An inventory at a moment, with the places of its entries."""

    def __init__(self, inventory: Inventory, now: datetime) -> None:
        self._inventory = inventory
        self._now = now
        self._today = self._day(now)
        self._lines = row_lines(inventory)

    def row(self, row: ApplicationEntry, facts: Sequence[ProbeFacts]) -> Iterator[Finding]:
        """What is wrong with one application or service."""
        if not row.active:
            return
        if not row.probes:
            yield self._of(row, "no_probe", "high" if row.tier <= _MOST_TIER else "med")
        if row.tier == 1 and not row.runbook and row.kind == "application":
            yield self._of(row, "no_runbook", "med", "opd")
        if any(sends_openly(one) for one in row.probes):
            yield self._of(row, "plain_secret", "high", _owned(row, "opd"))
        yield from self._plain(row)
        yield from self._parents(row)
        yield from self._ended(row)
        for one in facts:
            yield from self._seen(row, one)

    def _plain(self, row: ApplicationEntry) -> Iterator[Finding]:
        if row.kind == "application" and any(one.target.label.startswith("http://") for one in row.probes):
            if row.personal_data:
                yield self._of(row, "plain_personal", "med", "opd")
            elif row.tier <= _MOST_TIER:
                yield self._of(row, "plain", "low", "opd", params={"tier": row.tier})

    def _parents(self, row: ApplicationEntry) -> Iterator[Finding]:
        for parent_id in (one for group in row.depends_on for one in group.any):
            parent = self._inventory.entry(parent_id)
            if not parent.active:
                yield self._of(row, "parent_off", "med", params={"other": parent_id})
            elif (ended := self._end_of(parent)) is not None:
                params: dict[str, Param] = {"other": parent_id, "opd": parent.opd, "day": ended.isoformat()}
                yield self._of(row, "parent_ended", "med", params=params)

    def _ended(self, row: ApplicationEntry) -> Iterator[Finding]:
        if (ended := self._end_of(row)) is not None:
            since = datetime.combine(ended + timedelta(days=1), time(), self._inventory.calendar.zone)
            params: dict[str, Param] = {"opd": row.opd, "day": ended.isoformat()}
            yield self._of(row, "opd_ended", "med", params=params, since=since.astimezone(UTC))

    def _day(self, moment: datetime) -> date:
        """The day of a moment, in the office's zone."""
        return moment.astimezone(self._inventory.calendar.zone).date()

    def _end_of(self, row: ApplicationEntry) -> date | None:
        """The last day of an agency that exists no longer; None for one that does."""
        opd = self._inventory.opds.get(row.opd)
        return opd.valid_to if opd and opd.valid_to and opd.valid_to < self._today else None

    def _seen(self, row: ApplicationEntry, facts: ProbeFacts) -> Iterator[Finding]:
        if facts.reason in _SET_UP_WRONGLY:
            code, severity, fixer = _SET_UP_WRONGLY[facts.reason]
            seen = {"probe": facts.name, **facts.params}
            yield self._of(row, code, severity, _owned(row, fixer), params=seen, since=facts.since)
        if facts.paused_at is not None and self._now - facts.paused_at > _LONG_PAUSE:
            paused: dict[str, Param] = {"probe": facts.name, "by": facts.paused_by}
            yield self._of(row, "paused", "med", params=paused, since=facts.paused_at)
        if facts.expires_at is None:
            return
        days = (facts.expires_at - self._now) // timedelta(days=1)
        params: dict[str, Param] = {"day": self._day(facts.expires_at).isoformat(), "days": days}
        if facts.expires_at <= self._now:
            yield self._of(
                row, "cert_expired", "high", _owned(row, "opd"), params=params, since=facts.expires_at
            )
        elif days < _SOON_DAYS or facts.reason == "cert_expiring":
            near = days < _NEAR_DAYS or facts.reason == "cert_expiring"
            weight: Severity = "med" if near else "low"
            yield self._of(row, "cert_expiring", weight, _owned(row, "opd"), params=params)

    def same_targets(self) -> Iterator[Finding]:
        """Rows that look at what another one looks at already."""
        first: dict[tuple[str, str], str] = {}
        told: set[tuple[str, str]] = set()
        for probe in self._inventory.probes():
            key = (probe.spec.kind, probe.target.label.rstrip("/"))
            other = first.setdefault(key, probe.row_id)
            if other != probe.row_id and (other, probe.row_id) not in told:
                told.add((other, probe.row_id))
                yield self._of(
                    self._inventory.entry(probe.row_id), "same_target", "low", params={"other": other}
                )

    def contacts(self) -> Iterator[Finding]:
        """Applications without an admin who can be called; once for an agency that lacks one altogether."""
        lacking: dict[str, list[tuple[ApplicationEntry, str]]] = {}
        of_opd: dict[str, int] = {}
        for row in self._inventory.applications.values():
            if row.active:
                of_opd[row.opd] = of_opd.get(row.opd, 0) + 1
                if code := _lacks(self._inventory.contacts(row.id)):
                    lacking.setdefault(row.opd, []).append((row, code))
        for code_of_opd, rows in lacking.items():
            if len(rows) == of_opd[code_of_opd] and len({code for _row, code in rows}) == 1:
                severity: Severity = "high" if any(row.tier == 1 for row, _code in rows) else "med"
                yield self._of_agency(code_of_opd, rows[0][1], severity)
            else:
                for row, code in rows:
                    yield self._of(row, code, "high" if row.tier == 1 else "med", "opd")

    def calendar(self) -> Iterator[Finding]:
        """Years whose days off or Ramadan nobody has listed."""
        for one in self._inventory.calendar.missing(self._today):
            yield Finding(
                severity="med" if one.year == self._today.year else "low",
                code=one.code,
                params={"year": one.year},
                file="calendar.toml",
                line=key_line(self._inventory, "calendar.toml", (one.key,)),
            )

    def circles(self) -> Iterator[Finding]:
        """Rows that depend on themselves by way of others."""
        for circle in circles(self._inventory):
            row = self._inventory.entry(circle[0])
            yield self._of(row, "circle", "low", params={"circle": " > ".join([*circle, circle[0]])})

    def _of(
        self,
        row: ApplicationEntry,
        code: str,
        severity: Severity,
        fixer: Fixer = "us",
        *,
        params: Mapping[str, Param] | None = None,
        since: datetime | None = None,
    ) -> Finding:
        opd = self._inventory.opds.get(row.opd)
        return Finding(
            severity=severity,
            code=code,
            params=dict(params or {}),
            opd=row.opd,
            opd_short=opd.short if opd else "",
            application=row.id,
            since=since,
            fixer=fixer,
            file=row.file,
            line=self._lines[row.id],
        )

    def _of_agency(self, code_of_opd: str, code: str, severity: Severity) -> Finding:
        opd = self._inventory.opds[code_of_opd]
        return Finding(
            severity=severity,
            code=code,
            opd=opd.code,
            opd_short=opd.short,
            fixer="opd",
            file=opd.file,
            line=1,
        )


def _owned(row: ApplicationEntry, fixer: Fixer) -> Fixer:
    """Of a service outside the city its owner mends what an OPD would."""
    return "owner" if row.kind == "service" and fixer == "opd" else fixer


def _lacks(contacts: Iterable[Contact]) -> str:
    """What keeps an admin from being called; empty when one can be."""
    admins = [one for one in contacts if one.duty == "admin"]
    if not admins:
        return "no_admin"
    return "" if any(one.phone or one.whatsapp for one in admins) else "no_number"
