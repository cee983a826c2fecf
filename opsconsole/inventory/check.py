"""What no file can be told wrong by alone: names that two of them share, or that one of them lacks."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from opsconsole.base.text import _
from opsconsole.inventory.fields import ALWAYS, EVERYTHING, OPD, SERVICE, parse_dependency
from opsconsole.inventory.index import Found, Index, make_index, row_id, stem, tables, texts
from opsconsole.inventory.indices import check_indices
from opsconsole.inventory.mistakes import Mistake, found, nearest
from opsconsole.inventory.notify_check import check_notify
from opsconsole.inventory.policy import FILE as INCIDENTS
from opsconsole.inventory.policy import TARGETS
from opsconsole.inventory.read import Documents
from opsconsole.inventory.readiness_check import check_readiness
from opsconsole.inventory.references import check_references
from opsconsole.inventory.road_check import check_road
from opsconsole.inventory.scan import Path


def check(documents: Documents) -> Iterator[Mistake]:
    """Every mistake between the files. What a broken file may define is not called unknown."""
    index = make_index(documents)
    yield from _opds(index)
    yield from check_road(index, documents)
    yield from _unique(index.watched, "id", row_id)
    yield from _unique(index.people, "id", lambda one: one.text("id"))
    yield from _unique(index.hours, "name", lambda one: one.text("name"))
    yield from _hours(index, documents)
    yield from _dependencies(index, documents)
    yield from _edges(index, documents)
    yield from _probe_names(index)
    yield from _people(index, documents)
    yield from _calendar(index, documents)
    yield from _maintenance(index, documents)
    yield from _duty(index, documents)
    yield from _law(documents)
    yield from check_readiness(index, documents)
    yield from check_notify(documents)
    yield from check_references(documents)
    yield from check_indices(documents, index.rows)


def _opds(index: Index) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for one in index.opd_files:
        name, code = stem(one.file), one.text("code")
        if name in seen:
            text = _("this agency is in {other} already").format(other=seen[name])
            yield Mistake(one.file, ("code",), text)
        seen.setdefault(name, one.file)
        if code and code.casefold() != name:
            text = _("{found}, want the name of the file: rename one of them")
            yield Mistake(one.file, ("code",), text.format(found=found(code, ("code",))))
        parent = one.text("parent")
        if parent:
            yield from _known_opd(index, one, ("parent",), parent)
        for number, predecessor in texts(one.data.get("predecessors")):
            yield from _known_opd(index, one, ("predecessors", number), predecessor)
        yield from _in_order(one, "valid_from", "valid_to")
    yield from _earlier(index)
    yield from _parent_circles(index)


def _known_opd(index: Index, one: Found, path: Path, code: str) -> Iterator[Mistake]:
    if code.casefold() not in index.opds:
        text = _("{found}, but there is no opd/{file}.toml").format(
            found=found(code, path), file=code.casefold()
        )
        yield Mistake(one.file, path, text + nearest(code, index.opds.values()))
    elif code.casefold() == stem(one.file):
        yield Mistake(
            one.file, path, _("{found}, which is this agency itself").format(found=found(code, path))
        )


def _earlier(index: Index) -> Iterator[Mistake]:
    """Whose an application was before: agencies that are there."""
    for one in index.watched:
        for number, row in tables(one.data, "earlier"):
            code, path = row.get("opd"), (*one.path, "earlier", number, "opd")
            if isinstance(code, str) and code and code.casefold() not in index.opds:
                text = _("{found}, but there is no opd/{file}.toml").format(
                    found=found(code, path), file=code.casefold()
                )
                yield Mistake(one.file, path, text + nearest(code, index.opds.values()))


def _parent_circles(index: Index) -> Iterator[Mistake]:
    parents = {stem(one.file): one.text("parent").casefold() for one in index.opd_files}
    for one in index.opd_files:
        above, seen = parents[stem(one.file)], {stem(one.file)}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == stem(one.file) and len(seen) > 1:
            text = _("{found}, which lies below this agency").format(found=found(one.text("parent"), ()))
            yield Mistake(one.file, ("parent",), text)


def _in_order(one: Found, first: str, last: str) -> Iterator[Mistake]:
    begin, end = _day(one.data.get(first)), _day(one.data.get(last))
    if begin and end and end < begin:
        text = _("{found}, want {first} {day} or later")
        path = (*one.path, last)
        yield Mistake(one.file, path, text.format(found=found(end, ()), first=first, day=begin))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _unique(rows: Iterable[Found], key: str, name_of: Any) -> Iterator[Mistake]:
    first: dict[str, Found] = {}
    for one in rows:
        name = name_of(one)
        other = first.setdefault(name, one)
        if one.text(key) and other is not one:
            text = _("{found}, which {file} has already: each must be the only one of its name")
            path = (*one.path, key)
            yield Mistake(one.file, path, text.format(found=found(one.text(key), ()), file=other.file))


def _hours(index: Index, documents: Documents) -> Iterator[Mistake]:
    for one in index.hours:
        if one.text("name") == ALWAYS:
            yield Mistake(one.file, (*one.path, "name"), _('"always" is built in; choose another name'))
    if documents.any_broken("calendar.toml"):
        return
    for one in index.watched:
        name = one.text("service_hours")
        if name and name not in index.hour_names:
            text = _("{found}, but calendar.toml has no hours of that name").format(found=found(name, ()))
            yield Mistake(one.file, (*one.path, "service_hours"), text + nearest(name, index.hour_names))


def _dependencies(index: Index, documents: Documents) -> Iterator[Mistake]:
    for one in index.watched:
        entries = one.data.get("depends_on")
        for number, entry in enumerate(entries if isinstance(entries, list) else []):
            try:
                wanted = parse_dependency(entry)
            except ValueError:
                continue  # told already, as the wrong kind of value
            path = (*one.path, "depends_on", number)
            for name in wanted:
                if name == row_id(one):
                    yield Mistake(one.file, path, _("{found}, which is itself").format(found=found(name, ())))
                else:
                    yield from _known_row(index, documents, one.file, path, name)


def _known_row(index: Index, documents: Documents, file: str, path: Path, name: str) -> Iterator[Mistake]:
    if name in index.rows:
        return
    if documents.any_broken("services.toml" if name.startswith(SERVICE) else "opd/"):
        return
    text = _("{found}, but no application or service has this id").format(found=found(name, ()))
    meant = SERVICE + name if SERVICE + name in index.rows else name
    yield Mistake(file, path, text + nearest(meant, index.rows))


def _probe_names(index: Index) -> Iterator[Mistake]:
    for one in index.watched:
        probes = [
            Found(one.file, (*one.path, "probes", number), probe)
            for number, probe in tables(one.data, "probes")
        ]
        names = {probe.text("id") or probe.text("kind") for probe in probes}
        seen = set()
        for probe in probes:
            key = "id" if probe.text("id") else "kind"
            if probe.text(key) and probe.text(key) in seen:
                text = _('{found}, as another probe here is called; give one of them an "id" of its own')
                yield Mistake(one.file, (*probe.path, key), text.format(found=found(probe.text(key), ())))
            seen.add(probe.text(key))
            for number, old in texts(probe.data.get("was")):
                if old in names:
                    text = _("{found}, but a probe here still has that name").format(found=found(old, ()))
                    yield Mistake(one.file, (*probe.path, "was", number), text)


def _edges(index: Index, documents: Documents) -> Iterator[Mistake]:
    """The other ends of exchanges."""
    for one in index.watched:
        for number, probe in tables(one.data, "probes"):
            name, path = probe.get("to"), (*one.path, "probes", number, "to")
            if not isinstance(name, str) or not name:
                continue
            if name == row_id(one):
                yield Mistake(one.file, path, _("{found}, which is itself").format(found=found(name, ())))
            else:
                yield from _known_row(index, documents, one.file, path, name)


def _people(index: Index, documents: Documents) -> Iterator[Mistake]:
    for file in documents.below("people"):
        if stem(file) not in index.opds:
            text = _("there is no opd/{name}.toml for these people").format(name=stem(file))
            yield Mistake(file, (), text + nearest(stem(file), index.opds), key="file", line=1)
    for one in index.people:
        for number, name in texts(one.data.get("applications")):
            path = (*one.path, "applications", number)
            yield from _known_row(index, documents, one.file, path, name)


def _calendar(index: Index, documents: Documents) -> Iterator[Mistake]:
    data = documents.data.get("calendar.toml", {})
    for number, row in tables(data, "ramadan"):
        yield from _in_order(Found("calendar.toml", ("ramadan", number), row), "first", "last")


def _maintenance(index: Index, documents: Documents) -> Iterator[Mistake]:
    rows = tables(documents.data.get("calendar.toml", {}), "maintenance")
    windows = [Found("calendar.toml", ("maintenance", number), row) for number, row in rows]
    yield from _unique(windows, "name", lambda one: one.text("name"))
    for one in windows:
        yield from _in_order(one, "first", "last")
        yield from _one_pattern(one)
        for number, subject in texts(one.data.get("applies_to")):
            path = (*one.path, "applies_to", number)
            if subject.startswith(OPD):
                yield from _known_opd_subject(index, path, subject)
            elif subject != EVERYTHING:
                yield from _known_row(index, documents, one.file, path, subject)


def _one_pattern(one: Found) -> Iterator[Mistake]:
    has_days, day = "days" in one.data, bool(one.data.get("day_of_month"))
    if has_days == day:
        text = _('want either "days" of the week or a "day_of_month"')
        yield Mistake(one.file, one.path, text, key="day_of_month" if day else "days")
    elif day and one.data.get("nth"):
        yield Mistake(one.file, (*one.path, "nth"), _('is for "days" of the week'))


def _known_opd_subject(index: Index, path: Path, subject: str) -> Iterator[Mistake]:
    code = subject.removeprefix(OPD)
    if code.casefold() not in index.opds:
        text = _("{found}, but there is no opd/{file}.toml")
        text = text.format(found=found(subject, path), file=code.casefold())
        yield Mistake("calendar.toml", path, text + nearest(code, index.opds.values()))


def _duty(index: Index, documents: Documents) -> Iterator[Mistake]:
    """What calendar.toml says of shifts, peak seasons, and the hours that targets count in."""
    file = "calendar.toml"
    data = documents.data.get(file, {})
    shifts, seasons = (
        [Found(file, (key, number), row) for number, row in tables(data, key)]
        for key in ("shifts", "seasons")
    )
    for key in ("name", "start"):
        yield from _unique(shifts, key, lambda one, key=key: one.text(key))
    yield from _unique(seasons, "name", lambda one: one.text("name"))
    for one in seasons:
        yield from _in_order(one, "first", "last")
        for number, name in texts(one.data.get("applies_to")):
            if name != EVERYTHING:
                yield from _known_row(index, documents, file, (*one.path, "applies_to", number), name)
    name = Found(file, (), data).text("sla_hours")
    if name and name not in index.hour_names:
        text = _("{found}, but there are no hours of that name").format(found=found(name, ()))
        yield Mistake(file, ("sla_hours",), text + nearest(name, index.hour_names))
    elif any(one.text("name") == name and not _ever_open(one) for one in index.hours):
        text = _("{found}, which are never open").format(found=found(name, ()))
        yield Mistake(file, ("sla_hours",), text)


def _ever_open(hours: Found) -> bool:
    return any(row.get("open") for _number, row in tables(hours.data, "week"))


def _law(documents: Documents) -> Iterator[Mistake]:
    rules = [
        Found(INCIDENTS, ("law", number), row)
        for number, row in tables(documents.data.get(INCIDENTS, {}), "law")
    ]
    yield from _unique(rules, "id", lambda one: one.text("id"))
    for one in rules:
        if one.text("id") in TARGETS:
            text = _("{found}, which every incident has a clock of; choose another id")
            yield Mistake(INCIDENTS, (*one.path, "id"), text.format(found=found(one.text("id"), ())))
