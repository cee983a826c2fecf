"""The demo's engine: spawned before there is an office, it reads its code while that is written.

``python -m opsconsole.demo.engine`` waits for one line on standard input, the demo's home, and then is an
engine like any other, but for ending with its last console.
"""

import sys
from pathlib import Path

from opsconsole.base.paths import home_place
from opsconsole.engine.run import run_engine


def main() -> int:
    """Run the engine; 0 as well when standard input ends before a home is named."""
    home = sys.stdin.readline().rstrip("\n")
    return run_engine(home_place(Path(home)), demo=True) if home else 0


if __name__ == "__main__":
    sys.exit(main())
