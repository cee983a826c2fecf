"""The whole engine at work: `python -m tests.bench.engine`.

Method: a real engine in a process of its own on one core; its targets, a client of the change stream that
watches every look, and this program on the other. CPU is user and system time of all the engine's
threads, from the kernel, over a window that begins when the looks go evenly. A look counts when its row
has reached the client: scheduled, looked, judged, committed, published.

Scenario 1: 1,000 probes of one small page every 5 s, 200 looks a second, over HTTP and over verified
HTTPS; blackbox_exporter, which stores nothing, is asked for the same page at the same pace. What a look
measures there is held against ten probes that look once a second, so that each is alone. The page is
one server on one processor, so over HTTPS what starts together queues there too.
Scenario 2: 1,000 probes every 60 s, 300 of them of listeners that swallow every packet; how late looks
start, in all and without those, and memory.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from urllib.parse import quote

from opsconsole.base.errors import Problem
from opsconsole.base.paths import home_place
from opsconsole.client.calls import AsyncClient, Client
from opsconsole.client.shapes import Look, row_of
from tests.bench.looks import BLACKBOX, blackbox_exporter, on_core, process_cpu
from tests.bench.targets import Targets, targets
from tests.engine.city import City

RATE = 200
PROBES = 1000
HOLES = 300
ALONE = 10
ENGINE_CORE, OTHER_CORE = 0, 1


class Watcher:
    """A client of the change stream that watches every look."""

    def __init__(self, home: Path) -> None:
        self.looks: list[Look] = []
        self._client = AsyncClient(home_place(home))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self._read(),), daemon=True
        )
        self._thread.start()

    async def _read(self) -> None:
        try:
            async with aclosing(self._client.changes(watch=["*"])) as changes:
                async for change in changes:
                    row = row_of(change)
                    if isinstance(row, Look):
                        self.looks.append(row)
        except Problem:
            return


def write_office(home: Path, probes: Sequence[tuple[str, dict[str, object]]], *, per_host: int) -> None:
    """One OPD with an application for each of ``probes``: its id, and the keys of its probe."""
    config = home / "config"
    (config / "opd").mkdir(parents=True)
    (config / "settings.toml").write_text(f"[engine]\nper_host = {per_host}\n")
    lines = ['code = "B"', 'name = "Bench"', 'short = "B"']
    for row_id, keys in probes:
        lines += ["[[applications]]", f'id = "{row_id}"', f'name = "{row_id}"', "[[applications.probes]]"]
        lines += [
            f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
            for key, value in keys.items()
        ]
    (config / "opd" / "b.toml").write_text("\n".join(lines))


@contextmanager
def engine(home: Path) -> Iterator[int]:
    """The process id of an engine that answers, on a core of its own."""
    command = [sys.executable, "-m", "opsconsole", "--home", str(home), "engine"]
    with on_core(ENGINE_CORE):
        process = subprocess.Popen(command)
    os.sched_setaffinity(0, {OTHER_CORE} & os.sched_getaffinity(0) or os.sched_getaffinity(0))
    try:
        with Client(home_place(home)) as client:
            while True:
                try:
                    client.hello()
                    break
                except Problem:
                    assert process.poll() is None, "the engine did not start"
                    time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def memory_mib(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of them lie."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def measure(pid: int, watcher: Watcher, warm_up: float, seconds: float) -> tuple[list[Look], float, float]:
    """The looks of a window, the engine's CPU seconds and the looks a second in it."""
    time.sleep(warm_up)
    first, before, began = len(watcher.looks), process_cpu(pid), time.monotonic()
    time.sleep(seconds)
    cpu, looks = process_cpu(pid) - before, watcher.looks[first:]
    return looks, cpu, len(looks) / (time.monotonic() - began)


def steady(page: Targets, url: str, seconds: float) -> None:
    """Scenario 1, ours."""
    keys = {"kind": "http", "url": url, "retry": "1s"}
    if url.startswith("https"):
        keys["tls.ca_file"] = str(page.ca_file)
    alone, _cpu, _pace, _memory = at_work({**keys, "every": "1s"}, ALONE, 3, min(seconds, 15))
    looks, cpu, pace, memory = at_work({**keys, "every": f"{PROBES // RATE}s"}, PROBES, 20, seconds)
    late = [look.late_ms for look in looks]
    single = statistics.median(look.duration_ms for look in alone)
    crowd = statistics.median(look.duration_ms for look in looks)
    scheme = url.partition(":")[0].upper()
    print(
        f"1,000 {scheme} looks at {pace:.0f} a second: {cpu / len(looks) * 1000:.3f} s CPU, {memory:.0f} MiB"
    )
    print(f"  start lateness p50 {percentile(late, 0.5):.0f} ms, p99 {percentile(late, 0.99):.0f} ms")
    print(f"  a look alone {single:.2f} ms, in its beat {crowd:.2f} ms (median), {crowd - single:+.2f} ms")
    print(f"  failed: {sum(look.verdict != 'up' for look in looks)} of {len(looks)}")


def at_work(
    keys: dict[str, object], probes: int, warm_up: float, seconds: float
) -> tuple[list[Look], float, float, float]:
    """An engine with so many probes alike: its looks in the window, CPU seconds, pace and MiB."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        write_office(home, [(f"p{number}", keys) for number in range(probes)], per_host=100)
        with engine(home) as pid:
            looks, cpu, pace = measure(pid, Watcher(home), warm_up, seconds)
            return looks, cpu, pace, memory_mib(pid)


async def _paced(port: int, url: str, seconds: float) -> int:
    module = url.partition(":")[0]
    request = f"GET /probe?module={module}&target={quote(url)} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()

    async def probe() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        assert b"probe_success 1" in await reader.read()
        writer.close()

    loop, tasks = asyncio.get_running_loop(), []
    began = loop.time()
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(began + number / RATE - loop.time(), 0))
        tasks.append(loop.create_task(probe()))
    await asyncio.gather(*tasks)
    return len(tasks)


def peer(page: Targets, url: str, folder: Path, seconds: float) -> None:
    """Scenario 1, blackbox_exporter."""
    if not BLACKBOX:
        print("  blackbox_exporter is not installed (apt: prometheus-blackbox-exporter)")
        return
    with blackbox_exporter(folder, page) as (pid, port):
        asyncio.run(_paced(port, url, 3))
        before = process_cpu(pid)
        count = asyncio.run(_paced(port, url, seconds))
        print(f"  blackbox_exporter at the same pace: {(process_cpu(pid) - before) / count * 1000:.3f} s CPU")


def black_holes(url: str, seconds: float) -> None:
    """Scenario 2."""
    with tempfile.TemporaryDirectory() as name, City() as city:
        home = Path(name)
        probes: list[tuple[str, dict[str, object]]] = [
            (f"p{n}", {"kind": "http", "url": url}) for n in range(PROBES - HOLES)
        ]
        for number in range(HOLES):
            address, port = city.black_hole()
            probes.append((f"hole{number}", {"kind": "http", "url": f"http://{address}:{port}/"}))
        write_office(home, probes, per_host=100)
        with engine(home) as pid:
            watcher = Watcher(home)
            looks, cpu, pace = measure(pid, watcher, 15, seconds)
            memory = memory_mib(pid)
    late = [look.late_ms for look in looks]
    healthy = [look.late_ms for look in looks if look.verdict == "up"]
    print(
        f"{PROBES} probes at 60 s, {HOLES} of them black holes: {pace:.0f} looks a second, {memory:.0f} MiB,"
    )
    print(f"  {cpu / seconds * 100:.1f} % of a core; start lateness p50 {percentile(late, 0.5):.0f} ms,")
    print(f"  p99 {percentile(late, 0.99):.0f} ms; of healthy ones p99 {percentile(healthy, 0.99):.0f} ms")


def main() -> None:
    """Read the command line and print every figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=30, help="length of the windows of scenario 1")
    parser.add_argument("--hole-seconds", type=float, default=60, help="length of the window of scenario 2")
    given = parser.parse_args()
    print(__doc__)
    with tempfile.TemporaryDirectory() as name, targets(Path(name), core=OTHER_CORE) as page:
        if given.seconds:
            for url in (page.http, page.https):
                steady(page, url, given.seconds)
                peer(page, url, Path(name), given.seconds / 2)
        if given.hole_seconds:
            black_holes(page.http, given.hole_seconds)


if __name__ == "__main__":
    main()
