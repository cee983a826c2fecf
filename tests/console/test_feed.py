"""What comes in: bounded, newest first, and told once."""

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from opsconsole.base.errors import Invalid, Unreachable
from opsconsole.base.paths import Place, home_place
from opsconsole.client.shapes import Application, Board, Caller, Change, Engine, Look, Role, State
from opsconsole.console import environment
from opsconsole.console.feed.feed import Feed
from opsconsole.console.feed.inbox import Batch, Inbox, Link
from opsconsole.console.feed.model import Model
from opsconsole.console.feed.snapshot import Keeper
from opsconsole.console.terminal.clipboard import MOST_BASE64, card_path, sequences, write_card
from tests.console.driving import FixedClock
from tests.console.rows import NIGHT, app, look, opd
from tests.fakes.scripted_engine import ScriptedEngine

ENGINE = Engine(run=1, version="1", office="Kota", started_at=NIGHT, heartbeat_at=NIGHT, config_rev=1)


def change(entity: str, row_id: str, row: object) -> Change:
    """A change as it comes over the socket."""
    return Change(1, entity, row_id, msgspec.Raw(msgspec.json.encode(row)))  # type: ignore[arg-type]


def board(*rows: Application) -> Board:
    """A board of these applications."""
    return Board(run=1, seq=1, engine=ENGINE, applications=rows, opds=(opd(),))


def test_a_stalled_screen_finds_the_newest_of_each_row_and_no_queue() -> None:
    woken: list[int] = []
    inbox = Inbox(Link("live", NIGHT), lambda: woken.append(1))
    for status in range(10_000):
        inbox.add(change("application", "siak", app("siak", status=status)), NIGHT)
        inbox.add(change("look", "siak", look()), NIGHT)
    batch = inbox.take()
    assert list(batch.rows.values()) == [app("siak", status=9_999)]
    assert len(batch.looks) == 200
    assert woken == [1]


def test_a_heartbeat_wakes_nobody_unless_it_says_something() -> None:
    woken: list[int] = []
    inbox = Inbox(Link("live", NIGHT), lambda: woken.append(1))
    inbox.load(board(), NIGHT)
    inbox.take()
    woken.clear()
    inbox.add(change("engine", "engine", msgspec.structs.replace(ENGINE, looks=5, lag_ms=3.0)), NIGHT)
    assert woken == []
    inbox.add(change("engine", "engine", msgspec.structs.replace(ENGINE, store="full")), NIGHT)
    assert woken == [1]


def model(*rows: Application) -> Model:
    """A model that has read a board."""
    known = Model(Link("live", NIGHT))
    known.apply(Batch(Link("live", NIGHT), board=board(*rows)), 0.0)
    return known


def applied(known: Model, *rows: Application | None, now: float = 1.0):  # type: ignore[no-untyped-def]
    """The news of these rows."""
    keyed = {("application", row.id if row else "siak"): row for row in rows}
    return known.apply(Batch(Link("live", NIGHT), rows=dict(keyed)), now)


def test_a_first_board_is_no_news() -> None:
    batch = Batch(Link("live", NIGHT), board=board(app("siak", State.DOWN)))
    news = Model(Link("live", NIGHT)).apply(batch, 0.0)
    assert (news.events, news.downs, news.replaced) == ([], [], True)


def test_only_a_confirmed_down_is_a_new_down_and_only_once() -> None:
    known = model(app("siak"))
    soft = applied(known, app("siak", State.DOWN, hard=False, attempt=1))
    assert (len(soft.events), soft.downs) == (1, [])
    hard = applied(known, app("siak", State.DOWN))
    assert [row.id for row in hard.downs] == ["siak"]
    assert applied(known, app("siak", State.DOWN, status=500)).downs == []
    assert applied(known, app("siak", State.UP)).events[0].before.state is State.DOWN


def test_a_change_is_remembered_until_it_was_shown_long_enough() -> None:
    known = model(app("siak"))
    applied(known, app("siak", State.WARN), now=1.0)
    applied(known, app("siak", State.DOWN), now=5.0)
    assert known.marks["application", "siak"].before == app("siak"), "what it was before the first of them"
    assert not known.settle(14.0)
    assert known.settle(15.0)
    assert not known.marks


def test_a_board_read_afresh_tells_what_changed_meanwhile() -> None:
    known = model(app("siak"), app("gone"))
    news = known.apply(Batch(Link("live", NIGHT), board=board(app("siak", State.DOWN), app("new"))), 1.0)
    assert [event.after.id for event in news.events] == ["siak", "new"]
    assert [row.id for row in news.downs] == ["siak"]
    assert set(known.applications) == {"siak", "new"}
    applied(known, None)
    assert "siak" not in known.applications


def test_services_are_not_counted_among_the_citys_own() -> None:
    known = model(app("siak"), app("service:pdn", State.DOWN, kind="service"))
    assert known.counted()[State.DOWN] == 0
    assert known.counted()[State.UP] == 1


@pytest.fixture
def feed(engine: ScriptedEngine) -> Iterator[Feed]:
    """A feed on the scripted engine."""
    feed = Feed(engine.place, FixedClock())
    yield feed
    feed.close()


async def until(condition: object) -> None:
    """Wait for a condition."""
    for _ in range(2_000):
        if condition():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def test_looks_come_only_for_what_is_watched(feed: Feed, engine: ScriptedEngine) -> None:
    woken: list[int] = []
    feed.start()
    feed.on_batch(lambda: woken.append(1))
    await until(lambda: engine.streams == 1)
    feed.watch(frozenset({"siak"}))
    await until(lambda: engine.requests.count("changes") == 2 and engine.streams == 1)
    feed.take()
    engine.look("mail")
    engine.look("siak")
    looks: list[tuple[str, Look]] = []
    await until(lambda: looks.extend(feed.take().looks) or looks)
    assert [row_id for row_id, _look in looks] == ["siak"]
    assert engine.requests.count("board") == 1, "watching loses nothing"


async def test_what_is_asked_while_nobody_answers_is_unreachable(place: Place) -> None:
    feed = Feed(place, FixedClock())
    feed.start()
    with pytest.raises(Unreachable):
        await asyncio.wrap_future(feed.ask(lambda client: client.board()))
    feed.close()


async def test_an_office_that_cannot_be_started_is_not_waited_for(place: Place) -> None:
    def refuse() -> None:
        raise Invalid("The engine ended at once.", lines=("a.toml:1: x",))

    feed = Feed(place, FixedClock(), refuse)
    feed.start()
    links: list[Link] = []
    await until(lambda: links.append(feed.take().link) or links[-1].status == "down")
    assert isinstance(links[-1].problem, Invalid)
    feed.close()


def remembering(engine: ScriptedEngine) -> Model:
    """A model with everything that is kept."""
    known = Model(Link("connecting", NIGHT))
    known.recall(engine.hello(Caller(1, "rina", "console", Role.VIEWER)), board(app("siak")), NIGHT)
    return known


def test_a_kept_board_comes_back_and_a_broken_one_does_not(tmp_path: Path, engine: ScriptedEngine) -> None:
    keeper, known = Keeper(home_place(tmp_path)), remembering(engine)
    assert keeper.recall() is None
    keeper.keep(Model(Link("connecting", NIGHT)))
    assert keeper.recall() is None, "nothing is known, so nothing is kept"
    keeper.keep(known)
    kept = keeper.recall()
    assert kept is not None
    assert (kept.at, kept.hello, kept.board) == (NIGHT, known.hello, board(app("siak")))
    assert stat.S_IMODE(keeper.path.stat().st_mode) == 0o600
    keeper.path.write_bytes(b"{")
    assert keeper.recall() is None
    keeper.path.write_bytes(msgspec.json.encode(msgspec.structs.replace(kept, version=99)))
    assert keeper.recall() is None


def test_a_home_that_is_gone_is_not_made_again(tmp_path: Path, engine: ScriptedEngine) -> None:
    Keeper(home_place(tmp_path / "gone")).keep(remembering(engine))
    assert not (tmp_path / "gone").exists()


def test_the_clipboard_is_reached_through_multiplexers() -> None:
    assert sequences("hi", {}) == ["\x1b]52;c;aGk=\x07"]
    bare, wrapped = sequences("hi", {"TMUX": "/tmp/x"})
    assert wrapped == "\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\"
    assert bare == "\x1b]52;c;aGk=\x07"
    pieces = sequences("x" * 700, {"STY": "1"})[0].split("\x1b\\")
    assert len(pieces) == 5
    assert all(len(piece) < 256 for piece in pieces)
    assert sequences("x" * MOST_BASE64, {}) == []


def test_a_card_is_written_beside_for_its_owner(tmp_path: Path) -> None:
    path = card_path(home_place(tmp_path))
    assert write_card(path, "text")
    assert path.read_text() == "text\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    link = tmp_path / "exports" / f".card.txt.{os.getpid()}"
    link.symlink_to(tmp_path / "elsewhere")
    assert write_card(path, "again")
    assert not (tmp_path / "elsewhere").exists(), "a planted link is not followed"
    (tmp_path / "file").write_text("")
    assert not write_card(tmp_path / "file" / "card.txt", "x")


def test_a_far_terminal_is_known_by_ssh_and_the_users_own_settings_stay() -> None:
    assert environment.is_far({"SSH_CONNECTION": "a b c d"})
    assert not environment.is_far({})
    environ: dict[str, str] = {"TEXTUAL_COLOR_SYSTEM": "truecolor", "SSH_TTY": "/dev/pts/1"}
    environment.prepare(environ)
    assert environ["ESCDELAY"] == "400"
    assert environ["TEXTUAL_COLOR_SYSTEM"] == "truecolor"
    assert environ["TEXTUAL_ANIMATIONS"] == "none"
