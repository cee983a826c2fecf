"""What an index may name as evidence, by the code of `opsconsole.inventory.indices.Evidence`.

To add one: its code there, a function that makes its pieces, and a line here.
"""

from collections.abc import Iterable, Mapping

from opsconsole.base.text import N_, _
from opsconsole.cli.evidence import people, register, road, running
from opsconsole.cli.evidence.asking import Asking, Found, Lacking, Source
from opsconsole.client.indices import Indicator

SOURCES: Mapping[str, Source] = {
    "register": Source(N_("register of applications and OPD"), register.register),
    "availability": Source(N_("availability by month"), running.availability),
    "exchanges": Source(N_("APIs and exchanges between applications"), road.exchanges),
    "incidents": Source(N_("log of incidents"), running.incidents),
    "response": Source(N_("response and recovery against their times"), running.response),
    "requests": Source(N_("reports by people and their answer"), running.requests),
    "drills": Source(N_("drills"), people.drills),
    "bimtek": Source(N_("Bimtek and who was there"), people.bimtek),
    "decrees": Source(N_("decrees"), people.decrees),
    "readiness": Source(N_("levels of readiness and their evidence"), people.readiness),
    "changes": Source(N_("changes and hand-overs"), register.changes),
    "maintenance": Source(N_("announced work"), running.maintenance),
    "services": Source(N_("applications that carry the service"), register.services),
    "stages": Source(N_("stages of integration"), road.stages),
    "road": Source(N_("the road to one command"), road.road),
    "instructions": Source(N_("instructions"), road.instructions),
    "problems": Source(N_("problem register"), road.problems),
    "expiries": Source(N_("what ends in the year"), register.expiries),
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
