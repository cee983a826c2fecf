"""The road to one command: stages and their proofs, exchanges, milestones, instructions, problems."""

from collections.abc import Iterable, Iterator, Sequence

from opsconsole.base.text import _
from opsconsole.cli.evidence.asking import Asking, Found, Piece, day, yes
from opsconsole.cli.evidence.events import logged
from opsconsole.client.instructions import AskInstructions
from opsconsole.client.integration import Span
from opsconsole.client.problem_register import AskProblems
from opsconsole.client.yearly import AskStagesYear, ProofGiven, StageStanding, StagesYear
from opsconsole.console.draw import road_words as words
from opsconsole.exports.sheet import Column, Value

_AGREEMENT = "agreement"
# What a problem is called in the log, and what tells that somebody worked on one.
_PROBLEM = "problem:"
_WORKED_ON = ("problem.moved", "problem.noted", "problem.described", "problem.linked")


def stages(asking: Asking) -> Iterable[Found]:
    """Where applications were on the last day, what proved it, and how they moved."""
    page = _page(asking)
    stood = [one for one in page.applications if asking.about(one.application)]
    if not any(one.stage for one in stood):
        return [asking.nothing(_("Stages"))]
    return [_standings(stood), *_proofs(asking, page), _moves(asking, page)]


def _standings(stood: Sequence[StageStanding]) -> Piece:
    columns = [
        Column("app", _("APP")), Column("name", _("NAME")), Column("opd", _("OPD")),
        Column("tier", _("TIER"), "number"), Column("stage", _("STAGE"), "number"), Column("what", _("WHAT")),
        Column("since", _("SINCE")),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            one.application, one.name, one.opd, one.tier, one.stage, words.stage_text(one.stage),
            day(one.since),
        ]
        for one in stood
    ]  # fmt: skip
    shows = _("how far each application is integrated, T0 to T6")
    notes = (_("Of the applications of today's register."),)
    return Piece("stages", shows, columns, rows, as_of=True, notes=notes)


def _proofs(asking: Asking, page: StagesYear) -> Iterator[Piece]:
    rows = [_proof(one) for one in page.proofs if asking.about(one.application)]
    if rows:
        columns = [
            Column("app", _("APP")), Column("stage", _("STAGE"), "number"), Column("proof", _("PROOF")),
            Column("what", _("WHAT")), Column("by", _("BY")), Column("since", _("SINCE")),
            Column("document", _("DOCUMENT")), Column("until", _("UNTIL")),
        ]  # fmt: skip
        notes = (
            _("BY: seen (by the engine), paper, or told (road.toml says that the stage was reached)."),
            _("T5 is the proof of collaboration with other services."),
        )
        shows = _("what proves each stage, and since when")
        yield Piece("proofs", shows, columns, rows, as_of=True, notes=notes)


def _moves(asking: Asking, page: StagesYear) -> Found:
    rows: list[list[Value]] = [
        [
            one.day.isoformat(), one.application, one.was, one.stage, " ".join(one.missing) or None,
            one.seq or None,
        ]
        for one in page.moves
        if asking.about(one.application)
    ]  # fmt: skip
    if not rows:
        return asking.nothing(_("Moves of stages"))
    columns = [
        Column("day", _("DAY")), Column("app", _("APP")), Column("was", _("WAS"), "number"),
        Column("stage", _("STAGE"), "number"), Column("lacking", _("LACKS")),
        Column("event", _("EVENT NO."), "number"),
    ]  # fmt: skip
    notes = (_("A move without EVENT NO. is what road.toml says of the time before."),)
    return Piece("moves", _("stages that were reached or lost in the year"), columns, rows, notes=notes)


def exchanges(asking: Asking) -> Iterable[Found]:
    """What serves an API or exchanges data, when that last worked, by which agreement."""
    page = _page(asking)
    agreed = {one.application: one for one in page.proofs if one.proof == _AGREEMENT}
    listed = [one for one in page.exchanges if asking.about(one.application)]
    if not any(one.last_good for one in listed) and not (listed and asking.span.running):
        return [asking.nothing(_("Exchanges between applications"))]
    columns = [
        Column("app", _("APP")), Column("name", _("NAME")), Column("opd", _("OPD")),
        Column("proof", _("PROOF")),
        Column("probe", _("PROBE")), Column("kind", _("KIND")), Column("target", _("TARGET")),
        Column("last_good", _("LAST WORKED"), "time"), Column("agreement", _("AGREEMENT")),
        Column("until", _("UNTIL")),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            one.application, one.name, one.opd, one.proof, one.probe, one.kind, one.target, one.last_good,
            agreed[one.application].document or None if one.application in agreed else None,
            day(agreed[one.application].until) if one.application in agreed else None,
        ]
        for one in listed
    ]  # fmt: skip
    notes = (
        _("PROOF: exchange (data went through) or api (it answers). LAST WORKED is empty where it did not."),
        _("What probes watch alone: an API without a probe of its own is not in it."),
    )
    shows = _("APIs and exchanges between applications, and when each last worked in the year")
    return [Piece("exchanges", shows, columns, rows, notes=notes)]


def road(asking: Asking) -> Iterable[Found]:
    """Milestones, and how far each OPD was."""
    seen = asking.road
    columns = [
        Column("id", _("ID")), Column("name", _("NAME")), Column("start", _("START")),
        Column("date", _("DATE")),
        Column("measure", _("MEASURE")), Column("target", _("TARGET")), Column("done", _("ACTUAL"), "number"),
        Column("scope", _("OUT OF"), "number"), Column("met", _("MET")), Column("pace", _("PACE NEEDED")),
        Column("definition", _("DEFINITION")), Column("source", _("SOURCE")),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            one.id, one.name, day(one.start), one.date.isoformat(), one.measure or None,
            _target(one.target, all_=one.all),
            one.done, one.scope, None if one.met is None else yes(one.met), _span(one.required_pace),
            one.definition or None, one.source or None,
        ]
        for one in seen.milestones
    ]  # fmt: skip
    if rows:
        shows = _("the milestones of the road: what was to be reached by when, and what was")
        notes = (_("PACE NEEDED is OPD a day; a range where the target is one."),)
        yield Piece("road", shows, columns, rows, as_of=True, notes=notes, defined=True)
    counted = [one for one in seen.opds if asking.about_opd(one.code)]
    if not counted:
        yield asking.nothing(_("The road to one command"))
        return
    columns = [
        Column("opd", _("OPD")), Column("short", _("SHORT")), Column("kind", _("KIND")),
        Column("connected", _("CONNECTED SINCE")), Column("integrated", _("INTEGRATED SINCE")),
    ]  # fmt: skip
    rows = [
        [one.code, one.short, one.kind, day(one.connected_since), day(one.integrated_since)]
        for one in counted
    ]
    yield Piece(
        "opd-road",
        _("since when each OPD is connected and integrated"),
        columns,
        rows,
        as_of=True,
        defined=True,
    )


def instructions(asking: Asking) -> Iterable[Found]:
    """What was given to do, and what became of it."""
    chosen = [
        one
        for one in asking.ask(AskInstructions(all=True)).instructions
        if asking.about_opd(one.opd)
        and (
            asking.in_year(one.issued_at, one.acknowledged_at, one.answered_at, one.withdrawn_at)
            or one.due.year == asking.span.year
        )
    ]
    if not chosen:
        return [asking.nothing(_("Instructions"))]
    columns = [
        Column("number", _("NUMBER"), "number"), Column("opd", _("OPD")), Column("text", _("WHAT")),
        Column("source", _("SOURCE")), Column("issued", _("ISSUED"), "time"), Column("due", _("DEADLINE")),
        Column("state", _("STATE")), Column("acked", _("UNDERSTOOD"), "time"),
        Column("answered", _("ANSWERED"), "time"), Column("late", _("LATE")), Column("answer", _("ANSWER")),
        Column("document", _("DOCUMENT")),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            one.number, one.opd, one.text, one.source or None, one.issued_at, one.due.isoformat(), one.status,
            one.acknowledged_at, one.answered_at, yes(one.answered_late or one.late(asking.span.today)),
            one.answer or None, one.document or None,
        ]
        for one in sorted(chosen, key=lambda one: one.number)
    ]  # fmt: skip
    shows = _("instructions to OPD: issued, understood, answered or due in the year")
    return [Piece("instructions", shows, columns, rows)]


def problems(asking: Asking) -> Iterable[Found]:
    """The problem register: what was found, what was done, whether it helped."""
    touched = {one.subject for one in logged(asking, *_WORKED_ON)}
    chosen = [
        one
        for one in asking.ask(AskProblems(all=True)).problems
        if (asking.about(one.application) if one.application else asking.about_opd(one.opd))
        and (one.day.year == asking.span.year or f"{_PROBLEM}{one.number}" in touched)
    ]
    if not chosen:
        return [asking.nothing(_("Problem register"))]
    columns = [
        Column("number", _("NUMBER"), "number"), Column("day", _("DAY")), Column("category", _("CATEGORY")),
        Column("opd", _("OPD")), Column("app", _("APP")), Column("text", _("PROBLEM")),
        Column("impact", _("IMPACT")),
        Column("root", _("ROOT CAUSE")), Column("solution", _("SOLUTION")), Column("due", _("DEADLINE")),
        Column("bimtek", _("Bimtek")), Column("state", _("STATE")), Column("before", _("BEFORE")),
        Column("after", _("AFTER")), Column("links", _("LINKS")),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            one.number, one.day.isoformat(), one.category, one.opd or None, one.application or None, one.text,
            one.impact or None, one.root or None, one.solution or None, day(one.due),
            one.bimtek or None, one.status,
            one.before or None, one.after or None,
            " ".join(f"{kind}:{what}" for kind, what in one.links) or None,
        ]
        for one in sorted(chosen, key=lambda one: one.number)
    ]  # fmt: skip
    shows = _("problems found or worked on in the year: cause, solution, what was measured before and after")
    return [Piece("problems", shows, columns, rows)]


def _page(asking: Asking) -> StagesYear:
    return asking.ask(AskStagesYear(year=asking.span.year))


def _proof(one: ProofGiven) -> list[Value]:
    return [
        one.application, one.stage, one.proof, words.said(words.PROOFS, one.proof), one.by,
        one.since.isoformat(),
        one.document or None, day(one.until),
    ]  # fmt: skip


def _target(target: int | tuple[int, int] | None, *, all_: bool) -> str | None:
    if all_:
        return _("all")
    if target is None:
        return None
    return f"{target[0]}-{target[1]}" if isinstance(target, tuple) else str(target)


def _span(span: Span | None) -> str | None:
    if span is None:
        return None
    return f"{span[0]:.3g}-{span[1]:.3g}" if isinstance(span, tuple) else f"{span:.3g}"
