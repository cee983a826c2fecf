"""Who is meant by what somebody typed."""

import pytest

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.inventory.office import PersonEntry
from opsconsole.readiness.naming import somebody

NAMES = {"rina-s": "Rina Setyowati", "rina-p": "Rina Prasetyo", "ani": "Ani", "ani-w": "Ani Wijaya"}
PEOPLE = {
    person: PersonEntry(
        id=person, name=name, duty="admin", also=(), backup_of=(), phone="", whatsapp="", email="", note="",
        opd="RSUD", applications=(),
    )
    for person, name in NAMES.items()
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("rina-s", "rina-s"), ("RINA-P", "rina-p"), ("rina prasetyo", "rina-p"), ("wijaya", "ani-w")),
        *(("ani", "ani"), ("ANI", "ani"), (" setyowati ", "rina-s")),
    ],
)
def test_an_id_or_a_name_that_only_one_has_is_theirs(typed: str, meant: str) -> None:
    assert somebody(PEOPLE, typed).id == meant


def test_a_name_that_several_have_names_them() -> None:
    with pytest.raises(Invalid) as caught:
        somebody(PEOPLE, "rina")
    assert caught.value.params == {"text": "rina", "count": 2, "named": "rina-s, rina-p"}


@pytest.mark.parametrize("typed", ["", "  ", "budi"])
def test_nobody_is_meant_by_nothing_or_by_a_name_that_nobody_has(typed: str) -> None:
    with pytest.raises(NotFound):
        somebody(PEOPLE, typed)
