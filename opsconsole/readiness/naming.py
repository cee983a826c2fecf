"""Who is meant by what somebody typed. Pure."""

from collections.abc import Mapping

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.inventory.office import PersonEntry

_MOST_NAMED = 5


def somebody(people: Mapping[str, PersonEntry], text: str) -> PersonEntry:
    """The person of this id, else the only one whose id or name is this, or holds it, in whatever case.

    Raises NotFound where nobody is meant, and Invalid where more than one may be.
    """
    if text in people:
        return people[text]
    typed = text.strip().casefold()
    called = [one for one in people.values() if typed in (one.id.casefold(), one.name.casefold())]
    found = called or [one for one in people.values() if typed and typed in one.name.casefold()]
    if not found:
        raise NotFound(
            N_("There is no person {id}."), N_("`opsconsole export people` lists them."), id=text or "?"
        )
    if len(found) > 1:
        named = ", ".join(one.id for one in found[:_MOST_NAMED])
        raise Invalid(
            N_("{text} may be {count} people: {named}."), N_("Name one by their id."),
            text=text, count=len(found), named=named,
        )  # fmt: skip
    return found[0]
