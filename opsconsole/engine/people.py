"""How ready the people of each application are, for whoever goes by it."""

from collections.abc import Mapping

from sqlalchemy import Connection

from opsconsole.engine.office import Office
from opsconsole.engine.readiness import known
from opsconsole.readiness.levels import level_at, of_opd
from opsconsole.readiness.queries import in_being


def levels_of(conn: Connection, office: Office, now: float) -> Mapping[str, int]:
    """The proven level of each application at ``now`` (seconds since the epoch), by its id."""
    read = known(conn, office, now)
    return {
        part.id: level_at(part.steps, now)
        for opd in in_being(read)
        for part in of_opd(read.ground, opd, now).parts
        if part.id
    }
