"""From a folder of files to an inventory, or to every mistake in them at once."""

from collections.abc import Mapping
from pathlib import Path

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.inventory.build import build
from opsconsole.inventory.check import check
from opsconsole.inventory.journal import cut_short, shown
from opsconsole.inventory.mistakes import Mistake, located
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.read import parse_documents, read_folder
from opsconsole.inventory.sections import type_sections


def load(config_dir: Path) -> Inventory:
    """The office that a configuration folder describes.

    Raises Invalid: with no lines when there is no office there or it can not be read, else with one
    line ``FILE.toml:LINE: key: …`` for each mistake, paths relative to the folder. A change that is under
    way or was cut short has not been made yet.
    """
    files, mistakes = read_folder(config_dir)
    return _inventory(shown(files, cut_short(config_dir)), config_dir, mistakes)


def parse(files: Mapping[str, bytes], config_dir: Path) -> Inventory:
    """The office that a set of files describes, as `load` would find them below ``config_dir``."""
    return _inventory(files, config_dir, [])


def _inventory(files: Mapping[str, bytes], folder: Path, unread: list[Mistake]) -> Inventory:
    documents = parse_documents(files)
    documents.broken |= {mistake.file for mistake in unread}
    sections = type_sections(documents, folder)
    mistakes = [*unread, *documents.mistakes, *sections.mistakes, *check(documents)]
    if mistakes:
        lines = located(mistakes, documents.texts)
        raise Invalid(
            N_("The configuration in {folder} is not accepted; mistakes: {count}."),
            N_("Correct them and try again; until then nothing of it is used."),
            lines,
            folder=str(folder),
            count=len(lines),
        )
    return build(files, sections)
