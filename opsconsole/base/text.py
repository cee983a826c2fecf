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
from probes.reasons import BY_CODE, MUST_NOT, N_, fill
from probes.text import safe_text

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
    "maint": N_("in maintenance"),
    "closed": N_("outside service hours ({hours})"),
    "off": N_("switched off in the configuration"),
    "no_probe": N_("no probe is configured"),
    "unconfirmed": N_("failing, waiting for our own self-check"),
}

# What the engine has to tell whoever looks, in the same shape.
_NOTICES: Mapping[str, str] = {
    "store_set_aside": N_(
        "the store was damaged and is kept as {file}: what is shown began anew. Save it elsewhere."
    ),
}

# Rules that were broken by what is there, not by what is missing.
_UNWANTED: Mapping[str, str] = {
    "header_unexpected": N_("header {name} is {seen}, which is not allowed"),
    "body_unexpected": N_("the page says: {seen}"),
}

# The rules that led to a state, one line each, as `client.shapes.Why` names them.
WHY_TEMPLATES: Mapping[str, str] = {
    "off": N_("switched off in the configuration: no look is made"),
    "maint": N_("in maintenance: looks go on, nobody is alarmed, the time does not count"),
    "closed": N_(
        "outside its service hours ({hours}): looks go on, nobody is alarmed, the time does not count"
    ),
    "unreachable": N_("it fails, and {via}, which it depends on, is confirmed DOWN: so it is cut off"),
    "no_probe": N_("no probe is configured, so nothing is known"),
    "decides": N_("{probe} decides: none of the {count} probes is worse"),
    "not_essential": N_("{probe} is DOWN but not essential: it makes the application WARN at most"),
    "pending": N_("{probe}: not looked at yet"),
    "passed": N_("{probe}: the last look passed"),
    "failing": N_("{probe}: {seen} failures in a row; {want} in a row confirm DOWN"),
    "suspect": N_("{probe}: we were slow ourselves at the last failure, so it confirms nothing"),
    "unconfirmed": N_("{probe}: {seen} failures in a row, but our own self-check has not passed since"),
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
}

__all__ = [
    "ENGINE_REASONS",
    "LANGUAGES",
    "LOCALE",
    "N_",
    "WHY_TEMPLATES",
    "_",
    "choose_language",
    "detect_language",
    "language",
    "ngettext",
    "notice_text",
    "reason_text",
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
    """The message in the language in use."""
    return _active.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """One form or the other, by ``count``, in the language in use."""
    return _active.ngettext(singular, plural, count)


def translate(template: str, params: Mapping[str, Param] | None = None) -> str:
    """A template marked with `N_`, filled, in the language in use."""
    return fill(_active.gettext(template), dict(params or {}))


def reason_text(code: str, params: Mapping[str, Param] | None = None) -> str:
    """A reason of the probes or of the engine as a sentence in the language in use."""
    known = BY_CODE.get(code)
    template = known.template if known else ENGINE_REASONS.get(code, code)
    if code in _UNWANTED and str((params or {}).get("want")).startswith(MUST_NOT):
        template = _UNWANTED[code]
    return translate(template, params)


def notice_text(code: str, params: Mapping[str, Param] | None = None) -> str:
    """A notice of the engine as a sentence in the language in use."""
    return translate(_NOTICES.get(code, code), params)


def why_text(code: str, params: Mapping[str, Param] | None = None) -> str:
    """One line of an explanation as a sentence in the language in use."""
    return translate(WHY_TEMPLATES.get(code, code), params)
