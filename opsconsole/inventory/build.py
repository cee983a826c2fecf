"""Sections that are free of mistakes, put together into an inventory."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from opsconsole.inventory.calendar import make_calendar
from opsconsole.inventory.fields import SERVICE
from opsconsole.inventory.index import stem
from opsconsole.inventory.model import (
    Application,
    CalendarFile,
    OpdFile,
    PeopleFile,
    Service,
    ServicesFile,
    Settings,
)
from opsconsole.inventory.office import (
    ApplicationEntry,
    ConfiguredProbe,
    Dependency,
    Inventory,
    OpdEntry,
    PersonEntry,
)
from opsconsole.inventory.sections import Sections

# What is not asked of a service: it is the nation's, and its data are its owner's to answer for.
_OF_SERVICES: Mapping[str, Any] = {
    "audience": "national",
    "dimension": "",
    "hosting": "national",
    "handed_over": False,
    "personal_data": False,
    "iiv": False,
}
_File = TypeVar("_File", Settings, CalendarFile, ServicesFile)


def build(files: Mapping[str, bytes], sections: Sections) -> Inventory:
    """The inventory of a set of files in which nothing is wrong."""
    settings = _single(sections, "settings.toml", Settings)
    services = _single(sections, "services.toml", ServicesFile).services
    opd_files = [(name, one) for name, one in sections.files.items() if isinstance(one, OpdFile)]
    codes = {one.code.casefold(): one.code for _name, one in opd_files}
    rows = [
        _row(sections, name, number, written, opd=opd.code)
        for name, opd in opd_files
        for number, written in enumerate(opd.applications)
    ]
    rows += [_row(sections, "services.toml", number, written) for number, written in enumerate(services)]
    return Inventory(
        settings=settings,
        opds={one.code: _opd(one, codes, name) for name, one in opd_files},
        applications={row.id: row for row in rows if row.kind == "application"},
        services={row.id: row for row in rows if row.kind == "service"},
        calendar=make_calendar(_single(sections, "calendar.toml", CalendarFile), settings.office.zone),
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
        file=file,
    )


def _row(
    sections: Sections, file: str, number: int, written: Application | Service, opd: str = ""
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
        **(_OF_SERVICES if is_service else {"owner": ""}),
        **written.model_dump(exclude={"id", "depends_on", "probes"}),
    )


def _people(sections: Sections, codes: Mapping[str, str]) -> Iterator[PersonEntry]:
    for name, file in sections.files.items():
        if isinstance(file, PeopleFile):
            for one in file.people:
                yield PersonEntry(
                    **one.model_dump(exclude={"applications"}),
                    opd=codes[stem(name)],
                    applications=tuple(one.applications),
                )
