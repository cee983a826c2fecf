"""Names of keys: what a user writes in a file, what Textual calls it, and what hints show."""

import unicodedata

# Textual's names of keys that are no character, with what hints show for them.
NAMED: dict[str, str] = {
    "enter": "enter",
    "escape": "esc",
    "tab": "tab",
    "shift+tab": "shift+tab",
    "space": "space",
    "backspace": "backspace",
    "delete": "del",
    "insert": "ins",
    "up": "up",
    "down": "down",
    "left": "left",
    "right": "right",
    "home": "home",
    "end": "end",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
    **{f"ctrl+{letter}": f"^{letter.upper()}" for letter in "abcdefghijklmnopqrstuvwxyz"},
}
# What people write for them.
_OTHERWISE = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "del": "delete",
    "ins": "insert",
    "comma": ",",
}
# A terminal sends these as the key beside them, so a name of their own would never be heard.
SAME_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace"}


def textual_name(written: str) -> str | None:
    """Textual's name of a key as a file has it: ``R``, ``/``, ``ctrl+r``, ``F5``; None for no key at all."""
    name = written if len(written) == 1 else _OTHERWISE.get(written.casefold(), written.casefold())
    if len(name) != 1:
        return SAME_AS.get(name, name) if name in NAMED else None
    if not name.isprintable():
        return None
    return "space" if name == " " else _name_of_character(name)


def shown_name(key: str) -> str:
    """What hints show for a key by Textual's name."""
    return NAMED.get(key) or _CHARACTERS.get(key, key)


def _name_of_character(character: str) -> str:
    """As Textual does it: letters and digits are their own names, others have that of Unicode."""
    if character.isalnum():
        return character
    try:
        name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    except ValueError:
        return character
    return _ODD.get(name, name)


# Where Textual says otherwise than Unicode.
_ODD = {"hyphen_minus": "minus", "solidus": "slash", "reverse_solidus": "backslash", "low_line": "underscore",
        "plus_sign": "plus", "commercial_at": "at"}  # fmt: skip
_CHARACTERS = {_name_of_character(character): character for character in map(chr, range(33, 127))}
