"""Words: languages, lazy messages, and foreign text made safe to show.

Messages are written in English where they are used and marked with `_` (shown now, in the language
that was chosen) or `N_` (a template, translated later by `translate`). What is stored is never a
sentence but a code and parameters: `reason_text` puts a reason into words.
"""

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

from probes.observation import Param
from probes.reasons import BY_CODE, MUST_NOT, fill, template_of
from probes.secret_faults import FAULTS
from probes.text import N_, safe_text

LANGUAGES = ("en", "id")
LOCALE = Path(__file__).parent / "locale"
_active: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"

# What the engine itself adds to the reasons of the probes.
ENGINE_REASONS: Mapping[str, str] = {
    "pending": N_("not looked at yet"),
    "stale": N_("no look since {since}"),
    "offline": N_("we were offline when we looked"),
    "unreachable": N_("unreachable via {via}"),
    "maint": N_("maintenance until {until} by {by}: {why}"),
    "closed": N_("outside service hours ({hours})"),
    "off": N_("switched off in the configuration"),
    "paused": N_("paused by {by} until {until}"),
    "resumed": N_("resumed, not looked at again yet"),
    "no_probe": N_("no probe is configured"),
    "unconfirmed": N_("failing, waiting for our own self-check"),
    "mass_failure": N_("failing together with most hosts: it may be us"),
}

# Why a message did not leave.
NOTIFY_REASONS: Mapping[str, str] = {
    "channel_refused": N_("refused with status {status}: {seen}"),
    "channel_answer": N_("answered {status}, but did not take it: {seen}"),
    "mail_refused": N_("the mail server said: {seen}"),
    "channel_missing": N_("notify.toml has no such channel any more"),
}

# What the engine has to tell whoever looks, in the same shape.
_NOTICES: Mapping[str, str] = {
    "reactions_failed": N_("what follows from an event was not done, {times} times: see the engine's log"),
    "store_set_aside": N_(
        "the store was damaged and is kept as {file}: what is shown began anew. Save it elsewhere."
    ),
    "backup_failed": N_(
        "NO BACKUP: the one of {at} could not be made in {folder}; `opsconsole store backup` says why."
    ),
    "year_missing": N_(
        "calendar.toml lists no day off of {year}: each of its weekdays counts as a working day."
    ),
    "ramadan_missing": N_("calendar.toml lists no Ramadan of {year}: its days count as ordinary ones."),
    "notify_dead": N_(
        "messages that could not be sent: {count}, last to {channel}. "
        "`opsconsole notify list` says why; `notify retry` or `notify dismiss` ends this line."
    ),
    "heartbeat_failed": N_("our sign of life is not taken since {since}: nobody would notice our end"),
    "mass_failure": N_(
        "MOST HOSTS FAIL AT ONCE ({failed} of {hosts}): it may be us. Nothing is confirmed DOWN meanwhile."
    ),
}

# Rules that were broken by what is there, not by what is missing.
_UNWANTED: Mapping[str, str] = {
    "header_unexpected": N_("header {name} is {seen}, which is not allowed"),
    "body_unexpected": N_("the page says: {seen}"),
    "dns_unexpected": N_("DNS {name} holds what is not allowed: {seen}"),
}

# The rules that led to a state, one line each, as `client.shapes.Why` names them.
WHY_TEMPLATES: Mapping[str, str] = {
    "off": N_("switched off in the configuration: no look is made"),
    "maint": N_(
        "in maintenance until {until} by {by}, {why}: looks go on, nobody is alarmed, the time does not count"
    ),
    "closed": N_(
        "outside its service hours ({hours}): looks go on, nobody is alarmed, the time does not count"
    ),
    "unreachable": N_("it fails, and {via}, which it depends on, is confirmed DOWN: so it is cut off"),
    "paused": N_("no probe is looked at: paused by {by} until {until}: {why}"),
    "probe_paused": N_("{probe}: paused by {by} until {until}: {why}"),
    "resumed": N_("{probe}: resumed, not looked at again yet"),
    "no_probe": N_("no probe is configured, so nothing is known"),
    "decides": N_("{probe} decides: none of the {count} probes is worse"),
    "not_essential": N_("{probe} is DOWN but not essential: it makes the application WARN at most"),
    "left_out": N_("{probe} is not essential and nothing is known of it: the others decide without it"),
    "pending": N_("{probe}: not looked at yet"),
    "passed": N_("{probe}: the last look passed"),
    "failing": N_("{probe}: {seen} failures in a row; {want} in a row confirm DOWN"),
    "suspect": N_("{probe}: we were slow ourselves at the last failure, so it confirms nothing"),
    "unconfirmed": N_("{probe}: {seen} failures in a row, but our own self-check has not passed since"),
    "mass_failure": N_("{probe}: {seen} failures in a row, together with most hosts: it may be us"),
    "down": N_("{probe}: DOWN is confirmed; {want} failures in a row confirm it"),
    "self_checked": N_("our own self-check passed after the failing look began"),
    "self_unset": N_("no self-check is set, so DOWN is confirmed without one"),
    "troubled": N_("{probe}: {seen} looks in a row were not good; {want} in a row confirm WARN"),
    "warn": N_("{probe}: WARN is confirmed; {want} looks in a row that are not good confirm it"),
    "recovering": N_("{probe}: {seen} passes in a row; {want} in a row end it"),
    "stale": N_("{probe}: three intervals went by without a look, so nothing is known"),
    "offline": N_("{probe}: we were offline at the last look, so it counts for nothing"),
    "unknown": N_("{probe}: the last look says nothing about its target and counts for nothing"),
    "was_down": N_("{probe}: before that it was confirmed DOWN"),
    "flapping": N_("{probe} flaps: changes weigh {seen} percent of its last 20 looks; it ends at 25 percent"),
    "held_flapping": N_("nobody is told of the change until the flapping ends"),
    "held_parent": N_("nobody is told of it while something that it depends on fails"),
    "held_look": N_("nobody was told of it yet: the next look decides"),
}

# What a full explanation says beside them.
RULE_TEMPLATES: Mapping[str, str] = {
    "parent_works": N_("{parent}, which it depends on, does not fail"),
    "parent_fails": N_("{parent}, which it depends on, fails; that is not confirmed, so it cuts nobody off"),
    "parent_down": N_("{parent}, which it depends on, is confirmed DOWN"),
    "group_works": N_("one of {names} is enough for it: {down} of these {count} are confirmed DOWN"),
    "group_down": N_("one of {names} would be enough for it, but all {count} are confirmed DOWN"),
    "changes": N_("{probe}: changes weigh {seen} percent of its last 20 looks; above 30 percent it flaps"),
    "told_nothing": N_("people were told nothing of it so far"),
    "told_up": N_("people were last told at {at}: UP"),
    "told_warn": N_("people were last told at {at}: WARN"),
    "told_down": N_("people were last told at {at}: DOWN"),
    "told_up_first": N_("people take it for UP: a first UP is no news"),
    "told_warn_first": N_("people were last told: WARN"),
    "told_down_first": N_("people were last told: DOWN"),
    "told_same": N_("nothing else was confirmed since, so there is nothing to tell"),
    "told_soft": N_("what it shows is not confirmed, so nobody is told of it"),
    "told_unknown": N_("nothing is known of it now, and that is nothing to tell"),
    "held_off": N_("nobody is told of the change while it is off"),
    "held_maint": N_("nobody is told of the change while it is in maintenance"),
    "held_closed": N_("nobody is told of the change outside its service hours"),
}

__all__ = [
    "ENGINE_REASONS",
    "LANGUAGES",
    "LOCALE",
    "NOTIFY_REASONS",
    "N_",
    "RULE_TEMPLATES",
    "WHY_TEMPLATES",
    "_",
    "choose_language",
    "detect_language",
    "language",
    "ngettext",
    "notice_text",
    "reason_in",
    "reason_text",
    "remedy_text",
    "safe_text",
    "translate",
    "translations",
    "why_text",
]


def translations(language_code: str) -> gettext.NullTranslations:
    """The catalogue of a language; English needs none."""
    if language_code == "en":
        return gettext.NullTranslations()
    return gettext.translation("opsconsole", LOCALE, [language_code], fallback=True)


def choose_language(language_code: str) -> None:
    """Show everything from here on in ``language_code``; an unknown one means English."""
    global _active, _language
    _language = language_code if language_code in LANGUAGES else "en"
    _active = translations(_language)


def detect_language(environ: Mapping[str, str] = os.environ) -> str:
    """The language the locale asks for, ``en`` when it asks for none of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            code = value.split("_")[0].split(".")[0].lower()
            return {"in": "id"}.get(code, code) if code in (*LANGUAGES, "in") else "en"
    return "en"


def language() -> str:
    """The language in use."""
    return _language


def _(message: str) -> str:
    """The message in the language in use; nothing stays nothing, where gettext has the catalogue's head."""
    return _active.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """One form or the other, by ``count``, in the language in use."""
    return _active.ngettext(singular, plural, count)


def translate(template: str, params: Mapping[str, Param] | None = None) -> str:
    """A template marked with `N_`, filled, in the language in use."""
    return fill(_(template), dict(params or {}))


def reason_text(code: str, params: Mapping[str, Param] | None = None) -> str:
    """A reason of the probes or of the engine as a sentence in the language in use."""
    return reason_in(_active, code, params)


def reason_in(speech: gettext.NullTranslations, code: str, params: Mapping[str, Param] | None = None) -> str:
    """The same in the language of ``speech``: for what leaves for others than whoever looks."""
    known = ENGINE_REASONS.get(code) or NOTIFY_REASONS.get(code, code)
    template = template_of(code, params or {}) if code in BY_CODE else known
    if code in _UNWANTED and str((params or {}).get("want")).startswith(MUST_NOT):
        template = _UNWANTED[code]
    return fill(speech.gettext(template), dict(params or {})) if template else ""


def remedy_text(params: Mapping[str, Param]) -> str:
    """What to do about a secret that can not be used, by the reason's parameters; empty for any others."""
    fault = FAULTS.get(str(params.get("why")))
    return translate(fault.remedy, params) if fault else ""


def notice_text(code: str, params: Mapping[str, Param] | None = None) -> str:
    """A notice of the engine as a sentence in the language in use."""
    return translate(_NOTICES.get(code, code), params)


def why_text(code: str, params: Mapping[str, Param] | None = None) -> str:
    """One line of an explanation as a sentence in the language in use."""
    return translate(WHY_TEMPLATES.get(code) or RULE_TEMPLATES.get(code, code), params)
