"""What sshd runs instead of a shell (``ForceCommand``): the console, or one verb of those allowed.

Everything here goes to the engine, which knows the account and its role. What reads or writes files of this
machine on somebody's behalf, or runs a program of it, is refused.
"""

import os
import shlex
from argparse import Namespace

from opsconsole.base.errors import Refused
from opsconsole.base.text import N_
from opsconsole.cli.language import prepare
from opsconsole.cli.session import Session

# Verbs of one word, and all of a group's.
ALLOWED = {
    *(
        "status",
        "probe",
        "schedule",
        "pause",
        "resume",
        "maintenance",
        "incidents",
        "problem",
        "history",
        "log",
    ),
    *(
        "readiness",
        "integration",
        "instructions",
        "briefing",
        "expiries",
        "dimensions",
        "references",
        "notify",
    ),
    *("inventory", "opd", "explain", "replay", "export", "edit"),
}
# Of groups, these alone; and of the groups above these not: they read a file that is on this machine.
SINGLE = {("evidence", "list"), ("audit", "verify"), ("config", "diff"), ("config", "reload")}
REFUSED = {("readiness", "import-attendance"), ("integration", "import-usage"), ("integration", "reorganise")}
# They name a file or a folder of this machine, and some are read while arguments are.
_PATHS = {"--home", "--spec", "--dir", "--anchor"}


def run(args: Namespace, session: Session) -> int:
    """Do what ``SSH_ORIGINAL_COMMAND`` asks for; the console where it asks for nothing.

    Raises Refused for what is not allowed.
    """
    from opsconsole.cli.main import carry_out, parsed

    words = asked(os.environ.get("SSH_ORIGINAL_COMMAND", ""))
    _home, lang = prepare(words)
    wanted = parsed(words)
    check(wanted)
    return carry_out(wanted, Session(session.home, lang or session.lang))


def asked(line: str) -> list[str]:
    """The words of a line as a shell would part them, without our own name. Raises Refused."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Refused(
            N_("{text} can not be read: a quotation mark is open."), N_("Close it."), text=line
        ) from error
    if named := next((word for word in words if word.partition("=")[0] in _PATHS), ""):
        raise Refused(
            N_("`{name}` names a file of that machine, which is not read over SSH in place of a shell."),
            N_("Leave it out."), name=named.partition("=")[0],
        )  # fmt: skip
    return words[1:] if words and words[0].rpartition("/")[2] == "opsconsole" else words


def check(wanted: Namespace) -> None:
    """Raises Refused unless these arguments may be used in a forced session."""
    path = tuple(wanted.parser.prog.split()[1:])
    if path and (path in REFUSED or (path[0] not in ALLOWED and path not in SINGLE)):
        raise Refused(
            N_("`{verb}` is not done over SSH in place of a shell."),
            N_("It needs files or programs of that machine: log in to it with an account that has a shell."),
            verb=" ".join(path),
        )
    if path == ("export",) and wanted.output != "-":
        raise Refused(
            N_("Files are not written over SSH in place of a shell."),
            N_("Let it come over the line: `ssh HOST export {view} -o - > FILE`."),
            view=wanted.view,
        )
