"""Errors as a user sees them: what happened, what to do next, on standard error."""

import os
import sys
import traceback

from opsconsole.base.errors import Invalid, Problem
from opsconsole.base.text import _, language, safe_text, translations

TRACEBACK = "OPSCONSOLE_TRACEBACK"


def show_problem(problem: Problem) -> None:
    """Print every error line, then what happened and what to do next, in the language in use."""
    if isinstance(problem, Invalid):
        for line in problem.lines:
            print(safe_text(line, 1000), file=sys.stderr)
    what, next_step = problem.sentences(translations(language()))
    print(
        " ".join(safe_text(half, 1000) for half in (_stopped(what), _stopped(next_step)) if half),
        file=sys.stderr,
    )


def show_own_error(error: Exception) -> None:
    """Say that we failed ourselves; the traceback only for those who ask for it."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    said = _("opsconsole failed: {kind}: {error}.").format(
        kind=type(error).__name__, error=safe_text(str(error))
    )
    advice = _("Set {name}=1 and run it again to see where, and report it.").format(name=TRACEBACK)
    print(said, advice, file=sys.stderr)


def _stopped(sentence: str) -> str:
    return sentence if not sentence or sentence[-1] in ".?!:…" else f"{sentence}."
