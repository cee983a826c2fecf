"""``add URL``: look at an address at once, say what was seen, and have it watched from now on."""

import ipaddress
import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _, safe_text
from opsconsole.cli import exits
from opsconsole.cli.session import Session
from opsconsole.client.commands import AddApplication
from probes.observation import Observation
from probes.target import Target

# The whole verb takes at most ten seconds; a page that needs longer than this is slow enough to be told so.
FIRST_LOOK = "6s"
# Nothing of this kind is mended by watching it: the address is wrong.
_WRONG_ADDRESS = ("dns_nxdomain", "dns_no_address", "address_denied")


def run(args: Namespace, session: Session) -> int:
    """Look, then write the application into the office, which is made where there is none yet."""
    from opsconsole.cli.looking import look_at
    from opsconsole.cli.phases import draw

    (seen,) = look_at([_target(args.url)])
    for line in draw(seen):
        print(line)
    if seen.reason in _WRONG_ADDRESS:
        raise Invalid(N_("{url} is not watched."), N_("Correct the address and try again."), url=args.url)
    folder, made = _office(session)
    added = _post(args, session, seen)
    for line in ("", *_said(session, added, folder, made=made)):
        print(line)
    return exits.OK


def _office(session: Session) -> tuple[str, bool]:
    """The folder of the office with its engine running, and whether it was made just now."""
    from opsconsole.client.start import ensure_engine
    from opsconsole.inventory.init import init

    found = session.found()
    made = found.why == "none"
    if made:
        init(found.place.config, False)
        found = session.found()
    ensure_engine(found)
    return safe_text(str(found.place.config)), made


def _post(args: Namespace, session: Session, seen: Observation) -> AddApplication:
    added = AddApplication(
        id=args.id or make_id(args.url),
        name=args.name or make_name(seen, args.url),
        url=args.url,
        opd=args.opd,
        note=args.note or make_note(seen),
    )
    with session.client() as client:
        session.greet(client)
        client.command(added)
    return added


def make_id(url: str) -> str:
    """An id from the host: its first label that says something, or its address with the port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        word = next((label for label in labels if label != "www"), host)
    else:
        word = f"{host}-{parts.port}" if parts.port else host
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:48].strip("-") or "application"


def make_name(seen: Observation, url: str) -> str:
    """The page's title, or the host where it has none."""
    title = seen.http.title.strip() if seen.http else ""
    return safe_text(title or urlsplit(url).netloc, 80)


def make_note(seen: Observation) -> str:
    """Until when the certificate holds that was seen; nothing where none was."""
    expires = seen.tls.leaf_expires_at if seen.tls else None
    if expires is None:
        return ""
    return _("certificate until {day} when it was added").format(day=f"{expires:%Y-%m-%d}")


def _target(url: str) -> Target:
    """The address as a probe. Raises Invalid saying what to write instead."""
    from opsconsole.inventory.edit import probe_keys
    from opsconsole.inventory.sections import type_probe

    typed = type_probe({**probe_keys(url), "timeout": FIRST_LOOK}, "", (), Path())
    if isinstance(typed, list):
        raise Invalid(
            N_("{url} can not be watched: {why}."),
            N_("Try it like this: `opsconsole add https://www.example.org/`."),
            url=url,
            why=typed[0].text,
        )
    return typed[1]


def _said(session: Session, added: AddApplication, folder: str, *, made: bool) -> Iterator[str]:
    if made:
        yield _("A small office was written to {folder}; its engine runs.").format(folder=folder)
    yield _("{name} is watched from now on, as {id}.").format(name=added.name, id=added.id)
    yield _("Next: `{console}` shows the board, `{probe}` looks again.").format(
        console=session.words(), probe=session.words("probe", added.id)
    )
    yield _("Edit the files in {folder}, then `{reload}`.").format(
        folder=folder, reload=session.words("config", "reload")
    )
