"""What the converters have in common: headers without secrets, patterns, and probes that are sound."""

import re
from collections.abc import Mapping
from typing import Any

import re2
from pydantic import ValidationError

from opsconsole.inventory.imports.source import Loss, Source
from probes.http_spec import is_secret_header
from probes.registry import KINDS

# Without these there is nothing to look at.
_ESSENTIAL = {"url", "host", "port", "server", "name"}


def reference(application: str, what: str = "") -> str:
    """Where the secret of an application is kept here: ``keyring:opsconsole/simrs``."""
    return f"keyring:opsconsole/{application}{f'-{what}' if what else ''}"


def put_headers(
    probe: dict[str, Any], headers: Mapping[str, Any], source: Source, path: str, id_: str
) -> None:
    """Carry headers over. One that shows who we are becomes a reference; its value is never written."""
    plain: dict[str, str] = {}
    for name, value in headers.items():
        if not is_secret_header(str(name)):
            plain[str(name)] = str(value)
            continue
        ref = reference(id_)
        bearer = str(name).lower() == "authorization"
        if "auth" not in probe:
            probe["auth"] = {"bearer": ref} if bearer else {"header": str(name), "value": ref}
        source.lost(f"{path}.{name}", "secret", ref)
    if plain:
        probe["headers"] = plain


def pattern(text: str, source: Source, path: str) -> list[str]:
    """A pattern as a list of one; none, and a loss, where it could stop an engine (it is not RE2)."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(text, options)
    except re2.error:
        source.lost(path, "pattern")
        return []
    return [text]


def literally(text: str) -> str:
    """The pattern of exactly this text."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def sound(probe: dict[str, Any], source: Source) -> dict[str, Any] | None:
    """The probe without the keys that can not be so, each a loss; None where nothing is left to look at."""
    model = KINDS[probe["kind"]].spec
    while True:
        try:
            model.model_validate(probe)
        except ValidationError as refused:
            keys = {str(error["loc"][0]) if error["loc"] else "retry" for error in refused.errors()}
            for key in keys:
                source.lost(f"{source.path} -> {key}", "unsupported", _said(refused, key))
            if keys & _ESSENTIAL or not keys & probe.keys():
                return None
            probe = {key: value for key, value in probe.items() if key not in keys}
        else:
            return probe


def lost_whole(source: Source, kind: str, losses: list[Loss]) -> None:
    """Report a monitor that has no probe here, with every key of it."""
    losses.append(Loss(source.path, "kind", kind))
    source.finish("kind")


def _said(refused: ValidationError, key: str) -> str:
    return next((str(e["msg"]) for e in refused.errors() if not e["loc"] or str(e["loc"][0]) == key), "")
