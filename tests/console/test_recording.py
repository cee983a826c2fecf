"""Evidence recorded by keys alone, with a real engine: how many keys each takes, and that it is stored."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from opsconsole.client.readiness import AskOpdReadiness
from opsconsole.client.readiness_commands import PlanBimtek
from tests.console.driving import Story, story
from tests.engine import test_readiness as engines
from tests.engine.offices import Office
from tests.engine.zygote import Zygote

# What is pressed, what the console then says, which kind of row stands there, how many of them.
RECORDINGS: tuple[tuple[str, tuple[str, ...], str, str, int], ...] = (
    ("contact by WhatsApp", ("i", "k", "1"), "contact: KT", "KT", 1),
    ("contact by phone", ("i", "k", "2"), "contact: KT", "KT", 2),
    ("no answer", ("i", "k", "3"), "contact: KT", "KT", 3),
    ("contact of the next person", ("i", "tab", "k", "1"), "contact: KT", "KT", 4),
    ("drill begun", ("i", "u"), "is asked, an answer counts until", "UR", 0),
    ("drill answered", ("i", "j"), "answered: UR", "UR", 1),
    ("Bimtek of two", ("i", "b", "enter", "space", "space", "enter"), "attend: BT", "BT", 2),
    ("decree", ("i", "s", *"SK-12 2026-11-20", "enter"), "decree: SK", "SK", 1),
    ("transfer of one", ("i", "m", "space", "enter"), "transfer: CH", "CH", 1),
    ("taken back", ("i", "z"), "undo: changed rina", "CH", 1),
)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """The process that engines are forked from."""
    parent = Zygote()
    yield parent
    parent.close()


@pytest.fixture
def office(zygote: Zygote) -> Iterator[Office]:
    """An office of one application, its admin, a backup and a head; its engine runs."""
    with TemporaryDirectory(prefix="ops") as folder:
        made = Office(Path(folder), zygote)
        engines.begin(made)
        yield made
        made.kill()


def rows(office: Office, kind: str) -> int:
    """How many rows of a kind are stored."""
    with office.client() as client:
        return sum(row.kind == kind for row in client.query(AskOpdReadiness(code="UJI")).rows)


async def recorded(console: Story, keys: tuple[str, ...], said: str, stored: Callable[[], bool]) -> float:
    """Press them; the seconds until it is said and stored."""
    began = time.monotonic()
    console.app.unsay()
    await console.press(*keys)
    await console.sees(said)
    await console.until(stored)
    return time.monotonic() - began


async def test_ten_recordings_are_made_by_a_few_keys_each(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    engines.send(office, PlanBimtek("BT-1", "Dasar", engines.EARLIER))
    table = []
    async with story(office.place, size=(80, 24)) as console:
        await console.press("3")
        # Nothing listens at its application: what is told of that comes first, not over what is recorded.
        await console.sees(">Uji", "Incid(1)")
        for name, keys, said, kind, count in RECORDINGS:
            seconds = await recorded(console, keys, said, lambda k=kind, n=count: rows(office, k) == n)
            table.append(f"{name:<28} {len(keys):>3} keys {seconds:6.2f} s")
            assert len(keys) <= (6 if name != "decree" else 19), name
    with capsys.disabled():
        print("", *table, sep="\n")


# From where, and by which keys one comes there.
PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "the board's row": ((), "PROBLEMS"),
    "the board's part of the OPD": (("tab",), "OPD 1"),
    "an application's page": (("enter",), "LOOKS"),
    "an OPD's page": ((":", *"opd uji", "enter"), "APPLICATIONS 1"),
}


@pytest.mark.parametrize("place", PLACES)
async def test_the_same_keys_record_from_rows_of_the_board_and_from_pages(office: Office, place: str) -> None:
    keys, wanted = PLACES[place]
    async with story(office.place, size=(80, 24)) as console:
        await console.sees("Incid(1)", "PROBLEMS 1")
        await console.press(*keys)
        await console.sees(wanted)
        await console.press("i")
        await console.sees("record: Rina", "k contact")
        await recorded(console, ("k", "1"), "contact: KT", lambda: rows(office, "KT") == 1)
        await recorded(
            console, ("i", "u"), "is asked, an answer counts until", lambda: rows(office, "UR") == 0
        )
        await recorded(console, ("i", "x"), "missed: UR", lambda: rows(office, "UR") == 1)
        await console.press("i")
        await console.sees("record: ")
        await console.press("escape")
        await console.misses("record: ")
        await console.sees(wanted)


async def test_on_an_opds_page_what_was_recorded_shows_at_once(office: Office) -> None:
    async with story(office.place, size=(80, 24)) as console:
        await console.sees("Incid(1)")
        await console.press(":", *"opd uji", "enter", "tab")
        await console.sees("READINESS 1", "KT missing")
        await recorded(console, ("i", "k", "1"), "contact: KT", lambda: rows(office, "KT") == 1)
        await console.misses("KT missing")
