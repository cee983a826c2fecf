"""How many applications are at which stage, OPD by OPD, as lines of text."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from opsconsole.base.text import _
from opsconsole.client.integration import ApplicationStage
from opsconsole.console.draw.lines import fit
from opsconsole.console.draw.road_words import STAGES

_NAME, _COUNT = 18, 5
_STAGES = range(len(STAGES))


def by_stage(stages: Iterable[int]) -> str:
    """``T1 12  T2 5``: the stages that something is at."""
    counts = Counter(stages)
    return "  ".join(f"T{stage} {counts[stage]}" for stage in _STAGES if counts[stage]) or "-"


def matrix_lines(applications: Sequence[ApplicationStage]) -> list[str]:
    """Titles, all of them together, then each OPD by its name; none wider than 80 cells."""
    of: dict[str, list[int]] = {}
    for one in applications:
        of.setdefault(one.opd_short or one.opd, []).append(one.stage)
    titles = "".join(f"{f'T{stage}':>{_COUNT}}" for stage in _STAGES)
    head = f"{'':<{_NAME}} {_('apps'):>6}{titles}"
    rows = [(_("together"), [one.stage for one in applications]), *sorted(of.items())]
    return [head, *(_row(name, Counter(stages)) for name, stages in rows)]


def _row(name: str, counts: Mapping[int, int]) -> str:
    cells = "".join(f"{counts.get(stage) or '.':>{_COUNT}}" for stage in _STAGES)
    return f"{fit(name, _NAME)} {sum(counts.values()):>6}{cells}"
