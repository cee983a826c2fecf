"""The readiness of one OPD as text: who answers for what, each need with its rule, means, newest rows."""

from collections.abc import Iterable

from opsconsole.base.text import _
from opsconsole.client.readiness import Evidence, HeldDuty, OpdReadinessPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.view import View


def opd_text(page: OpdReadinessPage, view: View) -> str:
    """All of it, as lines."""
    return "\n".join(_lines(page, view))


def _lines(page: OpdReadinessPage, view: View) -> Iterable[str]:
    one = page.readiness
    yield printable(one.name)
    yield _("claimed {claimed}, proven {proven}, median {median}, falls {falls}").format(
        claimed="-" if one.claimed is None else one.claimed,
        proven=f"{one.proven} {words.level_word(page.levels, one.proven)}",
        median=f"{one.median:g}",
        falls=words.fall_text(one.falls_on, one.falls_to, view),
    )
    for application in page.applications:
        yield ""
        name = printable(application.id or one.short)
        yield _("{name}, tier {tier}: level {level}").format(
            name=name, tier=application.tier, level=application.level
        )
        for held in application.duties:
            yield from _held(held, page, view)
    if page.means:
        yield ""
    for means in page.means:
        how = printable(means.proven_by) or ("-" if means.since is None else words.day(means.since, view))
        yield f"{'ok' if means.proven else '--'}  {printable(means.name)}: {how}"
    if page.rows:
        yield ""
    for row in page.rows:
        yield row_text(row, view)


def _held(held: HeldDuty, page: OpdReadinessPage, view: View) -> Iterable[str]:
    valid = {rule.code: rule.valid_by_tier.get(str(held.tier), rule.valid) for rule in page.evidence}
    name = printable(held.name) or _("nobody")
    yield f"  {words.of(words.DUTIES, held.duty)}: {name}"
    for stand in held.stands:
        mark = {"ok": "ok", "soon": "ok", "lacking": "--"}.get(stand.cell, ". ")
        rule = valid.get(stand.what.partition("-")[0], "")
        shown_by = f" #{stand.row}" if stand.row else ""
        told = (
            f"{words.rule_word(page.evidence, stand.what)} ({rule})"
            if rule
            else (words.rule_word(page.evidence, stand.what))
        )
        yield f"    {mark} {stand.level}  {told}: {words.stand_text(stand, view)}{shown_by}"


def row_text(row: Evidence, view: View) -> str:
    """One recording: when, of what and whom, how it came to be known, and what took it away."""
    parts = [
        f"#{row.number}",
        view.at(row.at),
        f"{row.kind} {printable(row.variant)}".strip(),
        printable(row.person or row.opd),
        words.of(words.RESULTS, row.result) if row.result else "",
        words.of(words.SOURCES, row.source),
        printable(row.by),
        words.of(words.CHANGES, row.why_void) if row.voided else "",
    ]
    return "  ".join(filter(None, parts))
