"""The stages of applications as a table: how far each is, what the next stage lacks."""

from datetime import date, datetime, time

from opsconsole.base.text import N_, _, translate
from opsconsole.client.integration import ApplicationStage, AskStages, StagesPage
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.dimensions import DIMENSIONS
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_NARROW, _WIDE = 80, 100


def columns() -> tuple[TableColumn, ...]:
    """The columns."""
    return (
        TableColumn("opd", N_("OPD"), 12, steps=((_WIDE, 18),)),
        TableColumn("app", N_("APP"), 16, steps=((_WIDE, 22),)),
        TableColumn("tier", N_("T"), 1, kind="number", label=N_("TIER"), least=_NARROW),
        TableColumn("dimension", N_("DIMENSION"), 12, least=_WIDE),
        TableColumn("stage", N_("ST"), 2, kind="number", falling=True, label=N_("STAGE")),
        TableColumn("falls", N_("FALLS"), 10, kind="due", least=_NARROW),
        TableColumn("name", N_("NAME"), 28, optional=True),
        TableColumn("lacks", N_("LACKS"), 0),
    )


def lacking(one: ApplicationStage) -> list[str]:
    """The proofs of the next stage that is not reached and that do not hold."""
    exempt = {stage for stage, _why in one.exempt}
    missing = [proof for proof in one.proofs if not proof.holds and proof.stage not in exempt]
    first = min((proof.stage for proof in missing if proof.stage > one.stage), default=None)
    return [f"T{p.stage} {words.said(words.PROOFS, p.id)}" for p in missing if p.stage == first]


def row_of(one: ApplicationStage, view: View) -> TableRow:
    """An application as a row."""
    lacks = ", ".join(lacking(one))
    falls = one.falls_on.isoformat() if one.falls_on else "-"
    cells = {
        "opd": Span(one.opd_short or one.opd),
        "app": Span(one.application, "strong"),
        "tier": Span(str(one.tier)),
        "dimension": Span(one.dimension or "-"),
        "stage": Span(f"T{one.stage}", "strong"),
        "falls": Span(falls, "warn" if one.falls_on else ""),
        "name": Span(printable(one.name)),
        "lacks": Span(lacks or "-"),
    }
    values: dict[str, Value] = {
        "opd": one.opd_short or one.opd, "app": one.application, "tier": one.tier,
        "dimension": one.dimension or None, "stage": one.stage, "falls": _day(one.falls_on, view),
        "name": one.name, "lacks": lacks or None,
    }  # fmt: skip
    dimension = translate(DIMENSIONS[one.dimension]) if one.dimension in DIMENSIONS else ""
    return TableRow(one.application, cells, values, one.application, f"{one.opd} {one.name} {dimension}")


def _day(day: date | None, view: View) -> datetime | None:
    """The first moment of a day, to be compared and sorted."""
    return None if day is None else datetime.combine(day, time(), view.times.tzinfo)


def _rows(page: StagesPage, view: View) -> list[TableRow]:
    ordered = sorted(page.applications, key=lambda one: (one.opd_short or one.opd, one.application))
    return [row_of(one, view) for one in ordered]


def query(window: str) -> AskStages:
    """All applications, as they are now."""
    return AskStages()


def proof_lines(one: ApplicationStage) -> list[str]:
    """Each proof: met, exempt or missing, since when, until when, by which paper."""
    exempt = dict(one.exempt)
    lines = []
    for proof in sorted(one.proofs, key=lambda each: each.stage):
        if proof.stage in exempt and not proof.holds:
            state = _("exempt: {why}").format(why=words.said(words.EXEMPT, exempt[proof.stage]))
        elif proof.holds:
            state = _("met")
        else:
            state = _("missing")
        facts = [
            f"T{proof.stage} {words.said(words.PROOFS, proof.id)}: {state}",
            _("since {time}").format(time=proof.since.isoformat()) if proof.since and proof.holds else "",
            _("falls {day}").format(day=proof.falls_on.isoformat()) if proof.falls_on else "",
            printable(proof.document),
            _("until {day}").format(day=proof.until.isoformat()) if proof.until else "",
        ]
        lines.append("  ".join(filter(None, facts)))
    return lines


SPEC: TableSpec[StagesPage] = TableSpec("stages", N_("Stages"), columns, _rows, query, schema=2)
