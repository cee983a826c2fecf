"""``secrets``: store one, list what the office refers to, try whether it resolves. Never a value."""

import asyncio
import getpass
import os
import sys
import warnings
from argparse import Namespace
from collections.abc import Iterator
from enum import Enum

import msgspec

from opsconsole.base.errors import Invalid, Problem, Unreachable
from opsconsole.base.secrets.files import account
from opsconsole.base.secrets.reading import WRITABLE, checked, scheme_of, write
from opsconsole.base.secrets.store import SecretStore
from opsconsole.base.text import N_, _, reason_text, remedy_text, safe_text
from opsconsole.cli import exits
from opsconsole.cli.session import Session
from opsconsole.client.secrets import AskSecrets, SecretsReport, SecretState
from opsconsole.inventory.secrets import check_sound, report_secrets, secret_uses
from probes.secret_faults import FAULTS
from probes.secrets import SecretFault


class Resolver(Enum):
    """Who resolved the references, in words."""

    ENGINE = N_("Resolved by the engine, as {account}.")
    COMMAND = N_("No engine answers: resolved by this command as {account}; the engine's own account counts.")
    NO_OFFICE = N_("There is no office yet: resolved by this command, as {account}.")


def set_secret(args: Namespace, session: Session) -> int:
    """Store what is typed, or what comes on standard input. Raises Invalid for kinds we can not store."""
    if args.value:
        raise Invalid(
            N_("A secret is never an argument: the list of processes and the shell's history show it."),
            N_(
                "Take it for seen and change it; then give the new one where this command asks, or on a pipe."
            ),
        )
    ref: str = args.ref
    check_sound(ref)
    _check_writable(ref)
    try:
        typed = _typed(ref)
        if not typed.strip("\r\n"):
            raise Problem(N_("Nothing was given, so nothing was stored."))
        write(ref, checked(ref, typed))
    except SecretFault as fault:
        raise _problem(fault) from None
    for line in _stored(ref, session):
        print(line)
    return exits.OK


def list_secrets(args: Namespace, session: Session) -> int:
    """Print every reference of the office, where it stands, and whether it resolves."""
    _report(session, (), as_json=args.json)
    return exits.OK


def try_secrets(args: Namespace, session: Session) -> int:
    """Resolve one reference, or all of the office; 1 where one of them does not."""
    report = _report(session, (args.ref,) if args.ref else (), as_json=args.json)
    return exits.OK if all(one.ok for one in report.secrets) else 1


def _report(session: Session, refs: tuple[str, ...], *, as_json: bool) -> SecretsReport:
    for ref in refs:
        check_sound(ref)
    resolver, report = _resolved(session, refs)
    if as_json:
        by = "engine" if resolver is Resolver.ENGINE else "command"
        shown = {"resolved_by": by, "account": report.by, "secrets": report.secrets}
        print(msgspec.json.encode(shown).decode())
        return report
    print(_(resolver.value).format(account=report.by))
    for one in report.secrets:
        for line in _lines(one, in_office=resolver is not Resolver.NO_OFFICE):
            print(line)
    if not report.secrets:
        print(_("The office refers to no secret."))
    return report


def _resolved(session: Session, refs: tuple[str, ...]) -> tuple[Resolver, SecretsReport]:
    """The report, by the engine where one answers: it is the engine that will need them."""
    found = session.found()
    if refs and found.why == "none":
        return Resolver.NO_OFFICE, asyncio.run(report_secrets({}, refs, SecretStore()))
    try:
        with session.client() as client:
            session.greet(client)
            return Resolver.ENGINE, client.query(AskSecrets(refs=refs))
    except Unreachable:
        from opsconsole.inventory.load import load

        uses = secret_uses(load(found.place.config))
        return Resolver.COMMAND, asyncio.run(report_secrets(uses, refs, SecretStore()))


def _lines(one: SecretState, *, in_office: bool) -> Iterator[str]:
    if one.ok:
        yield f"+ {safe_text(one.ref)}  " + _("resolves")
    else:
        yield "? " + safe_text(reason_text("credential_missing", one.params))
        yield "    " + safe_text(remedy_text(one.params))
    if one.used:
        uses = ", ".join(f"{use.row}/{use.probe} {use.key}" for use in one.used)
        yield "    " + _("used by {uses}").format(uses=uses)
    elif in_office:
        yield "    " + _("used by nothing in the configuration")


def _check_writable(ref: str) -> None:
    scheme, _colon, name = ref.partition(":")
    if scheme in WRITABLE:
        return
    if scheme == "cred":
        raise Invalid(
            N_("{ref} is systemd's to keep, so it can not be stored from here."),
            N_(
                "As root: `systemd-creds encrypt --name={name} - /etc/credstore.encrypted/{name}`, then "
                "`LoadCredentialEncrypted={name}` in the unit."
            ),
            ref=ref,
            name=name,
        )
    raise Invalid(
        N_("{ref} is a variable of whatever starts the engine, so it can not be stored from here."),
        N_("Set it there, or refer to keyring: or file: instead."),
        ref=ref,
    )


def _typed(ref: str) -> str:
    """What is typed twice without being shown, or all of standard input where that is no terminal."""
    if not sys.stdin.isatty():
        try:
            return sys.stdin.buffer.read().decode()
        except UnicodeDecodeError:
            raise SecretFault(ref, "not_text") from None
    with warnings.catch_warnings():
        # Where the terminal can not be told to hide it, it is not asked for.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            typed = getpass.getpass(_("The secret for {ref} (not shown): ").format(ref=safe_text(ref)))
            again = getpass.getpass(_("The same again: "))
        except (getpass.GetPassWarning, EOFError):
            raise Problem(
                N_("The secret could not be typed unseen, so nothing was stored."),
                N_("Give it on standard input."),
            ) from None
    if typed != again:
        raise Problem(N_("The two are not the same, so nothing was stored."), N_("Try again."))
    return typed


def _stored(ref: str, session: Session) -> Iterator[str]:
    me, place = account(os.geteuid()), session.found().place
    kept = (
        N_("{ref} is stored in the keyring of {me}.")
        if scheme_of(ref) == "keyring"
        else N_("{ref} is stored with mode 0600; it belongs to {me}.")
    )
    yield _(kept).format(ref=safe_text(ref), me=me)
    if place.config.exists() and place.config.stat().st_uid != os.geteuid():
        engine = account(place.config.stat().st_uid)
        yield _("The engine of this office runs as {engine}, which can not use it so.").format(engine=engine)
    test = session.words("secrets", "test", ref)
    yield _("A running engine takes it up within ten minutes, or at once with `{test}`.").format(test=test)


def _problem(fault: SecretFault) -> Problem:
    """What is wrong, in both halves of what a user is told."""
    words = FAULTS[fault.why]
    return Problem(words.what, words.remedy, **fault.params)
