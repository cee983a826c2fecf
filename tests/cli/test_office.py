"""An office from nothing: `config init`, `add`, the engine, `config check|diff|reload`."""

import json
import os
import stat
import time
from collections.abc import Callable

import pytest

from opsconsole.cli.add import make_id
from opsconsole.inventory.journal import write


def until(word: str, read: Callable[[], str]) -> str:
    """What ``read`` gives once ``word`` is in it: the engine publishes a moment after it answers."""
    deadline = time.monotonic() + 10
    while word not in (text := read()):
        assert time.monotonic() < deadline, f"{word!r} never came; last: {text}"
        time.sleep(0.05)
    return text


def test_init_writes_an_office_without_a_mistake(command, home):
    done = command("--home", str(home), "config", "init")
    assert done.code == 0
    assert str(home / "config") in done.out
    checked = command("--home", str(home), "config", "check")
    assert checked.code == 0
    assert "1 application" in checked.out
    files = [path for path in (home / "config").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o640}


def test_init_can_write_the_whole_example_office_into_a_folder_that_is_named(command, tmp_path):
    assert command("config", "init", "--example", str(tmp_path / "city")).code == 0
    assert "OPD" in command("config", "check", str(tmp_path / "city")).out


def test_init_touches_nothing_that_is_there(command, home):
    command("--home", str(home), "config", "init")
    settings = home / "config" / "settings.toml"
    settings.write_text("# mine\n")
    done = command("--home", str(home), "config", "init")
    assert done.code == 5
    assert settings.read_text() == "# mine\n"


def test_check_prints_every_mistake_with_its_line_and_ends_with_2(command, home):
    command("--home", str(home), "config", "init")
    settings = home / "config" / "settings.toml"
    settings.write_text('[office]\nnam = "x"\nzone = "Asia/Jakarte"\n[engine]\nper_host = 0\n')
    done = command("--home", str(home), "config", "check")
    assert (done.code, done.out) == (2, "")
    assert [line.split(" ")[0] for line in done.err.splitlines()[:3]] == [
        "settings.toml:2:", "settings.toml:3:", "settings.toml:5:"
    ]  # fmt: skip
    assert "mistakes: 3" in done.err


def test_check_tells_of_a_change_that_was_cut_short_and_reads_the_files_as_they_were(command, home):
    command("--home", str(home), "config", "init")
    config = home / "config"
    file = next((config / "opd").iterdir())
    name, before = f"opd/{file.name}", file.read_bytes()
    write(config, "command-1", {name: before + b"# Baru.\n", "opd/baru.toml": b"no toml"}, {name: before})
    done = command("--home", str(home), "config", "check")
    assert done.code == 0
    assert f"cut short: opd/baru.toml, {name}." in done.out


def test_check_of_a_folder_that_is_none_says_how_to_make_one(command, tmp_path):
    done = command("config", "check", str(tmp_path / "none"))
    assert done.code == 2
    assert "config init" in done.err


def test_the_schema_is_one_document(command):
    assert "$schema" in json.loads(command("config", "schema").out)


def test_config_alone_says_what_there_is(command):
    done = command("config")
    assert done.code == 0
    assert "schema" in done.out


def test_a_first_address_is_watched_at_once(command, home, site, engines):
    done = command("--home", str(home), "add", site.url, "--id", "situs")
    assert done.code == 0, done.err
    assert "+ UP  answered as expected" in done.out
    assert "Layanan \ufffd[31mKota [/] is watched from now on, as situs." in done.out
    until('"app":"situs"', lambda: command("--home", str(home), "status", "--json").out)


def test_an_id_that_is_taken_is_refused_in_clear_words(command, office):
    done = command("--home", office.home, "add", office.site, "--id", "situs")
    assert done.code == 5
    assert "situs" in done.err
    assert "--id" in done.err


def test_an_agency_that_is_none_is_refused_with_those_there_are(command, office):
    done = command("--home", office.home, "add", office.site, "--id", "other", "--opd", "NONE")
    assert done.code == 2
    assert "NONE" in done.err


@pytest.mark.parametrize(
    "url", ["www.example.org", "ftp://127.0.0.1/", "https://u:p@127.0.0.1/", "tcp://x:99999"]
)
def test_an_address_that_can_not_be_watched_says_what_can(command, home, url):
    done = command("--home", str(home), "add", url)
    assert (done.code, done.out) == (2, "")
    assert "opsconsole add https://" in done.err or "tcp://HOST:PORT" in done.err
    assert not home.exists()


def test_a_name_that_does_not_exist_is_not_watched(command, home):
    done = command("--home", str(home), "add", "http://no-such-name.invalid/")
    assert done.code == 2
    assert "is not watched" in done.err
    assert not home.exists()


def test_an_address_that_is_down_is_watched_all_the_same(command, office):
    done = command("--home", office.home, "add", f"{office.site}broken", "--id", "rusak")
    assert done.code == 0
    assert "! DOWN  status 503" in done.out


@pytest.mark.parametrize(
    ("url", "row_id"),
    [
        ("https://www.example.org/", "example"),
        ("https://SIAK.sukamaju.example/health", "siak"),
        ("http://10.1.2.3:8080/", "10-1-2-3-8080"),
        ("http://[::1]/", "1"),
        ("tcp://db_1.example:1521", "db-1"),
        ("https://www/", "www"),
    ],
)
def test_an_id_is_made_of_the_host(url, row_id):
    assert make_id(url) == row_id


def test_a_reload_takes_up_what_diff_has_told(command, own_office, home):
    settings = home / "config" / "settings.toml"
    assert "already" in command("--home", str(home), "config", "diff").out
    settings.write_text(settings.read_text().replace("Kominfo Kota Contoh", "Kominfo Kota Lain"))
    told = command("--home", str(home), "config", "diff").out
    assert '    office.name: "Kominfo Kota Contoh" -> "Kominfo Kota Lain"' in told.splitlines()
    assert command("--home", str(home), "config", "reload").code == 0
    until("Kominfo Kota Lain", lambda: command("--home", str(home), "status").out)


def test_a_reload_with_a_mistake_changes_nothing_and_shows_it(command, own_office, home):
    settings = home / "config" / "settings.toml"
    settings.write_text(settings.read_text() + "\n[nonsense]\n")
    done = command("--home", str(home), "config", "reload")
    assert done.code == 2
    assert "settings.toml:" in done.err
    shown = until("nonsense", lambda: command("--home", str(home), "status").out)
    assert "Kominfo Kota Contoh" in shown


def test_the_engine_ends_when_it_is_told(command, own_office, home):
    done = command("--home", str(home), "engine", "stop")
    assert done.code == 0
    assert "ended" in done.out
    assert command("--home", str(home), "status").code == 3


def test_json_of_a_command_is_what_the_engine_answered(command, office):
    answer = json.loads(command("--home", office.home, "config", "reload", "--json").out)
    assert answer["repeated"] is False
    assert answer["seq"] > 0


def test_the_date_of_a_certificate_is_kept_with_the_application(command, home, secure_site, engines):
    done = command("--home", str(home), "add", secure_site.url, "--id", "aman")
    assert done.code == 0, done.err
    assert "certificate until 2031-05-06" in done.out
    (written,) = (home / "config" / "opd").glob("*.toml")
    assert 'note = "certificate until 2031-05-06 when it was added"' in written.read_text()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give an office away")
def test_an_engine_is_not_run_in_an_office_of_another_account(command, home):
    command("--home", str(home), "config", "init")
    os.chown(home / "config", 65534, 65534)
    done = command("--home", str(home), "engine")
    assert done.code == 4
    assert "nobody" in done.err
