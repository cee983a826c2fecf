"""A JSON Schema of every file, for editors that complete and check TOML by one."""

from typing import Any

from pydantic.json_schema import models_json_schema

from opsconsole.inventory.notify import CHANNELS
from opsconsole.inventory.sections import MODELS
from probes.registry import KINDS
from probes.spec import format_duration, format_size

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/"
# Said by pydantic and of no use to an editor: titles repeat the key, ``gt`` is no keyword of a schema.
_NOISE = ("title", "gt")


def schema() -> dict[str, Any]:
    """One document; ``$defs`` has an entry for each file and folder: settings, calendar, services, opd …

    A file is valid when it is valid under the entry of its name, or, for editors that know only whole
    documents, under any of them.
    """
    models = [*MODELS.values(), *(kind.spec for kind in KINDS.values()), *CHANNELS.values()]
    _names, made = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF + "{model}"
    )
    definitions: dict[str, Any] = {name: _tidy(one) for name, one in made["$defs"].items()}
    for kind in KINDS.values():
        definitions[kind.spec.__name__]["required"] = ["kind", *_required(definitions, kind.spec.__name__)]
    for name in ("Application", "Service"):
        arms = [{"$ref": _REF + kind.spec.__name__} for kind in KINDS.values()]
        definitions[name]["properties"]["probes"]["items"] = {"anyOf": arms}
    for channel in CHANNELS.values():
        definitions[channel.__name__]["required"] = ["kind", *_required(definitions, channel.__name__)]
    arms = [{"$ref": _REF + channel.__name__} for channel in CHANNELS.values()]
    definitions["NotifyFile"]["properties"]["channels"]["items"] = {"anyOf": arms}
    files = {name.removesuffix(".toml"): {"$ref": _REF + model.__name__} for name, model in MODELS.items()}
    return {
        "$schema": _DRAFT,
        "title": "opsconsole configuration",
        "description": ", ".join(name if "." in name else f"{name}/<code>.toml" for name in MODELS),
        "anyOf": list(files.values()),
        "$defs": {**files, **definitions},
    }


def _required(definitions: dict[str, Any], name: str) -> list[str]:
    return [key for key in definitions[name].get("required", []) if key != "kind"]


def _tidy(node: Any) -> Any:
    """As an editor of TOML needs it: no null, which TOML has not, and defaults as a file writes them."""
    if isinstance(node, list):
        return [_tidy(one) for one in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if key not in _NOISE or isinstance(value, dict)}
    arms = [arm for arm in tidy.get("anyOf", []) if arm != {"type": "null"}]
    if len(arms) == 1:
        del tidy["anyOf"]
        tidy = {**arms[0], **tidy}
    elif arms:
        tidy["anyOf"] = arms
    if "default" in tidy:
        tidy["default"] = _as_written(tidy["default"], tidy)
        if tidy["default"] is None:
            del tidy["default"]
    return tidy


def _as_written(value: Any, definition: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        # A section that is left out has its own defaults.
        return {} if "$ref" in definition else {k: one for k, one in value.items() if one is not None}
    if definition.get("type") != "string" or not isinstance(value, int | float):
        return value
    if isinstance(value, float):
        return format_duration(value)
    return format_size(value) if value else ""
