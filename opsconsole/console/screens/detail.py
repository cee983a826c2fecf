"""An application's page: what it is, why it is so, whom to call, how it was, and look after look."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from textual.widget import Widget

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.history import SECONDS, WINDOWS, AskHistory, History, Window, step_of
from opsconsole.client.moments import parse_moment
from opsconsole.client.shapes import Application, ApplicationDetail, Look, Probe, State
from opsconsole.console.draw import detail as drawing
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, Span, heading, line
from opsconsole.console.draw.looks import key_of, look_line, looks_head, merged
from opsconsole.console.draw.phases import failed_phase, phase_count, phase_lines
from opsconsole.console.draw.problems import opd_name, short_id
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.strip import cells_in, strip_lines, strip_rule
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word
from opsconsole.console.feed.model import News
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.widgets.line_bar import LineBar
from opsconsole.console.widgets.line_table import LineTable, Row

_FIRST_LOOKS, _MORE_LOOKS, _MOST_LOOKS = 60, 200, 2000
# Below this many lines a row of titles is worth less than a look.
_HEAD_FROM = 4
# Around a moment that was asked for, so many looks after it are read as well.
_LOOKS_AFTER = 50
NOW = "now"


class DetailScreen(ActingPage, inherit_bindings=False):
    """One application or service. ``row_ids`` are its neighbours, in the order they were listed.

    Its history is read when the page is opened and when its state becomes another one, never on a timer.
    """

    scope = "detail"

    def __init__(self, row_id: str, row_ids: Sequence[str]) -> None:
        super().__init__()
        self._row_id = row_id
        self._row_ids = list(row_ids) or [row_id]
        self._detail: ApplicationDetail | None = None
        self._probe = 0
        self._looks: list[Look] = []
        self._failures = False
        self._has_all = False
        self._window: Window = "24h"
        self._history: History | None = None
        self._told: tuple[State, bool] | None = None
        self._at: datetime | None = None

    # What a page says of itself

    def content(self) -> Sequence[Widget]:
        """Facts, the phases of one look, the strip of its history, the looks."""
        return [
            LineBar(id="head"), LineBar(id="look-rule"), LineBar(id="phases"), LineBar(id="strip"),
            LineBar(id="looks-rule"), LineTable(id="looks"),
        ]  # fmt: skip

    def where(self) -> list[str]:
        """Board, OPD, application."""
        row = self.selected()
        return [
            self.console_app.root_title,
            *([opd_name(row)] if row else []),
            short_id(row) if row else self._row_id,
        ]

    def table(self) -> LineTable:
        """The looks."""
        return self.query_one("#looks", LineTable)

    def selected(self) -> Application | None:
        """This application, as it stands now."""
        return self.console_app.model.applications.get(self._row_id)

    # Reading

    def on_mount(self) -> None:
        """Draw what the board knows, and ask for the rest."""
        self._go(self._row_id)

    def on_screen_resume(self) -> None:
        """Have this application's looks sent again."""
        self._watch()

    def on_screen_suspend(self) -> None:
        """No longer have its looks sent."""
        self.console_app.feed.watch(frozenset())

    def on_resize(self) -> None:
        """Another width has room for other cells."""
        history = self._history
        if history is not None and step_of(self._window, cells_in(self.size.width)) != history.step_s:
            self._read_history()

    def on_unmount(self) -> None:
        """As `on_screen_suspend`."""
        self.console_app.feed.watch(frozenset())

    def news(self, news: News) -> None:
        """A change of the row may have changed all facts; a look is only added to the list."""
        if news.replaced or self._row_id in news.touched:
            self._read()
        if news.replaced or self._shown_now() != self._told:
            self._read_history()
        fresh = [look for look in news.looks.get(self._row_id, ()) if self._lists(look)]
        if fresh and self._at is None:
            self._looks = merged(self._looks, fresh, _MOST_LOOKS)
        self.draw()

    def after_command(self) -> None:
        """Read what it changed, where looks are not sent as they come."""
        if self.console_app.settings.low_bandwidth:
            self._read()

    def _watch(self) -> None:
        far = self.console_app.settings.low_bandwidth
        self.console_app.feed.watch(frozenset() if far else frozenset({self._row_id}))

    def _go(self, row_id: str) -> None:
        self._row_id = row_id
        self._detail, self._looks, self._probe, self._has_all = None, [], 0, False
        self._history, self._at = None, None
        self._watch()
        self.draw()
        self._read()
        self._read_history()

    def _read(self) -> None:
        self.run_worker(self._read_detail(), group="detail", exclusive=True)

    async def _read_detail(self) -> None:
        row_id = self._row_id
        try:
            detail = await self.console_app.ask(lambda client: client.detail(row_id))
            self._detail = detail
            if self._at is None:
                await self._read_looks(_FIRST_LOOKS)
        except Problem as problem:
            self.console_app.say(both(problem), "warn")
        self.draw()

    def _read_history(self) -> None:
        self._told = self._shown_now()
        self.run_worker(self._read_strip(), group="history", exclusive=True)

    async def _read_strip(self) -> None:
        args = AskHistory(
            application=self._row_id, probe=self._other_probe(), window=self._window, until=self._until(),
            cells=cells_in(self.size.width),
        )  # fmt: skip
        try:
            self._history = await self.console_app.ask(lambda client: client.query(args))
        except Problem as problem:
            self.console_app.say(both(problem), "warn")
        self.draw()

    def _other_probe(self) -> str:
        """The probe whose history is shown; empty for what the application itself showed."""
        probe = self._chosen_probe()
        return probe.id if probe is not None and self._detail and self._detail.probes[0] is not probe else ""

    def _until(self) -> datetime | None:
        """The end of the window: now, unless a moment was asked for that lies further back."""
        if self._at is None:
            return None
        now, span = self.console_app.now(), timedelta(seconds=SECONDS[self._window])
        return None if now - self._at < span else self._at + span / 2

    def _shown_now(self) -> tuple[State, bool] | None:
        row = self.selected()
        return (row.state, row.hard) if row is not None else None

    async def _read_looks(self, limit: int, *, before: datetime | None = None) -> None:
        probe, row_id, failures = self._chosen_probe(), self._row_id, self._failures
        name = probe.id if probe is not None else ""
        found = await self.console_app.ask(lambda client: client.looks(row_id, name, before, limit, failures))
        self._has_all = self._has_all or len(found) < limit
        self._looks = merged(self._looks, found, _MOST_LOOKS)

    async def _read_older(self) -> None:
        try:
            await self._read_looks(_MORE_LOOKS, before=self._looks[-1].at if self._looks else None)
        except Problem as problem:
            self.console_app.say(both(problem), "warn")
        self.draw()

    def _lists(self, look: Look) -> bool:
        probe = self._chosen_probe()
        return (probe is None or look.probe == probe.id) and not (self._failures and look.verdict == "up")

    def _chosen_probe(self) -> Probe | None:
        probes = self._detail.probes if self._detail else ()
        return probes[self._probe % len(probes)] if probes else None

    def _chosen_look(self) -> Look | None:
        return self._looks[min(self.table().place, len(self._looks) - 1)] if self._looks else None

    # Drawing

    def draw_content(self, view: View, taken: int) -> None:
        """Facts, phases and looks, in the room that is left."""
        facts = self._facts(view, view.height)
        look = self._chosen_look()
        phases = phase_count([look] if look is not None else [], self._chosen_probe())
        plan = drawing.plan_detail(view.width, view.height, len(facts), phases, taken)
        if len(facts) > plan.head:
            facts = self._facts(view, plan.head)
        self._lay_out(plan)
        self.query_one("#head", LineBar).show(*facts)
        if plan.strip:
            self._draw_strip(view)
        if plan.looks > 1:
            self._draw_looks(view, plan.looks - 1)
        if plan.phases:
            self._draw_phases(view, plan.phases - 1)

    def _facts(self, view: View, room: int) -> list[Line]:
        row = self.selected()
        if self._detail is not None:
            current = self._detail.row if row is None else row
            detail = msgspec.structs.replace(self._detail, row=current)
            return drawing.head_lines(detail, self._chosen_probe(), view, room)
        if row is None:
            return [line(" ", _("there is no application {id} any more").format(id=self._row_id))]
        state = f" {glyph(row.state)} {word(row.state)}  {why_text(row, view)}"
        return [line(state), line(Span("  " + _("reading …"), "quiet"))]

    def _lay_out(self, plan: drawing.Plan) -> None:
        for name, height in (
            ("head", plan.head), ("look-rule", min(plan.phases, 1)), ("phases", max(plan.phases - 1, 0)),
            ("strip", plan.strip), ("looks-rule", min(plan.looks, 1)), ("looks", max(plan.looks - 1, 0)),
        ):  # fmt: skip
            widget = self.query_one(f"#{name}")
            widget.display = height > 0
            if height > 0:
                widget.styles.height = height

    def _draw_strip(self, view: View) -> None:
        """The history; the place of the look under the cursor is marked unless it is the newest."""
        look = self._chosen_look()
        at = look.at if look is not None and (self.table().place or self._at is not None) else None
        rule = strip_rule(self._history, self._window, view)
        self.query_one("#strip", LineBar).show(rule, *strip_lines(self._history, at, view))

    def _draw_phases(self, view: View, room: int) -> None:
        look = self._chosen_look()
        lines = phase_lines(look, self._chosen_probe(), view) if look else []
        self.query_one("#phases", LineBar).show(*(lines + [()] * room)[:room])
        left, right = line(Span(_("LOOK"), "strong")), line()
        if look is not None:
            newest = not self.table().place
            what = _("LAST LOOK {time}") if newest else _("LOOK {time}")
            left = line(Span(what.format(time=view.times.exact(look.at)), "strong"))
            total = _("total {took}").format(took=took(look.duration_ms))
            failed = failed_phase(look)
            verdict = _("failed") if failed or look.verdict == "down" else _("passed")
            if look.verdict == "unknown":
                verdict = word(State.UNKNOWN)
            right = line(f"{total}, ", Span(verdict, "down" if look.verdict == "down" else ""))
        self.query_one("#look-rule", LineBar).show(heading(left, right, view.width))

    def _draw_looks(self, view: View, height: int) -> None:
        rows = [Row(key_of(look), look_line(look, view)) for look in self._looks]
        table = self.table()
        nothing = _("no failed look is recorded") if self._failures else _("no look is recorded yet")
        head = looks_head(view.width) if rows and height > _HEAD_FROM else None
        table.show(
            rows, head=head, empty=[line("   ", nothing)],
            old=self.console_app.model.is_old, height=height,
            follow=table.place > 0,  # at the top it stays with the newest
        )  # fmt: skip
        probe = self._chosen_probe()
        name = " ".join([_("LOOKS"), *([probe.id] if probe else [])])
        since = _("around {time}").format(time=view.at(self._at)) if self._at is not None else ""
        notes = [since, _("failures only") if self._failures else ""]
        left = line(Span(name, "strong"), *(Span(f"  {note}") for note in notes if note))
        place = _("{n} of {all}").format(n=table.place + 1, all=f"{len(rows)}{'' if self._has_all else '+'}")
        right = [place if rows else ""]
        if self._detail is not None and len(self._detail.probes) > 1:
            right.insert(0, _("tab: next probe"))
        self.query_one("#looks-rule", LineBar).show(
            heading(left, line("  ".join(filter(None, right))), view.width)
        )

    # Keys

    def on_line_table_moved(self, event: LineTable.Moved) -> None:
        """Show the phases of the look under the cursor; at the end of the list, read on."""
        if event.table.id != "looks":
            return
        self.draw()
        if (
            self._looks
            and self.table().place >= len(self._looks) - 1
            and not self._has_all
            and len(self._looks) < _MOST_LOOKS
        ):
            self.run_worker(self._read_older(), group="older", exclusive=True)

    def action_open(self) -> None:
        """Deeper: why it is so, rule by rule."""
        self.action_explain()

    def action_back(self) -> None:
        """From a moment that was asked for back to now, then to where this was opened from."""
        if self._at is not None:
            self.go_at(NOW)
        else:
            self.leave()

    def leave(self) -> None:
        """Go back; the last view is this application's page then."""
        self.console_app.close_page(self._row_id)

    def action_next(self) -> None:
        """The next one of the list this was opened from."""
        self._step(1)

    def action_previous(self) -> None:
        """The one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        known = [row_id for row_id in self._row_ids if row_id in self.console_app.model.applications]
        place = known.index(self._row_id) + by if self._row_id in known else 0
        if 0 <= place < len(known):
            self._go(known[place])
        else:
            self.console_app.say(_("that was the last one") if by > 0 else _("that was the first one"))

    def action_next_pane(self) -> None:
        """The next probe."""
        if self._detail is not None and len(self._detail.probes) > 1:
            self._probe = (self._probe + 1) % len(self._detail.probes)
            self._read_history()
            self._look_afresh()

    def action_failures(self) -> None:
        """Failed looks only, or all."""
        self._failures = not self._failures
        self._look_afresh()

    def action_window(self) -> None:
        """The next window of the strip."""
        self._window = WINDOWS[(WINDOWS.index(self._window) + 1) % len(WINDOWS)]
        self._read_history()

    def go_at(self, text: str) -> None:
        """Go to the looks of a moment, as a user types it; ``now`` goes back to the newest."""
        app = self.console_app
        try:
            at = None if text == NOW else parse_moment(text, app.times.tzinfo, app.now())
        except Problem as problem:
            app.say(both(problem), "warn")
            return
        first = self._history.first_look_at if self._history is not None else None
        if at is not None and first is not None and at < first:
            app.say(_("the first look that is kept is of {time}").format(time=app.view().at(first)))
            return
        self._at = at
        self._read_history()
        self._look_afresh()

    def _look_afresh(self) -> None:
        """Read the looks anew: the newest, or those around the moment that was asked for."""
        self._looks, self._has_all = [], False
        self.table().move_to(0)
        if self._at is None:
            self._read()
        else:
            self.run_worker(self._read_around(self._at), group="detail", exclusive=True)

    async def _read_around(self, at: datetime) -> None:
        """The looks after a moment and before it, the cursor on the last one up to then."""
        probe = self._chosen_probe()
        later = timedelta(seconds=_LOOKS_AFTER * (probe.every_s if probe else 60.0))
        try:
            await self._read_looks(_MORE_LOOKS, before=at + later)
        except Problem as problem:
            self.console_app.say(both(problem), "warn")
        self.draw()
        self.table().move_to(sum(look.at > at for look in self._looks))

    def action_low_bandwidth(self) -> None:
        """Also stops or starts the looks that are sent as they come."""
        super().action_low_bandwidth()
        self._watch()
