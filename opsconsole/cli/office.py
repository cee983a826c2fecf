"""What an office needs to be used: its console, and its engine's systemd unit."""

import os
import shutil
import sys
from importlib import resources
from pathlib import Path

from opsconsole.base.errors import Refused
from opsconsole.base.text import N_
from opsconsole.cli import exits
from opsconsole.cli.session import Session


def start_console(session: Session) -> int:
    """Open the console on this office. Raises NotFound where there is no office yet."""
    from opsconsole.client.start import absent
    from opsconsole.console.run import run_console

    found = session.found()
    if found.why == "none":
        raise absent(found)
    return run_console(found, lang=session.lang)


def start_engine(session: Session, *, replace: bool) -> int:
    """Run this office's engine here until it ends. Raises Refused where the office is another account's.

    An engine under the wrong account, root above all, would leave files that the right one can not use.
    """
    from opsconsole.engine.run import run_engine

    place = session.found().place
    if place.config.exists() and place.config.stat().st_uid != os.geteuid():
        raise Refused(
            N_("The office in {folder} is {owner}'s, so its engine runs as that account."),
            N_("Start the service (`systemctl start opsconsole`), or run this as {owner}."),
            folder=str(place.config),
            owner=_owner(place.config),
        )
    return run_engine(place, replace=replace)


def _owner(folder: Path) -> str:
    try:
        return folder.owner()
    except KeyError:
        return str(folder.stat().st_uid)


def print_unit() -> int:
    """Print the systemd unit with the path of this command in it."""
    unit = resources.files("opsconsole.cli").joinpath("share/opsconsole.service").read_text("utf-8")
    print(unit.replace("@COMMAND@", str(_command())), end="")
    return exits.OK


def _command() -> Path:
    called = shutil.which(sys.argv[0]) or shutil.which("opsconsole") or sys.argv[0]
    return Path(called).absolute()
