"""Who may do what: the lists under ``[access]`` in settings.toml, resolved to uids and gids."""

import grp
import os
import pwd
from collections.abc import Callable, Iterable, Sequence
from typing import Self

from opsconsole.client.shapes import Role

GROUP_MARK = "@"
Entry = str | int


class RoleTable:
    """Roles by uid and by gid. Whoever is in no list has none; the engine's own uid is admin.

    An entry is a user's name, a uid, or ``"@group"``. Names are looked up once, when the settings are
    read: ``unknown`` holds those that the system does not know, which give nobody anything.
    """

    def __init__(self, own_uid: int, uids: dict[int, Role], gids: dict[int, Role], unknown: tuple[str, ...]):
        self._own_uid = own_uid
        self._uids = uids
        self._gids = gids
        self.unknown = unknown

    @classmethod
    def from_lists(
        cls,
        viewer: Iterable[Entry],
        operator: Iterable[Entry],
        admin: Iterable[Entry],
        *,
        own_uid: int | None = None,
    ) -> Self:
        """Resolve three lists. Who is in several has the highest of them."""
        uids: dict[int, Role] = {}
        gids: dict[int, Role] = {}
        unknown: list[str] = []
        for role, entries in ((Role.VIEWER, viewer), (Role.OPERATOR, operator), (Role.ADMIN, admin)):
            for entry in entries:
                table, number = (gids, _gid(entry)) if _is_group(entry) else (uids, _uid(entry))
                if number is None:
                    unknown.append(str(entry))
                else:
                    table[number] = role
        return cls(os.geteuid() if own_uid is None else own_uid, uids, gids, tuple(unknown))

    def role_of(self, uid: int, gids: Sequence[int]) -> Role:
        """The highest role that the account or one of its groups was given."""
        if uid == self._own_uid:
            return Role.ADMIN
        given = [self._uids.get(uid, Role.NONE), *(self._gids.get(gid, Role.NONE) for gid in gids)]
        return max(given, key=lambda role: role.rank)


def _is_group(entry: Entry) -> bool:
    return isinstance(entry, str) and entry.startswith(GROUP_MARK)


def _uid(entry: Entry) -> int | None:
    if isinstance(entry, int):
        return entry
    return _number(lambda: pwd.getpwnam(entry).pw_uid)


def _gid(entry: Entry) -> int | None:
    name = str(entry).removeprefix(GROUP_MARK)
    return _number(lambda: grp.getgrnam(name).gr_gid)


def _number(look_up: Callable[[], int]) -> int | None:
    try:
        return look_up()
    except (KeyError, ValueError):
        return None
