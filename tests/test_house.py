"""The rules of the house that no other tool holds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from opsconsole.api.app import Api
from opsconsole.base.paths import home_place
from opsconsole.base.text import LANGUAGES, choose_language, translate
from opsconsole.cli.parser import build_tree
from opsconsole.client.commands import COMMANDS
from opsconsole.console.palette import words
from tests.fakes.scripted_engine import ScriptedEngine

TOP = Path(__file__).parents[1]
LONGEST_MODULE = 500
TOP_LEVEL = {
    ".ci",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "config",
    "docs",
    "opsconsole",
    "probes",
    "pyproject.toml",
    "requirements.lock",
    "tests",
}
HEAVY = "pydantic sqlmodel sqlalchemy starlette uvicorn apscheduler textual alembic"
ENGINE_ROOMS = "opsconsole.engine opsconsole.api opsconsole.health opsconsole.inventory opsconsole.store"


def project_files() -> list[str]:
    """What belongs to the project: known to git, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if (TOP / name).is_file()]


def test_no_module_is_longer_than_a_reader_can_hold():
    long = {
        name: lines
        for name in project_files()
        if name.endswith(".py") and (lines := len((TOP / name).read_text().splitlines())) > LONGEST_MODULE
    }
    assert not long


def test_the_top_level_holds_what_the_house_has_and_nothing_else():
    assert {name.split("/")[0] for name in project_files()} <= TOP_LEVEL


def test_no_file_names_a_path_of_a_machine_or_the_address_of_a_registry():
    hosts = ("pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npm", "deb" + r"\.debian")
    paths = ("/" + "root/", "/" + "work/")
    forbidden = re.compile("|".join((*hosts, *paths)), re.IGNORECASE)
    found = [
        f"{name}: {line.strip()[:120]}"
        for name in project_files()
        for line in (TOP / name).read_text("utf-8", "replace").splitlines()
        if forbidden.search(line)
    ]
    assert not found


def test_the_lock_has_a_hash_for_every_package_and_no_address():
    lock = (TOP / "requirements.lock").read_text()
    packages = re.split(r"\n(?=[a-z0-9])", lock)
    assert len(packages) > 20
    assert not [package.split()[0] for package in packages if "--hash=sha256:" not in package]
    assert "://" not in lock
    assert "index-url" not in lock


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("probes", f"opsconsole {HEAVY}".replace("pydantic ", "")),
        ("opsconsole.client", f"{HEAVY} {ENGINE_ROOMS}"),
        ("opsconsole.console", f"{HEAVY} {ENGINE_ROOMS}".replace("textual ", "")),
        ("opsconsole.cli.main", f"{HEAVY} {ENGINE_ROOMS} httpx rich opsconsole.console opsconsole.demo"),
    ],
)
def test_importing_a_room_pulls_in_nothing_it_must_not(modules, unwanted):
    script = """
import importlib, pkgutil, sys
room = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(room, "__path__", []), f"{sys.argv[1]}."):
    importlib.import_module(module.name)
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""
    command = [sys.executable, "-c", script, modules, *unwanted.split()]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_every_command_of_the_engine_has_a_verb():
    verbs = set(build_tree().paths())
    assert {shape.verb for shape in COMMANDS.values()} <= verbs


def test_every_command_of_the_engine_can_be_typed_in_the_console():
    assert set(COMMANDS) <= set(words())


def test_no_route_but_that_of_commands_writes(tmp_path):
    routes = Api(ScriptedEngine(home_place(tmp_path))).routes
    assert {(route.method, route.path) for route in routes if route.method != "GET"} == {
        ("POST", "/v1/commands/{name}")
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_engine_explains_itself_in_both_languages(name):
    said = set()
    for language in LANGUAGES:
        choose_language(language)
        said.add(translate(COMMANDS[name].help))
    choose_language("en")
    assert len(said) == len(LANGUAGES)
