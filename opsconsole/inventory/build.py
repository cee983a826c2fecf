"""Sections that are free of mistakes, put together into an inventory."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from opsconsole.inventory.calendar import make_calendar
from opsconsole.inventory.fields import SERVICE
from opsconsole.inventory.index import stem
from opsconsole.inventory.indices import IndexFile
from opsconsole.inventory.model import (
    Application,
    CalendarFile,
    OpdFile,
    PeopleFile,
    Service,
    ServicesFile,
    Settings,
)
from opsconsole.inventory.notify import Notify, NotifyFile
from opsconsole.inventory.notify_check import FILE as NOTIFY
from opsconsole.inventory.office import (
    ApplicationEntry,
    ConfiguredProbe,
    Dependency,
    Inventory,
    OpdEntry,
    PersonEntry,
)
from opsconsole.inventory.policy import FILE as INCIDENTS
from opsconsole.inventory.policy import IncidentsFile, make_policy
from opsconsole.inventory.readiness import FILE as READINESS
from opsconsole.inventory.readiness import ReadinessFile, make_readiness
from opsconsole.inventory.references import FILE as REFERENCES
from opsconsole.inventory.references import ReferencesFile
from opsconsole.inventory.road_check import FILE as ROAD
from opsconsole.inventory.road_model import RoadFile
from opsconsole.inventory.sections import Sections

# What is not asked of a service: it is the nation's, and its data are its owner's to answer for.
_OF_SERVICES: Mapping[str, Any] = {
    "audience": "national",
    "dimension": "",
    "hosting": "national",
    "handed_over": False,
    "personal_data": False,
    "iiv": False,
    "claimed": None,
}
_File = TypeVar(
    "_File", Settings, CalendarFile, ServicesFile, IncidentsFile, ReadinessFile, RoadFile, NotifyFile,
    ReferencesFile,
)  # fmt: skip


def build(files: Mapping[str, bytes], sections: Sections) -> Inventory:
    """The inventory of a set of files in which nothing is wrong."""
    settings = _single(sections, "settings.toml", Settings)
    services = _single(sections, "services.toml", ServicesFile).services
    opd_files = [(name, one) for name, one in sections.files.items() if isinstance(one, OpdFile)]
    codes = {one.code.casefold(): one.code for _name, one in opd_files}
    rows = [
        _row(sections, name, number, written, codes=codes, opd=opd.code)
        for name, opd in opd_files
        for number, written in enumerate(opd.applications)
    ]
    rows += [
        _row(sections, "services.toml", number, written, codes=codes)
        for number, written in enumerate(services)
    ]
    return Inventory(
        settings=settings,
        opds={one.code: _opd(one, codes, name) for name, one in opd_files},
        applications={row.id: row for row in rows if row.kind == "application"},
        services={row.id: row for row in rows if row.kind == "service"},
        calendar=make_calendar(_single(sections, "calendar.toml", CalendarFile), settings.office.zone),
        incidents=make_policy(_single(sections, INCIDENTS, IncidentsFile)),
        readiness=make_readiness(_single(sections, READINESS, ReadinessFile)),
        road=_single(sections, ROAD, RoadFile),
        notify=_notify(sections),
        references={one.id: one for one in _single(sections, REFERENCES, ReferencesFile).references},
        indices={one.id: one for one in sections.files.values() if isinstance(one, IndexFile)},
        people={one.id: one for one in _people(sections, codes)},
        files=dict(files),
        digest=digest(files),
    )


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256, hexadecimal, over names and contents of a set of files."""
    total = hashlib.sha256()
    for name in sorted(files):
        head = f"{len(name.encode())}:{name}:{len(files[name])}:"
        total.update(head.encode() + files[name])
    return total.hexdigest()


def _notify(sections: Sections) -> Notify:
    written = _single(sections, NOTIFY, NotifyFile)
    channels = {one.name: one for one in sections.channels}
    return Notify(channels, tuple(written.rules), written.digest, written.heartbeat, written.outbox)


def _single(sections: Sections, name: str, model: type[_File]) -> _File:
    written = sections.files.get(name)
    return written if isinstance(written, model) else model()


def _opd(written: OpdFile, codes: Mapping[str, str], file: str) -> OpdEntry:
    return OpdEntry(
        code=written.code,
        name=written.name,
        short=written.short,
        kind=written.kind,
        parent=codes[written.parent.casefold()] if written.parent else "",
        valid_from=written.valid_from,
        valid_to=written.valid_to,
        predecessors=tuple(codes[one.casefold()] for one in written.predecessors),
        claimed=written.claimed,
        means=tuple(written.means),
        file=file,
    )


def _row(
    sections: Sections,
    file: str,
    number: int,
    written: Application | Service,
    *,
    codes: Mapping[str, str],
    opd: str = "",
) -> ApplicationEntry:
    is_service = isinstance(written, Service)
    row_id = SERVICE + written.id if is_service else written.id
    probes = sections.probes[file, number]
    return ApplicationEntry(
        id=row_id,
        kind="service" if is_service else "application",
        opd=opd,
        depends_on=tuple(Dependency(ids) for ids in written.depends_on),
        probes=tuple(ConfiguredProbe(row_id, spec.name, spec, target) for spec, target in probes),
        file=file,
        earlier=_earlier(written, codes) if isinstance(written, Application) else (),
        **(_OF_SERVICES if is_service else {"owner": ""}),
        **written.model_dump(exclude={"id", "depends_on", "probes", "earlier"}),
    )


def _earlier(written: Application, codes: Mapping[str, str]) -> tuple[tuple[str, date], ...]:
    found = [(codes[one.opd.casefold()], one.until) for one in written.earlier]
    return tuple(sorted(found, key=lambda one: one[1]))


def _people(sections: Sections, codes: Mapping[str, str]) -> Iterator[PersonEntry]:
    for name, file in sections.files.items():
        if isinstance(file, PeopleFile):
            for one in file.people:
                yield PersonEntry(
                    **one.model_dump(exclude={"applications", "also", "backup_of"}),
                    also=tuple(one.also),
                    backup_of=tuple(one.backup_of),
                    opd=codes[stem(name)],
                    applications=tuple(one.applications),
                )
