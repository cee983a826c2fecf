"""The board: problems first, then every OPD."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from textual.widget import Widget

from opsconsole.base.text import _
from opsconsole.client.shapes import Application, Opd
from opsconsole.client.status import Folded, fold, in_order
from opsconsole.client.status import problems as troubled
from opsconsole.console.draw import bars, opds, panes, problems
from opsconsole.console.draw.banners import warning_lines
from opsconsole.console.draw.columns import head_line
from opsconsole.console.draw.empty import nothing_listed
from opsconsole.console.draw.incident_lines import law_lines
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.plan import Plan, is_small, plan_board
from opsconsole.console.draw.view import View
from opsconsole.console.filter import Filter, parse
from opsconsole.console.screens.table_page import RowChoice, TablePage
from opsconsole.console.tables.board import SPEC, row_of
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.tables.table import TableState, TableView
from opsconsole.console.views import BOARD
from opsconsole.console.widgets.line_bar import LineBar
from opsconsole.console.widgets.line_table import LineTable, Row

# What is kept of the lower pane goes by this name.
_LOWER = "board-opd"


class BoardScreen(TablePage, inherit_bindings=False):
    """What is wrong and since when; below it the whole city."""

    scope = "board"
    shows_tour = True

    def __init__(self) -> None:
        super().__init__()
        self.tabled = TableView(SPEC)
        self.filter: Filter[Application] = Filter()
        self.pane = "upper"
        self._sort: problems.SortKey = "severity"
        self._opd_sort: opds.OpdSort = "name"
        self._backwards = {"upper": False, "lower": False}
        self._lower_shown = True
        self._listed: tuple[list[Folded], list[Opd]] = ([], [])

    # What a page says of itself

    def content(self) -> Sequence[Widget]:
        """Two panes, each with a rule above it."""
        return [
            LineBar(id="upper-rule"), LineTable(id="upper"), LineBar(id="lower-rule"), LineTable(id="lower"),
        ]  # fmt: skip

    def where(self) -> list[str]:
        """The office."""
        engine = self.console_app.model.engine
        return [engine.office if engine else _("connecting")]

    def title_marks(self) -> list[str]:
        """The filter that holds."""
        return [f"/{self.filter.text}"] if self.filter.text else []

    def second_line(self, view: View) -> Line:
        """The views there are, and how many applications are in each state."""
        model = self.console_app.model
        return bars.second(BOARD, model.counted(), view.width, len(model.open_incidents()))

    def warnings(self, view: View) -> list[Line]:
        """What the law asks, until it is answered."""
        return warning_lines(law_lines(self.console_app.model.incidents.values(), view), view)

    def table(self) -> LineTable:
        """The pane that moves go to."""
        return self.query_one(f"#{self.pane}", LineTable)

    def selected(self) -> Application | None:
        """The application under the cursor; none on an OPD's row."""
        key = self.table().key if self.pane == "upper" else None
        return self.console_app.model.applications.get(key) if key else None

    def opd_meant(self) -> str:
        """The OPD under the cursor, or that of the application there."""
        return super().opd_meant() if self.pane == "upper" else self.table().key or ""

    def listed(self) -> list[str]:
        """The ids of the upper pane in their order, for going to a neighbour."""
        return [row.key for row in self.query_one("#upper", LineTable).rows]

    # What is kept

    def keep(self) -> dict[str, TableState]:
        """Both panes."""
        upper = msgspec.structs.replace(
            self.tabled.keep(), filter=self.filter.text, sort=self._sort, backwards=self._backwards["upper"]
        )
        lower = TableState(sort=self._opd_sort, backwards=self._backwards["lower"])
        return {SPEC.name: upper, _LOWER: lower}

    def recall(self, tables: Mapping[str, TableState]) -> None:
        """Both panes, as far as their orders still exist."""
        super().recall(tables)
        upper, lower = tables.get(SPEC.name, TableState()), tables.get(_LOWER, TableState())
        self.filter = parse(upper.filter)
        self._backwards = {"upper": upper.backwards, "lower": lower.backwards}
        self._sort = next((sort for sort in problems.SORTS if sort == upper.sort), self._sort)
        self._opd_sort = next((sort for sort in opds.SORTS if sort == lower.sort), self._opd_sort)

    # Drawing

    def draw_content(self, view: View, taken: int) -> None:
        """Both panes, in the room that is left."""
        rows, lower = self._rows(), self._opds()
        plan = plan_board(
            view.width, view.height,
            rows=len(rows) or len(self._nothing()), extra=taken, opds=len(lower),
            only_problems=self.tabled.only_problems,
        )  # fmt: skip
        self._lower_shown = plan.opds > 0
        if not self._lower_shown:
            self.pane = "upper"
        self._lay_out(plan)
        self._draw_upper(rows, view, plan)
        if self._lower_shown:
            self._draw_lower(lower, view, plan)
        self._listed = rows, lower
        self._draw_rules()

    def _rows(self) -> list[Folded]:
        """What the upper pane lists: problems, or with a filter everything that matches."""
        model, now = self.console_app.model, self.console_app.now()
        rows = list(model.applications.values())
        if self.filter:
            rows = [row for row in rows if self.filter.matches(row, now)]
            rows = troubled(rows) if self.tabled.only_problems else rows
            folded = [Folded(row) for row in rows]
        else:
            folded = fold(troubled(rows))
        return problems.ordered(folded, self._sort, self._backwards["upper"])

    def _opds(self) -> list[Opd]:
        model, now = self.console_app.model, self.console_app.now()
        used = {row.opd for row in model.applications.values()}
        # An agency that has ended, or that runs nothing, has nothing to be shown.
        listed = [opd for opd in model.opds.values() if opd.code in used]
        services = [row for row in model.applications.values() if row.kind == "service"]
        if self.filter:
            matching = {row.opd for row in model.applications.values() if self.filter.matches(row, now)}
            listed = [opd for opd in listed if opd.code in matching]
            services = [row for row in services if self.filter.matches(row, now)]
        ordered = opds.ordered(listed, self._opd_sort, self._backwards["lower"])
        return [*ordered, opds.services_row(services)] if services else ordered

    def _nothing(self) -> list[Line]:
        return nothing_listed(self.console_app.model, filtered=bool(self.filter))

    def _lay_out(self, plan: Plan) -> None:
        rule = 0 if plan.small else 1
        for name, height in (
            ("upper-rule", rule),
            ("upper", plan.problems - rule),
            ("lower-rule", min(plan.opds, 1)),
            ("lower", max(plan.opds - 1, 0)),
        ):
            widget = self.query_one(f"#{name}")
            widget.display = height > 0
            if height > 0:
                widget.styles.height = height

    def _draw_upper(self, rows: list[Folded], view: View, plan: Plan) -> None:
        model, table = self.console_app.model, self.query_one("#upper", LineTable)
        columns, marked = self.tabled.columns(view.width), self.tabled.marked
        marked &= model.applications.keys()
        drawn = [
            Row(key, spans, key in marked) for key, spans in panes.problem_lines(rows, model, view, columns)
        ]
        head = None if plan.small or not drawn else head_line(columns, view.width)
        table.show(
            drawn, head=head, empty=self._nothing(), active=self.pane == "upper",
            old=model.is_old, height=plan.problems - (0 if plan.small else 1),
            # At the top it stays there, so that what is worst is never scrolled out of sight.
            follow=table.place > 0,
        )  # fmt: skip

    def _draw_lower(self, lower: list[Opd], view: View, plan: Plan) -> None:
        model, table = self.console_app.model, self.query_one("#lower", LineTable)
        table.show(
            [Row(key, spans) for key, spans in panes.opd_lines(lower, model, view)],
            head=head_line(opds.columns(view.width), view.width), active=self.pane == "lower",
            old=model.is_old, height=plan.opds - 1,
        )  # fmt: skip

    def _draw_rules(self) -> None:
        """What stands above the panes: it depends on what is out of sight, and so on the cursors."""
        view, model, filtered = self.console_app.view(), self.console_app.model, bool(self.filter)
        hidden = _hidden(self.query_one("#upper", LineTable))
        sort = _("sort: {what}").format(what=_(problems.SORTS[self._sort])) + self._arrow("upper")
        right = [self.marked_note(), hidden, sort]
        rule = panes.upper_rule(self._listed[0], model, view, filtered=filtered, right=right)
        self.query_one("#upper-rule", LineBar).show(rule)
        right = [_hidden(self.query_one("#lower", LineTable))]
        if self._opd_sort != "name" or self._backwards["lower"]:
            right.append(_("sort: {what}").format(what=_(opds.SORTS[self._opd_sort])) + self._arrow("lower"))
        rule = panes.lower_rule(self._listed[1], model, view, filtered=filtered, right=right)
        self.query_one("#lower-rule", LineBar).show(rule)

    def _arrow(self, pane: str) -> str:
        return " ^" if self._backwards[pane] else ""

    # Keys

    def on_line_table_moved(self, event: LineTable.Moved) -> None:
        """The rules say what is out of sight."""
        if event.table.id in ("upper", "lower"):
            self._draw_rules()

    def action_open(self) -> None:
        """An application's page, or that of an OPD."""
        table = self.table()
        if self.pane == "upper" and table.key is not None:
            self.console_app.open_application(table.key, self.listed())
        elif self.pane == "lower" and table.key is not None:
            self._open_opd(table.key)

    def _open_opd(self, code: str) -> None:
        """An agency's page; the services outside the city have none and are listed above."""
        if code:
            codes = [row.key for row in self.query_one("#lower", LineTable).rows if row.key]
            self.console_app.open_opd(code, codes)
        else:
            self.set_filter("service:")
            self.pane = "upper"
            self.draw()

    def action_back(self) -> None:
        """One step back: the filter, the marks, then problems only, then the other pane."""
        if self.filter.text:
            self.set_filter("")
        elif self.tabled.marked:
            self.tabled.marked.clear()
        elif self.tabled.only_problems:
            self.tabled.only_problems = False
        else:
            self.pane = "upper"
        self.draw()

    def action_next_pane(self) -> None:
        """The other pane."""
        small = is_small(self.size.width, self.size.height)
        self.pane = "lower" if self.pane == "upper" and self._lower_shown and not small else "upper"
        self.draw()

    def action_filter(self) -> None:
        """Begin or go on with a filter."""
        self.drawer.open_filter(self.filter.text)

    def set_filter(self, text: str) -> None:
        """Show only what the words say."""
        self.filter = parse(text)
        self.draw()
        self.query_one("#upper", LineTable).move_to(0)

    def filter_faults(self) -> tuple[str, ...]:
        """What is wrong with the words."""
        return self.filter.faults

    def action_problems(self) -> None:
        """Problems only, or everything."""
        self.tabled.only_problems = not self.tabled.only_problems
        self.draw()

    def action_sort(self) -> None:
        """The next order of this pane."""
        if self.pane == "upper":
            names = list(problems.SORTS)
            self._sort = names[(names.index(self._sort) + 1) % len(names)]
        else:
            self._opd_sort = "worst" if self._opd_sort == "name" else "name"
        self.draw()
        self.table().move_to(0)

    def action_sort_backwards(self) -> None:
        """The order of this pane turned round."""
        self._backwards[self.pane] = not self._backwards[self.pane]
        self.draw()
        self.table().move_to(0)

    # Several rows, and files

    def choices(self) -> list[RowChoice]:
        """The applications that are listed, each on a row of its own, the marked ones, every one."""
        model = self.console_app.model
        listed = [row for folded in self._listed[0] for row in (folded.row, *folded.members)]
        choices = [RowChoice("listed", self._as_rows(listed), self.filter.text)]
        if self.tabled.marked:
            marked = [model.applications[row_id] for row_id in self.marked_ids()]
            choices.append(RowChoice("marked", self._as_rows(marked)))
        return [*choices, RowChoice("all", self._as_rows(in_order(model.applications.values())))]

    def _as_rows(self, rows: Iterable[Application]) -> list[TableRow]:
        view, incidents = self.console_app.view(), self.console_app.model.incidents_by_row()
        return [row_of(row, view, incidents.get(row.id)) for row in rows]

    def marked_ids(self) -> list[str]:
        """The marked applications: first those that are listed, in their order."""
        order = [row_id for row_id in self.listed() if row_id in self.tabled.marked]
        return order + sorted(self.tabled.marked - set(order))

    def action_mark(self) -> None:
        """Mark the application; the rows of OPDs can not be marked."""
        if self.pane == "upper":
            super().action_mark()
        else:
            self.console_app.say(_("applications are marked, in the upper pane"))

    def action_columns(self) -> None:
        """The columns of the upper pane; it is sorted by more than its columns."""
        self.drawer.open_columns(self.tabled, self.size.width, sorts=False)

    def action_copy(self) -> None:
        """Copy the marked applications, the one under the cursor, or the OPD."""
        if self.tabled.marked:
            super().action_copy()
            return
        from opsconsole.console.screens.copying import copy

        opd = self.console_app.model.opds.get(self.table().key or "") if self.pane == "lower" else None
        self.run_worker(copy(self, opd), group="copy", exclusive=True)


def _hidden(table: LineTable) -> str:
    """How many rows are out of sight, and the key that shows them."""
    start, end = table.in_sight
    hidden = len(table.rows) - (end - start)
    return _("+{n} more, PgDn").format(n=hidden) if hidden > 0 else ""
