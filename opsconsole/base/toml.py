"""What is wrong with a text that is no TOML: the line, and the reason in the language in use."""

import re

from opsconsole.base.text import N_, _, safe_text

_AT_LINE = re.compile(r" ?\(at line (\d+), column \d+\)$")
_AT_END = re.compile(r" ?\(at end of document\)$")
# What tomllib says, as a pattern, and how we say it. Its group is what stands in the file.
_SAYINGS: tuple[tuple[str, str], ...] = (
    (r"Invalid statement", N_("not a statement")),
    (r"Invalid value", N_("not a value; text stands in quotes")),
    (r"Expected newline or end of document after a statement", N_("something stands after the value")),
    (r"Expected '=' after a key in a key/value pair", N_("= is missing after the key")),
    (r"Expected '\]' at the end of a table declaration", N_("] is missing after the table's name")),
    (r"Expected '\]\]' at the end of an array declaration", N_("]] is missing after the table's name")),
    (r"Expected (.+)", N_("{seen} is missing")),
    (r"Unclosed array", N_("a list is not closed with ]")),
    (r"Unclosed inline table", N_("a table in one line is not closed with }}")),
    (r"Unterminated string", N_("a text is not closed with its quote")),
    (r"Unescaped '\\' in a string", N_("\\ in a text is written \\\\, or put it in single quotes")),
    (r"Cannot overwrite a value", N_("this key has a value already")),
    (r"Cannot declare (.+) twice", N_("{seen} is there twice")),
    (r"Cannot (?:mutate immutable|redefine) namespace (.+)", N_("nothing can be added to {seen}")),
    (r"Duplicate inline table key (.+)", N_("{seen} is there twice")),
    (r"Found invalid character (.+)|Illegal character (.+)", N_("the character {seen} may not stand here")),
    (r"Invalid initial character for a key part", N_("a key is missing, or begins with what no key may")),
    (r"Invalid hex value|Escaped character is not a Unicode .+", N_("\\u wants a character's number")),
    (r"Invalid date or datetime", N_("no such date or time")),
)  # fmt: skip


def syntax_error(text: str, said: str) -> tuple[int, str]:
    """The 1-based line and the sentence for what `tomllib` said about ``text``."""
    at_line = _AT_LINE.search(said)
    line = int(at_line[1]) if at_line else text.rstrip().count("\n") + 1
    told = _in_words(_AT_END.sub("", _AT_LINE.sub("", said)))
    if not at_line:
        told = _("{said}; the file ends before something is closed").format(said=told)
    return line, _("not TOML: {said}").format(said=told)


def _in_words(said: str) -> str:
    for pattern, template in _SAYINGS:
        if match := re.fullmatch(pattern, said, re.DOTALL):
            seen = next(filter(None, match.groups()), "")
            if seen.startswith("("):  # a key's parts, as Python writes them
                seen = ".".join(re.findall(r"'([^']*)'", seen))
            return _(template).format(seen=safe_text(seen, 60))
    return safe_text(said)
