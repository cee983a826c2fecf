"""CPU for 1,000 fresh looks, and what a look in a beat measures: `python -m tests.bench.looks`.

Method: the page of `tests.bench.targets` is looked at with 50 looks under way at any time. CPU is user and
system time of the looking process alone, from the kernel, without start and warm-up; the server and, for
a peer, its caller run on the other core. A peer takes turns with us against the same page. Each figure is
the median of the rounds. A look alone and looks that start together take turns too; their durations are
what the observations say.
"""

import argparse
import asyncio
import contextlib
import gc
import os
import resource
import shutil
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from probes.env import Env
from probes.http import HttpSpec, http_target, look_http
from tests.bench.targets import Targets, free_port, running, targets

CONCURRENCY = 50
BLACKBOX = shutil.which("prometheus-blackbox-exporter")
_BLACKBOX_CONF = """
modules:
  http: {{prober: http, timeout: 10s}}
  https: {{prober: http, timeout: 10s, http: {{tls_config: {{ca_file: {ca_file}}}}}}}
"""


async def drive(look: Callable[[], Awaitable[None]], count: int) -> None:
    """``count`` looks, always `CONCURRENCY` of them under way."""
    left = iter(range(count))

    async def worker() -> None:
        for _ in left:
            await look()

    await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))


def own_cpu() -> float:
    """Seconds of CPU of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def process_cpu(pid: int) -> float:
    """Seconds of CPU of another process, all its threads together."""
    spent = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


def our_look(url: str, ca_file: Path) -> Callable[[], Awaitable[float]]:
    """One look of ours; its duration in milliseconds."""
    spec = HttpSpec.model_validate({"url": url, "tls": {"ca_file": str(ca_file)}})
    target, env = http_target(spec, Path()), Env()

    async def look() -> float:
        seen = await look_http(target, asyncio.get_running_loop().time() + spec.timeout, env)
        assert seen.verdict == "up", seen
        return seen.duration_ms

    return look


async def ours(url: str, ca_file: Path, count: int) -> float:
    """Our CPU seconds for 1,000 looks."""
    look = our_look(url, ca_file)

    async def once() -> None:
        await look()

    await drive(once, 300)
    gc.collect()
    before = own_cpu()
    await drive(once, count)
    return (own_cpu() - before) / count * 1000


async def blackbox(pid: int, port: int, url: str, count: int) -> float:
    """blackbox_exporter's CPU seconds for 1,000 probes."""
    module = url.partition(":")[0]
    request = f"GET /probe?module={module}&target={quote(url)} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()

    async def probe() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        assert b"probe_success 1" in await reader.read()
        writer.close()

    await drive(probe, 300)
    before = process_cpu(pid)
    await drive(probe, count)
    return (process_cpu(pid) - before) / count * 1000


async def beat_distortion(url: str, ca_file: Path, together: int) -> tuple[float, float]:
    """Median duration in milliseconds of a look alone, and of one that started with others."""
    look = our_look(url, ca_file)
    alone, crowd = [], []
    for _ in range(100):
        alone.append(await look())
        await asyncio.sleep(0.002)
        crowd += await asyncio.gather(*(look() for _ in range(together)))
        await asyncio.sleep(0.002)
    return statistics.median(alone), statistics.median(crowd)


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Run the block on one processor."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} if core in before else before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def blackbox_exporter(folder: Path, page: Targets) -> Iterator[tuple[int, int]]:
    """Process id and port of a running blackbox_exporter."""
    conf, port = folder / "blackbox.yml", free_port()
    conf.write_text(_BLACKBOX_CONF.format(ca_file=page.ca_file))
    command = [str(BLACKBOX), f"--config.file={conf}", f"--web.listen-address=127.0.0.1:{port}"]
    with running(["taskset", "-c", "0", *command], port) as process:
        yield process.pid, port


def compare(url: str, folder: Path, page: Targets, count: int, rounds: int) -> None:
    """Our CPU and, where it is installed, blackbox_exporter's, in turn."""
    scheme = url.partition(":")[0].upper()
    mine, theirs = [], []
    with contextlib.ExitStack() as stack:
        peer = None
        if BLACKBOX and shutil.which("taskset"):
            peer = stack.enter_context(blackbox_exporter(folder, page))
        for _ in range(rounds):
            with on_core(0):
                mine.append(asyncio.run(ours(url, page.ca_file, count)))
            if peer:
                with on_core(1):
                    theirs.append(asyncio.run(blackbox(*peer, url, count)))
    print(f"{scheme:5}  opsconsole         {statistics.median(mine):.3f} s CPU")
    if theirs:
        ratio = statistics.median(own / other for own, other in zip(mine, theirs, strict=True))
        print(f"{scheme:5}  blackbox_exporter  {statistics.median(theirs):.3f} s CPU, ratio {ratio:.2f}")


def measure(count: int, rounds: int) -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as name, targets(Path(name), core=1) as page:
        print(f"1,000 looks, {CONCURRENCY} at a time, {page.server} serving, median of {rounds} rounds")
        for url in (page.http, page.https):
            compare(url, Path(name), page, count, rounds)
        for url in (page.http, page.https):
            scheme = url.partition(":")[0].upper()
            for together in (4, 10):
                with on_core(0):
                    alone, crowd = asyncio.run(beat_distortion(url, page.ca_file, together))
                print(f"{scheme:5}  a look alone {alone:.3f} ms, one of {together} at once {crowd:.3f} ms")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=4000, help="looks in a round")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    measure(given.count, given.rounds)


if __name__ == "__main__":
    main()
