"""The drawer: the line that is typed into and the list above it, for filter, command line and row menu."""

from typing import TYPE_CHECKING, NamedTuple

from opsconsole.base.text import _
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.menu import action_line, drawer_rows, suggestion_line
from opsconsole.console.draw.view import View
from opsconsole.console.keymap import Action
from opsconsole.console.widgets.line_table import LineTable, Row

if TYPE_CHECKING:
    from opsconsole.console.palette import Suggestion
    from opsconsole.console.prompt import Prompt
    from opsconsole.console.screens.page import Page

_MOST_SUGGESTIONS = 50


class Item(NamedTuple):
    """An entry of the row menu: the action, and why it can not be done."""

    action: Action
    refused: str


class Drawer:
    """At most one of: a filter being typed, a command being typed, the row menu."""

    def __init__(self, page: "Page") -> None:
        self._page = page
        self.prompt: Prompt | None = None
        self._items: list[Item] = []
        self._suggestions: list[Suggestion] = []
        self._filter_before = ""

    @property
    def is_open(self) -> bool:
        """Whether it takes the keys."""
        return self.prompt is not None or bool(self._items)

    def open_menu(self, actions: list[Action]) -> None:
        """List what the row can do."""
        self._items = [Item(action, self._page.refusal(action)) for action in actions]
        self._reopen()

    def open_command(self) -> None:
        """Begin a command."""
        from opsconsole.console.prompt import Prompt

        self.prompt = Prompt("command", history=self._page.console_app.settings.commands)
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
        self.prompt = None
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
        if self.prompt is None:
            return None
        if self.prompt.kind == "filter":
            return self.prompt.line(view.width, self._page.filter_hint())
        return self.prompt.line(view.width, _("tab completes, enter runs, esc leaves"))

    def _lines(self, width: int) -> list[Line]:
        if self._items:
            return [action_line(item.action, item.refused, width) for item in self._items]
        return [suggestion_line(suggestion, width) for suggestion in self._suggestions]

    def _table(self) -> LineTable:
        return self._page.query_one("#drawer", LineTable)

    def _reopen(self) -> None:
        self._page.draw()
        self._table().move_to(0)

    # Keys

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; False when the drawer is closed."""
        if self._items:
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
        if key in ("escape", "full_stop", "backspace", "h", "q"):
            self.close()
        elif key in ("j", "down"):
            self._table().move(1)
        elif key in ("k", "up"):
            self._table().move(-1)
        elif key == "enter" or chosen is not None:
            self._choose(self._items[self._table().place] if key == "enter" else chosen)

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

        model = self._page.console_app.model
        text = self.prompt.text if self.prompt is not None else ""
        self._suggestions = palette.suggestions(
            text, model.applications, model.opds, model.role, _MOST_SUGGESTIONS
        )

    def _enter(self, prompt: "Prompt") -> None:
        settings = self._page.console_app.settings
        if prompt.kind == "filter":
            _remember(settings.filters, prompt.text)
            self.close()
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
        model, place = self._page.console_app.model, self._table().place
        likeliest = self._suggestions[place]
        # One that was chosen with the arrows goes before what was typed.
        if not place and palette.is_exact(prompt.text, model.applications, model.opds):
            return prompt.text
        if likeliest.complete and palette.only_goes(likeliest.line):
            return likeliest.line
        prompt.replace(likeliest.line)
        return None


def _remember(history: list[str], line: str) -> None:
    if line and (not history or history[-1] != line):
        history.append(line)
