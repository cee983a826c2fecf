"""A new office: a small one ready to edit, or the whole example."""

from pathlib import Path

from opsconsole.base.errors import Conflict, Invalid
from opsconsole.base.paths import example_office
from opsconsole.base.text import N_
from opsconsole.inventory.read import SINGLE
from opsconsole.inventory.write import FOLDER_MODE, create

_STARTER = Path(__file__).parent / "starter"


def init(folder: Path, example: bool) -> list[Path]:
    """Write a configuration into ``folder`` and return the files; nothing that is there is touched.

    Raises Conflict where there is an office already, Invalid where nothing can be written.
    """
    source = example_office() if example else _STARTER
    names = sorted(path.relative_to(source) for path in source.rglob("*.toml"))
    # settings.toml makes a folder an office, so it comes last: half an office is none.
    names.sort(key=lambda name: name.name == SINGLE[0])
    taken = next((name for name in names if (folder / name).exists()), None)
    if taken is not None:
        raise Conflict(
            N_("There is {file} in {folder} already."),
            N_("Edit what is there, or name an empty folder."),
            file=str(taken),
            folder=str(folder),
        )
    try:
        for name in names:
            target = folder / name
            target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            create(target, (source / name).read_bytes())
    except OSError as error:
        raise Invalid(
            N_("An office can not be written to {folder}: {error}."),
            N_("Name a folder that this account may write to."),
            folder=str(folder),
            error=error.strerror or str(error),
        ) from error
    return [folder / name for name in names]
