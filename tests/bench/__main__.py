"""All benchmarks, one after the other: `make bench`."""

import subprocess
import sys

for name in ("looks", "engine", "console", "wire", "audit", "readiness"):
    print(f"-- {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=True)
