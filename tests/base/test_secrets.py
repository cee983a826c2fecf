"""Secrets are read where their references point, under strict rules, and kept for minutes."""

import asyncio
import os
import stat
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from opsconsole.base.secrets.files import write_file
from opsconsole.base.secrets.reading import read, write
from opsconsole.base.secrets.store import KEEP_FAULT_SECONDS, KEEP_SECONDS, SecretStore
from opsconsole.base.text import LANGUAGES, choose_language, reason_text, remedy_text
from probes.secret_faults import FAULTS
from probes.secrets import Secret, SecretFault

CANARY = "CANARY-4f1d9e7b52"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def why(act: Callable[[], object]) -> SecretFault:
    with pytest.raises(SecretFault) as refused:
        act()
    return refused.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(CANARY + "\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_private_file_is_read_without_its_line_end(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert read(f"file:{file}").reveal() == CANARY


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o700, 0o601, 0o4600])
def test_a_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    fault = why(lambda: read(f"file:{file}"))
    assert (fault.why, fault.params["seen"]) == ("file_mode", f"{mode:04o}")
    assert remedy_text(fault.params) == f"Run `chmod 0600 {file}`"


@as_root
def test_a_file_of_another_account_is_refused(file: Path) -> None:
    os.chown(file, 12345, -1)
    fault = why(lambda: read(f"file:{file}"))
    assert (fault.why, fault.params["seen"], fault.params["want"]) == ("file_owner", "12345", "root")


def test_links_pipes_and_folders_are_no_secrets_and_keep_nobody_waiting(tmp_path: Path, file: Path) -> None:
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    found = {
        name: why(lambda name=name: read(f"file:{tmp_path / name}")).why  # type: ignore[misc]
        for name in ("link", "dangling", "pipe", "", "gone", "token/x")
    }
    assert found == {
        "link": "file_link",
        "dangling": "file_link",
        "pipe": "file_kind",
        "": "file_kind",
        "gone": "file_missing",
        "token/x": "file_unreadable",
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"\n", "empty"), (b"\xff\xfe", "not_text"), (b"x" * 70000, "too_long")],
)
def test_a_file_that_holds_no_secret_is_refused(file: Path, content: bytes, code: str) -> None:
    file.write_bytes(content)
    assert why(lambda: read(f"file:{file}")).why == code


def test_one_line_end_is_left_out_and_no_more(file: Path) -> None:
    file.write_bytes(b" a \n\r\n")
    assert read(f"file:{file}").reveal() == " a \n"


def test_credentials_are_where_systemd_laid_them(tmp_path: Path, file: Path) -> None:
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    file.chmod(0o440)
    assert read("cred:token", environ).reveal() == CANARY
    assert why(lambda: read("cred:gone", environ)).why == "cred_missing"
    assert why(lambda: read("cred:token", {})).why == "cred_none"


def test_variables_are_those_of_the_process() -> None:
    assert read("env:TOKEN", {"TOKEN": CANARY}).reveal() == CANARY
    assert why(lambda: read("env:TOKEN", {})).why == "env_missing"
    assert why(lambda: read("env:TOKEN", {"TOKEN": ""})).why == "empty"
    assert why(lambda: read("env:TOKEN", {"TOKEN": "\udcff"})).why == "not_text"


def test_a_file_is_written_private_and_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    path, before = tmp_path / "token", os.umask(0)
    try:
        write(f"file:{path}", "first")
        path.chmod(0o644)
        write(f"file:{path}", CANARY + "\n")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read(f"file:{path}").reveal() == CANARY
    assert os.listdir(tmp_path) == ["token"]


def test_nothing_is_written_through_a_link_or_into_nowhere(tmp_path: Path, file: Path) -> None:
    (tmp_path / "link").symlink_to(file)
    assert why(lambda: write(f"file:{tmp_path / 'link'}", "other")).why == "file_link"
    assert why(lambda: write(f"file:{tmp_path}", "other")).why == "file_kind"
    assert why(lambda: write_file("file:x", tmp_path / "gone" / "x", b"")).why == "file_unwritable"
    assert why(lambda: write(f"file:{tmp_path / 'new'}", "\n")).why == "empty"
    assert file.read_text() == CANARY + "\n"
    assert sorted(os.listdir(tmp_path)) == ["link", "token"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_says_what_is_wrong_and_what_to_do(language: str) -> None:
    params = {"name": "env:X", "seen": "SEEN", "want": "WANT", "path": "PATH"}
    choose_language(language)
    try:
        for code in FAULTS:
            said = reason_text("credential_missing", {**params, "why": code})
            assert "env:X" in said
            assert "?" not in said + remedy_text({**params, "why": code})
    finally:
        choose_language("en")


class Source:
    """Secrets that a test holds in its hands."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.reads: list[str] = []
        self.now = 1000.0
        self.gate = threading.Event()
        self.gate.set()

    def read(self, ref: str) -> Secret:
        self.reads.append(ref)
        assert self.gate.wait(30)
        if ref not in self.values:
            raise SecretFault(ref, "env_missing")
        return Secret(ref, self.values[ref])

    def store(self, timeout: float = 20.0) -> SecretStore:
        return SecretStore(self.read, monotonic=lambda: self.now, timeout=timeout)


async def test_a_value_is_kept_for_ten_minutes_and_until_it_is_cleared() -> None:
    source = Source()
    store = source.store()
    source.values["env:A"] = "one"
    assert (await store.value("env:A")).reveal() == "one"
    source.values["env:A"] = "two"
    source.now += KEEP_SECONDS - 1
    assert (await store.value("env:A")).reveal() == "one"
    source.now += 1
    assert (await store.value("env:A")).reveal() == "two"
    source.values["env:A"] = "three"
    store.clear()
    assert (await store.value("env:A")).reveal() == "three"
    source.values["env:A"] = "four"
    assert (await store.fresh("env:A")).reveal() == "four"
    assert (await store.value("env:A")).reveal() == "four"
    assert len(source.reads) == 4


async def test_what_is_missing_is_asked_for_again_soon_but_not_by_each_look() -> None:
    source = Source()
    store = source.store()
    for _ in range(3):
        with pytest.raises(SecretFault):
            await store.value("env:A")
    assert len(source.reads) == 1
    source.values["env:A"] = "one"
    source.now += KEEP_FAULT_SECONDS
    assert (await store.value("env:A")).reveal() == "one"


async def test_many_who_want_one_secret_are_one_read() -> None:
    source = Source()
    store = source.store()
    source.values["env:A"] = "one"
    source.gate.clear()
    waiting = [asyncio.create_task(store.value("env:A")) for _ in range(20)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    source.gate.set()
    assert {one.reveal() for one in await asyncio.gather(*waiting[1:])} == {"one"}
    assert len(source.reads) == 1


async def test_a_keyring_that_hangs_holds_up_nobody_else_and_is_not_asked_twice() -> None:
    source = Source()
    store = source.store(timeout=0.05)
    source.values |= {"env:A": "one", "env:B": "two"}
    source.gate.clear()
    try:
        with pytest.raises(SecretFault) as late:
            await store.value("env:A")
        assert (late.value.why, late.value.params["want"]) == ("timeout", "0.05 s")
        source.now += 60
        with pytest.raises(SecretFault):
            await store.value("env:A")
        assert source.reads == ["env:A"]
    finally:
        source.gate.set()
    while True:
        try:
            assert (await store.value("env:A")).reveal() == "one"
            break
        except SecretFault:
            await asyncio.sleep(0.01)
    assert (await store.value("env:B")).reveal() == "two"


async def test_trouble_of_any_kind_is_told_without_its_words() -> None:
    def fail(ref: str) -> Secret:
        raise RuntimeError(f"could not parse {CANARY}")

    with pytest.raises(SecretFault) as failed:
        await SecretStore(fail).value("env:A")
    assert failed.value.params["seen"] == "RuntimeError"
    assert CANARY not in "".join(traceback.format_exception(failed.value))


async def test_what_was_given_out_is_hidden_even_after_it_was_replaced() -> None:
    source = Source()
    store = source.store()
    assert store.hide(f"the {CANARY}") == f"the {CANARY}"
    source.values["env:A"] = CANARY
    await store.value("env:A")
    source.values["env:A"] = "another-value"
    await store.fresh("env:A")
    store.clear()
    assert store.hide(f"the {CANARY} and another-value") == "the *** and ***"
