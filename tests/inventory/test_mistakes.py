"""What is said of files that are wrong: every mistake, on its line, with what would be right."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.errors import Invalid
from opsconsole.base.paths import example_office
from opsconsole.inventory.load import load, parse
from opsconsole.inventory.mistakes import one_of
from probes.registry import KINDS
from tests.inventory.offices import OPD, SETTINGS, MakeOffice

LINE = re.compile(r"[a-z0-9/_-]+\.toml:[1-9]\d*: [^\s:]+: \S[^\n]*")


def refused(folder: Path) -> tuple[str, ...]:
    with pytest.raises(Invalid) as caught:
        load(folder)
    return caught.value.lines


def test_five_mistakes_are_five_located_lines(make_office: MakeOffice):
    opd = """\
code = "DINKES"
name = "Dinas Kesehatan"
shrt = "Dinkes"

[[applications]]
id = "simpus"
name = "SIM Puskesmas"
tier = 5
service_hours = "kantr"

[[applications.probes]]
kind = "http"
url = "http://127.20.2.1:8080/"
every = "1 minute"
statsu = ["200"]
"""
    calendar = '[[hours]]\nname = "kantor"\nweek = [{ days = "fri", open = ["07:30-16:00"] }]\n'
    lines = refused(make_office(opd__dinkes=opd, calendar=calendar))
    assert [line.split(": ", 2)[:2] for line in lines] == [
        ["opd/dinkes.toml:3", "shrt"],
        ["opd/dinkes.toml:8", "tier"],
        ["opd/dinkes.toml:9", "service_hours"],
        ["opd/dinkes.toml:14", "every"],
        ["opd/dinkes.toml:15", "statsu"],
    ]
    assert "nearest: short" in lines[0]
    assert "found 5, want at most 4" in lines[1]
    assert "nearest: kantor" in lines[2]
    assert 'found "1 minute", want a duration such as "500ms"' in lines[3]
    assert "nearest: status; want one of attempts, auth, body" in lines[4]


IN_APPLICATION = [
    ("tier = true", "tier: found true, want a whole number"),
    ('tier = "1"', 'tier: found "1", want a whole number'),
    ('audience = "publik"', 'want one of "public", "internal", "national"; nearest: public'),
    ('dimension = "x"', 'dimension: found "x", want one of "governance"'),
    ("handed_over = 1", "handed_over: found 1, want true or false"),
    ("name2 = 1", "name2: unknown key; nearest: name; want one of active, "),
    ('password = "geheim"', "password: unknown key; a secret never stands in these files"),
    ('depends_on = "sso"', 'depends_on: found "sso", want a list in brackets'),
    ("depends_on = [3]", 'depends_on: found 3, want an id such as "sso"'),
    ("depends_on = [{ any = [] }]", "depends_on: want an id such as"),
    ("depends_on = [{ all = ['a'] }]", "depends_on: want an id such as"),
    ('runbook = "https://u:geheim@127.0.0.1/"', "without a user or password"),
    ('note = "a\\u001b[31mb"', 'note: found "a\ufffd[31mb", want text without control'),
    ("probes = 1", "probes: found 1, want a list in brackets"),
    ("probes = [1]", "probes: found 1, want a table"),
]


@pytest.mark.parametrize(("text", "said"), IN_APPLICATION)
def test_a_key_of_an_application_that_is_wrong(make_office: MakeOffice, text: str, said: str):
    opd = f'code = "DINKES"\nname = "D"\nshort = "D"\n[[applications]]\nid = "a"\nname = "A"\n{text}\n'
    (line,) = refused(make_office(opd__dinkes=opd))
    assert line.startswith("opd/dinkes.toml:7: ")
    assert said in line
    assert "geheim" not in line


IN_PROBE = [
    ('url = "ftp://127.0.0.1/"', "url: "),
    ('url = "https://u:geheim@127.0.0.1/?token=geheim"', "url: "),
    ('url = "http://127.0.0.1/"\nheaders = { Authorization = "Bearer geheim" }', "headers: "),
    (
        'url = "http://127.0.0.1/"\nheaders = { X-Pass = ["geheim"] }',
        "X-Pass: found a value that is not shown",
    ),
    (
        'url = "http://127.0.0.1/"\nauth = { bearer = "geheim" }',
        "bearer: found a value that is not shown, want a reference to a secret",
    ),
    ('url = "http://127.0.0.1/"\nauth = "geheim"', "auth: found a value that is not shown, want a table"),
    ('url = "http://127.0.0.1/"\nauth = {}', 'auth: want one of { bearer = "…" }'),
    ('url = "http://127.0.0.1/"\ntls = { client_cert = "gone.pem" }', "client_cert: can not read"),
    (
        'url = "http://127.0.0.1/"\ntls = { client_cert = "-----BEGIN PRIVATE KEY----- geheim" }',
        "client_cert: found a value that is not shown",
    ),
    ('url = "http://127.0.0.1/"\nsecond_look = "search-bot"', "second_look: unknown key"),
    ('url = "http://127.0.0.1/"\nretry = "2m"', "retry: want at most every"),
    ('url = "http://127.0.0.1/"\nattempts = 0', "attempts: found 0, want at least 1"),
    ('url = "http://127.0.0.1/"\nbody_must_match = ["(?=x)"]', "body_must_match: found "),
    ('url = "http://127.0.0.1/"\njson = ["status =="]', "json: found "),
    ('url = "http://127.0.0.1/"\ntls = { min_day = 3 }', "min_day: unknown key; nearest: min_days"),
    ('url = "https://127.0.0.1/"\ntls = { ca_file = "none.pem" }', "ca_file: "),
    ('url = "http://127.0.0.1/"\nheader_must_match = [{ name = "X" }]', "pattern: missing; want text"),
]


@pytest.mark.parametrize(("text", "said"), IN_PROBE)
def test_a_key_of_a_probe_that_is_wrong(make_office: MakeOffice, text: str, said: str):
    (line,) = refused(make_office(opd__dinkes=OPD.replace('url = "http://127.20.2.1:8080/"', text)))
    assert line.startswith(f"opd/dinkes.toml:{text.count(chr(10)) + 11}: {said}")
    assert "geheim" not in line


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ('kind = "htpp"', f'found "htpp", want one of {one_of(KINDS)}; nearest: http'),
        ('id = "x"', f"missing; want one of {one_of(KINDS)}"),
    ],
)
def test_a_probe_of_no_kind_that_is_known(make_office: MakeOffice, kind: str, said: str):
    (line,) = refused(make_office(opd__dinkes=OPD.replace('kind = "http"', kind)))
    assert re.match(r"opd/dinkes\.toml:(9|10): kind: ", line)
    assert said in line


def test_a_key_that_is_missing_is_told_on_the_line_of_its_table(make_office: MakeOffice):
    lines = refused(make_office(opd__dinkes='name = "D"\nshort = "D"\n\n[[applications]]\nid = "a"\n'))
    assert lines == (
        "opd/dinkes.toml:1: code: missing; want text in quotes",
        "opd/dinkes.toml:4: name: missing; want text in quotes",
    )


def test_a_misspelt_key_that_is_needed_is_one_mistake(make_office: MakeOffice):
    (line,) = refused(make_office(opd__dinkes=OPD.replace('name = "SIM', 'nmae = "SIM')))
    assert line.startswith("opd/dinkes.toml:7: nmae: unknown key; nearest: name;")


IN_SETTINGS = [
    ('[office]\nzone = "Asia/Jakrta"', 'zone: found "Asia/Jakrta", want an IANA time zone'),
    ('[office]\nzone = "../../etc/passwd"', "zone: "),
    ('[office]\nlanguage = "fr"', 'language: found "fr", want one of "en", "id"'),
    ('[office]\nname = "  "', 'name: found " ", want text that is not empty'),
    ("[access]\nadmin = [-1]", "admin: found -1, want a uid of at least 0"),
    ("[access]\nadmin = [true]", "admin: found true, want a user name"),
    ('[access]\nadmin = ["a b"]', 'admin: found "a b", want a user name'),
    ("[engine]\nconcurrency = 0", "concurrency: found 0, want at least 1"),
    ('[engine]\nallow_networks = ["10.0.0.1/8"]', "allow_networks: found "),
    ('[self_check]\ngateway = "gw.example:53"', "gateway: found "),
    ('[self_check]\ndns = "::1:53"', "dns: found "),
    ('[self_check]\ncanaries = ["127.0.0.1:70000"]', "canaries: found "),
    ("[self_check]\ngatway = 1", "gatway: unknown key; nearest: gateway"),
    ('[backup]\nevery = "1m"', 'every: found "1m", want a duration between 15m and 30d'),
    ("[backup]\nkeep = 0", "keep: found 0, want at least 1"),
    ('[backup]\ndir = "backups"', 'dir: found "backups", want a whole path'),
]


@pytest.mark.parametrize(("text", "said"), IN_SETTINGS)
def test_a_setting_that_is_wrong(make_office: MakeOffice, text: str, said: str):
    (line,) = refused(make_office(settings=text + "\n"))
    assert line.startswith(f"settings.toml:2: {said}")


IN_CALENDAR = [
    ('[holidays]\n2026-13-01 = "x"', "2026-13-01: ", 2),
    ('[holidays]\n2026-8-1 = "x"', "2026-8-1: ", 2),
    ('[[hours]]\nname = "a"\nweek = []', "week: found [], want at least 1 in the list", 3),
    ('[[hours]]\nname = "a"\nweek = [{ days = "fry", open = [] }]', 'days: found "fry", want a day', 3),
    ('[[hours]]\nname = "a"\nweek = [{ days = "fri-mon", open = [] }]', "days: ", 3),
    ('[[hours]]\nname = "a"\nweek = [\n{ days = "fri", open = ["7:30-16:00"] }]', "open: ", 4),
    ('[[hours]]\nname = "a"\nweek = [\n{ days = "fri", open = ["09:00-09:00"] }]', "open: ", 4),
    ('[[hours]]\nname = "a"\nweek = [\n{ days = "fri", open = ["08:00-24:30"] }]', "open: ", 4),
    (
        "[[ramadan]]\nfirst = 2026-02-19\nlast = 2026-02-18",
        "last: found 2026-02-18, want first 2026-02-19",
        3,
    ),
    ("[[ramadan]]\nfirst = 2026-02-19T00:00:00\nlast = 2026-02-20", "first: ", 2),
    ('[[hours]]\nname = "always"\nweek = [{ days = "fri", open = [] }]', 'name: "always" is built in', 2),
]


@pytest.mark.parametrize(("text", "said", "at"), IN_CALENDAR)
def test_a_calendar_that_is_wrong(make_office: MakeOffice, text: str, said: str, at: int):
    (line,) = refused(make_office(calendar=text + "\n"))
    assert line.startswith(f"calendar.toml:{at}: {said}")


def test_the_first_syntax_error_of_each_file_and_all_else_at_once(make_office: MakeOffice):
    lines = refused(
        make_office(
            settings="[office]\nname = Kominfo\nzone = ?\n",
            calendar='[holidays]\n2026-01-01 = """\nx\n\n',
            people__dinkes='[[people]]\nid = "A"\n',
        )
    )
    assert [line.split(": ")[:2] for line in lines] == [
        ["calendar.toml:3", "syntax"],
        ["people/dinkes.toml:1", "name"],
        ["people/dinkes.toml:2", "id"],
        ["settings.toml:2", "name"],
    ]
    assert "not TOML: " in lines[0]
    assert "the file ends before something is closed" in lines[0]
    assert "not TOML: not a value" in lines[3]


def test_what_a_broken_file_may_define_is_not_called_unknown(make_office: MakeOffice):
    opd = OPD.replace(
        "[[applications.probes]]", 'depends_on = ["sso", "service:bsre"]\n[[applications.probes]]'
    )
    lines = refused(make_office(opd__dinkes=opd, opd__kominfo="id = [\n", services="x\n"))
    assert [line.split(":")[0] for line in lines] == ["opd/kominfo.toml", "services.toml"]


def test_a_file_that_is_not_utf8_is_told_at_the_line(make_office: MakeOffice):
    (line,) = refused(make_office(people__dinkes=b"# ok\n# caf\xe9\n"))
    assert line == "people/dinkes.toml:2: file: not UTF-8; save the file in that encoding"


def test_a_byte_order_mark_is_no_mistake(make_office: MakeOffice):
    assert load(make_office(settings=b"\xef\xbb\xbf" + SETTINGS.encode())).settings.office.name


def test_a_file_over_one_mebibyte_is_refused(make_office: MakeOffice):
    (line,) = refused(make_office(people__dinkes="#" * (1024 * 1024 + 1)))
    assert line.startswith("people/dinkes.toml:1: file: larger than 1 MiB")


@pytest.mark.parametrize("deep", ["[" * 50_000, "[" * 50_000 + "]" * 50_000, "[" * 40 + "]" * 40])
def test_deep_nesting_is_a_mistake_and_no_crash(make_office: MakeOffice, deep: str):
    (line,) = refused(make_office(people__dinkes=f"\npeople = {deep}\n"))
    assert LINE.fullmatch(line)
    assert "nested" in line


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("setings", "; nearest: settings.toml"),
        ("opds__dinkes", "; nearest: opd/dinkes.toml"),
        ("penugasan", ""),
    ],
)
def test_a_file_that_nobody_would_read_is_refused(make_office: MakeOffice, name: str, near: str):
    (line,) = refused(make_office(**{name: "x = 1\n"}))
    assert line.startswith(
        f"{name.replace('__', '/')}.toml:1: file: no such file is known; want one of settings.toml"
    )
    assert line.endswith(f"indices/<code>.toml{near}")


def test_hidden_files_and_files_of_other_kinds_are_passed_over(make_office: MakeOffice):
    folder = make_office(**{".settings": "?", "opd__.dinkes": "?"})
    (folder / "opd" / "dinkes.toml.bak").write_text("?")
    assert set(load(folder).files) == {"settings.toml", "opd/dinkes.toml"}


def test_a_file_that_is_no_file_is_refused(make_office: MakeOffice):
    folder = make_office()
    os.mkfifo(folder / "calendar.toml")
    (line,) = refused(folder)
    assert line == "calendar.toml:1: file: is not a regular file"


def test_a_folder_that_is_no_office_says_what_to_do(tmp_path: Path):
    file = tmp_path / "file"
    file.touch()
    for folder, what in (
        (tmp_path, "no settings.toml in"),
        (tmp_path / "x", "no folder"),
        (file, "is not a folder"),
    ):
        with pytest.raises(Invalid) as caught:
            load(folder)
        assert what in str(caught.value)
        assert "opsconsole config init" in str(caught.value)
        assert caught.value.lines == ()


def test_a_folder_that_may_not_be_read_says_so(make_office: MakeOffice):
    folder = make_office()
    (folder / "opd").chmod(0)
    code = (
        "import os, sys, pathlib\n"
        "from opsconsole.inventory.load import load\n"
        "from opsconsole.base.errors import Invalid\n"
        "if os.geteuid() == 0:\n"
        "    os.chdir(sys.argv[1]); os.setgroups([]); os.setuid(65534)\n"
        "try: load(pathlib.Path('.') if os.geteuid() == 65534 else pathlib.Path(sys.argv[1]))\n"
        "except Invalid as problem: print(problem)\n"
    )
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=False)
    (folder / "opd").chmod(0o755)
    assert "can not be read: Permission denied." in done.stdout, done.stderr


EXAMPLE = {
    path.relative_to(example_office()).as_posix(): path.read_bytes()
    for path in example_office().rglob("*.toml")
}
JUNK = st.sampled_from(
    [
        "",
        "true",
        "3",
        "-1",
        '""',
        '"x"',
        "[1, [2]]",
        "[]",
        "{}",
        "{ any = 1 }",
        "1979-05-27",
        "[{}, 1]",
        '"\\u001b]0;"',
    ]
)


@given(st.data())
def test_any_file_with_any_value_replaced_is_accepted_or_refused_on_its_line(data: Any):
    name = data.draw(st.sampled_from(sorted(EXAMPLE)))
    rows = EXAMPLE[name].decode().split("\n")
    at = data.draw(st.sampled_from([number for number, row in enumerate(rows) if " = " in row]))
    rows[at] = f"{rows[at].split(' = ')[0]} = {data.draw(JUNK)}"
    few = {
        name: EXAMPLE[name]
        for name in ("settings.toml", "calendar.toml", "services.toml", "opd/diskominfo.toml")
    }
    try:
        parse({**few, name: "\n".join(rows).encode()}, example_office())
    except Invalid as problem:
        assert problem.lines
        assert [line for line in problem.lines if not LINE.fullmatch(line)] == []


KEYS = st.sampled_from(
    [
        "code",
        "name",
        "short",
        "parent",
        "predecessors",
        "applications",
        "id",
        "depends_on",
        "any",
        "probes",
        "kind",
        "was",
        "service_hours",
        "people",
        "hours",
        "week",
        "ramadan",
        "first",
        "last",
        "collective_leave",
        "holidays",
        "services",
        "owner",
        "office",
        "zone",
        "x",
    ]
)
VALUES = st.booleans() | st.integers() | st.text(max_size=5) | st.dates() | st.sampled_from(["http", "a"])
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        VALUES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)
FILES = st.sampled_from(["settings.toml", "calendar.toml", "services.toml", "opd/a.toml", "people/a.toml"])


@given(
    st.dictionaries(FILES, DOCUMENTS.map(tomlkit.dumps).map(str.encode) | st.binary(max_size=40), max_size=5)
)
def test_no_file_whatever_is_in_it_is_answered_with_a_crash(files: dict[str, bytes]):
    try:
        parse({"settings.toml": b"", **files}, example_office())
    except Invalid as problem:
        assert problem.lines
