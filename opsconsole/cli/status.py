"""``status``: the board once, for people, scripts and screen readers. It ends as a Nagios plug-in does."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from opsconsole.cli import exits
from opsconsole.cli.session import Session
from opsconsole.client.shapes import Application, Board, State
from opsconsole.client.status import status_document

_CRITICAL = (State.DOWN, State.UNREACHABLE)


def run(session: Session, *, as_json: bool) -> int:
    """Print the board and return the exit code of the worst that is on it."""
    with session.client() as client:
        hello = session.greet(client)
        board = client.board()
    if as_json:
        print(msgspec.json.encode(status_document(board)).decode())
    else:
        from opsconsole.cli.board import draw_board
        from opsconsole.cli.paper import paper

        draw_board(paper(), board, hello, datetime.now(UTC))
    return verdict(board)


def verdict(board: Board) -> int:
    """The exit code: that of the worst row, and at least 1 while we are offline or record nothing."""
    sick = board.engine.store != "ok" or board.engine.self_check.status == "offline"
    return max(worst(board.applications), exits.WARNING if sick else exits.OK)


def worst(rows: Iterable[Application]) -> int:
    """2 when something is confirmed DOWN or cut off, 1 for any other problem, else 0."""
    troubled = [row for row in rows if row.state.is_problem]
    if any(row.state in _CRITICAL and row.hard for row in troubled):
        return exits.CRITICAL
    return exits.WARNING if troubled else exits.OK
