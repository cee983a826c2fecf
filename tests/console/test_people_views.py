"""Readiness and the road on screen: as they were agreed, moved through by keys, and filtered."""

import pytest

from tests.console.driving import story
from tests.console.test_screens import LANGUAGES, settled
from tests.fakes.scripted_engine import ScriptedEngine

Step = tuple[tuple[str, ...], str]
LIST: Step = (("3",), "Disnaker")
ROAD: Step = (("4",), "Smart Environment")
PAGE: Step = ((":", *"opd kominfo", "enter"), "opd/kominfo.toml")
# name: size, then what is pressed and waited for
VIEWS: dict[str, tuple[tuple[int, int], tuple[Step, ...]]] = {
    "readiness": ((80, 24), (LIST,)),
    "readiness-200x50": ((200, 50), (LIST,)),
    "readiness-cell": ((80, 24), (LIST, (("G", "tab", "tab", "tab"), "[KT]"))),
    "readiness-cell-page": ((80, 24), (LIST, (("G", "tab", "right", "enter"), "#4"))),
    "readiness-opd": ((80, 24), (LIST, (("enter",), "0.5"))),
    "road": ((80, 24), (ROAD,)),
    "road-160x45": ((160, 45), (ROAD,)),
    "road-dimension": ((80, 24), (ROAD, (("/", *"dimension:governance", "enter"), "T6"))),
    "stages": ((80, 24), (ROAD, (("enter",), "BKPSDM"))),
    "opd-readiness": ((80, 24), (PAGE, (("tab",), "Rina S."))),
    "opd-means": ((80, 24), (PAGE, (("tab", "tab"), "Laptop piket"))),
}


@LANGUAGES
@pytest.mark.parametrize("name", VIEWS)
async def test_a_view_is_as_it_was_agreed(engine: ScriptedEngine, name: str, lang: str) -> None:
    size, steps = VIEWS[name]
    async with story(engine.place, size=size, lang=lang) as console:
        await console.sees("gw-satu +6")
        for keys, wanted in steps:
            await console.press(*keys)
            await console.sees(wanted)
            await settled(console)
        await console.is_screen(f"{name}-{lang}")
