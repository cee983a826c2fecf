"""Messages in words: what a telephone shows at 3 a.m., at most 700 characters, in the office's language."""

import gettext
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from opsconsole.base.text import N_, reason_in, safe_text
from opsconsole.client.incidents import Severity
from opsconsole.notify.facts import Facts
from opsconsole.notify.rules import CALLS, Kind
from probes.reasons import fill

# One message of any gateway, and one screen of a small telephone.
MOST_CHARACTERS = 700
_NAME_CHARACTERS, _REASON_CHARACTERS, _LINE_CHARACTERS = 80, 160, 70
_SUBJECT_CHARACTERS = 150

_SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: N_("critical"),
    Severity.HIGH: N_("high"),
    Severity.MEDIUM: N_("medium"),
    Severity.LOW: N_("low"),
}
_STATES: Mapping[str, str] = {
    "down": N_("DOWN"),
    "unreachable": N_("CUT OFF"),
    "warn": N_("WARN"),
    "up": N_("UP"),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """In which language, for which office, and by which clock. ``zone`` is an IANA name."""

    translations: gettext.NullTranslations
    office: str
    zone: str

    def say(self, template: str, **params: str | int) -> str:
        """A template in that language, filled."""
        return fill(self.translations.gettext(template), dict(params))

    def clock(self, when: datetime | None) -> str:
        """A time as the office reads it."""
        return "?" if when is None else f"{when.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M %Z}"


def values(kind: Kind, facts: Facts, speech: Speech) -> dict[str, str]:
    """What the placeholders of a template stand for, ``to`` and ``key`` left out."""
    return {
        "text": _text(kind, facts, speech)[:MOST_CHARACTERS],
        "subject": safe_text(_headline(kind, facts, speech), _SUBJECT_CHARACTERS),
        "event": kind,
        "incident": facts.code,
        "number": str(facts.number),
        "severity": facts.severity.value,
        "application": facts.application,
        "name": safe_text(facts.name, _NAME_CHARACTERS),
        "opd": facts.opd,
        "since": "" if facts.since is None else facts.since.isoformat(timespec="seconds"),
        "office": speech.office,
    }


def digest_values(told: Sequence[tuple[Kind, Facts]], speech: Speech) -> dict[str, str]:
    """The same for several that became one message."""
    worst = min((facts.severity for _kind, facts in told), key=lambda one: one.rank)
    began = sum(kind in CALLS for kind, _facts in told)
    ended = sum(kind == "ended" for kind, _facts in told)
    head = speech.say(
        N_("{office}: {count} messages at once. Trouble: {began}. Over: {ended}."),
        office=speech.office,
        count=len(told),
        began=began,
        ended=ended,
    )
    merged = len(told) - began - ended
    if merged:
        head = f"{head} " + speech.say(N_("Part of another: {merged}."), merged=merged)
    return {
        **values(told[0][0], Facts(), speech),
        "text": _listed(head, told, speech),
        "subject": safe_text(head, _SUBJECT_CHARACTERS),
        "event": "digest",
        "severity": worst.value,
        "number": "",
    }


def _headline(kind: Kind, facts: Facts, speech: Speech) -> str:
    if kind == "test":
        return speech.say(N_("{office}: a test of opsconsole"), office=speech.office)
    name = safe_text(facts.name, _NAME_CHARACTERS) or speech.say(N_("several applications"))
    if facts.opd:
        name = f"{name} ({safe_text(facts.opd, _NAME_CHARACTERS)})"
    if kind == "merged":
        return speech.say(
            N_("{part} is now part of {whole}: {name}"), part=facts.code, whole=facts.into, name=name
        )
    if kind == "ended":
        return f"{facts.code} {_ending(facts, speech)}: {name}"
    severity = speech.say(_SEVERITIES[facts.severity]).upper()
    state = speech.say(_STATES[facts.state]) if facts.state in _STATES else ""
    return f"{facts.code} {severity}: {name} {state}".rstrip()


def _ending(facts: Facts, speech: Speech) -> str:
    if facts.false_alarm:
        return speech.say(N_("FALSE ALARM"))
    return speech.say(N_("OVER") if facts.resolved else N_("UP AGAIN"))


def _text(kind: Kind, facts: Facts, speech: Speech) -> str:
    head = _headline(kind, facts, speech)
    if kind == "test":
        return f"{head}\n" + speech.say(N_("Nothing has happened: somebody tried whether messages arrive."))
    if kind == "merged":
        return head
    if kind == "ended":
        times = speech.say(
            N_("From {start} to {end}."),
            start=speech.clock(facts.since),
            end=speech.clock(facts.ended_at),
        )
        return f"{head}\n{times}"
    lines = [head]
    if kind == "reminder":
        lines.insert(0, speech.say(N_("NOBODY HAS IT YET")))
    if facts.reason:
        lines.append(
            safe_text(reason_in(speech.translations, facts.reason, facts.params), _REASON_CHARACTERS)
        )
    lines.append(speech.say(N_("Since {start}."), start=speech.clock(facts.since)))
    if facts.members > 1:
        lines.append(_affected(facts, speech))
    lines.append(
        speech.say(
            N_('Say that you have it: "a" in opsconsole, or `opsconsole incidents ack {number}`'),
            number=facts.number,
        )
    )
    return "\n".join(lines)


def _affected(facts: Facts, speech: Speech) -> str:
    named = [safe_text(name, _NAME_CHARACTERS) for name in facts.named]
    more = facts.members - 1 - len(named)
    if more > 0:
        named.append(f"+{more}")
    return speech.say(
        N_("Affected: {count}: {names}"), count=facts.members, names=safe_text(", ".join(named), 200)
    )


def _listed(head: str, told: Sequence[tuple[Kind, Facts]], speech: Speech) -> str:
    """A line for each as far as they fit, and how many are left."""
    rest = speech.say(N_("… and {count} more. All of them: `opsconsole incidents list`"), count=len(told))
    lines, room = [head], MOST_CHARACTERS - len(head) - len(rest) - 2
    for number, (kind, facts) in enumerate(told):
        line = safe_text(_headline(kind, facts, speech), _LINE_CHARACTERS)
        if len(line) + 1 > room:
            lines.append(
                speech.say(
                    N_("… and {count} more. All of them: `opsconsole incidents list`"),
                    count=len(told) - number,
                )
            )
            break
        lines.append(line)
        room -= len(line) + 1
    return "\n".join(lines)
