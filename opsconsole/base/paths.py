"""Where everything of one office lies.

Three kinds of place: one folder (``--home DIR`` or ``OPSCONSOLE_HOME``), the machine's (what the
shipped systemd unit uses), and the user's own by the XDG rules.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["home", "system", "user"]
# sun_path holds 108 bytes with its final NUL (unix(7)).
SOCKET_PATH_BYTES = 107
# A person's own choices for the console; it may lie beside an office's files and is none of them.
PERSONAL = "console.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one office. Nothing here is created by looking at it."""

    kind: Kind
    config: Path
    store: Path
    run: Path
    log: Path
    exports: Path

    @property
    def socket(self) -> Path:
        """The engine's socket; a path too long for the kernel gets a short alias below /tmp."""
        wanted = self.run / "engine.sock"
        if len(os.fsencode(wanted)) <= SOCKET_PATH_BYTES:
            return wanted
        import hashlib  # late: costs every command 4 ms, and few paths are so long

        digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
        return _alias_folder(self.run) / digest / "engine.sock"

    @property
    def lock(self) -> Path:
        """The file an engine holds with ``flock`` for as long as it lives."""
        return self.store / "engine.lock"

    @property
    def database(self) -> Path:
        """The SQLite store. Only the engine opens it."""
        return self.store / "opsconsole.db"

    @property
    def engine_log(self) -> Path:
        """One JSON object a line."""
        return self.log / "engine.log"

    @property
    def settings(self) -> Path:
        """The file whose presence makes this place an office."""
        return self.config / "settings.toml"


def _alias_folder(run: Path) -> Path:
    # By the owner of the office, not by the caller or a session's XDG_RUNTIME_DIR: whoever comes, from
    # whatever session, must arrive at the same socket. Both sides check that it is the owner's.
    for place in (run, *run.parents):
        try:
            return Path(f"/tmp/opsconsole-{place.stat().st_uid}")  # noqa: S108
        except OSError:
            continue
    raise FileNotFoundError(run)


def home_place(folder: Path) -> Place:
    """Everything of one office under one folder."""
    folder = folder.expanduser().absolute()
    return Place(
        "home", folder / "config", folder / "store", folder / "run", folder / "log", folder / "exports"
    )


def system_place(root: Path = Path("/")) -> Place:
    """The machine's office, as the shipped systemd unit lays it out."""
    state = root / "var/lib/opsconsole"
    return Place(
        "system",
        root / "etc/opsconsole",
        state / "store",
        root / "run/opsconsole",
        root / "var/log/opsconsole",
        state / "exports",
    )


def user_place(environ: Mapping[str, str] = os.environ) -> Place:
    """The user's own office, by the XDG base directory rules."""
    data, state = _data(environ), user_state(environ)
    # Not in XDG_RUNTIME_DIR: that is removed at the last log-out, and an office's engine outlives it.
    return Place("user", _config(environ), data, state / "run", state, data / "exports")


def user_state(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a person's own console remembers things, whatever office it shows."""
    return _xdg(environ, "XDG_STATE_HOME", ".local/state")


def personal_file(place: Place, environ: Mapping[str, str] = os.environ) -> Path:
    """The console's settings of whoever looks: the home's own file where it has one, else the user's."""
    if place.kind == "home" and (own := place.config.parent / PERSONAL).exists():
        return own
    return _config(environ) / PERSONAL


def _config(environ: Mapping[str, str]) -> Path:
    return _xdg(environ, "XDG_CONFIG_HOME", ".config")


def _data(environ: Mapping[str, str]) -> Path:
    return _xdg(environ, "XDG_DATA_HOME", ".local/share")


def _xdg(environ: Mapping[str, str], name: str, default: str) -> Path:
    """A base folder by the XDG rules: what the variable says when it is absolute, else below the home."""
    given = environ.get(name, "")
    home = Path(environ.get("HOME") or Path.home())
    return (Path(given) if given.startswith("/") else home / default) / "opsconsole"


def example_office() -> Path:
    """The example office's ``config`` folder: inside the wheel, or at the top of a clone."""
    packed = Path(__file__).parents[1] / "inventory" / "example"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "config"
