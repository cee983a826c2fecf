"""A disk that is full: the engine in a mount namespace of its own, its store on a small file system."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from opsconsole.base.errors import Problem
from opsconsole.client.commands import PauseProbes, Recheck
from tests.engine.city import City
from tests.engine.offices import Office, application, until
from tests.engine.zygote import ROOT

# The store, its log and the reserve of 16 MiB twice over fit; a city's looks would too.
DISK = "size=40m"
MOUNT = ["unshare", "--mount", "--map-root-user"]


def can_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = [*MOUNT, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


class SmallDisk:
    """The engine's view of its store folder, which this process reaches through /proc."""

    def __init__(self, office: Office, process: "subprocess.Popen[bytes]") -> None:
        self._folder = Path(f"/proc/{process.pid}/root{office.place.store}")

    @contextmanager
    def full(self) -> Iterator[None]:
        """Not a byte is free."""
        filler = self._folder / "filler"
        descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
        for size in (1 << 20, 4096, 1):
            try:
                while os.write(descriptor, b"x" * size):
                    pass
            except OSError:
                continue
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
            os.close(descriptor)
            filler.unlink()

    def engine(self) -> int:
        """The process id of the engine."""
        return int(json.loads((self._folder / "engine.lock").read_text())["pid"])

    def refill(self) -> None:
        """Take what was freed meanwhile."""
        with (self._folder / "filler").open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                return


@pytest.mark.skipif(not can_mount(), reason="this account may not mount")
def test_a_full_disk_costs_looks_but_no_command_and_ends_when_there_is_room(office: Office, city: City):
    site = city.site()
    office.write(application("satu", site.url, probe={"every": "100ms", "retry": "100ms"}))
    office.place.store.mkdir(parents=True)
    engine = '"$2" -m opsconsole --home "$3" engine'
    script = f'mount -t tmpfs -o {DISK} tmpfs "$1" && {engine}; exec {engine}'
    command = [*MOUNT, "sh", "-c", script, "sh", str(office.place.store), sys.executable, str(office.home)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        until(office.answers)
        until(lambda: office.row("satu").state == "up")
        disk = SmallDisk(office, process)
        with disk.full():
            until(lambda: office.board().engine.store == "full")
            seen = len(site.hits)
            until(lambda: len(site.hits) > seen + 5)
            with office.client() as client:
                # The reserve takes commands, and what changes.
                assert client.command(Recheck("satu")).seq
                site.behaviour = "fail"
                until(lambda: office.confirmed_down("satu"))
            # The next engine knows that what is left is not for looks.
            os.kill(disk.engine(), signal.SIGKILL)
            until(lambda: office.answers() and office.board().run == 2)
            assert (office.board().engine.store, office.row("satu").state) == ("full", "down")
            # Without a byte left a command is refused, not pretended; a look is made all the same.
            disk.refill()
            with office.client() as client:
                until(lambda: client.command(Recheck("satu", wait=True)).unrecorded)
                seen = client.command(Recheck("satu", wait=True))
                assert (seen.seq, seen.unrecorded, b"503" in bytes(seen.result)) == (0, True, True)
                with pytest.raises(Problem, match="takes nothing"):
                    client.command(PauseProbes("satu", "2h", "disk penuh"))
        until(lambda: office.board().engine.store == "ok")
        with office.client() as client:
            assert client.command(Recheck("satu")).seq
            until(lambda: client.looks("satu"))
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
