"""How bad an incident is as its members are now, and what that asks of whoever works on it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from opsconsole.client.incidents import Category, Clock, Incident, Kind, Member, Question, Severity
from opsconsole.incidents import bodies, law, severity, sla
from opsconsole.incidents.facts import Ground


def weight(
    members: Sequence[Member],
    ground: Ground,
    at: datetime,
    *,
    kind: Kind = "outage",
    category: Category = "",
    tier: int = 1,
    exposed: bool = False,
) -> tuple[Severity, bool]:
    """The worst severity among the members that fail, and whether it is the season of one of them.

    Where none fails it is that of all; where there are none, of something of ``tier`` that is down.
    """
    failing = [one for one in members if one.recovered_at is None] or list(members)
    if not failing:
        in_season = ground.calendar.in_season(at)
        alone = severity.suggest(
            ground.policy, tier=tier, audience="public", state="down", kind=kind, category=category,
            exposed=exposed, in_season=in_season,
        )  # fmt: skip
        return alone, in_season
    seasons = {one.id: ground.calendar.in_season(at, one.id) for one in failing}
    suggested = [
        severity.suggest(
            ground.policy, tier=one.tier, audience=ground.of(one.id).audience, state=one.state, kind=kind,
            category=category, exposed=exposed, in_season=seasons[one.id],
        )
        for one in failing
    ]  # fmt: skip
    return min(suggested, key=lambda one: one.rank), any(seasons.values())


def targets(found: Severity, in_season: bool, opened_at: datetime, ground: Ground) -> tuple[Clock, ...]:
    """The two clocks of an incident of this severity."""
    return sla.clocks(found, opened_at, ground.calendar, ground.policy, in_season=in_season)


def asked(members: Sequence[str], ground: Ground, kind: Kind, category: Category) -> tuple[Question, ...]:
    """The questions of triage of an incident that these rows are members of."""
    facts = [ground.of(row_id) for row_id in members]
    names = law.questions(
        kind=kind,
        category=category,
        personal_data=any(one.personal_data for one in facts),
        iiv=any(one.iiv for one in facts),
    )
    return tuple(Question(id=name) for name in names)  # type: ignore[arg-type]


def exposed(incident: Incident) -> bool:
    """Whether personal data are known to be out: it is a leak, or that was answered of one of security."""
    answered = any(one.id == law.PERSONAL_DATA and one.answer == "yes" for one in incident.questions)
    return incident.category == "leak" or (answered and law.is_cyber(incident.kind, incident.category))


def reweighed(
    incident: Incident, members: Sequence[Member], ground: Ground, at: datetime, **changes: Category
) -> Mapping[str, object]:
    """What a body says of severity, targets and questions, given these members; empty for no change.

    What a person has said of the severity stands. ``changes`` may give another category.
    """
    category: Category = changes.get("category", incident.category)
    said: dict[str, object] = {}
    known = {question.id for question in incident.questions}
    questions = asked([one.id for one in members], ground, incident.kind, category)
    if new := [question for question in questions if question.id not in known]:
        said["questions"] = bodies.parts(new)
    if incident.severity_why:
        return said
    found, in_season = weight(
        members, ground, at, kind=incident.kind, category=category, tier=incident.tier,
        exposed=exposed(incident),
    )  # fmt: skip
    if found is not incident.severity:
        said["severity"] = found.value
        said["clocks"] = bodies.parts(targets(found, in_season, incident.opened_at, ground))
    return said
