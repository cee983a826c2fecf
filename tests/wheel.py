"""The wheel alone: install it into an empty environment and use it from an empty home.

`python tests/wheel.py dist/NAME.whl`; `make wheel` builds one and calls this. Nothing of the clone is
on the path: what the wheel does not hold is missing here as it is at a user's.
"""

import os
import re
import subprocess
import sys
import tempfile
import venv
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

TOP = Path(__file__).parents[1]
MUST_HOLD = (
    "opsconsole/inventory/example/settings.toml",
    "opsconsole/base/locale/id/LC_MESSAGES/opsconsole.mo",
    "opsconsole/store/migrations/env.py",
    "opsconsole/cli/share/opsconsole.service",
    "opsconsole/cli/share/opsconsole.bash",
    "opsconsole/cli/share/_opsconsole",
    "opsconsole/cli/share/opsconsole.fish",
    "opsconsole/py.typed",
    "probes/registry.py",
)
LIMIT_S = 120.0


def main(wheel: Path) -> None:
    """Check what the wheel holds, install it, run it."""
    with ZipFile(wheel) as packed:
        names = set(packed.namelist())
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        wanted = Parser().parsestr(packed.read(metadata).decode()).get_all("Requires-Dist") or []
    missing = [name for name in MUST_HOLD if name not in names]
    assert not missing, f"the wheel lacks {missing}"
    with tempfile.TemporaryDirectory(prefix="opsconsole-wheel-") as folder:
        python = install(wheel.absolute(), wanted, Path(folder))
        use(python.with_name("opsconsole"), Path(folder))
    print(f"{wheel.name}: installed alone and used")


def install(wheel: Path, wanted: list[str], folder: Path) -> Path:
    """The python of a fresh environment with the locked packages that the wheel asks for, and the wheel."""
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    lock = folder / "requirements.txt"
    lock.write_text(runtime_lock(wanted))
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    fast = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(python)]
    plain = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if subprocess.run([*fast, *locked], check=False, capture_output=True).returncode != 0:
        subprocess.run([*plain, *locked], check=True)
    subprocess.run([*plain, "--no-deps", "--no-index", str(wheel)], check=True)
    subprocess.run([*plain[:3], "check"], check=True, stdout=subprocess.DEVNULL)
    return python


def runtime_lock(wanted: list[str]) -> str:
    """The part of the lock that the requirements lead to; it says itself which package asks for which."""
    packages = {}
    for block in re.split(r"\n(?=[a-z0-9])", (TOP / "requirements.lock").read_text()):
        askers = block.partition("# via")[2]
        packages[block.partition("==")[0]] = (block, set(re.findall(r"[a-z0-9][a-z0-9.-]*", askers)))
    needed = {canonical(re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0]) for text in wanted}
    while found := {name for name, (_, askers) in packages.items() if askers & needed} - needed:
        needed |= found
    return "\n".join(block for name, (block, _) in packages.items() if name in needed)


def canonical(name: str) -> str:
    """A package's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def use(command: Path, folder: Path) -> None:
    """What a new user does first, from an empty home and an empty working folder."""
    home, work = folder / "home", folder / "work"
    home.mkdir()
    work.mkdir()
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(command), *arguments],
            cwd=work,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    assert "opsconsole" in run("--version")
    assert "console" in run("--help")
    assert "konsol" in run("--lang", "id", "--help").lower()
    run("config", "init")
    run("config", "check")
    run("config", "init", "--example", str(work / "example"))
    assert "OPD" in run("config", "check", str(work / "example"))
    run("demo", "--headless", "--for", "8s")
    assert os.listdir(work) == ["example"]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
