"""What the log tells of the road, of problems and of instructions: their events in words."""

from collections.abc import Mapping
from typing import Any

from opsconsole.base.text import N_, translate
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.view import View
from probes.observation import Param

PREFIXES = ("integration.", "problem.", "instruction.")
EVENTS: Mapping[str, str] = {
    "integration.evaluated": N_("stages looked over: applications {applications}, proofs stopped {stopped}"),
    "integration.proved": N_("{proof}, proven by {document}"),
    "integration.voided": N_("{proof} is void: {reason}"),
    "integration.stage_reached": N_("stage T{was} to T{stage}"),
    "integration.stage_fell": N_("stage fell from T{was} to T{stage}: {missing}"),
    "integration.opd_gained": N_("now {measure}, by definition {definition}"),
    "integration.opd_lost": N_("no longer {measure}: {why}"),
    "integration.usage_recorded": N_("log-ins in {quarter}: {count}, {how} ({source})"),
    "integration.usage_voided": N_("the figure of {quarter} is void: {reason}"),
    "integration.reorganised": N_("register changed from {date}: ended {ended}, started {started}"),
    "integration.reorganisation_tried": N_("what a reorganisation on {date} would change was asked"),
    "problem.recorded": N_("problem {number}: {text}"),
    "problem.moved": N_("problem is {status}, was {was}: {reason}"),
    "problem.noted": N_("problem: {text}"),
    "problem.described": N_("problem, {part}: {text}"),
    "problem.linked": N_("problem tied to {kind} {target}"),
    "instruction.issued": N_("instruction {number} to {to}, due {due}: {text}"),
    "instruction.acknowledged": N_("instruction understood by {by}"),
    "instruction.answered": N_("instruction answered by {by}: {answer} ({document})"),
    "instruction.withdrawn": N_("instruction withdrawn: {reason}"),
    "instruction.due_soon": N_("instruction to {to} is due {due}"),
    "instruction.late": N_("instruction to {to} is late, due {due}"),
}
TROUBLES = frozenset({"integration.stage_fell", "integration.opd_lost", "instruction.late"})
PARTS: Mapping[str, str] = {
    "impact": N_("impact"),
    "root": N_("root cause"),
    "solution": N_("solution"),
    "pic": N_("who sees to it"),
    "due": N_("due date"),
    "bimtek": N_("Bimtek"),
    "before": N_("measured before"),
    "after": N_("measured after"),
    "opd": N_("OPD"),
    "application": N_("application"),
}
_REASONS: Mapping[str, str] = {
    "reorganised": N_("another OPD runs it now"),
    "proof_stopped": N_("the proof stopped"),
    "ended": N_("the OPD ended"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "proof": words.PROOFS,
    "measure": words.MEASURES,
    "status": words.PROBLEM_STATUS,
    "was": words.PROBLEM_STATUS,
    "part": PARTS,
    "kind": words.LINKS,
    "reason": _REASONS,
    "why": _REASONS,
    "how": words.HOW,
}


def road_event_text(kind: str, body: Mapping[str, Any], view: View) -> str:
    """An event of this room as a sentence."""
    params: dict[str, Param] = {name: _param(name, value) for name, value in body.items()}
    params.setdefault("to", str(body.get("person") or body.get("opd") or "-"))
    return translate(EVENTS[kind], params)


def _param(name: str, value: object) -> Param:
    match value:
        case dict():
            return len(value)
        case list():
            return ", ".join(words.said(words.PROOFS, str(one)) for one in value) or "-"
        case str() if name in _WORDS:
            return words.said(_WORDS[name], value) or "-"
        case str():
            return value or "-"
        case int():
            return value
    return str(value)
