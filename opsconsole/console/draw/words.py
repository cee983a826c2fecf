"""Words and glyphs: each state has a glyph and a word of at most eight columns; colour only repeats them."""

from rich.cells import cell_len

from opsconsole.base.text import N_, _
from opsconsole.client.shapes import State
from probes.observation import Verdict

GLYPHS: dict[State, str] = {
    State.DOWN: "!",
    State.UNREACHABLE: "^",
    State.WARN: "~",
    State.STALE: "?",
    State.UNKNOWN: "?",
    State.PENDING: ".",
    State.MAINT: "=",
    State.CLOSED: "-",
    State.OFF: "o",
    State.UP: "+",
}
_WORDS: dict[State, str] = {
    State.DOWN: N_("DOWN"),
    State.UNREACHABLE: N_("CUT OFF"),
    State.WARN: N_("WARN"),
    State.STALE: N_("STALE"),
    State.UNKNOWN: N_("UNKNOWN"),
    State.PENDING: N_("PENDING"),
    State.MAINT: N_("MAINT"),
    State.CLOSED: N_("CLOSED"),
    State.OFF: N_("OFF"),
    State.UP: N_("UP"),
}
# What one look that said so makes of its probe, were it the only one.
SEEN: dict[Verdict, State] = {
    Verdict.UP: State.UP,
    Verdict.DEGRADED: State.WARN,
    Verdict.DOWN: State.DOWN,
    Verdict.UNKNOWN: State.UNKNOWN,
}
MEANINGS: dict[State, str] = {
    State.UP: N_("answers as expected"),
    State.WARN: N_("slow, or soon to fail"),
    State.DOWN: N_("failed again and again"),
    State.UNREACHABLE: N_("what it needs is down"),
    State.UNKNOWN: N_("we could not look"),
    State.STALE: N_("no look for 3 intervals"),
    State.PENDING: N_("not looked at yet"),
    State.MAINT: N_("planned work, no alarm"),
    State.CLOSED: N_("outside its service hours"),
    State.OFF: N_("switched off or paused"),
}


def glyph(state: State) -> str:
    """One ASCII character."""
    return GLYPHS[state]


def word(state: State) -> str:
    """The word in the language in use."""
    return _(_WORDS[state])


def word_width() -> int:
    """The cells that the longest word of the language in use takes."""
    return max(cell_len(word(state)) for state in State)


def named_states() -> dict[str, State]:
    """What a state may be called in a filter: its code and its word, in lower case without blanks."""
    names = {state.value: state for state in State}
    for state, english in _WORDS.items():
        names.setdefault(english.lower().replace(" ", ""), state)
        names.setdefault(word(state).lower().replace(" ", ""), state)
    return names
