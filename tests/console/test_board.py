"""The board's lines: order, folding, columns, room."""

from datetime import timedelta

import pytest

from opsconsole.client.shapes import Board, Engine, Role, State
from opsconsole.client.status import Folded, fold
from opsconsole.console.draw import opds, panes, problems
from opsconsole.console.draw.bars import event_line, freshness, hint_line, second, title, view_names
from opsconsole.console.draw.empty import nothing_listed
from opsconsole.console.draw.lines import plain, width_of
from opsconsole.console.draw.panes import KeyedLine, opd_lines, upper_rule
from opsconsole.console.draw.plan import plan_board
from opsconsole.console.draw.view import View
from opsconsole.console.feed.inbox import Link
from opsconsole.console.feed.model import Event, Mark, Model
from opsconsole.console.keymap import hints
from opsconsole.console.tables.board import SPEC
from opsconsole.console.tables.table import TableView
from opsconsole.console.views import VIEWS
from tests.console.rows import NIGHT, VIEW, app, opd, view


def model(*rows: object) -> Model:
    """A model of these rows."""
    known = Model(Link("live", NIGHT))
    engine = Engine(run=1, version="1", office="Kota", started_at=NIGHT, heartbeat_at=NIGHT, config_rev=1)
    listed = tuple(row for row in rows)
    known._replace(Board(run=1, seq=1, engine=engine, applications=listed, opds=(opd(),)))  # type: ignore[arg-type]
    return known


def problem_lines(rows: list[Folded], known: Model, screen: View) -> list[KeyedLine]:
    """The upper pane in the columns that it usually has."""
    return panes.problem_lines(rows, known, screen, TableView(SPEC).columns(screen.width))


def test_the_worst_stands_first_and_what_is_not_confirmed_after_what_is() -> None:
    rows = [
        app("warn", State.WARN),
        app("soft", State.DOWN, tier=1, hard=False, attempt=1),
        app("young", State.DOWN, since=NIGHT),
        app("old", State.DOWN),
        app("first", State.DOWN, tier=1),
    ]
    order = problems.ordered([Folded(row) for row in rows], "severity", False)
    assert [folded.row.id for folded in order] == ["first", "old", "young", "soft", "warn"]
    by_since = problems.ordered([Folded(row) for row in rows], "since", False)
    assert by_since[0].row.id == "young"
    by_app = problems.ordered([Folded(row) for row in rows], "app", True)
    assert by_app[0].row.id == "young"


def test_members_fold_under_their_cause() -> None:
    cut_off = [
        app(f"m{n}", State.UNREACHABLE, parent="gw", reason="unreachable", params={"via": "gw"})
        for n in range(29)
    ]
    folded = fold([app("gw", State.DOWN), *cut_off])
    assert len(folded) == 1
    drawn = plain(problem_lines(folded, model(), VIEW)[0][1])
    assert "gw +29" in drawn
    rule = upper_rule(folded, model(), VIEW, filtered=False, right=("sort: x",))
    assert plain(rule).startswith("--PROBLEMS 30 --")


@pytest.mark.parametrize("width", [38, 59, 60, 79, 80, 99, 100, 131, 132, 160, 200])
def test_rows_fill_the_screen_exactly_at_any_width(width: int) -> None:
    row = app("a-very-long-application-id", State.DOWN, name="n" * 99, opd_short="o" * 50, reason="x" * 200)
    for _key, spans in problem_lines([Folded(row)], model(row), view(width)):
        assert width_of(spans) == width - 1
    for _key, spans in opd_lines(
        [opd()], model(*(app(f"app-{n}", opd="DUK") for n in range(40))), view(width)
    ):
        assert width_of(spans) <= width - 1
        assert plain(spans).rstrip().endswith(")")


def test_narrow_screens_keep_why_and_lose_numbers() -> None:
    def drawn(width: int) -> list[str]:
        return [column.key for column in TableView(SPEC).columns(width)]

    assert drawn(70) == ["state", "since", "opd", "app", "inc", "why"]
    assert drawn(38) == ["glyph", "app", "inc", "why"]
    assert "name" in drawn(160)


def test_an_opd_lists_trouble_first_and_counts_what_does_not_fit() -> None:
    own = [app("b"), app("a", State.DOWN), app("c"), app("d")]
    assert plain(opds.applications(own, 40, set())).rstrip() == "!a +b +c +d"
    assert plain(opds.applications(own, 9, set())).rstrip() == "!a (+3)"
    assert plain(opds.applications(own, 11, set())).rstrip() == "!a +b +c +d"
    assert any(span.changed for span in opds.applications(own, 40, {"b"}))


def test_services_stand_as_one_row_under_the_opds() -> None:
    row = opds.services_row(
        [app("service:pdn", State.DOWN, kind="service"), app("service:x", kind="service")]
    )
    assert (row.code, row.state, row.up, row.total) == ("", State.DOWN, 1, 2)


def test_a_changed_row_marks_the_cells_that_differ() -> None:
    now, before = (
        app("siak", State.DOWN),
        app("siak", State.WARN, reason="slow", params={"seen": "4 s", "want": "3 s"}),
    )
    known = model(now)
    known.marks["application", "siak"] = Mark(0.0, before)
    changed = [span.text for span in problem_lines([Folded(now)], known, VIEW)[0][1] if span.changed]
    assert changed == ["! DOWN", "closed, no answer"]
    known.marks["application", "siak"] = Mark(0.0, None)
    whole = [span.text for span in problem_lines([Folded(now)], known, VIEW)[0][1] if span.changed]
    assert "siak" in whole


@pytest.mark.parametrize(
    ("height", "rows", "lower"), [(24, 6, 10), (24, 40, 3), (15, 3, 4), (14, 3, 0), (50, 6, 36), (24, 0, 15)]
)
def test_the_lower_pane_gives_up_its_rows_but_three(height: int, rows: int, lower: int) -> None:
    plan = plan_board(80, height, rows=rows, opds=42)
    assert plan.opds == (lower + 2 if lower else 0)
    assert plan.problems + plan.opds + 4 == (height if height > 14 else plan.problems + plan.opds + 4)


def test_a_small_screen_shows_the_problems_alone() -> None:
    plan = plan_board(38, 9, rows=20, opds=42)
    assert plan == (True, 7, 0)


def test_nothing_listed_says_why() -> None:
    def said(*rows: object, filtered: bool = False) -> str:
        return plain(nothing_listed(model(*rows), filtered=filtered)[0]).strip()

    assert said(*(app(f"a{n}") for n in range(117))) == "all 117 applications are up"
    assert said(app("a")) == "the 1 application is up"
    assert said() == "no applications are configured"
    assert said(app("a", State.PENDING), app("b", State.PENDING)).startswith(
        "the first looks are on their way: 0 of 2"
    )
    assert said(app("a"), app("b", State.MAINT)) == "no problems: 1 of 2 applications are up, 1 MAINT"
    assert said(app("a"), filtered=True) == "nothing matches; esc clears the filter"
    dead = model(app("a"))
    dead.link = Link("down", NIGHT)
    assert plain(nothing_listed(dead, filtered=False)[0]).strip().endswith("nobody looks now")
    unknown = nothing_listed(Model(Link("connecting", NIGHT)), filtered=False)
    assert plain(unknown[0]).strip() == "connecting to the engine"


def test_the_title_gives_up_the_way_before_the_clock() -> None:
    where = ["Board", "Disdukcapil", "ws-nik"]
    wide = plain(title(where, Role.VIEWER, ["/down"], "02:14 WIB", 80))
    assert wide.startswith("opsconsole  Board > Disdukcapil > ws-nik  RO  /down ")
    narrow = plain(title(where, Role.ADMIN, [], "02:14 WIB", 40))
    assert narrow == "opsconsole  ws-nik  RW         02:14 WIB" or narrow.endswith("02:14 WIB")
    assert len(narrow) == 40


def test_counts_fall_back_to_glyphs_and_views_to_their_numbers() -> None:
    counted = dict.fromkeys(State, 9)
    assert "CUT OFF 9" in plain(second("board", counted, 120))
    assert "+9 ~9 !9 ^9" in plain(second("board", counted, 60))
    assert "OFF 9" not in plain(second("board", counted, 92)).replace("CUT OFF 9", "")
    assert plain(second("board", counted, 42)).startswith(" 1*")
    assert plain(view_names("board", [view.title for view in VIEWS])).startswith(" 1*Board")
    for width in (40, 80, 200):
        assert width_of(second("board", counted, width)) == width


def test_the_event_line_tells_the_worst_of_several() -> None:
    events = [Event(None, app("a")), Event(None, app("b", State.DOWN)), Event(None, app("c", State.WARN))]
    assert plain(event_line(events, NIGHT, VIEW)) == (
        "02:14:00 Disdukcapil/b DOWN  connection closed without an answer  and 2 more"
    )


def test_freshness_is_said_only_when_there_is_something_to_say() -> None:
    assert freshness(Link("live", NIGHT), NIGHT, VIEW.times) == ""
    heard = NIGHT - timedelta(seconds=7)
    assert freshness(Link("silent", NIGHT), heard, VIEW.times) == "silent since 02:13:53"


def test_hints_are_eight_at_most_and_fit_eighty_columns() -> None:
    for scope in ("board", "detail", "help"):
        listed = hints(scope)  # type: ignore[arg-type]
        assert len(listed) <= 8
        drawn = plain(hint_line(listed, lambda action: False, 80))
        assert all(action.shown in drawn for action in listed)
        assert "…" not in drawn
