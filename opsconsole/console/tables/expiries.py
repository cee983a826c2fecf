"""What ends by itself as a table: certificates, domains, papers and evidence, the first first."""

from opsconsole.base.text import N_, translate
from opsconsole.client.expiries import AskExpiries, ExpiriesPage, Expiry
from opsconsole.console.draw import expiries as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_NARROW, _WIDE = 80, 100
WINDOWS = ("90d", "365d", "30d")
FLAGS = {"over": N_("over"), "soon": N_("soon")}
# Within so many days it is drawn as a warning.
SOON_DAYS = 14
_SHORT = {"tls": "TLS", "certificate": N_("cert")}


def columns() -> tuple[TableColumn, ...]:
    """The columns. LEFT is in days, below 0 what is over."""
    return (
        TableColumn("day", N_("LAST DAY"), 10),
        TableColumn("left", N_("LEFT"), 4, ">", kind="number"),
        TableColumn("kind", N_("KIND"), 11, steps=((_WIDE, 16),), least=_NARROW),
        TableColumn("opd", N_("OPD"), 12, steps=((_WIDE, 18),)),
        TableColumn("who", N_("WHO MUST ACT"), 14, steps=((_WIDE, 22),), least=_NARROW),
        TableColumn("app", N_("APP"), 16, optional=True),
        TableColumn("number", N_("NUMBER"), 18, optional=True),
        TableColumn("what", N_("WHAT"), 0),
    )


def row_of(one: Expiry, view: View) -> TableRow:
    """Something that ends, as a row."""
    tone = "down" if one.left < 0 else "warn" if one.left <= SOON_DAYS else ""
    kind, what, who = words.kind_text(one.kind), words.name_text(one), words.who_text(one)
    cells = {
        "day": Span(one.day.isoformat(), tone),
        "left": Span(str(one.left), tone),
        "kind": Span(translate(_SHORT[one.kind]) if one.kind in _SHORT else kind),
        "opd": Span(printable(one.opd_short) or "-", "strong"),
        "who": Span(who),
        "app": Span(one.application or "-"),
        "number": Span(one.number or "-"),
        "what": Span(what),
    }
    values: dict[str, Value] = {
        "left": one.left, "kind": kind, "opd": one.opd_short or None, "app": one.application or None,
        "number": one.number or None,
    }  # fmt: skip
    held = {"over": one.left < 0, "soon": 0 <= one.left <= SOON_DAYS}
    searched = " ".join((one.opd, one.person, one.name, one.kind, translate(words.KINDS[one.kind])))
    flags = frozenset(flag for flag, holds in held.items() if holds)
    return TableRow(key_of(one), cells, values, one.application, searched, flags)


def key_of(one: Expiry) -> str:
    """What its row is known by."""
    parts = (one.kind, one.opd, one.application, one.person, one.name, one.number, one.day.isoformat())
    return "/".join(parts)


def _rows(page: ExpiriesPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in page.expiries]


def query(window: str) -> AskExpiries:
    """What is over, and what ends within so many days."""
    return AskExpiries(days=int((window or WINDOWS[0]).removesuffix("d")))


SPEC: TableSpec[ExpiriesPage] = TableSpec(
    "expiries", N_("What ends"), columns, _rows, query, windows=WINDOWS, flags=FLAGS
)
