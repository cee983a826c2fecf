"""Commands that the caller may not run, and an engine that says no."""

import pytest

from opsconsole.client.shapes import Role


@pytest.mark.parametrize(
    ("role", "arguments", "least"),
    [
        (Role.VIEWER, ("config", "reload"), "admin"),
        (Role.OPERATOR, ("config", "diff"), "admin"),
        (Role.OPERATOR, ("engine", "stop"), "admin"),
    ],
)
def test_a_command_above_the_callers_role_is_refused_with_both_roles(
    command, home, engine, role, arguments, least
):
    engine.role = role
    done = command("--home", str(home), "--lang", "en", *arguments)
    assert (done.code, done.out) == (4, "")
    assert f"role {role}" in done.err
    assert f"needs {least}" in done.err
    assert engine.commands == []


def test_whoever_may_not_add_still_sees_what_was_seen(command, home, engine, site):
    engine.role = Role.OPERATOR
    done = command("--home", str(home), "--lang", "en", "add", site.url)
    assert done.code == 4
    assert "+ UP" in done.out
    assert "needs admin" in done.err


def test_somebody_without_a_role_sees_no_board(command, home, engine):
    engine.role = Role.NONE
    done = command("--home", str(home), "--lang", "en", "status", "--json")
    assert (done.code, done.out) == (3, "")
    assert "needs viewer" in done.err


def test_an_engine_that_was_killed_is_named_with_the_way_out(command, home, engine):
    engine.die()
    done = command("--home", str(home), "--lang", "en", "status")
    assert done.code == 3
    assert "opsconsole engine" in done.err
