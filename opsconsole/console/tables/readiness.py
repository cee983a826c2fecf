"""Readiness as a table: what each OPD claims, what is proven, how each kind of evidence stands."""

from opsconsole.base.text import N_, _
from opsconsole.client.readiness import AskReadiness, OpdReadiness, ReadinessPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _NARROW, _WIDE, _WIDER = 60, 80, 100, 140
# Need, title, from which width on it is shown.
_NEEDS = (
    ("named", N_("ROLE"), _MIDDLE),
    ("SK", "SK", _MIDDLE),
    ("KT", "KT", _MIDDLE),
    ("BT", "BT", _NARROW),
    ("UR", "UR", _NARROW),
    ("LG", "LG", _NARROW),
    ("CD", "CD", _WIDE),
    ("SOP", "SOP", _WIDE),
    ("UR-outside", N_("UR-O"), _WIDE),
    ("ST", N_("HAND"), _WIDER),
    ("PK", "PK", _WIDER),
    ("RV", "RV", _WIDER),
)
NEED_OF = {key.lower(): key for key, _title, _least in _NEEDS}
"""The need that the column of a key is about."""
_CELLS = {"ok": "ok", "lacking": "--", "": "."}
_TONES = {"ok": "", "part": "warn", "lacking": "down", "": "quiet"}
FLAGS = {"gap": N_("gap"), "overclaimed": N_("overclaimed"), "drill": N_("drill")}


def columns() -> tuple[TableColumn, ...]:
    """The columns. CLAIM is what the OPD says of itself, and is never drawn as proof."""
    return (
        TableColumn("opd", N_("OPD"), 13, steps=((_WIDE, 18),)),
        TableColumn("claimed", N_("CLM"), 3, kind="number", label=N_("CLAIMED")),
        TableColumn("level", N_("LVL"), 3, kind="number", label=N_("PROVEN")),
        TableColumn("median", N_("MED"), 3, kind="number", least=_MIDDLE, label=N_("MEDIAN")),
        *(TableColumn(key.lower(), title, 4, least=least) for key, title, least in _NEEDS),
        TableColumn("falls", N_("FALLS"), 10, kind="due", least=_NARROW),
        TableColumn("name", N_("NAME"), 28, optional=True),
        TableColumn("apps", N_("APPS"), 4, kind="number", falling=True, optional=True),
        TableColumn("people", N_("PEOPLE"), 6, kind="number", falling=True, optional=True),
        TableColumn("means", N_("MEANS"), 7, optional=True),
        TableColumn("next", N_("NEXT STEP"), 0),
    )


def cell_text(cell: str) -> str:
    """How a need stands, in at most four cells."""
    return _("part") if cell == "part" else _CELLS.get(cell, cell)


def row_of(one: OpdReadiness, view: View) -> TableRow:
    """An OPD as a row."""
    falls = "-" if one.falls_on is None else words.day(one.falls_on, view)
    over = one.claimed is not None and one.claimed > one.proven
    told = words.reason_text if view.width >= _WIDE else words.short_reason
    step = told(one.reasons[0]) if one.reasons else "-"
    cells = {
        "opd": Span(one.short or one.opd, "strong"),
        "claimed": Span("-" if one.claimed is None else f"{one.claimed}?", "warn" if over else "quiet"),
        "level": Span(str(one.proven), "strong"),
        "median": Span(f"{one.median:g}"),
        "falls": Span(falls),
        "name": Span(one.name),
        "apps": Span(str(one.applications)),
        "people": Span(str(one.people)),
        "means": Span(_("{n} of {all}").format(n=one.means_proven, all=one.means)),
        "next": Span(step),
    }
    values: dict[str, Value] = {
        "opd": one.short or one.opd, "claimed": one.claimed, "level": one.proven, "median": one.median,
        "falls": one.falls_on, "name": one.name, "apps": one.applications, "people": one.people,
        "means": f"{one.means_proven}/{one.means}", "next": words.reasons_text(one) or None,
    }  # fmt: skip
    for key, _title, _least in _NEEDS:
        cell = one.cells.get(key, "")
        cells[key.lower()] = Span(cell_text(cell), _TONES.get(cell, ""))
        values[key.lower()] = cell or None
    flags = {"gap": bool(one.reasons), "overclaimed": over, "drill": one.running_drills > 0}
    searched = f"{one.opd} {one.name} {words.reasons_text(one)}"
    return TableRow(one.opd, cells, values, "", searched, frozenset(f for f, holds in flags.items() if holds))


def _rows(page: ReadinessPage, view: View) -> list[TableRow]:
    """The lowest first, and of those the ones that fall first."""
    far = float("inf")
    ordered = sorted(
        page.opds, key=lambda one: (one.proven, one.falls_on.timestamp() if one.falls_on else far, one.short)
    )
    return [row_of(one, view) for one in ordered]


def query(window: str) -> AskReadiness:
    """All OPD, as they are now."""
    return AskReadiness()


SPEC: TableSpec[ReadinessPage] = TableSpec(
    "readiness", N_("Readiness"), columns, _rows, query, age="falls", flags=FLAGS
)
