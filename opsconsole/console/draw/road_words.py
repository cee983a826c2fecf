"""The words of the road: proofs, stages, problems, instructions, and what may be switched off."""

from collections.abc import Mapping

from opsconsole.base.text import N_, _

STAGES: tuple[str, ...] = (
    N_("not registered"), N_("registered"), N_("reachable"), N_("API available"), N_("single sign-on"),
    N_("exchanges data"), N_("one command"),
)  # fmt: skip
MEASURES: Mapping[str, str] = {"connected": N_("connected"), "integrated": N_("integrated")}
PROOFS: Mapping[str, str] = {
    "registered": N_("register complete"),
    "owner_signed": N_("signed by its owner"),
    "reachable": N_("reachable"),
    "api": N_("API probe passes"),
    "api_document": N_("API document on file"),
    "sso": N_("sign-on probe passes"),
    "exchange": N_("data exchanged"),
    "agreement": N_("agreement in force"),
    "watched": N_("watched here"),
    "people": N_("people ready"),
    "instructions": N_("instructions answered"),
    "handover": N_("handed over"),
}
CATEGORIES: Mapping[str, str] = {
    "policy": N_("policy"), "people": N_("people"), "application": N_("application"), "data": N_("data"),
    "infrastructure": N_("infrastructure"), "budget": N_("budget"), "coordination": N_("coordination"),
}  # fmt: skip
PROBLEM_STATUS: Mapping[str, str] = {
    "recorded": N_("recorded"),
    "analysed": N_("analysed"),
    "agreed": N_("solution agreed"),
    "bimtek_planned": N_("Bimtek planned"),
    "bimtek_done": N_("Bimtek done"),
    "shown": N_("change shown"),
    "closed": N_("closed"),
    "cancelled": N_("cancelled"),
}
INSTRUCTION_STATUS: Mapping[str, str] = {
    "issued": N_("issued"),
    "acknowledged": N_("understood"),
    "answered": N_("answered"),
    "withdrawn": N_("withdrawn"),
}
VERDICTS: Mapping[str, str] = {
    "candidate": N_("candidate"),
    "watch": N_("keep an eye on"),
    "not_enough": N_("not enough data"),
    "keep": N_("keep"),
}
REASONS: Mapping[str, str] = {
    "never_up": N_("never answered"),
    "up": N_("it answers"),
    "no_interest": N_("nobody acted on an incident of it"),
    "interest": N_("people acted on incidents of it"),
    "no_login": N_("nobody logged in"),
    "login": N_("people log in"),
    "login_unknown": N_("no figure of log-ins of both quarters"),
    "needed_by_others": N_("others depend on it"),
    "watched_too_short": N_("watched for less than two quarters"),
    "too_little_known": N_("too little of the time is known"),
}
HOW: Mapping[str, str] = {"stated": N_("stated"), "imported": N_("imported")}
CHANGES: Mapping[str, str] = {
    "gained": N_("{after} now {measure}"),
    "lost": N_("{before} no longer {measure}"),
    "founded": N_("{after} founded"),
    "ended": N_("{before} ended"),
    "renamed": N_("{before} became {after}"),
    "merged": N_("{before} merged into {after}"),
    "split": N_("{before} split into {after}"),
    "rearranged": N_("{before} rearranged into {after}"),
}
LINKS: Mapping[str, str] = {
    "incident": N_("incident"), "bimtek": N_("Bimtek"), "stage": N_("stage"),
    "instruction": N_("instruction"),
}  # fmt: skip
EXEMPT: Mapping[str, str] = {"audience": N_("public or national")}


def said(words: Mapping[str, str], code: str) -> str:
    """The word of a code; the code itself where there is none."""
    return _(words[code]) if code in words else code


def stage_text(stage: int) -> str:
    """``T3 API available``."""
    return f"T{stage} {_(STAGES[stage])}"
