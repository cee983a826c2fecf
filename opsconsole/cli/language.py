"""The language of a command: ``--lang``, else the office's, else the locale's."""

import gettext
import os
from pathlib import Path

from opsconsole.base.paths import home_place, system_place, user_place
from opsconsole.base.text import LANGUAGES, LOCALE, choose_language, detect_language


def prepare(arguments: list[str]) -> tuple[Path | None, str | None]:
    """Choose the language before anything is said; return ``--home`` and ``--lang`` as they were given.

    The help is made of translated sentences, so both are looked for before the arguments are read.
    """
    given, lang = _option(arguments, "--home"), _option(arguments, "--lang")
    home = Path(given) if given else None
    known = lang if lang in LANGUAGES else None
    speak(known or office_language(home) or detect_language())
    return home, known


def speak(code: str) -> None:
    """Use ``code`` for our own sentences and for those of argparse."""
    choose_language(code)
    # C, the language that needs no catalogue: for any other, gettext looks for one at each of its words.
    os.environ["LANGUAGE"] = "C" if code == "en" else code
    gettext.bindtextdomain("opsconsole", str(LOCALE))
    gettext.textdomain("opsconsole")


def office_language(home: Path | None) -> str | None:
    """What the office's settings say; None when there is no office here or its settings can not be read."""
    folder = home or (Path(os.environ["OPSCONSOLE_HOME"]) if os.environ.get("OPSCONSOLE_HOME") else None)
    places = (home_place(folder),) if folder else (system_place(), user_place())
    for place in places:
        try:
            settings = place.settings.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError):
            return None
        return _language_in(settings)
    return None


def _language_in(settings: str) -> str | None:
    import tomllib

    try:
        office = tomllib.loads(settings).get("office")
    except ValueError:
        return None
    found = office.get("language") if isinstance(office, dict) else None
    return found if found in LANGUAGES else None


def _option(arguments: list[str], name: str) -> str:
    for number, argument in enumerate(arguments):
        if argument == name:
            return arguments[number + 1] if number + 1 < len(arguments) else ""
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
        if not argument.startswith("-") and (not number or arguments[number - 1] not in ("--home", "--lang")):
            break
    return ""
