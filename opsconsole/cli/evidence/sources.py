"""What an index may name as evidence, by the code of `opsconsole.inventory.indices.Evidence`.

To add one: its code there, a function that makes its pieces, and a line here.
"""

from collections.abc import Iterable, Mapping

from opsconsole.base.text import N_, _
from opsconsole.cli.evidence import events, people, register, road, running
from opsconsole.cli.evidence.asking import Asking, Found, Lacking, Source
from opsconsole.client.indices import Indicator

SOURCES: Mapping[str, Source] = {
    "register": Source(N_("The register"), register.register),
    "availability": Source(N_("Availability by month"), running.availability),
    "exchanges": Source(N_("Exchanges between applications"), road.exchanges),
    "incidents": Source(N_("Log of incidents"), running.incidents),
    "response": Source(N_("Response and recovery"), running.response),
    "requests": Source(N_("Reports by people"), running.requests),
    "drills": Source(N_("Drills"), people.drills),
    "bimtek": Source(N_("Bimtek"), people.bimtek),
    "decrees": Source(N_("Decrees"), people.decrees),
    "readiness": Source(N_("Readiness"), people.readiness),
    "changes": Source(N_("Changes"), register.changes),
    "maintenance": Source(N_("Announced work"), events.maintenance),
    "services": Source(N_("Applications that carry the service"), register.services),
    "stages": Source(N_("Stages"), road.stages),
    "road": Source(N_("The road to one command"), road.road),
    "instructions": Source(N_("Instructions"), road.instructions),
    "problems": Source(N_("Problem register"), road.problems),
    "expiries": Source(N_("What ends in the year"), register.expiries),
}


def made(asking: Asking, indicator: Indicator) -> Iterable[tuple[str, list[Found]]]:
    """What each source of an indicator comes to, by its code."""
    own = asking.of(indicator.applications)
    for code in dict.fromkeys(indicator.evidence):
        source = SOURCES.get(code)
        # An engine that is newer than this command may know more.
        yield (
            code,
            list(source.make(own)) if source else [Lacking(code, _("this opsconsole does not know it"))],
        )
