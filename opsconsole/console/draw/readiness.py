"""Readiness in words: levels, reasons, the standing of evidence, reminders and the letter at their end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from opsconsole.base.text import N_, _, language, translate
from opsconsole.client.readiness import LevelWords, OpdReadiness, Reminder, RuleWords, Stand
from opsconsole.client.shapes import Why
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.view import View

DUTIES: Mapping[str, str] = {
    "admin": N_("admin"),
    "backup": N_("backup person"),
    "operator": N_("operator"),
    "pic": N_("application owner"),
    "vendor": N_("vendor"),
    "developer": N_("developer"),
    "owner": N_("owner"),
    "cyber": N_("cyber liaison"),
    "data": N_("data steward"),
    "ppid": N_("information officer"),
    "head": N_("head"),
}
NEEDS: Mapping[str, str] = {
    "named": N_("named"),
    "contact": N_("a number"),
    "UR": N_("drill"),
    "UR-outside": N_("drill outside hours"),
    "held": N_("level held"),
    "actions": N_("actions after incidents"),
}
WHY: Mapping[str, str] = {
    "": N_("in force"),
    "missing": N_("missing"),
    "expired": N_("expired"),
    "failed": N_("not answered"),
    "voided": N_("taken away by a change"),
    "nobody": N_("nobody"),
    "not_held": N_("not long enough"),
    "late": N_("late"),
}
RESULTS: Mapping[str, str] = {
    "pass": N_("answered in time"),
    "late": N_("answered late"),
    "missed": N_("not answered"),
    "answered": N_("answered"),
    "none": N_("not answered"),
}
SOURCES: Mapping[str, str] = {"seen": N_("seen"), "stated": N_("stated"), "imported": N_("imported")}
STEPS: Mapping[str, str] = {
    "first": N_("first reminder"),
    "second": N_("second reminder"),
    "head": N_("word to the head"),
    "letter": N_("letter of reprimand"),
}
CHANGES: Mapping[str, str] = {
    "transfer": N_("transfer"),
    "retirement": N_("retirement"),
    "number": N_("new number"),
    "acting": N_("acting head"),
    "version": N_("new major version"),
    "reorganisation": N_("reorganisation"),
    "undone": N_("taken back"),
}
FIGURES: Mapping[str, str] = {
    "drill_seconds": N_("median time to answer a drill"),
    "acknowledged_first": N_("incidents acknowledged by the OPD first"),
    "registered_before": N_("new sub-domains registered before going live"),
    "announced": N_("planned maintenance announced"),
    "in_date": N_("evidence in date"),
}


def of(words: Mapping[str, str], code: str) -> str:
    """A code in words; one that has none as it is."""
    return translate(words[code]) if code in words else printable(code)


def level_word(levels: Sequence[LevelWords], level: int | None) -> str:
    """What a level is called in the language in use; empty for none."""
    return next((_named(one.id, one.en) for one in levels if one.level == level), "")


def rule_word(rules: Iterable[RuleWords], code: str) -> str:
    """What a kind of evidence is called."""
    return next((_named(one.id, one.en) for one in rules if one.code == code), of(NEEDS, code))


def _named(indonesian: str, english: str) -> str:
    return printable(indonesian if language() == "id" else english)


def reason_text(reason: Why) -> str:
    """Why an OPD has not the next level, in a few words: ``UR missing: Rina (siapel)``."""
    params = reason.params
    who = printable(str(params.get("name") or ""))
    where = printable(str(params.get("application") or ""))
    return short_reason(reason) + (f": {who}" if who else "") + (f" ({where})" if where and not who else "")


def short_reason(reason: Why) -> str:
    """The same without who and where."""
    params = reason.params
    what = str(params.get("what", ""))
    if reason.code == "nobody":
        return _("no {duty}").format(duty=of(DUTIES, str(params.get("duty", ""))))
    return f"{what if what.isupper() else of(NEEDS, what)} {of(WHY, reason.code)}"


def reasons_text(one: OpdReadiness) -> str:
    """All of its reasons in one line."""
    text = ", ".join(reason_text(reason) for reason in one.reasons)
    return text + (" " + _("and {n} more").format(n=one.more_reasons) if one.more_reasons else "")


def fall_text(falls_on: datetime | None, falls_to: int, view: View) -> str:
    """When a level falls if nothing is done, and to which; a dash where nothing ends."""
    if falls_on is None:
        return "-"
    return _("{day} to {level}").format(day=day(falls_on, view), level=falls_to)


def stand_text(one: Stand, view: View) -> str:
    """How one need stands: until when, or why not."""
    if one.cell == "not_needed":
        return _("not asked")
    text = of(WHY, one.why)
    if one.until is not None:
        text += " " + _("until {day}").format(day=day(one.until, view))
    if one.source == "stated":
        text += f" ({of(SOURCES, one.source)})"
    return text


def day(moment: datetime, view: View) -> str:
    """The day of a moment in the office's zone."""
    return f"{moment.astimezone(view.times.tzinfo):%Y-%m-%d}"


def reminder_text(one: Reminder, office: str, view: View) -> str:
    """What is written to whom a reminder goes: a few lines to copy, a letter at the last step."""
    step = one.due or one.sent
    missing = "\n".join(f"- {reason_text(reason)}" for reason in one.reasons)
    params = {
        "to": printable(", ".join(one.to) or one.head or one.name),
        "opd": printable(one.name),
        "office": printable(office),
        "since": day(one.since, view),
        "days": one.days,
        "missing": missing,
        "day": day(view.now, view),
    }
    return _(_LETTER if step == "letter" else _MESSAGE).format(**params)


_MESSAGE = N_(
    "To {to}, {opd}\n"
    "Of the readiness of {opd} this is missing, since {since} ({days} days):\n"
    "{missing}\n"
    "Please answer, or renew it with us.\n"
    "{office}, {day}"
)
_LETTER = N_(
    "DRAFT, number: ............\n"
    "{office}, {day}\n"
    "\n"
    "To: Head of {opd}\n"
    "From: Head of {office}\n"
    "Copy: Regional Secretary\n"
    "Handling: urgent\n"
    "Subject: Letter of reprimand: readiness of the people of {opd}\n"
    "\n"
    "For {days} days, since {since}, this is missing of the people who answer for\n"
    "the applications of {opd}, and reminders have not been answered:\n"
    "\n"
    "{missing}\n"
    "\n"
    "We ask you to see to it within 7 days of this letter, and to name who answers for it.\n"
    "\n"
    "Head of {office},\n"
    "\n"
    "\n"
    "........................................"
)
