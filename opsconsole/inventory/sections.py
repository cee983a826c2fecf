"""Documents into typed sections: each file against its model, each probe against its kind's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from opsconsole.base.text import _, safe_text
from opsconsole.inventory.explain import mistakes_in
from opsconsole.inventory.index import tables
from opsconsole.inventory.indices import FOLDER as INDICES
from opsconsole.inventory.indices import IndexFile
from opsconsole.inventory.mistakes import Mistake, found, nearest, one_of
from opsconsole.inventory.model import CalendarFile, OpdFile, PeopleFile, ServicesFile, Settings
from opsconsole.inventory.notify import Channel, NotifyFile
from opsconsole.inventory.notify_check import FILE as NOTIFY
from opsconsole.inventory.notify_check import type_channels
from opsconsole.inventory.policy import FILE as INCIDENTS
from opsconsole.inventory.policy import IncidentsFile
from opsconsole.inventory.read import Documents
from opsconsole.inventory.readiness import FILE as READINESS
from opsconsole.inventory.readiness import ReadinessFile
from opsconsole.inventory.references import FILE as REFERENCES
from opsconsole.inventory.references import ReferencesFile
from opsconsole.inventory.road_check import FILE as ROAD
from opsconsole.inventory.road_model import RoadFile
from opsconsole.inventory.scan import Path as KeyPath
from probes.registry import KINDS
from probes.spec import ProbeSpec, Strict
from probes.target import Target, TargetError

MODELS: Mapping[str, type[Strict]] = {
    "settings.toml": Settings,
    "calendar.toml": CalendarFile,
    "services.toml": ServicesFile,
    INCIDENTS: IncidentsFile,
    READINESS: ReadinessFile,
    ROAD: RoadFile,
    NOTIFY: NotifyFile,
    REFERENCES: ReferencesFile,
    "opd": OpdFile,
    "people": PeopleFile,
    INDICES: IndexFile,
}


@dataclass(slots=True)
class Sections:
    """What is typed so far: ``files`` by name, probes by (file, place of the row), channels, all mistakes."""

    files: dict[str, Strict] = field(default_factory=dict)
    probes: dict[tuple[str, int], list[tuple[ProbeSpec, Target]]] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def type_sections(documents: Documents, folder: Path) -> Sections:
    """Every document typed; files that probes name are relative to the file that names them."""
    sections = Sections()
    for name, data in documents.data.items():
        model = MODELS[name if "/" not in name else name.split("/")[0]]
        try:
            sections.files[name] = model.model_validate(data)
        except ValidationError as error:
            sections.mistakes += mistakes_in(model, data, error, name)
        if model is NotifyFile:
            sections.channels, wrong = type_channels(data, folder)
            sections.mistakes += wrong
        key = "services" if model is ServicesFile else "applications"
        for number, row in tables(data, key):
            place = (name, number)
            sections.probes[place] = []
            for index, probe in tables(row, "probes"):
                path = (key, number, "probes", index)
                typed = type_probe(probe, name, path, (folder / name).parent)
                if isinstance(typed, list):
                    sections.mistakes += typed
                else:
                    sections.probes[place].append(typed)
    return sections


def type_probe(
    data: dict[str, Any], file: str, path: KeyPath, folder: Path
) -> tuple[ProbeSpec, Target] | list[Mistake]:
    """The keys of one probe typed and made ready, or what is wrong with them.

    ``path`` is where they stand in ``file``, ``folder`` what files they name are relative to.
    """
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        return [_unknown_kind(data, file, path)]
    try:
        spec = kind.spec.model_validate(data)
        target: Target = kind.target(spec, folder)
    except ValidationError as error:
        return list(mistakes_in(kind.spec, data, error, file, path))
    except TargetError as error:
        return [Mistake(file, (*path, *error.key.split(".")), safe_text(str(error)))]
    return spec, target


def _unknown_kind(data: Mapping[str, Any], file: str, path: KeyPath) -> Mistake:
    wanted = _("want one of {allowed}").format(allowed=one_of(KINDS))
    if "kind" not in data:
        return Mistake(file, path, _("missing; {wanted}").format(wanted=wanted), key="kind")
    kind = data["kind"]
    text = f"{found(kind, ())}, {wanted}{nearest(kind, KINDS)}"
    return Mistake(file, (*path, "kind"), text)
