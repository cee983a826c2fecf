"""Who is cut off, failing because what it depends on is down, and whose parents fail at all. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from opsconsole.health.model import Graph, Health, ShownState


def graph(depends_on: Mapping[str, Sequence[Sequence[str]]]) -> Graph:
    """Make dependencies ready for `reachability`; do it once for each configuration.

    ``depends_on`` gives for each id its dependencies, each a group of ids of which one suffices. A group
    with an unknown id, or with one that depends on the child in turn, is left out: it cuts nobody off.
    """
    ancestors = {child: _ancestors(child, depends_on) for child in depends_on}
    parents = {
        child: tuple(
            tuple(group)
            for group in groups
            if all(parent in depends_on and child not in ancestors[parent] for parent in group)
        )
        for child, groups in depends_on.items()
    }
    # A parent that is on no cycle with its child has fewer ancestors than the child.
    order = sorted(depends_on, key=lambda child: len(ancestors[child]))
    return Graph(tuple(order), parents)


def _ancestors(child: str, depends_on: Mapping[str, Sequence[Sequence[str]]]) -> frozenset[str]:
    """Everything ``child`` depends on, itself included."""
    found: set[str] = set()
    ahead = [child]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(parent for group in depends_on.get(name, ()) for parent in group)
    return frozenset(found)


def reachability(ready: Graph, shown: Mapping[str, ShownState]) -> dict[str, str]:
    """For each failing id that is cut off, the id that is the root cause.

    Only a hard DOWN parent cuts off, and one that is cut off itself, because it fails too, passes on its
    own root. Of several the dependency written first is named, and of a group, all of which must be
    down, the first of its members.
    """
    via: dict[str, str] = {}
    for child in ready.order:
        state = shown.get(child)
        if state is not None and state.health is Health.DOWN:
            root = next(_roots(ready.parents[child], shown, via), None)
            if root is not None:
                via[child] = root
    return via


def parents_failing(ready: Graph, shown: Mapping[str, ShownState]) -> frozenset[str]:
    """The ids, failing or not, of which a dependency fails, confirmed or not: of a group, every member.

    One that people were told is DOWN, and of which nothing is known since, counts as failing.
    """
    failing = {id_ for id_, state in shown.items() if may_fail(state)}
    return frozenset(
        child
        for child, groups in ready.parents.items()
        if any(group and failing.issuperset(group) for group in groups)
    )


def _roots(
    groups: Sequence[Sequence[str]], shown: Mapping[str, ShownState], via: Mapping[str, str]
) -> Iterator[str]:
    for group in groups:
        blocked = [via.get(parent) or (parent if _is_down(shown.get(parent)) else "") for parent in group]
        if blocked and all(blocked):
            yield blocked[0]


def may_fail(state: ShownState) -> bool:
    """Whether it fails, or did when it was last known."""
    unknown = state.health is Health.UNKNOWN and state.told.announced is Health.DOWN
    return unknown or state.health is Health.DOWN


def _is_down(state: ShownState | None) -> bool:
    return state is not None and state.health is Health.DOWN and state.hard
