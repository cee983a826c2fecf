"""Saving what is listed as a file: which rows, which columns, which format, and what it will be."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from textual.widget import Widget

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.audit import AskAuditHead, AuditHead
from opsconsole.client.shapes import Application
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, Span, cut, fit, heading, line
from opsconsole.console.draw.view import View
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.screens.table_page import RowChoice
from opsconsole.console.tables.files import sheet_of, text_of
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.tables.table import TableView
from opsconsole.console.widgets.line_bar import LineBar
from opsconsole.console.widgets.line_table import LineTable, Row
from opsconsole.exports.formats import ENDINGS, HOLDS_ITS_HEAD, Format, written
from opsconsole.exports.saving import SIDE_ENDING, exports_folder, fetch_line, file_name, save, save_text

Field = Literal["rows", "columns", "format"]
FIELDS: dict[Field, str] = {"rows": N_("Rows"), "columns": N_("Columns"), "format": N_("Format")}
_ROWS = {"listed": N_("listed, {n}"), "marked": N_("marked, {n}"), "all": N_("all, {n}")}
TEXT: Literal["text"] = "text"
FORMATS: tuple[Format | Literal["text"], ...] = ("rfc4180", "excel-id", "xlsx", "jsonl", "md", TEXT)
# Their common short names, the same in all languages.
_FORMATS = {
    "rfc4180": "CSV",
    "excel-id": "Excel-ID",
    "xlsx": "XLSX",
    "jsonl": "JSONL",
    "md": "MD",
    TEXT: N_("text"),
}
_PREVIEW = 3
# How many rows the preview and the size are taken from.
_SAMPLED = 200
_LABEL = 10
# What stands around an option.
_MARK = len("( )    ")
# Title; event and hints.
_FRAME = 3


class ExportScreen(ActingPage, inherit_bindings=False):
    """The question before a file is saved; ``note`` is what else there is to know of the rows.

    ``unread`` is how many more there are than could be read.

    Nothing is written before enter.
    """

    scope = "export"

    def __init__(
        self, table: TableView, choices: Sequence[RowChoice], note: str = "", unread: int = 0
    ) -> None:
        super().__init__()
        self._table = table
        self._note = note
        self._unread = unread
        self._rows = list(choices)
        marked = next((place for place, one in enumerate(choices) if one.name == "marked"), 0)
        self._chosen: dict[Field, int] = {"rows": marked, "columns": 0, "format": 0}
        self._sampled: tuple[tuple[int, ...], bytes] | None = None
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
        options = self._options(field, view)
        if sum(len(text) + _MARK for text in options) > view.width - _LABEL + 1:
            place = self._chosen[field]
            chosen = f"(o) {options[place]}   {place + 1}/{len(options)}"
            return cut([*spans, Span(chosen, "strong")], view.width - 1)
        for place, text in enumerate(options):
            chosen_one = place == self._chosen[field]
            spans.append(Span(f"({'o' if chosen_one else ' '}) {text}   ", "strong" if chosen_one else ""))
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
        form, path = FORMATS[self._chosen["format"]], self._path(view)
        room = view.width - _LABEL - 3
        lines: list[Line] = [(), _labelled(_("File"), _tail(_short(path), room))]
        lines.append(_labelled("", self._size_told(form, view)))
        if form != TEXT:
            beside = _("beside it {ending}: audit head, filter, checksum").format(ending=SIDE_ENDING)
            lines.append(
                _labelled("", _("the audit head stands in it") if form in HOLDS_ITS_HEAD else beside)
            )
        if self._note:
            lines.append(_labelled("", self._note))
        lines.append(_labelled(_("Fetch"), _tail(fetch_line(path, Path.home()), room)))
        preview = [] if form == "xlsx" else self._sample(view).decode("utf-8-sig").splitlines()
        shown = [text for text in preview if text][:_PREVIEW]
        lines += [(), *(_labelled(_("Preview") if not n else "", text) for n, text in enumerate(shown))]
        return [cut(one, view.width) for one in lines]

    def _size_told(self, form: str, view: View) -> str:
        """How many rows, how large it will be, and who may read it."""
        rows = len(self._choice().rows)
        if form == "xlsx":
            told = ngettext(
                "{n} row, mode 0600: for your account alone",
                "{n} rows, mode 0600: for your account alone",
                rows,
            )
            return told.format(n=rows)
        told = ngettext(
            "{n} row, about {size}, mode 0600: for your account alone",
            "{n} rows, about {size}, mode 0600: for your account alone",
            rows,
        )
        size = len(self._sample(view)) * max(rows, _SAMPLED) // _SAMPLED
        return told.format(n=rows, size=_size(size))

    def _sample(self, view: View) -> bytes:
        """The first rows as they would be saved, made once for each choice."""
        key = (*self._chosen.values(), view.width)
        if self._sampled is None or self._sampled[0] != key:
            self._sampled = key, self._written(self._choice().rows[:_SAMPLED], view)
        return self._sampled[1]

    def _written(self, rows: Sequence[TableRow], view: View) -> bytes:
        form, everything = FORMATS[self._chosen["format"]], self._everything()
        if form == TEXT:
            return text_of(self._table, rows, view, everything=everything).encode()
        return written(form, sheet_of(self._table, rows, view, everything=everything))

    def _choice(self) -> RowChoice:
        return self._rows[self._chosen["rows"]]

    def _everything(self) -> bool:
        return self._chosen["columns"] == 1

    def _path(self, view: View) -> Path:
        form = FORMATS[self._chosen["format"]]
        ending = "txt" if form == TEXT else ENDINGS[form]
        name = file_name(self._table.spec.name, ending, view.times.local(view.now))
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
        app = self.console_app
        head = await self._head()
        try:
            saved = await asyncio.to_thread(self._put, head, app.view())
        except Problem as problem:
            app.say(both(problem), "warn")
            self._saving = False
            return
        rows, view = len(self._choice().rows), app.view()
        told = ngettext("{n} row saved: {path}", "{n} rows saved: {path}", rows)
        if head is None:
            told = ngettext(
                "{n} row saved, no engine told an audit head: {path}",
                "{n} rows saved, no engine told an audit head: {path}",
                rows,
            )
        room = view.width - len(told.format(n=rows, path="")) - 2
        app.say(told.format(n=rows, path=_tail(_short(saved), room)), "" if head else "warn")
        self.leave()

    async def _head(self) -> AuditHead | None:
        """The audit head; None where no engine tells it: what is on the screen can be saved even so."""
        try:
            return await self.console_app.ask(lambda client: client.query(AskAuditHead()))
        except Problem:
            return None

    def _put(self, head: AuditHead | None, view: View) -> Path:
        """Write the file. Raises Problem."""
        path, form, choice = self._path(view), FORMATS[self._chosen["format"]], self._choice()
        if form == TEXT:
            return save_text(path.parent, path.name, self._written(choice.rows, view))
        sheet = sheet_of(
            self._table, choice.rows, view, everything=self._everything(), words=choice.words, head=head,
            unread=self._unread,
        )  # fmt: skip
        return save(path.parent, path.name, form, sheet)


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
