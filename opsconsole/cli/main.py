"""Where the command starts: find the language, read the arguments, run the verb, end without a traceback."""

import io
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from opsconsole.base.errors import Problem
from opsconsole.cli import exits
from opsconsole.cli.language import prepare
from opsconsole.cli.parser import Parser, build_parser
from opsconsole.cli.session import Session
from opsconsole.cli.trouble import show_own_error, show_problem


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return what the process ends with (`opsconsole.cli.exits`)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # A page's title may hold what this terminal's encoding does not.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = _ended(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone: the flush at the end must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.BROKEN_PIPE


def _ended(arguments: list[str]) -> int:
    try:
        return _run(arguments)
    except SystemExit as ended:  # how argparse ends after help and after wrong arguments
        return int(ended.code or exits.OK)


def _run(arguments: list[str]) -> int:
    home, lang = prepare(arguments)
    return carry_out(parsed(arguments), Session(home, lang))


def parsed(arguments: Sequence[str]) -> Namespace:
    """The arguments with their verb: ``run`` is what does it, ``parser`` is its own. Ends for wrong ones."""
    args, unknown = build_parser(arguments).parse_known_args(arguments)
    if unknown:
        args.parser.take_more(args, unknown)
    return args


def carry_out(args: Namespace, session: Session) -> int:
    """Do what the arguments say; its exit code."""
    verb: Parser = args.parser
    try:
        code: int = args.run(args, session)
        return code
    except Problem as problem:
        show_problem(problem)
        return exits.for_problem(problem, nagios=verb.nagios)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        show_own_error(error)
        return exits.UNKNOWN if verb.nagios else exits.OWN_ERROR
