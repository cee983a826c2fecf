"""What a scripted engine answers when it is asked for the past, made up from its rows."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from opsconsole.client.agency import AskOpd, OpdPage
from opsconsole.client.findings import (
    SEVERITIES,
    AskInventory,
    Finding,
    InventoryPage,
    Registered,
    RegisteredOpd,
    RegisteredProbe,
)
from opsconsole.client.history import SECONDS, AskHistory, Bucket, History, step_of
from opsconsole.client.instructions import Instruction
from opsconsole.client.logbook import STATE, AskLog, Entry, LogPage
from opsconsole.client.shapes import Application, State
from opsconsole.health.history import Stretch, account, worst
from tests.fakes.canned_readiness import LEVELS, means_of, readiness_of
from tests.fakes.scripted_city import PARENTS, contacts_of

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine


def canned_past(engine: "ScriptedEngine") -> dict[str, Callable[[Any], object]]:
    """The answers by the name of their query."""
    return {
        "history": lambda args: _history(engine, args),
        "log": lambda args: log_page(_entries(engine), args),
        "inventory": lambda args: _inventory(engine, args),
        "opd": lambda args: _opd_page(engine, args),
    }


def _history(engine: "ScriptedEngine", args: AskHistory) -> History:
    """Up all the time but for a slow stretch, for an hour without us, and for what it shows now."""
    row = engine._known(args.application)
    end = args.until or engine.now
    start = end - timedelta(seconds=SECONDS[args.window])
    first, last = round(start.timestamp()), round(end.timestamp())
    span, since = last - first, min(max(round(row.since.timestamp()), first), last)
    marks = [first, first + span // 4, first + span // 4 + span // 24, first + span // 2,
             first + span // 2 + span // 12, since, last]  # fmt: skip
    states = (State.UP, State.UNKNOWN, State.UP, State.WARN, State.UP, row.state)
    stretches = [
        Stretch(one, other, state)
        for one, other, state in zip(marks, marks[1:], states, strict=False)
        if one < other
    ]
    spent = account(stretches)
    low, high, coverage = spent.percentages() or (None, None, None)
    step = step_of(args.window, args.cells)
    count = -(-span // step)
    return History(
        application=row.id, probe=args.probe, window=args.window, start=start, end=end, step_s=step,
        buckets=tuple(
            _bucket(number, state, start + timedelta(seconds=number * step), step)
            for number, state in enumerate(worst(stretches, first, step, count))
        ),
        up_s=spent.up, down_s=spent.down, unknown_s=spent.unknown, excluded_s=spent.excluded,
        low_pct=low, high_pct=high, coverage_pct=coverage, p95_ms=812.3, looks=span // 60,
        failures=spent.down // 60, slow_over_s=3.0, first_at=engine.now - timedelta(days=400),
        first_look_at=engine.now - timedelta(days=90),
    )  # fmt: skip


def _bucket(number: int, state: State, at: Any, step: int) -> Bucket:
    looks = 0 if state is State.UNKNOWN else step // 60
    failures = looks if state is State.DOWN else 0
    slow = {State.WARN: 3400.0, State.DOWN: 0.0, State.UNKNOWN: 0.0}
    return Bucket(
        at=at,
        state=state,
        p95_ms=slow.get(state, 400.0 + number % 9 * 150),
        looks=looks,
        answered=looks - failures,
        failures=failures,
    )


def log_page(entries: Iterable[Entry], args: AskLog) -> LogPage:
    """The page of these entries that a real engine would answer with; marks are their places."""
    matching = [one for one in entries if _matches(one, args)]
    listed = list(reversed(range(len(matching))))
    before = int(args.before.split(".")[0]) if args.before else len(matching)
    after = int(args.after.split(".")[0]) if args.after else 0
    found = [number for number in listed if after <= number < before][: args.limit]
    first = found[-1] if found else before
    return LogPage(
        entries=tuple(matching[number] for number in found),
        total=0 if args.before or args.after else len(matching), more=first > after,
        newest=f"{len(matching)}.0", oldest=f"{first}.0",
    )  # fmt: skip


def _matches(entry: Entry, args: AskLog) -> bool:
    who = entry.person or entry.via or "engine"
    return (
        (not args.kinds or any(one in entry.kind for one in args.kinds))
        and (not args.about or any(one in entry.subject for one in args.about))
        and (not args.applications or entry.subject in args.applications)
        and (not args.who or any(one in who for one in args.who))
    )


def _entries(engine: "ScriptedEngine") -> list[Entry]:
    """A night: who did what, and each trouble of the board as it began; then what the script logged."""
    told: list[tuple[float, str, str, str, dict[str, Any]]] = [
        (5000, "engine.started", "engine", "", {"version": "0.1.0", "rev": 117, "probes": 131}),
        (
            300,
            "config.refused",
            "config",
            "",
            {"mistakes": 1, "lines": ["opd/rsud.toml:12: tier: want 1 to 4"]},
        ),
        (280, "config.accepted", "config", "budi", {"changes": 1, "subjects": ["changed simrs"]}),
        (9, "probe.rechecked", "simrs", "sari", {"probes": ["http"]}),
        (1, "probe.rechecked", "ws-nik", "sari", {"probes": ["http"]}),
    ]
    entries = [
        Entry(
            id=f"e{number}", at=engine.start_of_script - timedelta(minutes=minutes), kind=kind,
            subject=subject, person=person, via="console" if person else "engine", uid=1000, body=body,
            opd=engine.row(subject).opd_short if kind.startswith("probe") else "",
        )
        for number, (minutes, kind, subject, person, body) in enumerate(told, 1)
    ]  # fmt: skip
    entries += [
        Entry(
            id=f"s{number}", at=row.since + timedelta(minutes=2), kind=STATE, subject=row.id,
            opd=row.opd_short, before=State.UP, after=row.state, hard=row.hard, reason=row.reason,
            params=row.params, flapping=row.flapping, happened_at=row.since,
        )
        for number, row in enumerate(engine.board_rows(), 1)
        if row.state.is_problem
    ]  # fmt: skip
    return [*sorted(entries, key=lambda one: one.at), *engine.logged]


# code, severity, application, fixer, minutes since, parameters
_FINDINGS: tuple[tuple[str, Any, str, Any, float, dict[str, Any]], ...] = (
    ("dns", "high", "simda", "dns", 100, {"probe": "http"}),
    ("cert_expired", "high", "arsip", "opd", 2000, {"day": "2026-11-22", "days": -2}),
    ("no_admin", "high", "simrs", "opd", 0, {}),
    ("cert_expiring", "med", "opac", "opd", 0, {"day": "2026-12-03", "days": 9}),
    ("plain_personal", "med", "bansos", "opd", 0, {}),
    ("paused", "med", "atcs", "us", 3000, {"by": "budi", "probe": "http"}),
    ("no_runbook", "med", "gw-satu", "us", 0, {}),
    ("same_target", "low", "katalog", "us", 0, {"other": "lpse"}),
)


def _findings(engine: "ScriptedEngine") -> tuple[Finding, ...]:
    found = [
        Finding(
            severity=severity, code=code, params=params, opd=(row := engine.row(row_id)).opd,
            opd_short=row.opd_short, application=row_id, fixer=fixer,
            since=engine.now - timedelta(minutes=minutes) if minutes else None,
            file=f"opd/{row.opd.lower()}.toml", line=12,
        )
        for code, severity, row_id, fixer, minutes, params in _FINDINGS
    ]  # fmt: skip
    found.append(
        Finding(severity="low", code="year_missing", params={"year": 2027}, file="calendar.toml", line=50)
    )
    return tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity)))


def _inventory(engine: "ScriptedEngine", args: AskInventory) -> InventoryPage:
    return InventoryPage(
        rev=118, accepted_at=engine.now - timedelta(minutes=280), findings=_findings(engine),
        entries=tuple(_registered(row, engine) for row in engine.board_rows()),
        opds=tuple(_registered_opd(code, engine) for code in engine.board_opds()),
    )  # fmt: skip


def _registered(row: Application, engine: "ScriptedEngine") -> Registered:
    service = row.kind == "service"
    return Registered(
        id=row.id, name=row.name, kind=row.kind, opd=row.opd, opd_short=row.opd_short,
        owner="Kementerian" if service else "", tier=row.tier, audience="national" if service else "public",
        dimension="" if service else "governance", hosting="national" if service else "kominfo",
        handed_over=row.tier < 3, personal_data=row.tier == 1, depends_on=tuple(
            (parent,) for parent in PARENTS.get(row.id, ())
        ),
        runbook="docs/rb-17.md" if row.tier == 1 else "", contacts=contacts_of(row),
        probes=(
            RegisteredProbe(
                id="http", kind="http", target=f"https://127.20.4.9:9443/{row.id}/health",
                last_good_at=row.since - timedelta(seconds=1),
            ),
        ),
        file="services.toml" if service else f"opd/{row.opd.lower()}.toml", line=12,
    )  # fmt: skip


def _registered_opd(code: str, engine: "ScriptedEngine") -> RegisteredOpd:
    row = engine.board_opds()[code]
    return RegisteredOpd(
        code=code, name=row.name, short=row.short, kind=row.kind, valid_from=date(2017, 1, 1),
        file=f"opd/{code.lower()}.toml",
    )  # fmt: skip


def _opd_page(engine: "ScriptedEngine", args: AskOpd) -> OpdPage:
    code = args.code.upper()
    own = [row for row in engine.board_rows() if row.opd == code]
    ids = tuple(row.id for row in own)
    log = log_page(_entries(engine), AskLog(applications=ids, limit=args.log))
    before = RegisteredOpd(code="LAMA", name="Dinas Lama", short="Lama", valid_to=date(2019, 12, 31))
    needed = {parent for row_id in ids for parent in PARENTS.get(row_id, ())} - {*ids}
    told = Instruction(
        number=3, opd=code, text="Kirim dokumen API", due=date(2026, 11, 20), issued_at=engine.now,
        issued_by="sari",
    )  # fmt: skip
    return OpdPage(
        opd=RegisteredOpd(
            code=code, name=engine.board_opds()[code].name, short=engine.board_opds()[code].short,
            kind=engine.board_opds()[code].kind, valid_from=date(2020, 1, 1), predecessors=("LAMA",),
            file=f"opd/{code.lower()}.toml",
        ),
        related=(before,), people=contacts_of(own[0]), entries=log.entries, logged=log.total,
        applications=tuple(_registered(row, engine) for row in own),
        services=tuple((one, 1) for one in sorted(needed)),
        findings=tuple(one for one in _findings(engine) if one.opd == code),
        readiness=readiness_of(engine, code), levels=LEVELS, means=means_of(engine),
        instructions=(told,),
    )  # fmt: skip
