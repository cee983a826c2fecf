"""Shell completion: what may stand where, and the shells that ask, as they are when somebody sits at them."""

import shutil
import sys
from pathlib import Path

import pytest

from opsconsole.base.paths import Place, home_place
from opsconsole.cli import completion
from opsconsole.cli.completion import words_for
from opsconsole.cli.parser import build_tree
from opsconsole.client.calls import Client
from opsconsole.console.feed.inbox import Link
from opsconsole.console.feed.model import Model
from opsconsole.console.feed.snapshot import Keeper
from tests.console.wire import Wire
from tests.fakes.scripted_engine import NIGHT, ScriptedEngine

OFFICE = """
code = "RSUD"
name = "Rumah Sakit"
[[applications]]
id = "simrs"
name = "SIMRS [/]"
[[applications]]
id = "antrian"
"""


def offered(line: str) -> list[str]:
    return [word.text for word in words_for(line, build_tree())]


@pytest.fixture
def place(home: Path) -> Place:
    """An office of files, whose engine never ran."""
    place = home_place(home)
    (place.config / "opd").mkdir(parents=True)
    place.settings.touch()
    (place.config / "opd" / "rsud.toml").write_text(OFFICE)
    (place.config / "opd" / "broken.toml").write_text("[[")
    return place


def keep_board(place: Place) -> None:
    """What a console leaves behind when it ends: its last board."""
    model = Model(Link("live", NIGHT))
    with ScriptedEngine(place), Client(place) as client:
        model.recall(client.hello(), client.board(), NIGHT)
    Keeper(place).keep(model)


def test_verbs_come_first_and_then_what_belongs_below_them():
    assert {"demo", "status", "config", "doctor"} <= set(offered("opsconsole "))
    assert offered("opsconsole stat") == ["status"]
    assert {"check", "schema", "init"} <= set(offered("opsconsole config "))
    assert offered("opsconsole --home /etc/opsconsole config ch") == ["check"]
    assert offered("opsconsole status ")[0].startswith("--"), "nothing else may follow"


def test_options_are_those_of_the_verb():
    assert "--json" in offered("opsconsole status --")
    assert "--headless" not in offered("opsconsole status --")
    assert "--headless" in offered("opsconsole demo --")
    assert offered("opsconsole status --js") == ["--json"]


def test_values_of_an_option_are_offered_in_both_ways_of_writing_it():
    assert offered("opsconsole --lang ") == ["en", "id"]
    assert offered("opsconsole --lang=i") == ["--lang=id"]
    assert offered("opsconsole completion ") == ["bash", "zsh", "fish"]
    assert offered("opsconsole --nothing=") == []


def test_where_files_may_stand_the_shell_is_told_so():
    assert offered("opsconsole --home ") == [":folders"]
    assert offered("opsconsole config check ") == [":folders"]
    assert offered("opsconsole probe --spec ") == [":files"]


def test_names_come_from_the_files_where_no_board_was_ever_kept(place, home):
    assert offered(f"opsconsole --home {home} probe ") == ["simrs", "antrian"]
    assert offered(f"opsconsole --home={home} probe s") == ["simrs"]
    assert offered(f"opsconsole --home {home} add http://x --opd rs") == ["RSUD"]


def test_names_come_from_the_board_that_was_kept_and_no_engine_is_asked(place, home):
    keep_board(place)
    assert {"simrs", "spmb"} <= set(offered(f"opsconsole --home {home} probe s"))
    assert "antrian" not in offered(f"opsconsole --home {home} probe "), "only the files know it"
    assert "service:dukcapil-pusat" in offered(f"opsconsole --home {home} probe service:")


def test_what_is_offered_can_neither_break_a_line_nor_reach_the_terminal(place, home):
    (place.config / "opd" / "rsud.toml").write_text(
        'code="A"\n[[applications]]\nid = "a\\u001b[2J"\nname = "x\\ty\\nz"\n'
    )
    (word,) = words_for(f"opsconsole --home {home} probe ", build_tree())
    assert "\x1b" not in word.text
    assert not {"\t", "\n"} & set(word.told)


@pytest.mark.parametrize(
    "line", ["", "opsconsole", "opsconsole 'a", 'opsconsole "a b', "opsconsole a\\", "x y z"]
)
def test_any_line_can_be_completed(line):
    offered(line)


def test_the_command_that_scripts_ask_answers_a_line_each(command, monkeypatch, home, place):
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO(f"opsconsole --home {home} probe \n"))
    done = command("completion", "words")
    assert done.out.splitlines() == ["simrs\tSIMRS [/]", "antrian"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_script_is_printed_whole(command, shell):
    assert "completion words" in command("completion", shell).out
    assert shell not in command("completion", "words").out


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='$ '; source"),
    "zsh": (["zsh", "-f", "-i"], "PS1='$ '; autoload -Uz compinit; compinit -u -d DUMP; source"),
    "fish": (["fish", "--no-config", "-i"], "source"),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes_verbs_applications_and_folders(shell, command, tmp_path, home, place):
    argv, start = SHELLS[shell]
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / f"completion.{shell}"
    script.write_text(command("completion", shell).out)
    (tmp_path / "bin").mkdir()
    runner = tmp_path / "bin" / "opsconsole"
    runner.write_text(f'#!/bin/sh\nexec {sys.executable} -m opsconsole "$@"\n')
    runner.chmod(0o755)
    path = f"{runner.parent}:/usr/bin:/bin"
    top = str(Path(completion.__file__).parents[2])
    env = {"PATH": path, "HOME": str(tmp_path), "TERM": "xterm", "PYTHONPATH": top, "LANG": "C.UTF-8"}
    with Wire(argv, size=(160, 24), env=env) as wire:
        wire.settle(0.5)
        wire.send(f"{start.replace('DUMP', str(tmp_path / 'dump'))} {script}; echo rea''dy\r")
        wire.until(lambda: wire.shows("ready"))
        for typed, wanted in (
            ("opsconsole conf", "opsconsole config"),
            (f"opsconsole --home {home} probe ant", "probe antrian"),
            (f"opsconsole --home {str(home)[:-2]}", f"--home {home}"),
        ):
            wire.send(f"{typed}\t")
            wire.until(lambda wanted=wanted: wire.shows(wanted))
            wire.send("\x15")
        wire.send("\x15exit\r")
