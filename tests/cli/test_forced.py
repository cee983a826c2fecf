"""What sshd runs instead of a shell: the console, or a verb that needs nothing but the engine."""

from argparse import Namespace

import pytest

from opsconsole.base.errors import Refused
from opsconsole.cli.forced import asked, check
from opsconsole.cli.parser import Parser, build_tree

# Each reads or writes files of the machine, starts or ends programs of it, or speaks to a shell of it.
KEPT_BACK = {
    *("demo", "engine", "engine stop", "engine unit", "ssh", "add", "import", "doctor", "completion"),
    *("config", "config check", "config schema", "config init", "secrets", "secrets set", "secrets list"),
    *("secrets test", "audit", "store", "store backup", "store check", "store verify", "store restore"),
    *("evidence", "evidence pack", "integration reorganise", "integration import-usage"),
    "readiness import-attendance",
}


@pytest.fixture
def over_ssh(command, monkeypatch):
    """Run a line as sshd does for an account that has no shell."""

    def run(line: str, *before: str):
        monkeypatch.setenv("SSH_ORIGINAL_COMMAND", line)
        return command(*before, "ssh")

    return run


def test_every_verb_is_either_allowed_or_kept_back():
    tree = build_tree()
    refused = set()
    for path in tree.paths():
        try:
            check(Namespace(parser=tree.parser(path), output="-", view="board"))
        except Refused:
            refused.add(" ".join(path))
    assert refused == KEPT_BACK


@pytest.mark.parametrize(
    "line",
    [
        "import kuma", "store restore /etc/shadow", "engine --replace", "evidence pack 28 --year 2026",
        "readiness import-attendance X /etc/shadow", "opsconsole config init /tmp/x",
        "/usr/bin/opsconsole secrets set env:X", "--lang id demo",
    ],
)  # fmt: skip
def test_what_needs_the_machine_is_refused_before_it_begins(over_ssh, line):
    done = over_ssh(line)
    assert (done.code, done.out) == (4, "")
    assert "SSH" in done.err


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("--home /tmp/x status", "--home"), ("probe --spec /etc/shadow", "--spec"),
        ("references --dir /etc", "--dir"), ("audit verify --anchor /etc/shadow", "--anchor"),
        ("export board -o /tmp/x", "-o -"), ("export board", "-o -"), ("export board --output=x", "-o -"),
    ],
)  # fmt: skip
def test_no_argument_names_a_file_of_the_machine(over_ssh, line, named):
    done = over_ssh(line)
    assert done.code == 4
    assert named in done.err


def test_the_line_is_no_shell(over_ssh, tmp_path):
    trace = tmp_path / "trace"
    for line in (f"status; touch {trace}", f"status $(touch {trace})", f"status | touch {trace}"):
        assert over_ssh(line).code in (2, 3)
    assert not trace.exists()
    assert over_ssh("incidents note 1 'open").code == 4


def test_a_verb_is_done_in_the_office_of_the_account(over_ssh, home):
    # There is no office there: that is what status says of it, as a plug-in does.
    done = over_ssh("opsconsole status", "--home", str(home))
    assert done.code == 3
    assert str(home) in done.err


def test_without_a_line_the_console_is_meant():
    (parser,) = [build_tree([]).parser(())]
    assert isinstance(parser, Parser)
    assert asked("") == asked("opsconsole") == []
    check(parser.parse_args([]))
