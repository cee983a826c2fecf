"""The verbs of the road: how far it is gone, stages, problems, instructions, a reorganisation."""

import argparse
from datetime import date
from typing import TYPE_CHECKING, get_args

from opsconsole.base.text import N_, _, translate
from opsconsole.cli.common_verbs import group, takes_json
from opsconsole.cli.session import Session
from opsconsole.client import problem_register as register
from opsconsole.client.commands import COMMANDS
from opsconsole.client.integration_commands import ManualProof

if TYPE_CHECKING:
    from opsconsole.cli.parser import Parser, Tree

_PROVING = ("prove", "void", "evaluate", "reorganise")
_PROBLEMS = ("problem-add", "problem-status", "problem-note", "problem-set", "problem-link")
_INSTRUCTIONS = ("instruct", "instruction-ack", "instruction-answer", "instruction-withdraw")
_USAGE = ("usage", "usage-void", "usage-import", "usage-check")
OWN_VERB = (*_PROVING, *_USAGE, *_PROBLEMS, *_INSTRUCTIONS)
_APPLICATION = N_("the application's id, as status shows it")
_OPD = N_("of this OPD alone")
_PROBLEM = N_("the number of the problem, as its list shows it")
_INSTRUCTION = N_("the number of the instruction, as its list shows it")
_REST = N_("the rest of the line, without quotes")


def add_integration(tree: "Tree") -> None:
    """``integration …``, ``problem …`` and ``instructions …``."""
    tree.verb(("integration",), _("the road to one command: OPD, stages, pace, problems"), group)
    parser = tree.verb(("integration", "road"), _("milestones, pace and forecast, as of a day"), road)
    parser.add_argument(
        "--at",
        metavar=_("DATE"),
        type=_day,
        default=None,
        help=_("the day, as 2019-09-24; today when not given"),
    )
    takes_json(parser)
    parser = tree.verb(("integration", "stages"), _("how far each application is"), stages)
    parser.add_argument(
        "application", nargs="?", metavar="APPLICATION", default="", help=translate(_APPLICATION)
    )
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=translate(_OPD))
    takes_json(parser)
    parser = tree.verb(("integration", "problems"), _("the problem register"), problems)
    parser.add_argument("problem", nargs="?", metavar="N", type=int, default=0, help=translate(_PROBLEM))
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=translate(_OPD))
    parser.add_argument("--all", action="store_true", help=_("also what is over"))
    takes_json(parser)
    parser = tree.verb(("integration", "paper"), _("services that no application carries yet"), paper)
    takes_json(parser)
    parser = tree.verb(
        ("integration", "switch-off"), _("what may be switched off, by two quarters of evidence"), switch_off
    )
    parser.add_argument("--all", action="store_true", help=_("also what is kept"))
    takes_json(parser)
    _add_usage(tree)
    _add_proving(tree)
    _add_problems(tree)
    _add_instructions(tree)


def _add_usage(tree: "Tree") -> None:
    for name in _USAGE[:2]:
        parser = _action(tree, name)
        parser.add_argument("application", metavar="APPLICATION", help=translate(_APPLICATION))
        parser.add_argument("quarter", metavar="QUARTER", help=_("the quarter, as 2026-Q3"))
        if name == "usage-void":
            parser.add_argument("reason", metavar="REASON", nargs="+", help=translate(_REST))
        else:
            parser.add_argument("count", metavar="N", type=int, help=_("how many log-ins it had"))
            _of_source(parser)
    shape = COMMANDS["usage-import"]
    parser = tree.verb(shape.verb, translate(shape.help), import_usage)
    parser.add_argument(
        "file", metavar=_("FILE"), help=_("CSV or XLSX with the titles application, quarter, count")
    )
    _of_source(parser)
    parser.add_argument(
        "--quarter", metavar="QUARTER", default="", help=_("of all lines, where no column says it")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("say what it comes to, record nothing"))
    takes_json(parser)


def _of_source(parser: "Parser") -> None:
    parser.add_argument(
        "--source", metavar=_("SOURCE"), nargs="+", required=True, help=_("who counted it, or the letter")
    )


def _add_proving(tree: "Tree") -> None:
    parser = _action(tree, "prove")
    _on_application(parser)
    parser.add_argument("document", metavar="DOCUMENT", nargs="+", help=_("its number, or where it is kept"))
    parser.add_argument(
        "--valid-to", dest="valid_to", metavar=_("DATE"), default="", help=_("its last day, as 2027-06-30")
    )
    parser = _action(tree, "void")
    _on_application(parser)
    parser.add_argument("reason", metavar="REASON", nargs="+", help=translate(_REST))
    _action(tree, "evaluate")
    shape = COMMANDS["reorganise"]
    parser = tree.verb(shape.verb, translate(shape.help), reorganise)
    parser.add_argument(
        "file", metavar=_("FILE"), help=_("the plan, as docs/config.md describes it; - is standard input")
    )
    parser.add_argument(
        "--apply", action="store_true", help=_("carry it out; without it only the differences are shown")
    )
    takes_json(parser)


def _add_problems(tree: "Tree") -> None:
    tree.verb(("problem",), _("write problems down and follow them up"), group)
    parser = _action(tree, "problem-add")
    parser.add_argument(
        "category", metavar="CATEGORY", choices=get_args(register.Category), help=_("what kind of problem")
    )
    parser.add_argument("text", metavar="TEXT", nargs="+", help=translate(_REST))
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("whose problem it is"))
    parser.add_argument("--application", metavar="ID", default="", help=_("which application it is about"))
    parser.add_argument("--source", metavar=_("SOURCE"), default="", help=_("who says so, or the letter"))
    parser = _about_problem(tree, "problem-status")
    parser.add_argument(
        "status", metavar="STATUS", choices=get_args(register.Standing), help=_("where it stands now")
    )
    parser.add_argument("reason", metavar="REASON", nargs="*", help=translate(_REST))
    parser = _about_problem(tree, "problem-note")
    parser.add_argument("text", metavar="TEXT", nargs="+", help=translate(_REST))
    parser = _about_problem(tree, "problem-set")
    parser.add_argument("part", metavar="PART", choices=get_args(register.Part), help=_("which part of it"))
    parser.add_argument("text", metavar="TEXT", nargs="*", help=translate(_REST))
    parser = _about_problem(tree, "problem-link")
    parser.add_argument(
        "kind", metavar="KIND", choices=get_args(register.LinkKind), help=_("to what it is tied")
    )
    parser.add_argument("target", metavar="TARGET", help=_("its number or code; a stage as APPLICATION:T5"))


def _add_instructions(tree: "Tree") -> None:
    tree.verb(("instructions",), _("what OPD and people were told to do, and their answers"), group)
    parser = tree.verb(("instructions", "list"), _("instructions: late ones first"), instructions)
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=translate(_OPD))
    parser.add_argument("--person", metavar="ID", default="", help=_("only those to this person"))
    parser.add_argument("--all", action="store_true", help=_("also what is over"))
    takes_json(parser)
    parser = _action(tree, "instruct")
    parser.add_argument("to", metavar="TO", help=_("the code of an OPD, or the id of a person"))
    parser.add_argument("due", metavar="DUE", help=_("its last day, as 2026-12-01, or in how long: 14d"))
    parser.add_argument("text", metavar="TEXT", nargs="+", help=translate(_REST))
    parser.add_argument("--source", metavar=_("SOURCE"), default="", help=_("the letter or rule behind it"))
    parser = _about_instruction(tree, "instruction-ack")
    _by(parser)
    parser = _about_instruction(tree, "instruction-answer")
    parser.add_argument("document", metavar="PROOF", help=_("where the proof is"))
    parser.add_argument("answer", metavar="ANSWER", nargs="+", help=translate(_REST))
    _by(parser)
    parser = _about_instruction(tree, "instruction-withdraw")
    parser.add_argument("reason", metavar="REASON", nargs="+", help=translate(_REST))


def _action(tree: "Tree", name: str) -> "Parser":
    shape = COMMANDS[name]
    parser = tree.verb(shape.verb, translate(shape.help), act)
    parser.set_defaults(command=name)
    takes_json(parser)
    return parser


def _about_problem(tree: "Tree", name: str) -> "Parser":
    parser = _action(tree, name)
    parser.add_argument("problem", metavar="N", type=int, help=translate(_PROBLEM))
    return parser


def _about_instruction(tree: "Tree", name: str) -> "Parser":
    parser = _action(tree, name)
    parser.add_argument("instruction", metavar="N", type=int, help=translate(_INSTRUCTION))
    return parser


def _on_application(parser: "Parser") -> None:
    parser.add_argument("application", metavar="APPLICATION", help=translate(_APPLICATION))
    parser.add_argument("proof", metavar="PROOF", choices=get_args(ManualProof), help=_("what it proves"))


def _by(parser: "Parser") -> None:
    parser.add_argument("--by", metavar=_("NAME"), default="", help=_("who said so, where that is not you"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("want a day such as 2019-09-24")) from None


def road(args: argparse.Namespace, session: Session) -> int:
    """The road as of a day."""
    from opsconsole.cli.integration import run_road

    return run_road(args, session)


def stages(args: argparse.Namespace, session: Session) -> int:
    """How far applications are."""
    from opsconsole.cli.integration import run_stages

    return run_stages(args, session)


def paper(args: argparse.Namespace, session: Session) -> int:
    """Services on paper."""
    from opsconsole.cli.integration import run_paper

    return run_paper(args, session)


def switch_off(args: argparse.Namespace, session: Session) -> int:
    """What may be switched off."""
    from opsconsole.cli.integration import run_switch_off

    return run_switch_off(args, session)


def problems(args: argparse.Namespace, session: Session) -> int:
    """The problem register."""
    from opsconsole.cli.problem_register import run_problems

    return run_problems(args, session)


def instructions(args: argparse.Namespace, session: Session) -> int:
    """The instructions."""
    from opsconsole.cli.problem_register import run_instructions

    return run_instructions(args, session)


def reorganise(args: argparse.Namespace, session: Session) -> int:
    """A plan shown or carried out."""
    from opsconsole.cli.road_commands import run_reorganise

    return run_reorganise(args, session)


def import_usage(args: argparse.Namespace, session: Session) -> int:
    """Figures of use from a file."""
    from opsconsole.cli.usage import run_import

    return run_import(args, session)


def act(args: argparse.Namespace, session: Session) -> int:
    """One command."""
    from opsconsole.cli.road_commands import run_command

    return run_command(args, session)
