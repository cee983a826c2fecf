"""``integration road``, ``stages``, ``paper`` and ``switch-off``: how far the road is gone."""

from argparse import Namespace
from datetime import UTC, date, datetime

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.integration import ApplicationStage, AskRoad, AskStages, AskSwitchOff, SwitchOff
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.road import road_lines
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_STAGES = (N_("STAGE"), N_("APPLICATION"), N_("OPD"), N_("SINCE"), N_("FALLS"), N_("LACKS"))
_PROOFS = (N_("STAGE"), N_("PROOF"), N_("STATE"), N_("SINCE"), N_("FALLS"), N_("DOCUMENT"))
_PAPER = (N_("OPD"), N_("SINCE"), N_("APPLICATION"), N_("SERVICE"))
_OFF = (N_("VERDICT"), N_("APPLICATION"), N_("OPD"), N_("TIER"), N_("UP"), N_("LOG-INS"), N_("WHY"))


def run_road(args: Namespace, session: Session) -> int:
    """Print the road as of a day."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskRoad(at=args.at))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    for line in road_lines(page, view):
        print(line)
    return exits.OK


def run_stages(args: Namespace, session: Session) -> int:
    """Print how far applications are; of one also each proof."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskStages(application=args.application, opd=args.opd))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    if page.evaluated_at is None:
        print(_("The stages have not been looked over yet: they are as before this console."))
    show(paper(), columns(_titles(_STAGES), [_stage(one, view) for one in page.applications]))
    if args.application:
        print()
        for one in page.applications:
            show(paper(), columns(_titles(_PROOFS), _proofs(one, view)))
            for stage, reason in one.exempt:
                told = _("T{stage} need not be reached: {reason}")
                print(told.format(stage=stage, reason=printable(words.said(words.EXEMPT, reason))))
    return exits.OK


def run_paper(args: Namespace, session: Session) -> int:
    """Print the services that no application carries yet."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskRoad())
    if args.json:
        print(msgspec.json.encode(page.paper).decode())
        return exits.OK
    if not page.paper:
        print(_("Every service that is listed is carried by an application."))
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    rows = [
        (printable(one.opd_short), _day(one.since, view), one.application or "-", printable(one.name))
        for one in page.paper
    ]
    show(paper(), columns(_titles(_PAPER), rows))
    return exits.OK


def run_switch_off(args: Namespace, session: Session) -> int:
    """Print what may be switched off."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskSwitchOff())
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    first, _middle, end = page.quarters
    print(_("Two quarters, {first} up to {end}").format(first=_day(first, view), end=_day(end, view)))
    shown = [one for one in page.applications if args.all or one.verdict != "keep"]
    show(paper(), columns(_titles(_OFF), [_off(one) for one in shown]))
    return exits.OK


def _titles(titles: tuple[str, ...]) -> list[str]:
    return [translate(one) for one in titles]


def _stage(one: ApplicationStage, view: View) -> tuple[str, ...]:
    exempt = {stage for stage, _reason in one.exempt}
    wanted = next((n for n in range(one.cleared + 1, len(words.STAGES)) if n not in exempt), 0)
    lacks = [p for p in one.proofs if p.stage == wanted and not p.holds]
    return (
        f"T{one.stage}",
        one.application,
        printable(one.opd_short or one.opd),
        _day(one.since, view),
        _day(one.falls_on, view),
        ", ".join(words.said(words.PROOFS, proof.id) for proof in lacks) or "-",
    )


def _proofs(one: ApplicationStage, view: View) -> list[tuple[str, ...]]:
    return [
        (
            words.stage_text(proof.stage),
            words.said(words.PROOFS, proof.id),
            _("given") if proof.proven and proof.holds else _("stopped") if proof.holds else _("missing"),
            _day(proof.since, view),
            _day(proof.falls_on, view),
            printable(proof.document) or "-",
        )
        for proof in one.proofs
    ]


def _off(one: SwitchOff) -> tuple[str, ...]:
    ups = "-" if None in one.up_percent else " ".join(f"{up:.0f}%" for up in one.up_percent if up is not None)
    return (
        words.said(words.VERDICTS, one.verdict),
        one.application,
        one.opd,
        str(one.tier),
        ups,
        " ".join("-" if figure is None else str(figure.count) for figure in one.usage),
        ", ".join(words.said(words.REASONS, reason) for reason in one.reasons),
    )


def _day(day: date | None, view: View) -> str:
    return "-" if day is None else view.times.calendar_day(day, view.now)
