"""Shell completion, made from the parser itself, so that it can not fall behind."""

import argparse
from collections.abc import Iterable

from opsconsole.cli.parser import Parser, Tree, build_tree

_BASH = """\
_opsconsole() {{
    local word words="" index=1
    while [ "$index" -lt "$COMP_CWORD" ]; do
        word="${{COMP_WORDS[$index]}}"
        case "$word" in
            --home|--lang) index=$((index + 1)) ;;
            -*) ;;
            *) words="$words $word" ;;
        esac
        index=$((index + 1))
    done
    case "${{words# }}" in
{cases}
        *) COMPREPLY=($(compgen -f -- "${{COMP_WORDS[$COMP_CWORD]}}")); return ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[$COMP_CWORD]}}"))
}}
complete -F _opsconsole opsconsole
"""
# Options whose value is a path.
_PATHS = ("--home", "--spec")
_ZSH = "#compdef opsconsole\nautoload -U +X bashcompinit && bashcompinit\n"


def run(shell: str) -> int:
    """Print the script of a shell; `opsconsole.cli.verbs.SHELLS` names them."""
    tree = build_tree()
    if shell == "fish":
        print("\n".join(_fish(tree)))
    else:
        print((_ZSH if shell == "zsh" else "") + _bash(tree), end="")
    return 0


def _bash(tree: Tree) -> str:
    cases = []
    for path in ((), *tree.paths()):
        pattern = f'"{" ".join(path)}"'
        cases.append(f'        {pattern}) words="{" ".join(_words(tree, path))}" ;;')
    return _BASH.format(cases="\n".join(cases))


def _fish(tree: Tree) -> Iterable[str]:
    yield "complete -c opsconsole -n __fish_use_subcommand -f"
    for path in ((), *tree.paths()):
        condition = _fish_condition(path)
        for word in _words(tree, path):
            option = f"-l {word[2:]}" if word.startswith("--") else f"-a {word}"
            option += " -r -F" if word in _PATHS else ""
            yield f"complete -c opsconsole {condition} {option}"


def _fish_condition(path: tuple[str, ...]) -> str:
    if not path:
        return "-n __fish_use_subcommand"
    return f"-n '{'; and '.join(f'__fish_seen_subcommand_from {word}' for word in path)}'"


def _words(tree: Tree, path: tuple[str, ...]) -> list[str]:
    """What may follow: the verbs below this one, then its options."""
    below = [verb[-1] for verb in tree.paths() if verb[:-1] == path]
    return [*below, *_options(tree.parser(path))]


def _options(parser: Parser) -> list[str]:
    return [
        option
        for action in parser._actions  # argparse has no public list of what a parser takes
        if action.help != argparse.SUPPRESS
        for option in action.option_strings
        if option.startswith("--")
    ]
