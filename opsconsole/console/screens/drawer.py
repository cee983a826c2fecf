"""The drawer: the line that is typed into and the list above it: filter, command line, row menu, columns."""

from typing import TYPE_CHECKING, NamedTuple

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.console.draw.lines import Line, cut
from opsconsole.console.draw.menu import action_line, drawer_rows, key_width, suggestion_line
from opsconsole.console.draw.view import View
from opsconsole.console.keymap import Action, action_for
from opsconsole.console.widgets.line_table import LineTable, Row

if TYPE_CHECKING:
    from opsconsole.console.palette import Names, Suggestion
    from opsconsole.console.prompt import Prompt
    from opsconsole.console.screens.column_list import ColumnList
    from opsconsole.console.screens.page import Page
    from opsconsole.console.tables.table import TableView

_MOST_SUGGESTIONS = 50


class Item(NamedTuple):
    """An entry of the row menu: the action, and why it can not be done."""

    action: Action
    refused: str


class Drawer:
    """At most one of: a filter being typed, a command being typed, the row menu, the list of columns."""

    def __init__(self, page: "Page") -> None:
        self._page = page
        self.prompt: Prompt | None = None
        self._items: list[Item] = []
        self._suggestions: list[Suggestion] = []
        self._columns: ColumnList | None = None
        self._filter_before = ""
        self._probes: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, tuple[tuple[str, str], ...]] = {}

    @property
    def is_open(self) -> bool:
        """Whether it takes the keys."""
        return self.prompt is not None or self._columns is not None or bool(self._items)

    def open_menu(self, actions: list[Action]) -> None:
        """List what the row can do."""
        self._page.console_app.unsay()
        self._items = [Item(action, self._page.refusal(action)) for action in actions]
        self._reopen()

    def open_columns(self, table: "TableView", width: int, *, sorts: bool) -> None:
        """List the columns of ``table``; ``sorts``: the list also chooses what it is sorted by."""
        from opsconsole.console.screens.column_list import ColumnList

        self._columns = ColumnList(table, width, sorts=sorts)
        self._reopen()

    def open_command(self, text: str = "") -> None:
        """Begin a command, or go on with one that ``text`` begins."""
        from opsconsole.console.prompt import Prompt

        self._page.console_app.unsay()
        # What was edited meanwhile is read again.
        self._keys = {}
        self.prompt = Prompt("command", text, self._page.console_app.settings.commands)
        self._suggest()
        self._reopen()

    def open_filter(self, text: str) -> None:
        """Go on with a filter; it holds while it is typed."""
        from opsconsole.console.prompt import Prompt

        self._filter_before = text
        self.prompt = Prompt("filter", text, self._page.console_app.settings.filters)
        self._page.draw()

    def close(self) -> None:
        """Give the keys back."""
        self.prompt = self._columns = None
        self._items, self._suggestions = [], []
        self._page.draw()

    # Drawing

    def draw(self, view: View) -> int:
        """Draw the list; how many lines it takes."""
        table = self._table()
        lines = self._lines(view.width - 1)
        table.display = bool(lines)
        if not lines:
            return 0
        height = drawer_rows(len(lines), view.height)
        table.styles.height = height
        table.show([Row(str(number), line) for number, line in enumerate(lines)], height=height, follow=False)
        return height

    def prompt_line(self, view: View) -> Line | None:
        """What takes the place of the event line while something is typed."""
        if self._columns is not None:
            return cut(self._columns.hint(view), view.width)
        if self.prompt is None:
            return None
        if self.prompt.kind == "filter":
            return self.prompt.line(view.width, self._page.filter_hint())
        return self.prompt.line(view.width, _("tab completes, enter runs, esc leaves"))

    def _lines(self, width: int) -> list[Line]:
        if self._columns is not None:
            return self._columns.lines(width)
        if self._items:
            keys = key_width(item.action for item in self._items)
            return [action_line(item.action, item.refused, width, keys) for item in self._items]
        return [suggestion_line(suggestion, width) for suggestion in self._suggestions]

    def _table(self) -> LineTable:
        return self._page.query_one("#drawer", LineTable)

    def _reopen(self) -> None:
        self._page.draw()
        self._table().move_to(0)

    # Keys

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; False when the drawer is closed."""
        if self._columns is not None:
            self._press_in_columns(self._columns, key)
        elif self._items:
            self._press_in_menu(key, character)
        elif self.prompt is not None:
            self._press_in_prompt(self.prompt, key, character)
        else:
            return False
        return True

    def paste(self, text: str) -> None:
        """Put text into the line."""
        if self.prompt is not None:
            self.prompt.insert(text)
            self._typed(self.prompt)

    def _press_in_menu(self, key: str, character: str | None) -> None:
        chosen = next((item for item in self._items if key in item.action.keys), None)
        meant = action_for(self._page.scope, key)
        does = meant.id if meant is not None else ""
        if key == "escape" or does in ("back", "menu", "quit"):
            self.close()
        elif does in ("down", "up"):
            self._table().move(1 if does == "down" else -1)
        elif key == "enter" or chosen is not None:
            self._choose(self._items[self._table().place] if key == "enter" else chosen)

    def _press_in_columns(self, columns: "ColumnList", key: str) -> None:
        if columns.press(key, self._table()):
            self._page.draw()
        else:
            self.close()

    def _choose(self, item: Item | None) -> None:
        if item is None:
            return
        self.close()
        if item.refused:
            self._page.console_app.say(f"{item.action.shown}: {item.refused}")
        else:
            self._page.perform(item.action)

    def _press_in_prompt(self, prompt: "Prompt", key: str, character: str | None) -> None:
        match key:
            case "escape" | "ctrl+c":
                if prompt.kind == "filter":
                    self._page.set_filter(self._filter_before)
                self.close()
            case "backspace" if not prompt.text:
                self.close()
            case "enter":
                self._enter(prompt)
            case "tab" if self._suggestions:
                prompt.replace(self._suggestions[self._table().place].line)
                self._typed(prompt)
            case "up" | "down" if self._suggestions and prompt.text:
                self._table().move(-1 if key == "up" else 1)
            case "up" | "down":
                prompt.recall(-1 if key == "up" else 1)
                self._typed(prompt)
            case _:
                if prompt.press(key, character):
                    self._typed(prompt)

    def _typed(self, prompt: "Prompt") -> None:
        if prompt.kind == "filter":
            self._page.set_filter(prompt.text)
        else:
            self._suggest()
            self._table().move_to(0)
        self._page.draw()

    def _suggest(self) -> None:
        from opsconsole.console import palette

        app = self._page.console_app
        text = self.prompt.text if self.prompt is not None else ""
        self._suggestions = palette.suggestions(
            text, self._names(), app.model.role, _MOST_SUGGESTIONS, scope=self._page.scope
        )
        wanted = palette.application_in(text)
        if wanted in app.model.applications and wanted not in self._probes:
            self._page.run_worker(self._read_probes(wanted), group="probes", exclusive=True)
        edited = palette.edited_in(text)
        if edited in app.model.applications and edited not in self._keys:
            self._page.run_worker(self._read_keys(edited), group="keys", exclusive=True)

    async def _read_keys(self, row_id: str) -> None:
        """Ask what of an application can be edited, and offer it if the command is still being typed."""
        from opsconsole.client.importing import AskKeys

        try:
            keys = await self._page.console_app.ask(lambda client: client.query(AskKeys(row_id)))
        except Problem:
            # A service, or somebody who may not: the engine says so to whoever enters it.
            keys = ()
        self._keys[row_id] = tuple((one.key, one.value) for one in keys)
        if self.prompt is not None and self.prompt.kind == "command":
            self._suggest()
            self._page.draw()

    async def _read_probes(self, row_id: str) -> None:
        """Ask which probes an application has, and offer them if the command is still being typed."""
        try:
            detail = await self._page.console_app.ask(lambda client: client.detail(row_id))
        except Problem:
            return
        self._probes[row_id] = tuple(probe.id for probe in detail.probes)
        if self.prompt is not None and self.prompt.kind == "command":
            self._suggest()
            self._page.draw()

    def _names(self) -> "Names":
        from opsconsole.console.palette import Names

        model = self._page.console_app.model
        return Names(model.applications, model.opds, self._probes, model.incidents, model.person, self._keys)

    def _enter(self, prompt: "Prompt") -> None:
        settings = self._page.console_app.settings
        if prompt.kind == "filter":
            _remember(settings.filters, prompt.text)
            if prompt.text and not self._page.table().rows:
                self._page.console_app.show_tip("nothing-found")
            self.close()
            for fault in self._page.filter_faults()[:1]:
                self._page.console_app.say(fault, "warn")
            return
        line = self._line_meant(prompt)
        if line is None:
            self._typed(prompt)
            return
        _remember(settings.commands, line)
        self.close()
        self._page.run_line(line)

    def _line_meant(self, prompt: "Prompt") -> str | None:
        """The line to run; None when the likeliest one was only filled in, to be seen before it runs."""
        from opsconsole.console import palette

        if not self._suggestions:
            return prompt.text
        place = self._table().place
        likeliest = self._suggestions[place]
        # One that was chosen with the arrows goes before what was typed.
        if not place and palette.is_exact(prompt.text, self._names()):
            return prompt.text
        if likeliest.complete and palette.only_goes(likeliest.line):
            return likeliest.line
        # Nothing is left to fill in: whoever carries it out says what is wrong with it.
        if likeliest.line.strip() == prompt.text.strip():
            return prompt.text
        prompt.replace(likeliest.line)
        return None


def _remember(history: list[str], line: str) -> None:
    if line and (not history or history[-1] != line):
        history.append(line)
