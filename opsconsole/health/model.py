"""What a series of looks means: the shapes that `opsconsole.health.rules` works on.

All of it is plain data: no clock, no disk. Times are seconds since the epoch, kept to the millisecond,
which is what the store keeps, so that a state read back equals the one that was written.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from opsconsole.client.shapes import State
from probes.observation import Param, Verdict


class Health(StrEnum):
    """What the looks say, before anything is laid over it."""

    PENDING = "pending"
    UP = "up"
    WARN = "warn"
    DOWN = "down"
    UNKNOWN = "unknown"


TROUBLE = (Health.WARN, Health.DOWN)
# The reason of a probe that is paused, and of a row whose probes all are; and of one since it is no longer.
PAUSED, RESUMED = "paused", "resumed"


class Overlay(StrEnum):
    """What is laid over the health; of several, the one that stands last here wins."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    CLOSED = "closed"
    MAINT = "maint"
    OFF = "off"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How one probe is judged.

    ``attempts`` failures in a row confirm DOWN, ``recoveries`` passes in a row confirm UP. ``every`` and
    ``timeout`` are seconds: a probe is stale after three intervals, of whichever of the two is longer.
    """

    attempts: int = 3
    recoveries: int = 2
    every: float = 60.0
    timeout: float = 10.0
    essential: bool = True


class LookFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules need of one look.

    ``suspect``: our own loop lagged over a second meanwhile, so the look cannot confirm trouble.
    ``offline``: we were offline, so whatever it saw counts as unknown. ``mass``: most hosts failed at
    once, as `health.mass` found it, so a failure confirms nothing.
    """

    started: float
    ended: float
    verdict: Verdict
    reason: str
    params: dict[str, Param] = {}
    suspect: bool = False
    offline: bool = False
    mass: bool = False
    address: str = ""
    fingerprint: str = ""


class ProbeState(msgspec.Struct, frozen=True, kw_only=True):
    """All that is remembered of one probe between two looks.

    ``health`` and ``hard`` are what is shown, because of ``reason``: since ``since``, which for a trouble
    is its first look even where an unknown look lay between. ``changed_at`` is when the last transition
    happened. ``confirmed`` is the last health that was hard: since ``confirmed_since``, confirmed at
    ``confirmed_at``, last seen with ``cause``.

    Looks in a row, unknown ones left out: ``failures`` down, ``troubles`` down or degraded, ``passes`` up,
    ``answers`` not down; ``failing_since``, ``passing_since`` and ``answering_since`` are when such a run
    began. ``seen`` is the reason of the last of them. ``ripe_at`` is when the failing look began that
    reached the attempts. ``last`` and ``history`` (20 bits, newest lowest, set where the result changed)
    are for flapping. ``looked_at`` and ``heard_at`` are start and end of the newest look, ``good_at`` the
    start of the newest that passed. ``version`` grows with every change that is shown.
    """

    since: float
    health: Health = Health.PENDING
    hard: bool = True
    reason: str = "pending"
    params: dict[str, Param] = {}
    changed_at: float | None = None
    confirmed: Health = Health.PENDING
    confirmed_since: float = 0.0
    confirmed_at: float | None = None
    cause: str = "pending"
    cause_params: dict[str, Param] = {}
    failures: int = 0
    troubles: int = 0
    passes: int = 0
    answers: int = 0
    failing_since: float = 0.0
    passing_since: float = 0.0
    answering_since: float = 0.0
    seen: str = "pending"
    seen_params: dict[str, Param] = {}
    ripe_at: float | None = None
    last: Health = Health.PENDING
    history: int = 0
    flapping: bool = False
    looked_at: float | None = None
    heard_at: float | None = None
    good_at: float | None = None
    address: str = ""
    fingerprint: str = ""
    version: int = 0

    @property
    def attempt(self) -> int:
        """Looks in a row towards confirming the trouble that is shown, 0 once it is confirmed."""
        if self.hard:
            return 0
        return self.failures if self.health is Health.DOWN else self.troubles

    @property
    def streak(self) -> int:
        """Passes in a row towards ending the confirmed trouble that is shown, 0 where none is shown."""
        return self.passes if self.hard and self.health in TROUBLE else 0

    @property
    def paused(self) -> bool:
        """Whether it is not looked at because somebody said so."""
        return self.reason == PAUSED

    @property
    def word(self) -> State:
        """The state as it is shown."""
        return word(self.health, Overlay.NONE, self.reason)


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One change of what is shown, of a probe, an application or an OPD.

    ``happened_at`` is when it began: the first look of the run that showed it, never before the change
    that it follows. ``noticed_at`` is when we knew.
    """

    happened_at: float
    noticed_at: float
    before: State
    after: State
    hard: bool
    reason: str
    params: dict[str, Param] = {}
    flapping: bool = False


class ProbeView(msgspec.Struct, frozen=True):
    """A probe as its application is judged by it."""

    name: str
    state: ProbeState
    policy: Policy


class Overlays(msgspec.Struct, frozen=True, kw_only=True):
    """What may lie over an application's health now.

    ``work`` says of its maintenance until when, by whom and what for, as the reason's parameters.
    ``hours`` names the service hours it is outside of, empty inside them; ``via`` is the parent that cuts
    it off, as `reach.reachability` found it; ``parents_fail`` is what `reach.parents_failing` found.
    """

    off: bool = False
    maintenance: bool = False
    work: dict[str, Param] = {}
    hours: str = ""
    via: str = ""
    parents_fail: bool = False


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What people know of an application: kept with its state, so that a restart neither repeats nor
    loses an announcement.

    ``announced`` is what they were last told, PENDING before anything. ``covered``: something keeps
    announcements back now; ``lifted_at`` is when the last that did ended, and what was seen before that
    is not announced. ``held`` is why the announcement that is due waits (``off``, ``maint``, ``closed``,
    ``parent``, ``flapping``, ``look``), empty where none is due.
    """

    announced: Health = Health.PENDING
    covered: bool = False
    lifted_at: float | None = None
    held: str = ""

    @property
    def awaits_look(self) -> bool:
        """Whether the next look decides what is announced."""
        return bool(self.held) and not self.covered and self.held != "flapping"


class ShownState(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of an application, and why.

    ``probe`` is the one that decided; ``reason`` and ``params`` are its own, or the overlay's. ``health``
    and ``hard`` are those beneath the overlay: what children are judged by. ``via`` is the parent.
    ``since`` and ``changed_at`` are as in `ProbeState`. ``told`` is what people know of it.
    """

    since: float
    changed_at: float | None = None
    state: State = State.PENDING
    health: Health = Health.PENDING
    hard: bool = True
    overlay: Overlay = Overlay.NONE
    reason: str = "pending"
    params: dict[str, Param] = {}
    probe: str = ""
    attempt: int = 0
    attempts: int = 0
    flapping: bool = False
    via: str = ""
    version: int = 0
    told: Told = Told()


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """A change of an application that people are told of.

    ``before`` and ``after`` are what they were told last and are told now; ``probe`` decided, because of
    ``reason``; ``address`` and ``fingerprint`` are the last that it saw. ``happened_at`` is the first look
    that showed it, ``noticed_at`` is now; ``held`` is what kept it back until now, as in `Told`.
    """

    before: Health
    after: Health
    reason: str
    params: dict[str, Param] = {}
    probe: str = ""
    address: str = ""
    fingerprint: str = ""
    happened_at: float
    noticed_at: float
    held: str = ""


class OpdState(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of an OPD: its worst state, and how many of the applications that count are up."""

    state: State
    since: float
    up: int
    total: int


class Graph(msgspec.Struct, frozen=True):
    """Who depends on whom, made ready by `reach.graph`: parents first, without what fails open."""

    order: tuple[str, ...]
    parents: Mapping[str, Sequence[Sequence[str]]]


_BARE = {
    Health.PENDING: State.PENDING,
    Health.UP: State.UP,
    Health.WARN: State.WARN,
    Health.DOWN: State.DOWN,
    Health.UNKNOWN: State.UNKNOWN,
}


def word(health: Health, overlay: Overlay, reason: str) -> State:
    """The word shown for a health under an overlay; unknown for want of looks is stale, paused is off."""
    if overlay is not Overlay.NONE:
        return State(overlay.value)
    if reason == PAUSED:
        return State.OFF
    if health is Health.UNKNOWN and reason == "stale":
        return State.STALE
    return _BARE[health]
