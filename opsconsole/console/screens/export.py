"""Saving what is listed as a file: which rows, which columns, which format, and what it will be."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from textual.widget import Widget

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.shapes import Application
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, Span, cut, fit, heading, line
from opsconsole.console.draw.view import View
from opsconsole.console.saving import exports_folder, fetch_line, file_name, save
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.screens.table_page import RowChoice
from opsconsole.console.tables.files import FORMATS, render
from opsconsole.console.tables.table import TableView
from opsconsole.console.widgets.line_bar import LineBar
from opsconsole.console.widgets.line_table import LineTable, Row

Field = Literal["rows", "columns", "format"]
FIELDS: dict[Field, str] = {"rows": N_("Rows"), "columns": N_("Columns"), "format": N_("Format")}
_ROWS = {"listed": N_("listed, {n}"), "marked": N_("marked, {n}"), "all": N_("all, {n}")}
_FORMATS = {"csv": N_("CSV"), "text": N_("text"), "json": N_("JSON")}
_PREVIEW = 3
_LABEL = 10
# Title; event and hints.
_FRAME = 3


class ExportScreen(ActingPage, inherit_bindings=False):
    """The question before a file is saved; ``note`` is what else there is to know of the rows.

    Nothing is written before enter.
    """

    scope = "export"

    def __init__(self, table: TableView, choices: Sequence[RowChoice], note: str = "") -> None:
        super().__init__()
        self._table = table
        self._note = note
        self._rows = list(choices)
        marked = next((place for place, one in enumerate(choices) if one.name == "marked"), 0)
        self._chosen: dict[Field, int] = {"rows": marked, "columns": 0, "format": 0}
        self._content: tuple[tuple[int, ...], str] | None = None
        self._saving = False

    # What a page says of itself

    def content(self) -> Sequence[Widget]:
        """The fields, and what comes of them."""
        return [LineBar(id="rule"), LineTable(id="fields"), LineBar(id="outcome")]

    def where(self) -> list[str]:
        """The view, and that it is exported."""
        return [_(self._table.spec.title), _("Export")]

    def table(self) -> LineTable:
        """The fields."""
        return self.query_one("#fields", LineTable)

    def selected(self) -> Application | None:
        """No row of it is an application."""
        return None

    # Drawing

    def draw_content(self, view: View, taken: int) -> None:
        """The fields, the file, its first lines, and how to fetch it."""
        rows = [Row(field, self._field_line(field, view)) for field in FIELDS]
        title = _("SAVE {view} AS A FILE").format(view=_(self._table.spec.title).upper())
        self.query_one("#rule", LineBar).show(heading(line(Span(title, "strong")), (), view.width))
        self.table().styles.height = len(rows)
        self.table().show(rows, height=len(rows), follow=False)
        room = max(view.height - _FRAME - taken - len(rows) - 1, 0)
        lines = self._outcome(view)
        self.query_one("#outcome", LineBar).show(*(lines + [()] * room)[:room])

    def _field_line(self, field: Field, view: View) -> Line:
        spans = [Span(" " + fit(_(FIELDS[field]), _LABEL), "quiet")]
        for place, text in enumerate(self._options(field, view)):
            chosen = place == self._chosen[field]
            spans.append(Span(f"({'o' if chosen else ' '}) {text}   ", "strong" if chosen else ""))
        return cut(spans, view.width - 1)

    def _options(self, field: Field, view: View) -> list[str]:
        match field:
            case "rows":
                return [_(_ROWS[one.name]).format(n=len(one.rows)) for one in self._rows]
            case "columns":
                drawn = sum(bool(column.title) for column in self._table.columns(view.width))
                every = len(self._table.named_columns())
                return [_("as shown, {n}").format(n=drawn), _("all, {n}").format(n=every)]
            case "format":
                return [_(_FORMATS[form]) for form in FORMATS]

    def _outcome(self, view: View) -> list[Line]:
        """File, size, what fetches it, its first lines; short screens lose the last ones."""
        content, path = self._text(view), self._path(view)
        count = len(self._rows[self._chosen["rows"]].rows)
        told = ngettext(
            "{n} row, {size}, for your account alone", "{n} rows, {size}, for your account alone", count
        )
        room = view.width - _LABEL - 3
        lines: list[Line] = [(), _labelled(_("File"), _tail(_short(path), room))]
        lines.append(_labelled("", told.format(n=count, size=_size(len(content.encode())))))
        if self._note:
            lines.append(_labelled("", self._note))
        lines.append(_labelled(_("Fetch"), _tail(fetch_line(path, Path.home()), room)))
        preview = content.splitlines()[:_PREVIEW]
        lines += [(), *(_labelled(_("Preview") if not n else "", text) for n, text in enumerate(preview))]
        return [cut(one, view.width) for one in lines]

    def _text(self, view: View) -> str:
        """What would be saved, made once for each choice."""
        key = (*self._chosen.values(), view.width)
        if self._content is None or self._content[0] != key:
            rows = self._rows[self._chosen["rows"]].rows
            form, everything = FORMATS[self._chosen["format"]], self._chosen["columns"] == 1
            self._content = key, render(form, self._table, rows, view, everything=everything)
        return self._content[1]

    def _path(self, view: View) -> Path:
        name = file_name(self._table.spec.name, FORMATS[self._chosen["format"]], view.times.local(view.now))
        return exports_folder(self.console_app.found) / name

    def hint_line(self, view: View) -> Line:
        """What the keys do here."""
        told = _("enter saves, space changes a line, y copies scp …, esc cancels")
        return cut((Span(f" {told}", "quiet"),), view.width)

    # Keys

    def action_mark(self) -> None:
        """The next value of the field under the cursor."""
        field = list(FIELDS)[self.table().place]
        count = len(self._options(field, self.console_app.view()))
        self._chosen[field] = (self._chosen[field] + 1) % count
        self.draw()

    def action_copy(self) -> None:
        """Copy what fetches the file: it is to be typed elsewhere."""
        from opsconsole.console.screens.copying import to_clipboard

        line = fetch_line(self._path(self.console_app.view()), Path.home())
        self.console_app.say(to_clipboard(self, line))

    def action_next_pane(self) -> None:
        """The next field."""
        self.table().move_to((self.table().place + 1) % len(FIELDS))

    def action_back(self) -> None:
        """Save nothing."""
        self.leave()

    def action_open(self) -> None:
        """Save."""
        if not self._saving:
            self._saving = True
            self.run_worker(self._save())

    async def _save(self) -> None:
        app, view = self.console_app, self.console_app.view()
        path, content = self._path(view), self._text(view).encode()
        try:
            saved = await asyncio.to_thread(save, path.parent, path.name, content)
        except Problem as problem:
            app.say(both(problem), "warn")
            self._saving = False
            return
        rows = len(self._rows[self._chosen["rows"]].rows)
        told = ngettext("{n} row saved: {path}", "{n} rows saved: {path}", rows)
        room = view.width - len(told.format(n=rows, path="")) - 2
        app.say(told.format(n=rows, path=_tail(_short(saved), room)))
        self.leave()


def _labelled(label: str, text: str) -> Line:
    return line(Span(" " * 2 + fit(label, _LABEL), "quiet"), text)


def _tail(text: str, room: int) -> str:
    """The end of a text that is too long: a file's name says more than its folders."""
    return text if len(text) <= room else "…" + text[len(text) - room + 1 :]


def _short(path: Path) -> str:
    """The path as people type it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _size(count: int) -> str:
    """``312 B``, ``2.1 KB``, ``14 MB``."""
    if count < 1000:
        return f"{count} B"
    size, unit = (count / 1000, "KB") if count < 999_500 else (count / 1_000_000, "MB")
    return f"{size:.1f} {unit}" if size < 9.95 else f"{size:.0f} {unit}"
