"""What no file can be told wrong by alone about people's duties and their means."""

from collections.abc import Iterator

from opsconsole.base.text import _
from opsconsole.inventory.fields import SERVICE
from opsconsole.inventory.index import Index, tables, texts
from opsconsole.inventory.mistakes import Mistake, found, nearest
from opsconsole.inventory.read import Documents


def check_readiness(index: Index, documents: Documents) -> Iterator[Mistake]:
    """For whom people stand in, and what proves their means."""
    yield from _backups(index, documents)
    yield from _means(index, documents)


def _backups(index: Index, documents: Documents) -> Iterator[Mistake]:
    known = {one.text("id") for one in index.people}
    for one in index.people:
        for number, name in texts(one.data.get("backup_of")):
            path = (*one.path, "backup_of", number)
            if name == one.text("id"):
                text = _("{found}, which is this person")
                yield Mistake(one.file, path, text.format(found=found(name, path)))
            elif name not in known and not documents.any_broken("people/"):
                text = _("{found}, but no person has this id").format(found=found(name, path))
                yield Mistake(one.file, path, text + nearest(name, known))


def _means(index: Index, documents: Documents) -> Iterator[Mistake]:
    for opd in index.opd_files:
        seen: list[object] = []
        for number, means in tables(opd.data, "means"):
            name, proof = means.get("id"), means.get("proven_by")
            path = (*opd.path, "means", number)
            if isinstance(name, str) and name in seen:
                text = _("{found}, as other means here are called")
                yield Mistake(opd.file, (*path, "id"), text.format(found=found(name, path)))
            seen.append(name)
            if not isinstance(proof, str) or not proof or proof in index.rows:
                continue
            if not documents.any_broken("services.toml" if proof.startswith(SERVICE) else "opd/"):
                text = _("{found}, but no application or service has this id").format(
                    found=found(proof, path)
                )
                yield Mistake(opd.file, (*path, "proven_by"), text + nearest(proof, index.rows))
