"""The parser: every verb with its arguments, made of `opsconsole.cli.verbs` and the commands' shapes."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from opsconsole import __version__
from opsconsole.base.text import LANGUAGES, N_, _
from opsconsole.cli import exits
from opsconsole.cli.session import Session

Run = Callable[[argparse.Namespace, Session], int]

# What argparse itself says, so that the catalogues hold it: it asks gettext for these.
ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("not allowed with argument %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
)


class Parser(argparse.ArgumentParser):
    """argparse with our exit codes: a plug-in that was called wrongly knows nothing, so it ends with 3.

    ``more`` is the argument that also takes the words behind an option, which argparse leaves over.
    """

    def __init__(self, nagios: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs, allow_abbrev=False)
        self.nagios = nagios
        self.more = ""

    def error(self, message: str) -> NoReturn:
        """Print how it is called and what was wrong, then end."""
        self.print_usage(sys.stderr)
        code = exits.UNKNOWN if self.nagios else exits.USAGE
        self.exit(code, _("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message})

    def take_more(self, args: argparse.Namespace, left: list[str]) -> None:
        """Give what argparse left over to the argument that takes words; end where nothing does."""
        if not self.more or any(word.startswith("-") for word in left):
            self._refuse_unknown(left)
        setattr(args, self.more, [*getattr(args, self.more), *left])

    def _refuse_unknown(self, arguments: list[str]) -> NoReturn:
        """End for arguments that nothing takes."""
        self.error(_("unrecognized arguments: %s") % " ".join(arguments))


class _Unasked(Parser):
    """The place of a verb that was not asked for: it is listed, and has no arguments of its own.

    Two hundred parsers take longer to build than any of them to run.
    """

    def __init__(self) -> None:
        self.more = ""

    def add_argument(self, *args: Any, **kwargs: Any) -> argparse.Action:
        """Nothing is kept: nobody reads it."""
        return argparse.Action((), "")

    def set_defaults(self, **kwargs: Any) -> None:
        """Nothing is kept."""

    def add_mutually_exclusive_group(self, **kwargs: Any) -> Any:
        """Itself, which keeps nothing."""
        return self


def _either(*, asked: bool, **kwargs: Any) -> Parser:
    return Parser(**kwargs) if asked else _Unasked()


class Tree:
    """Verbs of one or two words, each with a parser of its own below the first.

    With ``words``, only those verbs are whole of which every word is among them.
    """

    def __init__(self, top: Parser, words: Sequence[str] | None = None) -> None:
        self._words = None if words is None else frozenset(words)
        self._parsers: dict[tuple[str, ...], Parser] = {(): top}
        self._groups: dict[tuple[str, ...], argparse._SubParsersAction[Parser]] = {}

    def verb(self, path: tuple[str, ...], text: str, run: Run, *, nagios: bool = False) -> Parser:
        """Add a verb; its parser takes the arguments. ``text`` is its help line."""
        above = path[:-1]
        if isinstance(self._parsers[above], _Unasked):
            self._parsers[path] = self._parsers[above]
            return self._parsers[above]
        group = self._groups.get(above)
        if group is None:
            group = self._parsers[above].add_subparsers(
                title=_("verbs"), metavar=_("VERB"), parser_class=cast(type[Parser], _either)
            )
            self._groups[above] = group
        parser = group.add_parser(
            path[-1], help=text, description=_sentence(text), nagios=nagios,
            asked=self._words is None or self._words.issuperset(path),
        )  # fmt: skip
        parser.set_defaults(run=run, parser=parser)
        self._parsers[path] = parser
        return parser

    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Every verb, in the order in which they were added."""
        return tuple(path for path in self._parsers if path)

    def parser(self, path: tuple[str, ...]) -> Parser:
        """The parser of a verb; the empty path is the command itself."""
        return self._parsers[path]


def build_tree(words: Sequence[str] | None = None) -> Tree:
    """The whole command, in the language in use; with ``words`` as much of it as these may ask for."""
    from opsconsole.cli import verbs

    top = Parser(
        prog="opsconsole",
        description=_(
            "Every application of a city's agencies under one command. Without a verb: the console."
        ),
    )
    top.add_argument("--home", metavar=_("DIR"), help=_("keep everything of one office under this folder"))
    top.add_argument("--lang", choices=LANGUAGES, help=_("the language to speak"))
    top.add_argument("--version", action="version", version=f"opsconsole {__version__}")
    top.set_defaults(run=verbs.console, parser=top)
    tree = Tree(top, words)
    verbs.add_all(tree)
    return tree


def build_parser(arguments: Sequence[str]) -> Parser:
    """What reads these arguments, in the language in use."""
    return build_tree(arguments).parser(())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
