"""``notify.toml`` read: each channel against the model of its kind, and what rules name."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from opsconsole.base.text import _, safe_text
from opsconsole.inventory.explain import mistakes_in
from opsconsole.inventory.index import tables, texts
from opsconsole.inventory.mistakes import Mistake, found, nearest, one_of
from opsconsole.inventory.notify import CHANNELS, Channel
from opsconsole.inventory.read import Documents
from opsconsole.inventory.shifts import USUAL
from probes.target import TargetError
from probes.tls import tls_context
from probes.tls_spec import TlsSpec

FILE = "notify.toml"
_ADDRESS = re.compile(r"[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+", re.ASCII)


def type_channels(data: Mapping[str, Any], folder: Path) -> tuple[list[Channel], list[Mistake]]:
    """The channels of the file, and what is wrong with the others; ``folder`` is where it stands."""
    channels: list[Channel] = []
    mistakes: list[Mistake] = []
    for number, row in tables(data, "channels"):
        path = ("channels", number)
        model = CHANNELS.get(str(row.get("kind")))
        if model is None:
            mistakes.append(_unknown_kind(row, number))
            continue
        try:
            channel = model.model_validate(row)
            _check_authorities(channel.ca_file, folder)
        except ValidationError as error:
            mistakes += mistakes_in(model, row, error, FILE, path)
        except TargetError as error:
            mistakes.append(Mistake(FILE, (*path, "ca_file"), safe_text(str(error))))
        else:
            channels.append(channel)
    try:
        heartbeat = data.get("heartbeat")
        if isinstance(heartbeat, dict) and isinstance(heartbeat.get("ca_file"), str):
            _check_authorities(heartbeat["ca_file"], folder)
    except TargetError as error:
        mistakes.append(Mistake(FILE, ("heartbeat", "ca_file"), safe_text(str(error))))
    return channels, mistakes


def _check_authorities(ca_file: str, folder: Path) -> None:
    """Raises TargetError for a file of authorities that can not be used."""
    if ca_file:
        tls_context(TlsSpec(ca_file=ca_file), folder)


def _unknown_kind(row: Mapping[str, Any], number: int) -> Mistake:
    wanted = _("want one of {allowed}").format(allowed=one_of(CHANNELS))
    if "kind" not in row:
        return Mistake(FILE, ("channels", number), _("missing; {wanted}").format(wanted=wanted), key="kind")
    kind = row["kind"]
    return Mistake(
        FILE, ("channels", number, "kind"), f"{found(kind, ())}, {wanted}{nearest(kind, CHANNELS)}"
    )


def check_notify(documents: Documents) -> Iterator[Mistake]:
    """Every mistake between the parts of ``notify.toml``, and between it and the calendar."""
    data = documents.data.get(FILE, {})
    for key in ("channels", "rules"):
        yield from _once(data, key)
    channels = [str(row.get("name")) for _number, row in tables(data, "channels")]
    calendar = documents.data.get("calendar.toml", {})
    named = [str(row.get("name")) for _number, row in tables(calendar, "shifts")]
    shifts = named or [name for _start, name in USUAL]
    for number, row in tables(data, "rules"):
        for place, name in texts(row.get("channels")):
            path = ("rules", number, "channels", place)
            text = _("{found}, but there is no channel of that name")
            yield from _known(name, channels, path, text)
        for place, name in texts(row.get("shifts")):
            if not documents.any_broken("calendar.toml"):
                path = ("rules", number, "shifts", place)
                yield from _known(name, shifts, path, _("{found}, but calendar.toml has no such shift"))
        yield from _recipients(row, data, number)


def _once(data: Mapping[str, Any], key: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, row in tables(data, key):
        name = row.get("name")
        if isinstance(name, str) and name in seen:
            path = (key, number, "name")
            yield Mistake(FILE, path, _("{found}, which is there already").format(found=found(name, path)))
        seen.add(str(name))


def _known(name: str, allowed: list[str], path: tuple[str, int, str, int], text: str) -> Iterator[Mistake]:
    if name not in allowed:
        yield Mistake(FILE, path, text.format(found=found(name, path)) + nearest(name, allowed))


def _recipients(rule: Mapping[str, Any], data: Mapping[str, Any], number: int) -> Iterator[Mistake]:
    """A rule's own recipients must be such as its channels can reach."""
    if not rule.get("to"):
        return
    kinds = {row.get("name"): row.get("kind") for _number, row in tables(data, "channels")}
    mails = any(kinds.get(name) == "smtp" for _place, name in texts(rule.get("channels")))
    for place, recipient in texts(rule.get("to")):
        if mails and not (recipient.isascii() and _ADDRESS.fullmatch(recipient)):
            path = ("rules", number, "to", place)
            text = _("{found}, want an address for a channel of kind smtp")
            yield Mistake(FILE, path, text.format(found=found(recipient, path)))
