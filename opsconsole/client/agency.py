"""One agency's page: the query and its answer."""

import msgspec

from opsconsole.client.findings import Finding, Registered, RegisteredOpd
from opsconsole.client.instructions import Instruction
from opsconsole.client.integration import OnPaper
from opsconsole.client.logbook import Entry
from opsconsole.client.problem_register import RegisteredProblem
from opsconsole.client.query import Query
from opsconsole.client.readiness import LevelWords, MeansReadiness, OpdReadiness
from opsconsole.client.shapes import Contact


class OpdPage(msgspec.Struct, frozen=True, kw_only=True):
    """An OPD with all that is its own. How its applications are doing stands on the board.

    ``related`` are its predecessors and successors; ``people`` those who answer for all of it, its head
    among them; ``services`` what its applications depend on outside of it, each with how many need it;
    ``entries`` the newest of the log about its applications, of ``logged`` in all. ``instructions`` are all
    that it was given, ``problems`` those of it that are open, ``paper`` its services that no application
    carries yet. ``readiness`` is that of its people, None where the OPD is not in being; ``levels`` is what
    levels are called, ``means`` what its people need to work with.
    """

    opd: RegisteredOpd
    related: tuple[RegisteredOpd, ...] = ()
    people: tuple[Contact, ...] = ()
    applications: tuple[Registered, ...] = ()
    services: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    entries: tuple[Entry, ...] = ()
    logged: int = 0
    instructions: tuple[Instruction, ...] = ()
    problems: tuple[RegisteredProblem, ...] = ()
    paper: tuple[OnPaper, ...] = ()
    readiness: OpdReadiness | None = None
    levels: tuple[LevelWords, ...] = ()
    means: tuple[MeansReadiness, ...] = ()


class AskOpd(Query[OpdPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The page of the OPD of this code, in whatever case, with at most ``log`` entries."""

    code: str
    log: int = 20
