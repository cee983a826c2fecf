"""What every room's tests share."""

import atexit
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from opsconsole.base.build_catalogues import compile_catalogues
from opsconsole.base.text import LOCALE


def pytest_configure() -> None:
    """Compile the catalogues when a ``.po`` was changed after the last installation; tame Hypothesis.

    What Hypothesis keeps does not belong into the checkout, and a slow machine is no failing property.
    """
    kept = tempfile.mkdtemp(prefix="opsconsole-hypothesis-")
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    set_hypothesis_home_dir(kept)
    settings.register_profile("house", deadline=None, database=None)
    settings.load_profile("house")
    if any(_is_newer(source) for source in LOCALE.glob("*/LC_MESSAGES/*.po")):
        compile_catalogues(LOCALE)


def _is_newer(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
