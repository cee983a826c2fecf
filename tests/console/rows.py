"""Rows to draw, made short."""

from datetime import timedelta
from typing import Any

from opsconsole.client.shapes import Application, Look, Opd, State
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableRow, TableSpec
from opsconsole.console.tables.table import TableView
from probes.observation import Phases
from tests.fakes.scripted_engine import NIGHT

VIEW = View(80, 24, NIGHT, Times("Asia/Jakarta"))


def view(width: int, height: int = 24) -> View:
    """The night on another screen."""
    return VIEW._replace(width=width, height=height)


def app(row_id: str = "siak", state: State = State.UP, **fields: Any) -> Application:
    """An application; DOWN, it is confirmed since ten minutes."""
    usual: dict[str, Any] = {
        "name": row_id.upper(), "opd": "DUK", "opd_short": "Disdukcapil", "tier": 2, "state": state,
        "reason": "ok" if state is State.UP else "no_response", "since": NIGHT - timedelta(minutes=10),
        "attempts": 3,
    }  # fmt: skip
    return Application(id=row_id, **(usual | fields))


def opd(code: str = "DUK", state: State = State.UP, **fields: Any) -> Opd:
    """An agency of five applications."""
    usual: dict[str, Any] = {
        "name": f"Dinas {code}",
        "short": code.title(),
        "since": NIGHT,
        "up": 5,
        "total": 5,
    }
    return Opd(code=code, state=state, **(usual | fields))


def look(seconds_ago: float = 0, verdict: str = "up", **fields: Any) -> Look:
    """A look of all six phases."""
    usual: dict[str, Any] = {
        "probe": "http", "at": NIGHT - timedelta(seconds=seconds_ago), "verdict": verdict, "reason": "ok",
        "status": 200, "duration_ms": 100.0, "phases_ms": Phases(10.0, 20.0, 30.0, 1.0, 38.0, 1.0),
    }  # fmt: skip
    return Look(**(usual | fields))


def drawn(spec: TableSpec[object], rows: list[TableRow]) -> list[Line]:
    """These rows in their table, 160 cells wide."""
    table = TableView(spec)
    table.load(rows)
    return [one for _key, one in table.lines(table.rows, 160)]
