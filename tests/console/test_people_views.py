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


async def test_tab_and_arrows_go_over_the_cells_of_the_row_and_left_goes_back_as_everywhere(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(*LIST[0])
        await console.sees(LIST[1])
        await console.press("tab")
        await console.sees("[part]--", "[named]", "some of them have it")
        await console.press("right", "right")
        await console.sees("KT Contact verified: nobody has it", "[--]")
        await console.press("left")
        await console.sees("SK Appointment decree: nobody has it")
        await console.press("j")
        await console.sees("Dinas Tenaga Kerja  [SK]")
        assert console.line("[--]").startswith(">Disnaker"), "the brackets go with the cursor"
        await console.press("h")
        await console.misses("[SK]")
        await console.press("tab", "left")
        await console.misses("[named]")
        assert "Readiness" in console.text(), "the first cell to the left is the row itself"
        await console.press("left")
        await console.sees("1*Board")


async def test_a_cell_opens_with_its_rule_reference_and_rows_and_a_row_with_everything(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(*LIST[0])
        await console.sees(LIST[1])
        await console.press(*["tab"] * 5, "enter")
        await console.sees("BKPSDM UR", "holds 90 days; tier 1 30 days", "Peraturan BSSN 1/2024 pasal 18")
        await console.sees("#6", "answered in time")
        assert "#5" not in console.text(), "rows of other kinds"
        await console.press("escape")
        await console.sees("[UR]")
        await console.press("escape", "enter")
        await console.sees("Rina S.", "#6", "#5")


async def test_cells_that_are_not_drawn_are_passed_over_and_the_last_leads_to_the_row(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place, size=(60, 24)) as console:
        await console.press(*LIST[0])
        await console.sees("Disnaker")
        await console.press("tab", "tab", "tab")
        await console.sees("[KT]")
        await console.press("tab")
        await console.misses("[KT]")
        assert "[BT]" not in console.text()


@pytest.mark.parametrize(
    ("words", "listed", "left_out"),
    [
        ("level<1", "BKPSDM", "Bag. Umum"),
        ("level<3 level>1", "Kec. Utara", "BKPSDM"),
        ("falls<8d", "Kec. Utara", "Setwan"),
        ("falls<30d level:2", "Puskesmas", "DPMPTSP"),
        ("falls>80d", "Kesbangpol", "Kec. Utara"),
        ("claimed>4", "Dispusip", "BKPSDM"),
        ("overclaimed level:0", "BKPSDM", "Disnaker"),
        ("kt:ok level:2", "Kec. Utara", "BKPSDM"),
        ("named:part", "BKPSDM", "Bag. Umum"),
        ("next:ur", "DPMPTSP", "BKPSDM"),
    ],
)
async def test_filters_ask_for_levels_falls_claims_and_cells(
    engine: ScriptedEngine, words: str, listed: str, left_out: str
) -> None:
    async with story(engine.place, size=(120, 60)) as console:
        await console.press(*LIST[0])
        await console.sees("Disnaker")
        await console.press("/", *words, "enter")
        await console.sees(" of 42")
        assert listed in console.text()
        assert left_out not in console.text()


async def test_the_road_of_a_dimension_leads_to_its_stages_and_esc_back_to_all_of_it(
    engine: ScriptedEngine,
) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(*ROAD[0])
        await console.sees(ROAD[1])
        await console.press("/", *"smart living", "enter")
        await console.sees("/smart living", "Smart Living", "together               15")
        assert "Smart Government" not in console.text()
        await console.press("enter")
        await console.sees("STAGES 15 of 115", "/smart living", "by stage")
        await console.press("escape", "escape", "escape")
        await console.sees("Smart Government", "Forecast")
        await console.press("/", *"dimension:nowhere", "enter")
        await console.sees("together                0")
        await console.press("escape", "/", *"dimensi:living", "enter")
        await console.sees("no field dimensi; nearest: dimension")


async def test_stages_are_filtered_by_dimension_stage_and_fall(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.press(*ROAD[0])
        await console.sees(ROAD[1])
        await console.press("enter")
        await console.sees("STAGES 115")
        for words, count in (("dimension:living", 15), ("stage<1", 10), ("falls<15d", 17), ("falls<5d", 0)):
            await console.press("/", *words, "enter")
            await console.sees(f"STAGES {count} of 115")
            await console.press("escape")
            await console.sees("STAGES 115")


async def test_of_an_earlier_day_only_the_whole_road_is_known(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(*ROAD[0])
        await console.sees(ROAD[1])
        await console.press(":", *"at 2019-09-24", "enter")
        await console.sees("as of 2019-09-24", "needs 6 to 8 times the pace", "of 34 OPD")
        assert "Smart Government" not in console.text()
        await console.press("/")
        await console.sees("only today's road has parts")
        await console.press("h")
        await console.sees(ROAD[1])
        await console.press("y")
        await console.sees("copied")


async def test_an_opds_page_shows_its_people_and_their_means(engine: ScriptedEngine) -> None:
    engine.readiness["KOMINFO"] = {"proven": 1, "claimed": 4, "more_reasons": 2}
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        await console.press(*PAGE[0])
        await console.sees(PAGE[1])
        await console.press("tab")
        await console.sees("READINESS 1 (claimed 4?)", "SK expired: Rina S.", "and 2 more")
        await console.press("tab")
        await console.sees("MEANS 1 of 2", "shown by service:inet-utama", "nothing shows it")
        await console.press("tab")
        await console.sees("INSTRUCTIONS 1", "Kirim dokumen API")
