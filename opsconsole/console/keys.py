"""The ``[keys]`` a user has chosen: what of them can be used, and what is wrong with the rest.

What is wrong costs nobody a key: that action keeps its usual ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from opsconsole.base.text import _, safe_text
from opsconsole.console.keymap import ACTIONS, BY_ID, Action
from opsconsole.console.keynames import NAMED, shown_name, textual_name

Chosen = dict[str, tuple[str, ...]]
_SHOWN = 40


class Mistake(NamedTuple):
    """What is wrong at ``key`` of the user's file."""

    key: str
    text: str


def read_keys(table: Mapping[str, object]) -> tuple[Chosen, list[Mistake]]:
    """The keys by action id, as ``keymap.choose_keys`` takes them, and every mistake."""
    chosen: Chosen = {}
    mistakes: list[Mistake] = []
    for action_id, written in table.items():
        if action_id not in BY_ID:
            mistakes.append(Mistake(_named(action_id), _("no such action") + nearest(action_id, BY_ID)))
        elif not isinstance(written, str):
            mistakes.append(Mistake(_named(action_id), _('want keys as "r, ctrl+r", or "" for none')))
        else:
            keys, wrong = _keys_of(written)
            mistakes += [Mistake(_named(action_id), text) for text in wrong]
            if not wrong and keys != BY_ID[action_id].usual_keys:
                chosen[action_id] = keys
    mistakes += _settle(chosen)
    return chosen, mistakes


def nearest(name: str, allowed: Iterable[str]) -> str:
    """``; nearest: …`` to end a line with, empty when nothing is near."""
    import difflib  # late: it costs every start milliseconds, and few files have a mistake

    near = difflib.get_close_matches(name[:_SHOWN].casefold(), list(allowed), 1, 0.5)
    return _("; nearest: {near}").format(near=near[0]) if near else ""


def _named(action_id: str) -> str:
    return f"keys.{safe_text(action_id, _SHOWN)}"


def _keys_of(written: str) -> tuple[tuple[str, ...], list[str]]:
    """The keys of ``r, ctrl+r`` in order, each once; a comma of its own is the key of that name."""
    if written.strip() == ",":
        return ("comma",), []
    keys: list[str] = []
    wrong: list[str] = []
    for part in written.split(","):
        name = part.strip()
        if not name:
            continue
        key = textual_name(name)
        if key is None:
            told = _("no key is called {name}").format(name=safe_text(name, _SHOWN))
            wrong.append(told + nearest(name, NAMED))
        elif key not in keys:
            keys.append(key)
    return tuple(keys), wrong


def _settle(chosen: Chosen) -> Iterator[Mistake]:
    """Take back, from ``chosen``, what clashes; giving an action its usual keys back may clash again."""
    while clashes := _clashes(chosen):
        for key, one, other in clashes:
            taken = [action for action in (one, other) if chosen.pop(action.id, None) is not None]
            for action in taken:
                rival = other if action is one else one
                told = _("{key} is {owner}'s too: neither is changed").format(
                    key=shown_name(key), owner=rival.id
                )
                yield Mistake(_named(action.id), told)


def _clashes(chosen: Chosen) -> list[tuple[str, Action, Action]]:
    """Each pair of actions that one key would mean on one screen, at least one of them changed."""
    owners: dict[str, list[Action]] = {}
    for action in ACTIONS:
        for key in chosen.get(action.id, action.usual_keys):
            owners.setdefault(key, []).append(action)
    return [
        (key, one, other)
        for key, actions in owners.items()
        for place, one in enumerate(actions)
        for other in actions[place + 1 :]
        if set(one.scopes) & set(other.scopes) and (one.id in chosen or other.id in chosen)
    ]
