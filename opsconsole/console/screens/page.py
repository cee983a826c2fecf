"""What all screens share: the fixed lines, the keys that mean the same everywhere, and the drawer."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from opsconsole.base.text import _
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application
from opsconsole.console import keymap
from opsconsole.console.draw import bars
from opsconsole.console.draw.banners import banners
from opsconsole.console.draw.lines import Line, Span, cut
from opsconsole.console.draw.plan import is_small
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.keymap import Action, Scope
from opsconsole.console.screens.drawer import Drawer
from opsconsole.console.theming import repaint
from opsconsole.console.widgets.line_bar import LineBar
from opsconsole.console.widgets.line_table import LineTable
from opsconsole.console.widgets.tones import theme_in_use

if TYPE_CHECKING:
    from opsconsole.console.app import ConsoleApp
    from opsconsole.console.screens.recording import Recording


# Title, banners, notes, event line, hints.
_FIXED_BARS = 5
_MOST_NOTES = 4
_NEEDS_NO_ROW = ("menu", "copy", "people", "mark", "export")
# On a lower screen rows are worth more.
_TOUR_FROM = 20


class Page(Screen[None], inherit_bindings=False):
    """A screen with title, banners, content, drawer, event line and hints, from top to bottom."""

    AUTO_FOCUS = ""
    shows_tour: ClassVar[bool] = False
    scope: ClassVar[Scope]
    filters: ClassVar[bool] = False
    """Whether the words of a filter mean something here."""

    def __init__(self) -> None:
        super().__init__()
        self.drawer = Drawer(self)
        self.recording: Recording | None = None
        self._quit_asked = False
        self._theme = theme_in_use()

    # What each screen says of itself

    def content(self) -> Sequence[Widget]:
        """The widgets between banners and drawer."""
        raise NotImplementedError

    def draw_content(self, view: View, taken: int) -> None:
        """Draw them; ``taken`` lines go to banners and drawer."""
        raise NotImplementedError

    def where(self) -> list[str]:
        """The way here, for the title."""
        raise NotImplementedError

    def selected(self) -> Application | None:
        """The application under the cursor."""
        raise NotImplementedError

    def incident(self) -> Incident | None:
        """The incident under the cursor: that of the selected application, unless the screen has its own."""
        row = self.selected()
        return self.console_app.model.incidents_by_row().get(row.id) if row is not None else None

    def known(self, number: int) -> Incident | None:
        """An incident as this screen shows it."""
        return self.console_app.model.incidents.get(str(number))

    def marked_incidents(self) -> list[int]:
        """The numbers of the incidents that are marked."""
        return []

    def table(self) -> LineTable:
        """The table that moves go to."""
        raise NotImplementedError

    def listed(self) -> list[str]:
        """The applications that are listed, in their order: the neighbours of one that is opened."""
        return []

    def second_line(self, view: View) -> Line | None:
        """The line under the title, where there is one."""
        return None

    def title_marks(self) -> list[str]:
        """What else belongs in the title."""
        return []

    def warnings(self, view: View) -> list[Line]:
        """Banners of this screen alone, below those that all screens have."""
        return []

    def set_filter(self, text: str) -> None:
        """Show only what the words say, on screens that can be filtered."""

    def filter_faults(self) -> tuple[str, ...]:
        """What is wrong with the words of the filter that holds."""
        return ()

    def filter_hint(self) -> str:
        """What to say beside a filter that is being typed."""
        return next(iter(self.filter_faults()), _("enter keeps it, esc does not"))

    def opd_meant(self) -> str:
        """The code of the OPD under the cursor, for what is recorded of its people; empty for none."""
        row = self.selected()
        return row.opd or "" if row is not None else ""

    def person_meant(self) -> str:
        """The id of the person under the cursor; empty for none."""
        return ""

    def problem_version(self, number: int) -> int | None:
        """The version of a problem of the register that is shown here; None where none is."""
        return None

    def begun(self, command: str) -> str:
        """What a line of this command begins with, of the row under the cursor; empty for nothing."""
        return ""

    def run_line(self, line: str) -> None:
        """Do what a command line means."""
        raise NotImplementedError

    def go_at(self, text: str) -> None:
        """Show what was at a time, on screens that show looks."""
        self.console_app.say(_("open an application first: its page goes back in time"))

    def leave(self) -> None:
        """Go back to the screen below."""
        self.console_app.close_page()

    def after_command(self) -> None:
        """A command of this page was carried out."""

    def news(self, news: News) -> None:
        """Something changed."""
        self.draw()

    # Drawing

    @property
    def console_app(self) -> "ConsoleApp":
        """The application, by its own type."""
        return cast("ConsoleApp", self.app)

    def compose(self) -> ComposeResult:
        """The frame, with the screen's content in it."""
        yield LineBar(id="top")
        yield LineBar(id="banners")
        yield from self.content()
        yield LineTable(id="drawer")
        yield LineBar(id="notes")
        yield LineBar(id="event")
        yield LineBar(id="hints")

    def on_mount(self) -> None:
        """Draw for the first time."""
        self.draw()

    def on_screen_resume(self) -> None:
        """Draw what happened while another screen was on top."""
        if self._theme is not theme_in_use():
            self._theme = theme_in_use()
            repaint(self)
        self.draw()

    def on_resize(self) -> None:
        """Draw for another size, all of it: of several changes at once we may have seen the last alone."""
        repaint(self)
        self.draw()

    def draw(self) -> None:
        """Bring everything up to date; only what differs is sent."""
        app = self.console_app
        view = app.view()
        if not view.width or not self._is_whole:
            return
        model = app.model
        remedy = self.remedy() if model.link.status == "down" else ""
        above = [*banners(model.link, model.engine, model.board_at, view, remedy), *self.warnings(view)]
        if app.settings.paused:
            paused = _("drawing is paused; p goes on, and so does a new DOWN")
            above.append((Span(f"*** {paused}".ljust(view.width), "banner"),))
        above = above[: max(view.height // 3, 1)]
        self.query_one("#banners", LineBar).show(*above)
        taken = len(above) + self.drawer.draw(view) + self._draw_notes(view)
        self.draw_content(view, taken)
        self.query_one("#top", LineBar).show(*self._top(view))
        self.draw_event()

    def _draw_notes(self, view: View) -> int:
        """What is told once, or the tour, above the event line; how many lines it takes."""
        app = self.console_app
        texts: Sequence[str] = app.notes
        if not texts and self.shows_tour and view.height >= _TOUR_FROM:
            texts = app.hints.tour()
        if self.drawer.is_open or is_small(view.width, view.height):
            texts = ()
        tone = "warn" if app.personal.mistakes and app.notes == app.personal.mistakes else ""
        if len(texts) > _MOST_NOTES:
            more = _("and {n} more: opsconsole doctor").format(n=len(texts) - _MOST_NOTES + 1)
            texts = (*texts[: _MOST_NOTES - 1], more)
        lines = [cut((Span(" "), Span(text, tone)), view.width) for text in texts]
        self.query_one("#notes", LineBar).show(*lines)
        return len(lines)

    def draw_event(self) -> None:
        """Draw the lines below the content."""
        if not self._is_whole:
            return
        view = self.console_app.view()
        small = is_small(view.width, view.height)
        prompt = self.drawer.prompt_line(view)
        if self.recording is not None:
            prompt = self.recording.line(view)
        event = prompt or cut((Span(" "), *self.console_app.event), view.width)
        hints = self.hint_line(view)
        bar = self.query_one("#event", LineBar)
        bar.display = not small
        if small:
            fresh = self.console_app.event and not self.console_app.event_seen
            hints = prompt or (event if fresh else hints)
        else:
            bar.show(event)
        self.query_one("#hints", LineBar).show(hints)

    def hint_line(self, view: View) -> Line:
        """The last line: what keys do here."""
        if self.recording is not None:
            return self.recording.hints(view)
        return bars.hint_line(keymap.hints(self.scope), lambda one: bool(self.refusal(one)), view.width)

    @property
    def _is_whole(self) -> bool:
        """Whether the widgets are there: a screen that is coming or going is not drawn."""
        return len(self.query_children(LineBar)) >= _FIXED_BARS

    def _top(self, view: View) -> list[Line]:
        app = self.console_app
        model = app.model
        if is_small(view.width, view.height):
            clock = view.times.short_clock(view.now)
            return [bars.small_title(model.counted(), model.role, clock, view.width)]
        marks = ["DEMO"] if model.hello is not None and model.hello.demo else []
        marks += [_("OLD")] if model.is_old and model.is_known else []
        marks += self.title_marks()
        marks += [_("LOW")] if app.settings.low_bandwidth else []
        if fresh := bars.freshness(model.link, model.board_at, view.times):
            marks.append(fresh)
        title = bars.title(self.where(), model.role, marks, view.times.clock(view.now), view.width)
        second = self.second_line(view)
        return [title] if second is None else [title, second]

    def remedy(self) -> str:
        """What to do when this office's engine is down."""
        from opsconsole.client.start import absent
        from opsconsole.client.wire import is_listening
        from opsconsole.console.draw.banners import next_sentence

        found = self.console_app.found
        if found.why == "demo":
            return _("The demo has ended; q leaves.")
        if found.why == "own" and is_listening(found.place):
            return _("It hangs: `opsconsole engine --replace` ends it and starts another one.")
        if found.why == "own":
            return _("Start it with `opsconsole engine`, or look into its log.")
        return next_sentence(absent(found))

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Do what a key means here, before the next one is looked at.

        Textual would run a binding only after keys that came in the same packet, and over a slow line
        they all do. So keys are looked up here, and what comes after a change of screens is passed on.
        """
        event.stop()
        top = self.console_app.page
        if top is not None and top is not self:
            top.post_message(events.Key(event.key, event.character))
            return
        if event.key != "q":
            self._quit_asked = False
        self.console_app.event_seen = True
        if self.console_app.notes:
            self.console_app.notes = ()
            self.draw()
        self.console_app.looks()
        if self.recording is not None:
            self.recording.press(event.key)
            return
        if self.drawer.press(event.key, event.character):
            return
        if (action := keymap.action_for(self.scope, event.key)) is not None:
            self.perform(action)

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the prompt."""
        self.drawer.paste(event.text)

    def refusal(self, action: Action) -> str:
        """Why an action can not be done now; empty when it can."""
        model = self.console_app.model
        refused = ""
        if keymap.on_incident(action):
            refused = self._refusal_here(action)
        elif (
            action.group == "row"
            and not (action.id in _NEEDS_NO_ROW or keymap.on_sheet(action))
            and self.selected() is None
        ):
            refused = _("no application is selected")
        connected = model.link.status in ("live", "silent")
        return refused or keymap.refusal(action, model.role, connected=connected)

    def _refusal_here(self, action: Action) -> str:
        """Why an action means nothing for the incident under the cursor; the engine judges marked ones."""
        from opsconsole.console.incident_rules import refusal

        if self.marked_incidents():
            return ""
        one, app = self.incident(), self.console_app
        if one is None:
            return _("there is no open incident here")
        return refusal(action.command, one, app.model.person, app.now())

    def allowed(self, action_id: str) -> bool:
        """Whether an action can be done; if not, the event line says why."""
        action = keymap.BY_ID[action_id]
        if reason := self.refusal(action):
            self.console_app.say(f"{action.shown}: {reason}")
            return False
        return True

    def perform(self, action: Action) -> None:
        """Do what an action's key does."""
        method: Callable[[], None] | None = getattr(self, f"action_{action.method}", None)
        if method is None or self.scope not in action.scopes:
            self.console_app.say(_("{action}: not in this view").format(action=action.word or action.id))
            return
        method()
        if self.console_app.hints.use(action.id):
            self.draw()

    def action_left(self) -> None:
        """One step back."""
        self.perform(keymap.BY_ID["back"])

    def page_rows(self) -> int:
        """How far a page moves."""
        return max(self.table().page - 1, 1)
