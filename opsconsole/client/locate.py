"""Which office a command is about, and whether an engine may be started for it.

In this order: the folder that was named, the machine's office, the user's own. A machine that has an
office has one engine. When that one does not answer nothing is started in its place: a new, quiet engine
would look like a calm city.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from opsconsole.base.errors import Invalid, Refused
from opsconsole.base.paths import Place, home_place, system_place, user_place
from opsconsole.base.text import N_

HOME_VARIABLE = "OPSCONSOLE_HOME"
# Any of these says that the machine has an office: the shipped unit where it may lie, and its folders.
_SYSTEM_MARKS = (
    "etc/systemd/system/opsconsole.service",
    "usr/lib/systemd/system/opsconsole.service",
    "usr/local/lib/systemd/system/opsconsole.service",
    "lib/systemd/system/opsconsole.service",
    "run/systemd/system/opsconsole.service",
    "etc/opsconsole",
    "run/opsconsole",
    "var/lib/opsconsole",
)

Why = Literal["own", "none", "system", "other", "demo"]


@dataclass(frozen=True, slots=True)
class Found:
    """An office, and whether this account may start its engine.

    ``why``: ``own`` is the account's own office, ``none`` a place of its own where no office is yet,
    ``system`` the machine's, ``other`` another account's, ``demo`` one whose engine the demo runs.
    """

    place: Place
    may_start: bool
    why: Why


def locate(home: Path | None, environ: Mapping[str, str] = os.environ, root: Path = Path("/")) -> Found:
    """The office to speak to. ``home`` is what ``--home`` named; ``root`` is the top of the file system.

    Raises `Refused` for a folder that anybody may change, and for one that this account can not look into.
    """
    named = home or (Path(environ[HOME_VARIABLE]) if environ.get(HOME_VARIABLE) else None)
    if named is not None:
        place = home_place(named)
        return _judged(place, (place.config.parent,))
    if any(os.path.lexists(root / mark) for mark in _SYSTEM_MARKS):
        return Found(system_place(root), may_start=False, why="system")
    place = user_place(environ)
    return _judged(place, (place.config, place.store))


def _judged(place: Place, folders: Iterable[Path]) -> Found:
    try:
        owners = {_owner_of_safe(folder) for folder in folders}
        if owners != {os.geteuid()}:
            return Found(place, may_start=False, why="other")
        return Found(place, may_start=True, why="own" if place.settings.exists() else "none")
    except OSError as error:
        raise Refused(
            N_("This account can not look into {folder} ({error})."),
            N_("Give it the right to read that folder and those above it, or name another one with --home."),
            folder=str(place.config),
            error=error.strerror or type(error).__name__,
        ) from error


def _owner_of_safe(folder: Path) -> int:
    """The owner of a folder, our own uid where it is yet to be made. Raises `Refused` when it is exposed."""
    real = folder.resolve()
    existing = next(place for place in (real, *real.parents) if place.exists())
    if not existing.is_dir():
        raise Invalid(
            N_("{folder} is not a folder, so no office can be kept there."),
            N_("Give a folder to --home; one that is yet to be made will do."),
            folder=str(existing),
        )
    for place in (existing, *existing.parents):
        mode = place.stat().st_mode
        # In a sticky folder (/tmp) nobody can replace what is another's; the office itself is not shared.
        if mode & stat.S_IWOTH and (place == real or not mode & stat.S_ISVTX):
            raise Refused(
                N_("Anybody may change {folder}, so no office can be kept there."),
                N_("Use a folder of your own, such as one below your home; this one is shared.")
                if mode & stat.S_ISVTX
                else N_("Take that right away (`chmod o-w {folder}`) or use another folder."),
                folder=str(place),
            )
    return existing.stat().st_uid if existing == real else os.geteuid()
