"""``readiness list``, ``show`` and ``person``: levels, and what they are made of."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.readiness import (
    AskOpdReadiness,
    AskPerson,
    AskReadiness,
    Evidence,
    HeldDuty,
    MeansReadiness,
    OpdReadiness,
    OpdReadinessPage,
    PersonPage,
    RuleWords,
    RunningDrill,
)
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_TITLES = (N_("OPD"), N_("CLAIMED"), N_("PROVEN"), N_("MEDIAN"), N_("FALLS"), N_("WHY"))
_STANDS = (N_("LEVEL"), N_("EVIDENCE"), N_("HOW"), N_("NO"))
_ROWS = (N_("NO"), N_("WHEN"), N_("WHAT"), N_("WHO"), N_("RESULT"), N_("SOURCE"), N_("BY"), N_("VOID"))
_MEANS = (N_("MEANS"), N_("KIND"), N_("PROVEN"), N_("HOW"))


def run_list(args: Namespace, session: Session) -> int:
    """A line for each OPD in being."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskReadiness(opd=args.opd))
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    if args.json:
        print(msgspec.json.encode([_entry(one, view) for one in page.opds]).decode())
        return exits.OK
    rows = [
        (
            printable(one.short),
            "-" if one.claimed is None else str(one.claimed),
            f"{one.proven} {words.level_word(page.levels, one.proven)}",
            f"{one.median:g}",
            words.fall_text(one.falls_on, one.falls_to, view),
            words.reasons_text(one),
        )
        for one in page.opds
    ]
    show(paper(), columns([translate(one) for one in _TITLES], rows))
    for drill in page.drills:
        print(_drill_text(drill, view))
    return exits.OK


def _entry(one: OpdReadiness, view: View) -> dict[str, Any]:
    """One OPD for machines: its keys are what others rely on."""
    return {
        "opd": one.opd,
        "claimed": one.claimed,
        "proven": one.proven,
        "median": one.median,
        "falls_on": None if one.falls_on is None else words.day(one.falls_on, view),
        "reasons": one.reasons,
    }


def run_show(args: Namespace, session: Session) -> int:
    """One OPD: its applications, who answers for them, its means, what was recorded."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskOpdReadiness(code=args.opd))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    for line in _opd_lines(page, view):
        print(line)
    return exits.OK


def _opd_lines(page: OpdReadinessPage, view: View) -> Iterable[str]:
    one = page.readiness
    yield printable(one.name)
    yield _("claimed {claimed}, proven {proven} {word}, median {median}, falls {falls}").format(
        claimed="-" if one.claimed is None else one.claimed,
        proven=one.proven,
        word=words.level_word(page.levels, one.proven),
        median=f"{one.median:g}",
        falls=words.fall_text(one.falls_on, one.falls_to, view),
    )
    yield words.reasons_text(one) or "-"
    for application in page.applications:
        yield ""
        name = printable(application.id or one.short)
        yield _("{name}, tier {tier}: level {level} {word}").format(
            name=name,
            tier=application.tier,
            level=application.level,
            word=words.level_word(page.levels, application.level),
        ) + ("" if application.counts else " " + _("(does not count)"))
        for held in application.duties:
            yield "  " + _held_text(held, view)
    if page.means:
        yield ""
        yield from _table(_MEANS, [_means_row(means, page.evidence, view) for means in page.means])
    for drill in page.drills:
        yield _drill_text(drill, view)
    if page.rows:
        yield ""
        yield from _table(_ROWS, [_row(row, page.evidence, view) for row in page.rows])


def run_person(args: Namespace, session: Session) -> int:
    """One person: each duty with each need, and all that was recorded."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskPerson(person=args.person))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    for line in _person_lines(page, view):
        print(line)
    return exits.OK


def _person_lines(page: PersonPage, view: View) -> Iterable[str]:
    duties = ", ".join(words.of(words.DUTIES, one) for one in page.duties)
    numbers = ", ".join(printable(one) for one in (page.phone, page.whatsapp, page.email) if one)
    yield f"{printable(page.name)}, {printable(page.opd_short)}: {duties}"
    yield numbers or "-"
    yield _("stands in: {backups}").format(backups=", ".join(map(printable, page.backups)) or "-")
    if page.drill is not None:
        yield _drill_text(page.drill, view)
    for held in page.held:
        yield ""
        yield _held_text(held, view)
        rows = [
            (
                str(one.level),
                words.rule_word(page.evidence, one.what),
                words.stand_text(one, view),
                str(one.row or "-"),
            )
            for one in held.stands
        ]
        yield from _table(_STANDS, rows)
    if page.rows:
        yield ""
        yield from _table(_ROWS, [_row(row, page.evidence, view) for row in page.rows])


def _held_text(held: HeldDuty, view: View) -> str:
    duty = words.of(words.DUTIES, held.duty)
    who = printable(held.name) or _("nobody")
    where = f" ({printable(held.application)})" if held.application else ""
    return _("{duty}{where}: {who}, level {level}, falls {falls}").format(
        duty=duty,
        where=where,
        who=who,
        level=held.level,
        falls=words.fall_text(held.falls_on, held.falls_to, view),
    )


def _drill_text(drill: RunningDrill, view: View) -> str:
    return _("drill of {name} runs since {since}, an answer counts until {until}").format(
        name=printable(drill.name), since=view.at(drill.asked_at), until=view.at(drill.due_at)
    )


def _means_row(one: MeansReadiness, rules: tuple[RuleWords, ...], view: View) -> tuple[str, ...]:
    seen = "-" if one.since is None else words.day(one.since, view)
    return (
        printable(one.name),
        words.rule_word(rules, one.kind),
        _("yes") if one.proven else _("no"),
        printable(one.proven_by) or seen,
    )


def _row(one: Evidence, rules: tuple[RuleWords, ...], view: View) -> tuple[str, ...]:
    what = words.CHANGES.get(one.variant) if one.kind == "CH" else None
    return (
        str(one.number),
        view.at(one.at),
        translate(what) if what else f"{one.kind} {printable(one.variant)}".strip(),
        printable(one.person or one.opd),
        words.of(words.RESULTS, one.result) if one.result else "",
        words.of(words.SOURCES, one.source),
        printable(one.by),
        words.of(words.CHANGES, one.why_void) if one.voided else "",
    )


def _table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    """A table as lines, as wide as its cells."""
    console = paper()
    with console.capture() as caught:
        show(console, columns([translate(one) for one in titles], rows))
    yield from caught.get().splitlines()
