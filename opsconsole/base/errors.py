"""What a user can be told went wrong.

Problem                what happened, and what to do next
├── Refused            the role does not allow it, or nobody knows the caller
├── NotFound           no such application, OPD or command
├── Conflict           somebody changed it first, or it is already so
├── Invalid            an argument or a file is wrong; `lines` holds every error found
└── Unreachable        no engine answers
"""

import gettext
from typing import ClassVar


class Problem(Exception):  # noqa: N818 - the word that users meet
    """An error with two halves for the user: ``what`` happened and what to do ``next``.

    Both are templates of the catalogues, filled with ``params`` when they are shown. ``exit_code`` is
    what a command ends with.
    """

    code: ClassVar[str] = "problem"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, next_step: str = "", /, **params: object) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step
        self.params = params

    def sentences(self, translations: gettext.NullTranslations) -> tuple[str, str]:
        """Both halves in the language of ``translations``."""
        return tuple(  # type: ignore[return-value]
            translations.gettext(half).format_map(self.params) if half else ""
            for half in (self.what, self.next_step)
        )

    def __str__(self) -> str:
        return " ".join(half for half in self.sentences(gettext.NullTranslations()) if half)


class Refused(Problem):
    """The caller may not do this."""

    code = "refused"
    exit_code = 4


class NotFound(Problem):
    """There is nothing of that name."""

    code = "not_found"
    exit_code = 2


class Conflict(Problem):
    """Somebody changed it first, or it already is so."""

    code = "conflict"
    exit_code = 5


class Invalid(Problem):
    """An argument or a file is wrong. ``lines`` are complete error lines, one for each mistake."""

    code = "invalid"
    exit_code = 2

    def __init__(self, what: str, next_step: str = "", /, lines: tuple[str, ...] = (), **params: object):
        super().__init__(what, next_step, **params)
        self.lines = lines


class Unreachable(Problem):
    """No engine answers."""

    code = "unreachable"
    exit_code = 3
