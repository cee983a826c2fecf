"""Recording with a few keys: what may follow ``i``, of whom, and the command that comes of it.

Nothing here stands before the list: the two lowest lines say who is meant and what may follow.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_, _
from opsconsole.client.readiness import AskBimtek, AskOpdReadiness, OpdReadinessPage
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, Span, cut, line, printable
from opsconsole.console.draw.view import View
from opsconsole.console.screens.page import Page

Step = Literal["what", "contact", "session", "attend", "transfer"]
_CHANNELS = {"1": "wa", "2": "phone", "3": "none"}
_WHAT = (
    ("k", N_("contact")),
    ("u", N_("drill")),
    ("j", N_("answered")),
    ("x", N_("missed")),
    ("b", N_("Bimtek")),
    ("s", N_("decree")),
    ("m", N_("transfer")),
    ("z", N_("undo")),
)
_NAMES = (("space", N_("tick")), ("j k", N_("move")), ("enter", N_("record")), ("esc", N_("leave")))
_SESSIONS = (("j k", N_("move")), ("enter", N_("this one")), ("esc", N_("leave")))
_CONTACT = (("1", N_("WhatsApp")), ("2", N_("phone")), ("3", N_("no answer")), ("esc", N_("leave")))
_HINTS = {"what": _WHAT, "contact": _CONTACT, "session": _SESSIONS, "attend": _NAMES, "transfer": _NAMES}


class Named(NamedTuple):
    """Somebody, or a session: its id, and what it is called."""

    id: str
    name: str


class Recording:
    """What is being recorded on a page. ``people`` are those of the OPD, whoever is meant at the top."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._people: list[Named] = []
        # Keys come faster than an answer: they are kept, and mean what they would have meant.
        self._reads = True
        self._kept: list[str] = []
        self._sessions: list[Named] = []
        self._session = ""
        self._step: Step = "what"
        self._at = 0
        self._ticked: set[str] = set()

    def named(self, people: Sequence[Named]) -> None:
        """These are the people of the OPD, at least one."""
        self._people = list(people)
        self._go_on()

    def _go_on(self) -> None:
        """Take the keys that came meanwhile."""
        self._reads = False
        kept, self._kept = self._kept, []
        for key in kept:
            if self._page.recording is self:
                self.press(key)

    def line(self, view: View) -> Line:
        """Who is meant, or what is chosen from."""
        if not self._people:
            return cut(line(" ", _("reading …")), view.width)
        listed = self._sessions if self._step == "session" else self._people
        if self._step in ("what", "contact"):
            one = listed[self._at]
            told = _("{n} of {all}, tab: the next one") if len(listed) > 1 else _("{n} of {all}")
            of_all = told.format(n=self._at + 1, all=len(listed))
            said = line(
                " ", Span(_("record: {name}").format(name=printable(one.name)), "strong"), f"  {of_all}"
            )
            return cut(said, view.width)
        spans = [Span(" ")]
        # The one under the mark stands first: on a narrow line the rest gives way.
        for place in range(self._at, len(listed)):
            one = listed[place]
            mark = "*" if one.id in self._ticked else ""
            spans += [Span(f"{mark}{printable(one.name)}", "cursor" if place == self._at else ""), Span("  ")]
        return cut(spans, view.width)

    def hints(self, view: View) -> Line:
        """What may follow."""
        spans = [Span(" ")]
        for key, word in _HINTS[self._step]:
            spans += [Span(key, "key"), Span(f" {_(word)} ", "quiet")]
        return cut(spans, view.width)

    def press(self, key: str) -> None:
        """Take a key."""
        if key in ("escape", "ctrl+c", "q"):
            self._close()
        elif self._reads:
            self._kept.append(key)
        elif self._step == "what":
            self._press_what(key)
        elif self._step == "contact":
            if key in _CHANNELS:
                self._run(f"contact {self._person()} {_CHANNELS[key]}")
        else:
            self._press_list(key)
        self._page.draw()

    def _press_what(self, key: str) -> None:
        match key:
            case "k":
                self._step = "contact"
            case "u":
                self._run(f"drill {self._person()}")
            case "j":
                self._run(f"answered {self._person()}")
            case "x":
                self._run(f"missed {self._person()}")
            case "s":
                self._type(f"decree {self._person()} ")
            case "m":
                self._step = "transfer"
            case "b":
                self._reads = True
                self._page.run_worker(self._read_sessions(), group="sessions", exclusive=True)
            case "z":
                self._run("undo")
            case "tab" | "down":
                self._at = (self._at + 1) % len(self._people)
            case "shift+tab" | "up":
                self._at = (self._at - 1) % len(self._people)

    def _press_list(self, key: str) -> None:
        listed = self._sessions if self._step == "session" else self._people
        match key:
            case "j" | "down" | "tab":
                self._at = min(self._at + 1, len(listed) - 1)
            case "k" | "up" | "shift+tab":
                self._at = max(self._at - 1, 0)
            case "space" if self._step != "session":
                self._ticked ^= {listed[self._at].id}
                self._at = min(self._at + 1, len(listed) - 1)
            case "enter" if self._step == "session":
                self._session, self._step, self._at = listed[self._at].id, "attend", 0
            case "enter" if not self._ticked:
                self._page.console_app.say(_("nobody is ticked: space ticks a name"))
                self._close()
            case "enter":
                people = ",".join(one.id for one in self._people if one.id in self._ticked)
                told = f"attend {self._session} {people}" if self._step == "attend" else f"transfer {people}"
                self._run(told)

    def _person(self) -> str:
        return self._people[self._at].id

    def _run(self, text: str) -> None:
        self._close()
        self._page.run_line(text)

    def _type(self, text: str) -> None:
        self._close()
        self._page.drawer.open_command(text)

    def _close(self) -> None:
        self._page.recording = None

    async def _read_sessions(self) -> None:
        app = self._page.console_app
        try:
            page = await app.ask(lambda client: client.query(AskBimtek()))
        except Problem as problem:
            app.say(both(problem), "warn")
            self._close()
            self._page.draw()
            return
        if self._page.recording is not self:
            return
        self._sessions = [Named(one.code, f"{one.code} {one.title}") for one in page.sessions]
        if self._sessions:
            self._step, self._at = "session", 0
            self._go_on()
        else:
            app.say(_("no Bimtek is planned: :bimtek CODE TITLE"))
            self._close()
        self._page.draw()


def begin(page: Page) -> None:
    """Begin on the OPD under the cursor, once it is known who its people are."""
    code = page.opd_meant()
    if code:
        page.console_app.unsay()
        page.recording = Recording(page)
        page.draw()
        page.run_worker(_begin(page, page.recording, code), group="record", exclusive=True)
    else:
        page.console_app.say(_("no OPD is under the cursor"))


async def _begin(page: Page, recording: Recording, code: str) -> None:
    """Ask whose evidence it may be; the recording goes on with them, or ends."""
    app, people = page.console_app, list[Named]()
    try:
        found = await app.ask(lambda client: client.query(AskOpdReadiness(code=code, rows=0)))
    except Problem as problem:
        app.say(both(problem), "warn")
    else:
        # Whoever is under the cursor is meant first.
        people = sorted(people_of(found), key=lambda one: one.id != page.person_meant())
        if not people:
            told = _("nobody answers for {opd} yet: name somebody first")
            app.say(told.format(opd=printable(found.readiness.short)))
    if page.recording is recording:
        if people:
            recording.named(people)
        else:
            page.recording = None
    page.draw()


def people_of(page: OpdReadinessPage) -> list[Named]:
    """The people of an OPD, each once: whose drill runs, who keeps it from the next level, the rest."""
    known = {held.person: held.name for one in page.applications for held in one.duties if held.person}
    known |= dict(page.people)
    first = [one.person for one in page.drills]
    first += [str(one.params.get("person", "")) for one in page.readiness.reasons]
    order = dict.fromkeys([*(one for one in first if one in known), *known])
    return [Named(one, known[one]) for one in order]
