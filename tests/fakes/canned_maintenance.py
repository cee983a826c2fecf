"""Maintenance as the scripted engine plans it: two hours from its now, whatever is asked."""

from datetime import timedelta
from typing import TYPE_CHECKING

from opsconsole.client.commands import PlanMaintenance
from opsconsole.client.maintenance import Maintenance, MaintenancePage

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine


def planned_window(engine: "ScriptedEngine", args: PlanMaintenance) -> Maintenance:
    """What becomes of a command."""
    end = engine.now + timedelta(hours=2)
    return Maintenance(
        number=1, subjects=(args.application,), start=engine.now, end=end, began=engine.now, until=end,
        by="budi", why=args.reason,
    )  # fmt: skip


def maintenance_page(engine: "ScriptedEngine") -> MaintenancePage:
    """One that runs, one of the files, one that waits for trouble, one that follows."""
    now, hour = engine.now, timedelta(hours=1)
    return MaintenancePage(
        at=now,
        windows=(
            Maintenance(
                number=3, subjects=("simrs",), start=now - hour, end=now + hour, began=now - hour,
                until=now + hour, by="budi", why="ganti disk",
            ),
            Maintenance(
                subjects=("service:pdn",), start=now + 2 * hour, end=now + 6 * hour, by="calendar.toml",
                why="cadangan",
            ),
            Maintenance(
                number=4, subjects=("opd:RSUD",), kind="flexible", start=now + 3 * hour, end=now + 9 * hour,
                lasts_s=3600.0, by="sari", why="pindah jaringan",
            ),
            Maintenance(
                number=5, subjects=("siak",), kind="triggered", start=now + 4 * hour, end=now + 9 * hour,
                parent="service:pdn", by="sari", why="ikut PDN",
            ),
        ),
    )  # fmt: skip
