"""The help page, made from the keymap, the registry of commands and the words of states and filters."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from opsconsole.base.text import _, translate
from opsconsole.client.commands import COMMANDS
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import Line, Span, fit, wrap
from opsconsole.console.draw.problems import TONES
from opsconsole.console.draw.words import MEANINGS, glyph, word, word_width
from opsconsole.console.keymap import ACTIONS, GROUPS, Action, Group
from opsconsole.console.palette import usage

_KEYS = 10
_GAP = 2


def help_lines(width: int, refusal: Callable[[Action], str], version: str, log: str) -> list[Line]:
    """The whole page; the keys stand in columns where the screen is wide enough."""
    blocks = [_group(group, refusal) for group in GROUPS]
    lines = _in_columns(blocks, width)
    lines += [
        (),
        _head(_("STATES: the glyph and the word say it, colour only repeats them")),
        *_states(width),
    ]
    lines += [(), _head(_("FILTER WORDS")), *_filter_words(width)]
    lines += [(), _head(_("COMMANDS, after :")), *_commands(width)]
    lines += [(), _plain(_("read-only (RO at the top): what you may not do is grey, and says why"))]
    lines.append(_plain(_("version {version}, the engine's log: {log}").format(version=version, log=log)))
    return lines


def matching(lines: Sequence[Line], text: str) -> list[Line]:
    """The lines that hold ``text``; all of them for an empty one."""
    wanted = text.casefold()
    return [line for line in lines if wanted in "".join(span.text for span in line).casefold()]


def _head(text: str) -> Line:
    return (Span(f" {text}", "strong"),)


def _plain(text: str) -> Line:
    return (Span(f"  {text}"),)


def _group(group: Group, refusal: Callable[[Action], str]) -> list[Line]:
    lines = [_head(_(GROUPS[group]))]
    second = {action.pair for action in ACTIONS}
    for action in ACTIONS:
        if action.group == group and action.id not in second:
            grey = "quiet" if refusal(action) else ""
            keys = Span("  " + fit(action.keys_shown, _KEYS), grey or "key")
            lines.append((keys, Span(_(action.help), grey)))
    return lines


def _in_columns(blocks: Sequence[Sequence[Line]], width: int) -> list[Line]:
    """Blocks side by side, filled downwards, each column as wide as its widest line."""
    for count in (4, 3, 2, 1):
        columns = _filled(blocks, count)
        sizes = [max((_length(line) for line in column), default=0) for column in columns]
        if sum(sizes) + _GAP * (len(sizes) - 1) <= width or count == 1:
            break
    lines: list[Line] = []
    for number in range(max(map(len, columns))):
        spans: list[Span] = []
        for column, size in zip(columns, sizes, strict=True):
            line = column[number] if number < len(column) else ()
            spans += [*line, Span(" " * (size - _length(line) + _GAP))]
        lines.append(tuple(spans))
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


def _states(width: int) -> list[Line]:
    cells: list[Line] = []
    half = max((width - 2) // 2, 38)
    for state in (*list(State)[-1:], *list(State)[:-1]):
        name = Span(f"  {glyph(state)} {fit(word(state), word_width())} ", TONES[state])
        cells.append((name, Span(fit(_(MEANINGS[state]), half - cell_len(name.text)))))
    if width < 2 * half:
        return cells
    rows = -(-len(cells) // 2)
    return [(*cells[at], *(cells[at + rows] if at + rows < len(cells) else ())) for at in range(rows)]


def _filter_words(width: int) -> list[Line]:
    texts = [
        'down warn opd:rsud tier:1 code:5xx age>10m via:sso -word "two words"',
        _("of one kind any may hold, of different kinds all must; - turns a word round"),
    ]
    return [_plain(part) for text in texts for part in wrap(text, width - 3, 2)]


def _commands(width: int) -> list[Line]:
    lines: list[Line] = []
    for shape in COMMANDS.values():
        lines.append((Span("  " + fit(f":{usage(shape)}", 38), ""), Span(translate(shape.help), "quiet")))
    places = [":app ID", ":opd CODE", ":filter WORDS"] + [
        f":{action.word}" for action in ACTIONS if action.word
    ]
    return [*lines, *(_plain(part) for part in wrap("  ".join(places), width - 3, 3))]


def _length(line: Line) -> int:
    return sum(cell_len(span.text) for span in line)
