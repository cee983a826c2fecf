"""From a command's shape to its arguments and back: the one place that maps struct fields to arguments."""

import argparse
from collections.abc import Iterable, Mapping

import msgspec

from opsconsole.base.text import N_, translate
from opsconsole.client.commands import CommandShape

# What a field means wherever it occurs.
FIELD_HELP: Mapping[str, str] = {
    "application": N_("the application's id, as status shows it"),
    "probe": N_("only this probe of the application"),
    "id": N_("the application's id; made of the host name when it is not given"),
    "name": N_("the application's name; taken from the page when it is not given"),
    "url": N_("the address to watch, such as https://example.org/health"),
    "note": N_("what its page should say; the date of the certificate when it is not given"),
    "until": N_("how long, such as 30m, 2h or 3d, or a time: 06:00, 2026-11-25T06:00; at most 30 days"),
    "reason": N_("why, in a few words"),
    "start": N_("from then on: 22:00, 2026-11-28T22:00, or in how long: 3h; now when it is not given"),
    "lasts": N_("begin with the first trouble in that time, and last so long"),
    "parent": N_("begin when the maintenance of this application or service does, and end with it"),
    "number": N_("the number of the maintenance, as its list shows it"),
    "channel": N_("the channel, as notify.toml names it"),
    "message": N_("the number of the message, as `notify list` shows it, or a channel for all of its"),
    "opd": N_("the code of the OPD that runs it; the first one of the office when it is not given"),
}


def add_fields(
    parser: argparse.ArgumentParser,
    shape: CommandShape,
    *,
    optional: Iterable[str] = (),
    skip: Iterable[str] = (),
) -> None:
    """Give ``parser`` an argument for each field of the shape: required ones by place, others by ``--name``.

    Fields in ``optional`` the verb can find by itself; fields in ``skip`` it sets by itself.
    """
    for field in msgspec.structs.fields(shape.args):
        if field.name in skip:
            continue
        text = translate(FIELD_HELP[field.name])
        flag = f"--{field.name.replace('_', '-')}"
        kind = field.type if isinstance(field.type, type) else str
        if field.required and field.name not in optional:
            parser.add_argument(field.name, metavar=field.name.upper(), type=kind, help=text)
        elif field.type is bool:
            parser.add_argument(flag, dest=field.name, action="store_true", help=text)
        else:
            default = "" if field.required else field.default
            parser.add_argument(
                flag, dest=field.name, metavar=field.name.upper(), type=kind, default=default, help=text
            )


def to_struct(shape: CommandShape, args: argparse.Namespace, **given: object) -> msgspec.Struct:
    """The shape's struct, filled from the arguments and from what the verb found by itself."""
    names = shape.args.__struct_fields__
    values = {name: getattr(args, name) for name in names if hasattr(args, name)}
    return shape.args(**{**values, **given})
