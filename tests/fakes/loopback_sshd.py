"""A real sshd on a loopback port, with a key made for it alone; wants the programs of openssh-server."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile {folder}/pid
StrictModes no
UsePAM no
PasswordAuthentication no
AcceptEnv LANG LC_*
"""


def is_installed() -> bool:
    """Whether there is an sshd to start, and the right to do so."""
    return os.geteuid() == 0 and Path(SSHD).exists() and shutil.which("ssh-keygen") is not None


class LoopbackSshd:
    """Runs while the block does; ``argv(port)`` logs in, by way of ``port`` where a proxy is between."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        for name in ("host", "user"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self._folder / name)], check=True
            )
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        config = self._folder / "sshd_config"
        config.write_text(_CONFIG.format(port=self.port, folder=self._folder))
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=log)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def argv(self, command: str, port: int | None = None) -> list[str]:
        """The ssh command line that runs ``command`` on a terminal of its own."""
        options = {
            "Port": port or self.port, "IdentityFile": self._folder / "user", "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "no", "UserKnownHostsFile": "/dev/null", "LogLevel": "ERROR",
        }  # fmt: skip
        given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return ["ssh", "-F", "/dev/null", "-tt", *given, "127.0.0.1", command]
