"""``opsconsole export`` of incidents, timelines and the audit chain."""

import csv
import hashlib
import io
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

from opsconsole.base.paths import home_place
from opsconsole.base.text import choose_language
from opsconsole.cli.main import main
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.tables.incidents import SPEC
from opsconsole.console.tables.table import TableView
from opsconsole.exports.records import RECORDS, SCHEMAS, audit_columns, timeline_columns
from tests.fakes.canned_audit import STORE, sealed
from tests.fakes.canned_incidents import incidents_page
from tests.fakes.scripted_engine import ScriptedEngine


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedEngine]:
    (tmp_path / "account").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "account"))
    for name in ("OPSCONSOLE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    with ScriptedEngine(home_place(tmp_path / "office")) as scripted:
        yield scripted
    choose_language("en")


class Exported:
    """What a command came to."""

    def __init__(self, engine: ScriptedEngine, capfd: Any, *arguments: str, lang: str = "en") -> None:
        capfd.readouterr()
        home = str(engine.place.config.parent)
        self.code = main(["--home", home, "--lang", lang, "export", *arguments])
        self.out, self.err = capfd.readouterr()
        self.lines = self.out.splitlines()

    @property
    def path(self) -> Path:
        return Path(self.lines[0])


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_incidents_go_to_a_new_file_whose_name_and_way_home_are_told(
    engine: ScriptedEngine, capfd: Any
) -> None:
    done = Exported(engine, capfd, "incidents", "--format", "rfc4180", "--window", "7d")
    assert (done.code, done.err) == (0, "5 rows\n")
    assert done.path.parent == engine.place.exports
    datetime.strptime(done.path.name, "incidents-%Y%m%d-%H%M.csv")  # noqa: DTZ007 - only its form
    assert done.lines[1] == f"{done.path}.audit.json"
    assert done.lines[2].startswith("scp ") and done.path.name in done.lines[2]
    for name in done.lines[:2]:
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    assert [row["id"] for row in rows_of(done.path)] == ["412", "413", "409", "411", "410"]
    told = json.loads(Path(done.lines[1]).read_text())
    assert (told["store"], told["seq"], told["hash"]) == (STORE, 3, sealed(3))
    assert told["sha256"] == hashlib.sha256(done.path.read_bytes()).hexdigest()
    assert (told["rows"], told["window"], told["view"], told["schema"]) == (5, "7d", "incidents", 1)


def test_a_second_one_of_the_same_minute_has_a_name_of_its_own(engine: ScriptedEngine, capfd: Any) -> None:
    paths = {Exported(engine, capfd, "incidents").path for _ in range(3)}
    assert len(paths) == 3
    assert all(path.exists() for path in paths)


@pytest.mark.parametrize("form", ["excel-id", "rfc4180", "xlsx", "jsonl", "md", "csv", "json"])
def test_on_standard_output_there_is_the_file_and_nothing_else(engine: ScriptedEngine, form: str) -> None:
    argv = [sys.executable, "-m", "opsconsole", "--home", str(engine.place.config.parent), "--lang", "en"]
    argv += ["export", "incidents", "--format", form, "--window", "7d"]
    streamed = subprocess.run([*argv, "-o", "-"], capture_output=True, check=True)
    saved = subprocess.run(argv, capture_output=True, check=True, text=True)
    content = Path(saved.stdout.splitlines()[0]).read_bytes()
    told = streamed.stderr.decode().splitlines()
    assert told[0] == "5 rows"
    if form in ("xlsx", "md"):
        assert len(told) == 1
        assert len(streamed.stdout) > 1000
    else:
        assert streamed.stdout == content
        note = json.loads(told[1])
        assert (note["file"], note["seq"], len(told)) == ("", 3, 2)
        assert note["sha256"] == hashlib.sha256(content).hexdigest()
    if form == "xlsx":
        assert load_workbook(io.BytesIO(streamed.stdout)).sheetnames == ["incidents", "audit head"]


def test_the_rows_and_columns_are_those_of_the_screen(engine: ScriptedEngine, capfd: Any) -> None:
    view = View(80, 24, engine.now, Times("Asia/Jakarta"))
    table = TableView(SPEC)
    table.load(SPEC.rows(incidents_page(engine, SPEC.query("7d")), view))  # type: ignore[misc, arg-type]
    for words in ("", "open", "ack", "opd:rsud", "-open", "sev:high", "id:412"):
        table.set_filter(words)
        done = Exported(engine, capfd, "incidents", f"--filter={words}", "--window", "7d", "-o", "-")
        assert done.err.startswith(f"{len(table.listed(engine.now))} row")
        read = list(csv.reader(io.StringIO(done.out, newline="")))
        assert read[0] == [column.name for column in table.named_columns()]
        assert [row[0] for row in read[1:]] == [row.key for row in table.listed(engine.now)]
    done = Exported(engine, capfd, "incidents", "--columns", "id,owner,why", "--format", "jsonl", "-o", "-")
    assert [list(json.loads(line)) for line in done.lines] == [["id", "owner", "why"]] * len(done.lines)


def test_what_the_incidents_do_not_know_is_refused(engine: ScriptedEngine, capfd: Any) -> None:
    for arguments, told in (
        (("incidents", "--columns", "id,bogus"), "incidents has no column bogus"),
        (("incidents", "--window", "9y"), "incidents has no window 9y"),
        (("timelines", "--columns", "bogus"), "timelines has no column bogus"),
        (("timelines", "--window", "9y"), "incidents has no window 9y"),
        (("timelines", "--sort", "at"), "timelines is a record"),
        (("audit", "--filter", "x"), "written whole"),
        (("audit", "--format", "text"), "audit is a record"),
    ):
        done = Exported(engine, capfd, *arguments)
        assert done.code == 2
        assert told in done.err
        assert done.out == ""
    assert not engine.place.exports.exists()


def test_timelines_have_a_line_for_each_entry_of_every_incident(engine: ScriptedEngine, capfd: Any) -> None:
    from tests.fakes.canned_incidents import incident_detail

    done = Exported(engine, capfd, "timelines", "--format", "jsonl", "--window", "7d", "-o", "-")
    rows = [json.loads(line) for line in done.lines]
    numbers = [412, 413, 409, 411, 410]
    wanted = [(number, entry) for number in numbers for entry in incident_detail(engine, number).timeline]
    assert [(row["incident"], row["kind"], row["text"]) for row in rows] == [
        (number, entry.kind, entry.text or None) for number, entry in wanted
    ]
    assert done.err.startswith(f"{len(wanted)} rows\n")
    assert all(row["what"] and row["code"].startswith("INS-2026-") for row in rows)
    only = Exported(engine, capfd, "timelines", "--filter", "id:409", "--window", "7d", "-o", "-")
    assert {row["NUMBER"] for row in csv.DictReader(io.StringIO(only.out))} == {
        rows[-1]["code"][:9] + "000409"
    }


def test_the_chain_is_written_whole_with_all_that_seals_it(engine: ScriptedEngine, capfd: Any) -> None:
    engine.events = 4_321
    done = Exported(engine, capfd, "audit", "--format", "jsonl")
    assert (done.code, done.err) == (0, "4321 rows\n")
    rows = [json.loads(line) for line in done.path.read_text().splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, 4_322))
    assert rows[0]["body"] == {"number": 409, "text": "=1+1\nvendor dihubungi"}
    assert rows[0]["at"].endswith(".007+07:00")
    assert engine.requests.count("query audit_page") == 3, "page by page"
    told = json.loads(Path(done.lines[1]).read_text())
    assert (told["seq"], told["hash"], told["rows"]) == (4_321, rows[-1]["hash"], 4_321)
    narrow = Exported(engine, capfd, "audit", "--columns", "seq,hash", "--format", "rfc4180", "-o", "-")
    assert narrow.lines[:2] == ["seq,hash", f'1,"{sealed(1)}"']


def test_what_is_added_while_the_chain_is_written_is_not_in_it(engine: ScriptedEngine, capfd: Any) -> None:
    page = engine.answers["audit_page"]

    def grown(args: Any) -> Any:
        engine.events = 5_000
        return page(args)

    engine.answers["audit_page"] = grown
    done = Exported(engine, capfd, "audit", "--format", "jsonl", "-o", "-")
    assert [json.loads(line)["seq"] for line in done.lines] == [1, 2, 3]
    assert json.loads(done.err.splitlines()[1])["seq"] == 3


def test_an_export_that_breaks_off_leaves_no_file(engine: ScriptedEngine, capfd: Any) -> None:
    engine.events = 10_000
    page = engine.answers["audit_page"]

    def breaking(args: Any) -> Any:
        from opsconsole.base.errors import Problem

        if args.after > 5_000:
            raise Problem("The store is gone.")
        return page(args)

    engine.answers["audit_page"] = breaking
    done = Exported(engine, capfd, "audit")
    assert (done.code, "The store is gone." in done.err, done.out) == (1, True, "")
    assert list(engine.place.exports.iterdir()) == []


def test_a_name_that_is_taken_and_a_folder_that_is_none_are_told(
    engine: ScriptedEngine, capfd: Any, tmp_path: Path
) -> None:
    target = tmp_path / "out.xlsx"
    assert Exported(engine, capfd, "incidents", "--format", "xlsx", "-o", str(target)).lines[0] == str(target)
    before = target.read_bytes()
    done = Exported(engine, capfd, "incidents", "--format", "xlsx", "-o", str(target))
    assert (done.code, "exists already" in done.err) == (1, True)
    assert target.read_bytes() == before
    done = Exported(engine, capfd, "incidents", "-o", str(tmp_path / "none" / "out.csv"))
    assert (done.code, "Nothing was saved, there is no such folder" in done.err) == (1, True)
    engine.place.exports.write_text("a file in its place")
    assert Exported(engine, capfd, "incidents").code == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_told(engine: ScriptedEngine, capfd: Any) -> None:
    engine.place.exports.mkdir(mode=0o500)
    done = Exported(engine, capfd, "incidents")
    assert (done.code, "this account may not write there" in done.err) == (1, True)


def test_views_that_are_no_record_still_go_to_standard_output(engine: ScriptedEngine, capfd: Any) -> None:
    assert len(Exported(engine, capfd, "board").lines) == 120
    assert len(json.loads(Exported(engine, capfd, "board", "--format", "json").out)) == 119
    assert Exported(engine, capfd, "incidents", "--format", "text").lines[0].split()[:2] == ["ID", "STATE"]
    assert json.loads(Exported(engine, capfd, "incidents", "--json").out)[0]["id"] == 412
    assert Exported(engine, capfd, "board", "--format", "xlsx").path.suffix == ".xlsx"
    assert "audit" not in Exported(engine, capfd, "board", "--format", "text").err


def test_keys_are_the_same_in_every_language_and_titles_are_not(engine: ScriptedEngine, capfd: Any) -> None:
    heads = {
        (form, lang): Exported(engine, capfd, "incidents", "--format", form, "-o", "-", lang=lang).lines[0]
        for form in ("rfc4180", "excel-id")
        for lang in ("en", "id")
    }
    assert heads["rfc4180", "en"] == heads["rfc4180", "id"]
    assert heads["excel-id", "en"] != heads["excel-id", "id"]


def test_what_could_not_be_read_is_told_beside_the_rows_and_in_them(
    engine: ScriptedEngine, capfd: Any
) -> None:
    page = incidents_page(engine, SPEC.query("7d"))  # type: ignore[misc, arg-type]
    engine.answers["incidents"] = lambda args: msgspec.structs.replace(page, total=12)
    for view in ("incidents", "timelines"):
        done = Exported(engine, capfd, view, "--window", "7d", "--filter", "sev:critical")
        assert json.loads(Path(done.lines[1]).read_text())["unread"] == 7, view
        assert "of 12 were read" in done.err
    markdown = Exported(engine, capfd, "incidents", "--window", "7d", "--format", "md").path.read_text()
    assert "- Could not be read: 7\n" in markdown
    engine.answers["incidents"] = lambda args: page
    whole = Exported(engine, capfd, "incidents", "--window", "7d")
    assert json.loads(Path(whole.lines[1]).read_text())["unread"] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("form", ["rfc4180", "md"])
def test_an_export_that_is_ended_half_way_leaves_nothing_that_looks_whole(
    engine: ScriptedEngine, tmp_path: Path, form: str, number: signal.Signals
) -> None:
    engine.events = 20_000
    pages, waits, go_on = engine.answers["audit_page"], threading.Event(), threading.Event()

    def page(args: Any) -> object:
        if args.after:
            waits.set()
            go_on.wait(30)
        return pages(args)

    engine.answers["audit_page"] = page
    file = tmp_path / "x.txt"
    argv = [sys.executable, "-m", "opsconsole", "--home", str(engine.place.config.parent), "export", "audit"]
    with subprocess.Popen([*argv, "--format", form, "-o", str(file)], stderr=subprocess.PIPE) as process:
        assert waits.wait(30)
        assert not file.exists(), "it is not there before it is whole"
        process.send_signal(number)
        process.wait(30)
        go_on.set()
    left = {path.name for path in tmp_path.glob("x.txt*")}
    if number is signal.SIGKILL:
        assert left and all(name.endswith(".part") for name in left)
    else:
        assert (left, process.returncode) == (set(), 128 + number)


COLUMNS = {
    ("incidents", 1): (
        "id state sev since opd app why owner due note code kind category source title tier happened opened "
        "acked acked_by mitigated recovered resolved closed down members attribution cause sev_why reporter "
        "questions clocks snoozed merged reopened note_by note_at changed false_alarm"
    ),
    ("timelines", 1): "incident code seq at happened kind subject person via what text params",
    ("audit", 1): "seq at uid person via command kind subject body hash",
}


def test_the_columns_of_a_record_change_only_with_the_number_of_their_schema() -> None:
    now = {("incidents", SPEC.schema): [column.key for column in SPEC.columns() if column.title]}
    made = {"audit": audit_columns(), "timelines": timeline_columns()}
    now |= {(view, SCHEMAS[view]): [column.key for column in made[view]] for view in RECORDS}
    assert {which: " ".join(keys) for which, keys in now.items()} == COLUMNS, "raise the schema's number"
