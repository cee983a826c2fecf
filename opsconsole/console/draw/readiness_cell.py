"""One cell of the readiness matrix: what is asked, by which rule and reference, who has it, its rows."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from opsconsole.base.text import N_, _, ngettext, translate
from opsconsole.client.readiness import (
    HeldDuty,
    OpdReadiness,
    OpdReadinessPage,
    ReadinessPage,
    RuleWords,
    SourceWords,
    Stand,
)
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import printable, wrap
from opsconsole.console.draw.readiness_page import row_text
from opsconsole.console.draw.view import View

_STATES: Mapping[str, str] = {
    "ok": N_("everybody has it"),
    "part": N_("some of them have it"),
    "lacking": N_("nobody has it"),
    "": N_("nobody is asked for it"),
}
_VALID: Mapping[str, str] = {
    "decree": N_("to the day in it, else to the end of its year"),
    "roster": N_("to the end of its period"),
    "backup": N_("as long as the other person's own"),
    "always": N_("for good"),
}
# What is asked for and needs no evidence.
_ABOUT: Mapping[str, str] = {
    "named": N_("the files name somebody for this duty"),
    "contact": N_("the files have a number or an address of theirs"),
    "held": N_("the level below was held for whole quarters"),
    "actions": N_("nothing is left to do after an incident"),
}
_SPAN = re.compile(r"(\d+)(d|mo)")
# A backup is somebody with these two of their own.
_KINDS_OF = {"CD": ("KT", "BT")}
_MOST_LINES = 6
_INDENT = 3


def kinds_of(need: str) -> tuple[str, ...]:
    """The kinds of rows that a need goes by; all for none."""
    return _KINDS_OF.get(need, (_code(need),)) if need else ()


def rule_lines(need: str, one: OpdReadiness, page: ReadinessPage, view: View) -> list[str]:
    """A cell of the list in a few lines: how it stands, and by which rule."""
    rule = _rule(need, page.evidence)
    lines = [f"{_name(need, page.evidence)}: {translate(_STATES[one.cells.get(need, '')])}"]
    lines += [_holds(need, rule)]
    lines += [_("goes by {source}").format(source=printable(rule.source))] if rule and rule.source else []
    return [*lines, _("enter: its reference, who has it, its rows")]


def cell_text(page: OpdReadinessPage, need: str, view: View) -> str:
    """All of it: the rule with its reference, everybody who is asked, and what was recorded of them."""
    stands = list(_stands(page, need))
    parts = [
        list(_head(page, need, [stand for _held, stand in stands])),
        [_("nobody is asked for it")] if not stands else [_stand(*both, view) for both in stands],
        _rows(page, need, {stand.row for _held, stand in stands}, view),
    ]
    width = max(view.width - 2, 2 * _INDENT)
    return "\n".join(
        "\n".join(line for text in part for line in _hanging(text, width))
        + ("" if number == len(parts) - 1 else "\n")
        for number, part in enumerate(parts)
    )


def _head(page: OpdReadinessPage, need: str, stands: Sequence[Stand]) -> Iterator[str]:
    rule = _rule(need, page.evidence)
    yield f"{printable(page.readiness.name)}: {_name(need, page.evidence)}"
    yield _holds(need, rule)
    level = next((one.level for one in stands), None)
    sources = [rule.source] if rule is not None else []
    if level is not None:
        asked = _("asked for by level {level} {name}")
        yield asked.format(level=level, name=words.level_word(page.levels, level))
        sources += [one.source for one in page.levels if one.level == level]
    if rule is not None and rule.voided_by:
        gone = ", ".join(words.of(words.CHANGES, change) for change in rule.voided_by)
        yield _("taken away by: {changes}").format(changes=gone)
    known = {one.id: one for one in page.sources}
    for source in dict.fromkeys(filter(None, sources)):
        yield _reference(source, known.get(source))


def _reference(source: str, known: SourceWords | None) -> str:
    if known is None:
        return _("goes by {source}").format(source=printable(source))
    named = " ".join(filter(None, (printable(known.number), printable(known.title))))
    text = _("goes by {source}").format(source=f"{printable(source)}: {named}")
    kept = _("kept at {place}").format(place=printable(known.kept)) if known.kept else ""
    confirm = _("as others quote it: hold it against the text") if known.confirm else ""
    return "; ".join(filter(None, (text, kept, confirm)))


def _holds(need: str, rule: RuleWords | None) -> str:
    """How long evidence of it holds; what is asked where none is."""
    if rule is None:
        return translate(_ABOUT[need]) if need in _ABOUT else ""
    by_tier = [
        _("tier {tier} {valid}").format(tier=tier, valid=_valid(valid))
        for tier, valid in sorted(rule.valid_by_tier.items())
    ]
    return _("holds {valid}").format(valid="; ".join((_valid(rule.valid), *by_tier)))


def _valid(written: str) -> str:
    """``90d`` and ``decree`` in words."""
    match = _SPAN.fullmatch(written)
    if match is None:
        return translate(_VALID[written]) if written in _VALID else printable(written)
    number = int(match[1])
    if match[2] == "d":
        return ngettext("{n} day", "{n} days", number).format(n=number)
    return ngettext("{n} month", "{n} months", number).format(n=number)


def _stands(page: OpdReadinessPage, need: str) -> Iterator[tuple[HeldDuty, Stand]]:
    """How it stands for everybody in a duty; where nobody holds one, that this is so."""
    for application in page.applications:
        for held in application.duties:
            for stand in held.stands:
                if stand.what == need or not held.person:
                    yield held, stand


def _stand(held: HeldDuty, stand: Stand, view: View) -> str:
    mark = {"ok": "ok", "soon": "ok", "lacking": "--"}.get(stand.cell, ".")
    duty = words.of(words.DUTIES, held.duty)
    where = printable(held.application)
    post = _("{duty} of {application}, tier {tier}").format(duty=duty, application=where, tier=held.tier)
    who = f"{mark:<3}{printable(held.name) or _('nobody')}, {post if where else duty}"
    row = f"  #{stand.row}" if stand.row else ""
    return f"{who}: {words.stand_text(stand, view)}{row}" if held.person else who


def _rows(page: OpdReadinessPage, need: str, shown: set[int], view: View) -> list[str]:
    """The recordings of this kind, the newest first; of a backup those alone that show one."""
    rows = [
        row for row in page.rows if row.number in shown or (need not in _KINDS_OF and row.kind == _code(need))
    ]
    return [row_text(row, view) for row in rows] or [_("nothing of it is recorded")]


def _rule(need: str, rules: Iterable[RuleWords]) -> RuleWords | None:
    return next((one for one in rules if one.code == _code(need)), None)


def _name(need: str, rules: Sequence[RuleWords]) -> str:
    """``SK Appointment decree``; by its word alone what has no code, or has it in its word."""
    word = words.rule_word(rules, need)
    return f"{need} {word}" if need.isupper() and not word.startswith(need) else word


def _code(need: str) -> str:
    """The kind of evidence: drills are of one kind, whatever their hours."""
    return need.partition("-")[0]


def _hanging(text: str, width: int) -> list[str]:
    first, *rest = wrap(text, width - _INDENT, _MOST_LINES)
    return [first, *(" " * _INDENT + line for line in rest)]
