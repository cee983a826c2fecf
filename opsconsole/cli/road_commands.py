"""The actions on stages, problems and instructions, and the reorganisation that a file describes."""

import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _
from opsconsole.cli import exits
from opsconsole.cli.fields import to_struct
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS
from opsconsole.client.integration_commands import Reorganise, Reorganised
from opsconsole.client.shapes import CommandResult
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import printable

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
# A plan is a file for people to edit.
_PLAN_LIMIT = 256 * 1024


def run_command(args: Namespace, session: Session) -> int:
    """Post one command; words that belong together are put together."""
    shape = COMMANDS[args.command]
    if shape.rest:
        setattr(args, shape.rest, " ".join(getattr(args, shape.rest)))
    with session.client() as client:
        session.greet(client)
        result = client.command(to_struct(shape, args))
    if args.json:
        print(msgspec.json.encode(result).decode())
        return exits.OK
    print(_told(args.command, result))
    return exits.OK


def run_reorganise(args: Namespace, session: Session) -> int:
    """Show what a plan changes, or carry it out."""
    command = Reorganise(plan=_plan(args.file), apply=args.apply)
    with session.client() as client:
        session.greet(client)
        result = client.command(command)
    if args.json:
        print(msgspec.json.encode(result).decode())
        return exits.OK
    for line in _reorganised(msgspec.json.decode(result.result, type=Reorganised)):
        print(line)
    return exits.OK


def _plan(file: str) -> str:
    try:
        content = sys.stdin.buffer.read(_PLAN_LIMIT) if file == "-" else Path(file).read_bytes()[:_PLAN_LIMIT]
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(N_("{file} can not be read: {error}."), file=file, error=str(error)) from error


def _reorganised(done: Reorganised) -> Iterable[str]:
    for code in done.ended:
        yield f"- {code}"
    for code in done.started:
        yield f"+ {code}"
    for name, was, to in (*done.moved, *done.people):
        yield f"~ {name}: {was} -> {to}"
    for application, proof in done.voided:
        told = _("{application}: to be proven again: {proof}")
        yield told.format(application=application, proof=words.said(words.PROOFS, proof))
    for opd, measure in done.lost:
        told = _("{opd}: no longer {measure}")
        yield told.format(opd=opd, measure=words.said(words.MEASURES, measure))
    yield ""
    for one in done.differences:
        yield f"{_SIGNS[one.change]} {one.subject}"
        for key, was, now in zip(one.keys, one.was, one.now, strict=True):
            yield f"    {key}: {printable(was) or '-'} -> {printable(now) or '-'}"
    yield ""
    if done.applied:
        yield _("Done.")
    else:
        yield _("Nothing was changed; --apply carries it out.")


def _told(name: str, result: CommandResult) -> str:
    found = msgspec.json.decode(result.result)
    if name == "problem-add":
        return _("Problem no. {number}").format(number=found)
    if name == "instruct":
        return _("Instruction no. {number}").format(number=found)
    if name == "evaluate" and found is not None:
        told = _("Stages reached {reached}, fallen {fell}; OPD gained {gained}, lost {lost}")
        return told.format(**found)
    return _("Done.")
