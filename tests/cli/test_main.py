"""How a command is called, in which language it speaks, and how it ends."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from opsconsole import __version__
from opsconsole.base.errors import Invalid, Problem
from opsconsole.cli import verbs

OPSCONSOLE = (sys.executable, "-m", "opsconsole")


def test_the_version_is_told(command):
    done = command("--version")
    assert done.code == 0
    assert __version__ in done.out


def test_help_lists_every_verb_once(command):
    assert re.findall(r"^    ([a-z]+) ", command("--help").out, re.MULTILINE) == [
        "demo", "engine", "ssh", "status", "add", "probe", "schedule", "pause", "resume", "maintenance",
        "incidents", "readiness", "integration", "problem", "instructions", "briefing", "expiries",
        "dimensions", "references", "notify", "history", "log", "inventory", "opd", "explain", "replay",
        "export", "evidence", "import", "edit", "config", "secrets", "audit", "store", "doctor", "completion",
    ]  # fmt: skip


def test_help_speaks_indonesian_down_to_the_words_of_argparse(command):
    done = command("--lang", "id", "--help")
    assert "usage:" not in done.out
    assert "show this help" not in done.out


def test_a_verb_that_is_none_is_refused_with_what_there_is(command):
    done = command("stauts")
    assert done.code == 2
    assert "'status'" in done.err


@pytest.mark.parametrize("arguments", [("status",), ("probe", "portal")])
def test_a_plug_in_called_wrongly_ends_as_unknown(command, arguments):
    done = command(*arguments, "--nonsense")
    assert done.code == 3
    assert "--nonsense" in done.err


def test_an_argument_that_nothing_takes_is_refused_with_the_usage_of_its_verb(command):
    done = command("config", "check", "--nonsense")
    assert done.code == 2
    assert "usage: opsconsole config check" in done.err


def test_no_argument_is_guessed_from_its_beginning(command):
    assert command("status", "--js").code == 3


def test_the_office_chooses_the_language_when_nobody_else_does(command, home):
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text('[office]\nlanguage = "id"\n')
    english = command("--lang", "en", "--home", str(home), "--help").out
    assert command("--home", str(home), "--help").out != english
    assert command(f"--home={home}", "--help").out != english


def test_the_locale_chooses_the_language_where_there_is_no_office(command, monkeypatch):
    english = command("--help").out
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    assert command("--help").out != english


@pytest.mark.parametrize("settings", ["not toml [", "office = 3\n", '[office]\nlanguage = "xx"\n'])
def test_settings_that_can_not_be_used_do_not_stop_help(command, home, settings):
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(settings)
    assert command("--home", str(home), "--help").code == 0


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "OPSCONSOLE_HOME"])
def test_a_folder_that_can_not_be_looked_into_is_told_and_does_not_stop_help(command, monkeypatch, variable):
    # A name that no file system takes fails for every account; a folder without rights, not for root.
    monkeypatch.setenv(variable, f"/{'x' * 300}")
    assert command("--help").code == 0
    done = command("secrets", "list")
    assert done.code == 4
    assert "can not look into /xxx" in done.err


def failing(error: BaseException):
    def run(args, session):
        raise error

    return run


def test_a_problem_is_two_sentences_without_anything_a_terminal_would_act_on(command, monkeypatch):
    problem = Problem("{name} is gone", "Bring it back.", name="a\x1b[31mb\nc")
    monkeypatch.setattr(verbs, "config_schema", failing(problem))
    done = command("config", "schema")
    assert done.code == 1
    assert done.err == "a\ufffd[31mb c is gone. Bring it back.\n"


def test_every_line_of_an_invalid_file_comes_before_the_sentence(command, monkeypatch):
    problem = Invalid("Mistakes: {count}.", "Correct them.", ("a.toml:1: x: y", "a.toml:2: x: y"), count=2)
    monkeypatch.setattr(verbs, "config_schema", failing(problem))
    done = command("config", "schema")
    assert done.code == 2
    assert done.err == "a.toml:1: x: y\na.toml:2: x: y\nMistakes: 2. Correct them.\n"


def test_our_own_error_shows_no_traceback_unless_it_is_asked_for(command, monkeypatch):
    monkeypatch.setattr(verbs, "config_schema", failing(RuntimeError("odd")))
    done = command("config", "schema")
    assert done.code == 70
    assert "RuntimeError: odd" in done.err
    assert "Traceback" not in done.err
    monkeypatch.setenv("OPSCONSOLE_TRACEBACK", "1")
    assert "Traceback" in command("config", "schema").err


def test_an_interrupt_ends_quietly(command, monkeypatch):
    monkeypatch.setattr(verbs, "config_schema", failing(KeyboardInterrupt()))
    done = command("config", "schema")
    assert (done.code, done.out, done.err) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [*OPSCONSOLE, "completion", "bash"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert process.returncode == 141
    assert process.stderr == b""


def test_without_a_terminal_the_console_is_the_board_once(command, home, engine):
    done = command("--home", str(home))
    assert done.code == 2
    assert "Kominfo Kota Contoh" in done.out


def test_a_terminal_that_can_not_draw_gets_the_board_too(home, engine):
    leader, follower = os.openpty()
    environ = {**os.environ, "TERM": "dumb", "HOME": str(home)}
    process = subprocess.run(
        [*OPSCONSOLE, "--home", str(home)],
        stdin=follower,
        stdout=follower,
        stderr=subprocess.PIPE,
        env=environ,
        check=False,
    )
    os.close(follower)
    assert b"Kominfo Kota Contoh" in os.read(leader, 65536)
    assert process.returncode == 2


def test_the_systemd_unit_names_the_command_that_printed_it(command, tmp_path, monkeypatch):
    called = tmp_path / "opsconsole"
    called.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [str(called)])
    unit = command("engine", "unit").out
    assert f"ExecStart={called} engine" in unit
    assert "@" not in unit.replace("[access]", "")


def test_the_place_of_the_unit_is_the_system_office():
    unit = Path(verbs.__file__).with_name("share") / "opsconsole.service"
    text = unit.read_text()
    assert "ConfigurationDirectory=opsconsole" in text
    assert "Type=notify" in text
