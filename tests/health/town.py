"""A town of a few applications, judged and told of as the engine does it, without an engine."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from opsconsole.health.announce import announce, standing
from opsconsole.health.model import Health, Overlays, Policy, ProbeState, ProbeView, ShownState, Told
from opsconsole.health.reach import graph, parents_failing, reachability
from opsconsole.health.rows import application_state, settle
from opsconsole.health.rules import step
from tests.health.sequences import look

Said = tuple[str, Health, Health]


class Town:
    """``probes`` gives each application the policies of its probes, ``links`` what it depends on.

    ``said`` is everything that was announced: of whom, before, after. ``maintained`` are the applications
    in maintenance; change it and call `settle`.
    """

    def __init__(
        self, probes: Mapping[str, Sequence[Policy]], links: Mapping[str, Sequence[Sequence[str]]]
    ) -> None:
        self.policies = {(row, n): policy for row, some in probes.items() for n, policy in enumerate(some)}
        self.states = dict.fromkeys(self.policies, ProbeState(since=0.0))
        self.graph = graph({row: links.get(row, ()) for row in probes})
        self.shown: dict[str, ShownState] = {}
        self.maintained: set[str] = set()
        self.said: list[Said] = []
        self.settle(0.0)

    def look(self, row: str, probe: int, letter: str, at: float, now: float | None = None) -> None:
        """One look, as `tests.health.sequences` writes it, that began at ``at`` and is heard of ``now``."""
        key, now = (row, probe), at + 1 if now is None else now
        policy, before = self.policies[key], self.states[key]
        after, _ = step(before, look(letter, at), policy, float("inf"), now)
        self.states = {**self.states, key: after}
        self.settle(now)

    def restart(self) -> None:
        """Everything as the store gives it back."""
        self.states = {
            key: msgspec.json.decode(msgspec.json.encode(state), type=ProbeState)
            for key, state in self.states.items()
        }
        self.shown = {
            row: msgspec.json.decode(msgspec.json.encode(shown), type=ShownState)
            for row, shown in self.shown.items()
        }

    def settle(self, now: float) -> None:
        """Work out what is shown, and tell what there is to tell."""
        bare = {
            row: replace(application_state(self._views(row), Overlays(), now), told=self._told(row))
            for row in self.graph.order
        }
        via, failing = reachability(self.graph, bare), parents_failing(self.graph, bare)
        for row in self.graph.order:
            overlays = Overlays(
                maintenance=row in self.maintained, via=via.get(row, ""), parents_fail=row in failing
            )
            views = self._views(row)
            after, _ = settle(self.shown.get(row), application_state(views, overlays, now), now)
            told, announcement = announce(after.told, standing(views, overlays), now)
            self.shown[row] = replace(after, told=told)
            if announcement is not None:
                self.said.append((row, announcement.before, announcement.after))

    def _told(self, row: str) -> Told:
        return self.shown[row].told if row in self.shown else Told()

    def _views(self, row: str) -> list[ProbeView]:
        return [
            ProbeView(str(n), self.states[row, n], policy)
            for (of, n), policy in self.policies.items()
            if of == row
        ]
