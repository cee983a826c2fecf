"""The verbs: their arguments, and what runs them, imported late so that help is fast."""

import argparse
import os
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _, detect_language, translate
from opsconsole.cli.common_verbs import group, send, takes_json
from opsconsole.cli.evidence_verbs import add_evidence
from opsconsole.cli.export_verbs import add_export
from opsconsole.cli.fields import FIELD_HELP, add_fields
from opsconsole.cli.handover_verbs import add_handover
from opsconsole.cli.import_verbs import OWN_VERB as IMPORT
from opsconsole.cli.import_verbs import add_import
from opsconsole.cli.incident_verbs import OWN_VERB as INCIDENTS
from opsconsole.cli.incident_verbs import add_incidents
from opsconsole.cli.integration_verbs import OWN_VERB as INTEGRATION
from opsconsole.cli.integration_verbs import add_integration
from opsconsole.cli.maintenance_verbs import OWN_VERB as MAINTENANCE
from opsconsole.cli.maintenance_verbs import add_maintenance
from opsconsole.cli.notify_verbs import OWN_VERB as NOTIFY
from opsconsole.cli.notify_verbs import add_notify
from opsconsole.cli.outlook_verbs import add_outlook
from opsconsole.cli.past_verbs import add_past
from opsconsole.cli.readiness_verbs import OWN_VERB as READINESS
from opsconsole.cli.readiness_verbs import add_readiness
from opsconsole.cli.schedule_verbs import OWN_VERB, add_schedule
from opsconsole.cli.session import Session
from opsconsole.cli.store_verbs import OWN_VERB as STORE
from opsconsole.cli.store_verbs import add_store
from opsconsole.cli.why_verbs import add_why
from opsconsole.client.commands import COMMANDS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

# Commands of the engine whose verb does more than post them.
_OWN_VERB = (
    *("recheck", "add", "stop", *OWN_VERB, *MAINTENANCE, *IMPORT, *INCIDENTS),
    *(*READINESS, *INTEGRATION, *NOTIFY, *STORE),
)
SHELLS = ("bash", "zsh", "fish")


def add_all(tree: "Tree") -> None:
    """Every verb, in the order in which the help lists them."""
    _add_offices(tree)
    _add_looks(tree)
    add_schedule(tree)
    add_maintenance(tree)
    add_incidents(tree)
    add_handover(tree)
    add_readiness(tree)
    add_integration(tree)
    add_outlook(tree)
    add_notify(tree)
    add_past(tree)
    add_why(tree)
    add_export(tree)
    add_evidence(tree)
    add_import(tree)
    _add_config(tree)
    _add_secrets(tree)
    add_store(tree)
    for shape in COMMANDS.values():
        if shape.name not in _OWN_VERB:
            parser = tree.verb(shape.verb, translate(shape.help), send)
            parser.set_defaults(command=shape.name)
            add_fields(parser, shape)
            takes_json(parser)
    text = _("check everything that opsconsole needs, and say what to do")
    takes_json(tree.verb(("doctor",), text, doctor, nagios=True))
    parser = tree.verb(("completion",), _("print what a shell needs to complete our words"), completion)
    # The scripts themselves ask for "words"; nobody else needs to know.
    parser.add_argument("shell", choices=(*SHELLS, "words"), metavar=f"{{{','.join(SHELLS)}}}")


def _add_offices(tree: "Tree") -> None:
    parser = tree.verb(("demo",), _("a made-up city on this machine, to try everything"), demo)
    parser.add_argument("--headless", action="store_true", help=_("no screen, for scripts"))
    parser.add_argument(
        "--for", dest="seconds", metavar=_("TIME"), type=_duration, help=_("end after this time, such as 30s")
    )
    parser = tree.verb(("engine",), _("the engine in the foreground; the console starts one itself"), engine)
    parser.add_argument("--replace", action="store_true", help=_("end the engine that runs, then start"))
    shape = COMMANDS["stop"]
    tree.verb(shape.verb, translate(shape.help), engine_stop)
    tree.verb(("engine", "unit"), _("print the systemd unit of a whole office's engine"), engine_unit)
    tree.verb(("ssh",), _("what sshd runs instead of a shell: the console, or what was asked for"), ssh)


def _add_looks(tree: "Tree") -> None:
    parser = tree.verb(("status",), _("print the board once"), status, nagios=True)
    takes_json(parser)
    shape = COMMANDS["add"]
    parser = tree.verb(shape.verb, translate(shape.help), add)
    add_fields(parser, shape, optional=("id", "name"))
    shape = COMMANDS["recheck"]
    text = _("look now at an application, or at what a file describes")
    parser = tree.verb(shape.verb, text, probe, nagios=True)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "application", nargs="?", metavar="APPLICATION", help=translate(FIELD_HELP["application"])
    )
    what.add_argument(
        "--spec",
        metavar=_("FILE"),
        help=_("a file with the keys of a probe, or of several under [[probes]]; - is standard input"),
    )
    add_fields(parser, shape, skip=("application", "wait"))
    takes_json(parser)


def _add_config(tree: "Tree") -> None:
    parser = tree.verb(("config",), _("the files that say what this office watches"), group)
    folder = _("the folder with settings.toml; this office's own when it is not given")
    parser = tree.verb(("config", "check"), _("read the files and print every mistake"), config_check)
    parser.add_argument("dir", nargs="?", metavar=_("DIR"), help=folder)
    tree.verb(("config", "schema"), _("print a JSON Schema of the files, for editors"), config_schema)
    parser = tree.verb(("config", "init"), _("write a small office, ready to edit"), config_init)
    parser.add_argument("dir", nargs="?", metavar=_("DIR"), help=folder)
    parser.add_argument("--example", action="store_true", help=_("write the whole example office"))


def _add_secrets(tree: "Tree") -> None:
    tree.verb(("secrets",), _("the secrets that the configuration refers to"), group)
    reference = _("keyring:SERVICE/USER, cred:NAME, file:/PATH or env:NAME")
    parser = tree.verb(
        ("secrets", "set"), _("store a secret; it is asked for, or read from a pipe"), secrets_set
    )
    parser.add_argument("ref", metavar=_("REFERENCE"), help=reference)
    # Taken so that it can be refused without being repeated: whatever is unknown to argparse is.
    parser.add_argument("value", nargs="*", help=argparse.SUPPRESS)
    parser = tree.verb(("secrets", "list"), _("every reference, and whether it resolves"), secrets_list)
    takes_json(parser)
    parser = tree.verb(("secrets", "test"), _("resolve a reference, or all of the office"), secrets_test)
    parser.add_argument("ref", nargs="?", metavar=_("REFERENCE"), help=reference)
    takes_json(parser)


def _duration(text: str) -> float:
    from probes.spec import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def console(args: Namespace, session: Session) -> int:
    """The console; without a terminal that can draw it, the board once."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        return status(Namespace(json=False), session)
    from opsconsole.cli.office import start_console

    return start_console(session)


def demo(args: Namespace, session: Session) -> int:
    """The demo city. It asks the locale for the language first: no office has chosen one."""
    from opsconsole.cli.language import speak
    from opsconsole.demo.run import run_demo

    speak(session.lang or detect_language())
    return run_demo(headless=args.headless, seconds=args.seconds, lang=session.lang, home=session.home)


def engine(args: Namespace, session: Session) -> int:
    """The engine in the foreground."""
    from opsconsole.cli.office import start_engine

    return start_engine(session, replace=args.replace)


def engine_stop(args: Namespace, session: Session) -> int:
    """End the engine and wait until it has ended."""
    from opsconsole.client.start import stop_engine

    stop_engine(session.found().place)
    print(_("The engine has ended."))
    return 0


def engine_unit(args: Namespace, session: Session) -> int:
    """The shipped systemd unit."""
    from opsconsole.cli.office import print_unit

    return print_unit()


def ssh(args: Namespace, session: Session) -> int:
    """The console, or what the line of SSH asks for."""
    from opsconsole.cli.forced import run

    return run(args, session)


def status(args: Namespace, session: Session) -> int:
    """The board once."""
    from opsconsole.cli.status import run

    return run(session, as_json=args.json)


def add(args: Namespace, session: Session) -> int:
    """Watch another address."""
    from opsconsole.cli.add import run

    return run(args, session)


def probe(args: Namespace, session: Session) -> int:
    """Look now."""
    from opsconsole.cli.probe import run

    return run(args, session)


def config_check(args: Namespace, session: Session) -> int:
    """Every mistake in the files, or what they hold."""
    from opsconsole.cli.config import check

    return check(args, session)


def config_schema(args: Namespace, session: Session) -> int:
    """The schema of the files."""
    from opsconsole.cli.config import schema

    return schema()


def config_init(args: Namespace, session: Session) -> int:
    """A new office."""
    from opsconsole.cli.config import init

    return init(args, session)


def doctor(args: Namespace, session: Session) -> int:
    """Everything that a newcomer trips over."""
    from opsconsole.cli.doctor.run import run

    return run(session.home, as_json=args.json)


def completion(args: Namespace, session: Session) -> int:
    """Words for a shell."""
    from opsconsole.cli.completion import run

    return run(args.shell)


def secrets_set(args: Namespace, session: Session) -> int:
    """Store a secret."""
    from opsconsole.cli.secrets import set_secret

    return set_secret(args, session)


def secrets_list(args: Namespace, session: Session) -> int:
    """Every reference of the office."""
    from opsconsole.cli.secrets import list_secrets

    return list_secrets(args, session)


def secrets_test(args: Namespace, session: Session) -> int:
    """Whether references resolve."""
    from opsconsole.cli.secrets import try_secrets

    return try_secrets(args, session)
