"""The help page, made from the keymap, the registry of commands and the words of states and filters.

It is a list of sections of entries: side by side where there is room, and one below the other while it is
searched, so that what is found stands alone.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from opsconsole.base.text import _, translate
from opsconsole.client.commands import COMMANDS
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import Line, Span, fit, plain, wrap
from opsconsole.console.draw.problems import TONES
from opsconsole.console.draw.words import MEANINGS, glyph, word, word_width
from opsconsole.console.keymap import ACTIONS, GROUPS, Action, Group, Scope
from opsconsole.console.keynames import shown_name
from opsconsole.console.palette import places, usage

_KEYS = 10
_GAP = 2
_MOST_LINES = 4
_FILTERS = (
    "down", "warn", "opd:rsud", "tier:1", "code:503", "code:5xx", "age>10m", "age<2h", "via:sso", "-word",
    '"two words"',
)  # fmt: skip


class About(NamedTuple):
    """What the page is about: the view below, what can not be done there and why, and where things are.

    ``files`` are names and paths. ``refusal`` is asked about actions of the view alone.
    """

    scope: Scope
    refusal: Callable[[Action], str]
    version: str
    files: Sequence[tuple[str, str]]


class Entry(NamedTuple):
    """One thing explained: a name, such as a key, and what it does. ``grey``: it can not be done now.

    ``id`` is what console.toml calls it; it is shown where the entry is searched for.
    """

    name: str
    text: str
    tone: str = "key"
    grey: bool = False
    id: str = ""


class Section(NamedTuple):
    """Entries under a head; ``width`` cells are for their names. ``wide``: never beside another one."""

    head: str
    entries: Sequence[Entry]
    width: int = _KEYS
    wide: bool = False


def sections(about: About) -> list[Section]:
    """Everything there is to say."""
    here = [action for action in ACTIONS if about.scope in action.scopes]
    listed = [Section(_(title), _actions(group, here, about)) for group, title in GROUPS.items()]
    elsewhere = [action for action in ACTIONS if about.scope not in action.scopes]
    if entries := _elsewhere(elsewhere):
        listed.append(Section(_("NOT IN THIS VIEW"), entries))
    listed.append(_states())
    listed.append(Section(_("FILTER WORDS"), [Entry("  ".join(_FILTERS), _filter_rule())], 0, wide=True))
    listed.append(_commands())
    listed.append(Section(_("FILES"), [Entry(*file, tone="strong") for file in about.files], 12, wide=True))
    marks = [
        Entry("*", _("a key that console.toml has changed")),
        Entry("RO", _("read-only: what you may not do is grey, and says why")),
        Entry(about.version, "opsconsole"),
    ]
    listed.append(Section(_("MARKS AND VERSION"), marks, wide=True))
    return [section for section in listed if section.entries]


def help_lines(listed: Sequence[Section], width: int) -> list[Line]:
    """The whole page."""
    narrow = [section for section in listed if not section.wide]
    lines = _in_columns(narrow, width)
    for section in listed:
        if section.wide:
            lines += [(), *_block(section, width)]
    return lines


def found_lines(listed: Sequence[Section], width: int, wanted: str) -> list[Line]:
    """The entries that hold what is searched for, one below the other under their heads."""
    words = wanted.casefold().split()
    lines: list[Line] = []
    for section in listed:
        found = [entry for entry in section.entries if _holds(section, entry, words)]
        if found:
            named = [one._replace(text=f"{one.text} [{one.id}]") if one.id else one for one in found]
            lines += [*([()] if lines else []), *_block(section._replace(entries=named), width)]
    return lines or [(Span("  " + _("nothing here says that; esc shows everything again")),)]


def _holds(section: Section, entry: Entry, words: Sequence[str]) -> bool:
    text = f"{section.head} {entry.name} {entry.text} {entry.id}".casefold()
    return all(word in text for word in words)


def _actions(group: Group, here: Sequence[Action], about: About) -> list[Entry]:
    second = {action.pair for action in here if action.pair}
    entries = []
    for action in here:
        if action.group != group or action.id in second:
            continue
        reason = about.refusal(action)
        text = _(action.help) + (f" ({reason})" if reason else "")
        entries.append(Entry(_keys(action), text, grey=bool(reason), id=action.id))
    return entries


def _elsewhere(actions: Sequence[Action]) -> list[Entry]:
    second = {action.pair for action in actions if action.pair}
    return [Entry(_keys(one), _(one.help), grey=True, id=one.id) for one in actions if one.id not in second]


def _keys(action: Action) -> str:
    """Its keys, with a star where the user chose them; its name on the command line where it has none."""
    shown = action.keys_shown or (f":{word}" if (word := action.word or action.command) else "-")
    if action.is_changed:
        return (" ".join(map(shown_name, action.keys)) or shown) + "*"
    return shown


def _states() -> Section:
    ordered = (*list(State)[-1:], *list(State)[:-1])
    entries = [Entry(f"{glyph(one)} {word(one)}", _(MEANINGS[one]), TONES[one]) for one in ordered]
    return Section(_("STATES"), entries, word_width() + 3)


def _filter_rule() -> str:
    return _("of one kind any may hold, of different kinds all must; - turns a word round")


def _commands() -> Section:
    entries = [Entry(f":{line}", text, "strong") for line, text in places()]
    entries += [Entry(f":{usage(shape)}", translate(shape.help), "strong") for shape in COMMANDS.values()]
    entries += [Entry(f":{action.word}", _(action.help), "strong") for action in ACTIONS if action.word]
    return Section(_("COMMANDS, after :"), entries, 38, wide=True)


def _block(section: Section, width: int) -> list[Line]:
    """A section as lines: names to the left, what they do beside them, broken where it is long."""
    lines: list[Line] = [(Span(f" {section.head}", "strong"),)]
    for entry in section.entries:
        lines += _entry_lines(entry, section.width, width)
    return lines


def _entry_lines(entry: Entry, name_width: int, width: int) -> list[Line]:
    tone = "quiet" if entry.grey else entry.tone
    text_tone = "quiet" if entry.grey else ""
    beside = name_width and cell_len(entry.name) < name_width + 1 and width - name_width > 24
    if not beside:
        lines: list[Line] = [(Span(f"  {part}", tone),) for part in wrap(entry.name, width - 2, _MOST_LINES)]
        return lines + [
            (Span(f"    {part}", text_tone),) for part in wrap(entry.text, width - 4, _MOST_LINES) if part
        ]
    room = width - name_width - 3
    parts = wrap(_broken(entry.text, room), room, _MOST_LINES)
    lines = [(Span("  " + fit(entry.name, name_width) + " ", tone), Span(parts[0], text_tone))]
    blank = " " * (name_width + 3)
    return lines + [(Span(blank + part, text_tone),) for part in parts[1:]]


def _broken(text: str, width: int) -> str:
    """The text with what is longer than a line, such as a path, taken apart, so that all of it is seen."""
    return " ".join(
        word[start : start + width]
        for word in text.split(" ")
        for start in range(0, max(len(word), 1), width)
    )


def _in_columns(listed: Sequence[Section], width: int) -> list[Line]:
    """Sections side by side, filled downwards; long texts are broken rather than a column given up."""
    count = max(min(width // 38, 4), 1)
    size = (width - _GAP * (count - 1)) // count
    columns = _filled([_block(section, size) for section in listed], count)
    lines: list[Line] = []
    for number in range(max(map(len, columns))):
        spans: list[Span] = []
        for column in columns:
            line = column[number] if number < len(column) else ()
            spans += [*line, Span(" " * (size - cell_len(plain(line)) + _GAP))]
        lines.append(tuple(spans[:-1]))
    return lines


def _filled(blocks: Sequence[Sequence[Line]], count: int) -> list[list[Line]]:
    """The blocks in ``count`` columns as even as their order allows."""
    target = -(-sum(len(block) + 1 for block in blocks) // count)
    columns: list[list[Line]] = [[]]
    for block in blocks:
        if columns[-1] and len(columns) < count and len(columns[-1]) + len(block) > target + 1:
            columns.append([])
        if columns[-1]:
            columns[-1].append(())
        columns[-1].extend(block)
    return columns
