"""What a command ends with. ``docs/exit-codes.md`` says the same to users.

``status`` and ``probe`` end as a Nagios plug-in does, so that they can be used as one.
"""

from opsconsole.base.errors import Problem

OK = 0
# status and probe: the worst that was seen; UNKNOWN also when nothing could be seen.
WARNING = 1
CRITICAL = 2
UNKNOWN = 3
# Every other command: a mistake in the arguments or in a file.
USAGE = 2
OWN_ERROR = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells count
BROKEN_PIPE = 141  # 128 + SIGPIPE


def for_problem(problem: Problem, *, nagios: bool) -> int:
    """The exit code of a problem; a plug-in that could not look knows nothing."""
    return UNKNOWN if nagios else problem.exit_code
