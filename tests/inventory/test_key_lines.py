"""The scanner that finds the line of a key in a TOML text."""

import string
import tomllib
from collections.abc import Iterator
from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.paths import example_office
from opsconsole.inventory.scan import Path, key_lines, line_of


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every key and array element of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths_of(inner, (*path, key))


def assert_complete(text: str) -> None:
    assert set(key_lines(text)) == set(paths_of(tomllib.loads(text)))


def test_plain_keys_comments_and_blank_lines():
    lines = key_lines("# a = 0\n\na = 1 # b = 2\nb = 2\r\n\r\nc=3")
    assert lines == {("a",): 3, ("b",): 4, ("c",): 6}


def test_dotted_and_quoted_keys():
    text = 'a.b = 1\n a . "c d" = 2\n"e.\\u0066" = 3\n\'g"\'.h = 4\n'
    lines = key_lines(text)
    assert lines[("a", "b")] == 1
    assert lines[("a", "c d")] == 2
    assert lines[("e.f",)] == 3
    assert lines[('g"', "h")] == 4
    assert_complete(text)


def test_tables_arrays_of_tables_and_tables_inside_them():
    text = """\
[a.b]
k = 1
[[rows]]
id = "x"
[[rows.probes]]
kind = "http"
[[rows.probes]]
kind = "tcp"
[rows.probes.tls]
verify = true
[[rows]]
[rows.more]
z = 1
"""
    lines = key_lines(text)
    assert lines[("a", "b", "k")] == 2
    assert lines[("rows", 0, "id")] == 4
    assert lines[("rows", 0, "probes", 1)] == 7
    assert lines[("rows", 0, "probes", 1, "tls", "verify")] == 10
    assert lines[("rows", 1)] == 11
    assert lines[("rows", 1, "more", "z")] == 13
    assert_complete(text)


def test_inline_tables_and_arrays_over_several_lines():
    text = """\
week = [            # ] not yet
  { days = "mon-thu", open = ["07:30-16:00"] },

  { days = "fri", open = [
      "07:30-11:30",
      "13:00-16:30",
  ] },
]
after = 1
"""
    lines = key_lines(text)
    assert lines[("week", 1, "open", 1)] == 6
    assert lines[("after",)] == 9
    assert_complete(text)


def test_strings_that_look_like_something_else():
    text = r'''
a = "] } # \" = [x]"
b = 'c = "'
c = """
d = 1
[e]
\""" """
d = """"two quotes at the end"""""
e = \'\'\'
f = ''
\'\'\'\'
f = [ "#", ',', "[" ]
g = ""
h = 1
'''.replace("\\'", "'")
    lines = key_lines(text)
    assert lines[("d",)] == 8
    assert lines[("e",)] == 9
    assert lines[("f",)] == 12
    assert lines[("h",)] == 14
    assert_complete(text)


def test_a_path_that_is_not_there_has_the_line_of_what_holds_it():
    lines = key_lines("\n[[rows]]\n[[rows]]\nid = 1\n")
    assert line_of(lines, ("rows", 1, "name")) == 3
    assert line_of(lines, ("rows", 1, "id", "deeper")) == 4
    assert line_of(lines, ("elsewhere",)) == 1


def test_every_key_of_the_example_office_is_found():
    for file in example_office().rglob("*.toml"):
        assert_complete(file.read_text("utf-8"))


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12),
    st.dates(),
    st.datetimes(),
)
KEYS = st.text(string.ascii_letters + string.digits + "-_ .\"'#=[]é", min_size=1, max_size=6)
TABLES = st.recursive(
    st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=3), max_size=4),
    lambda inner: st.dictionaries(
        KEYS, inner | st.lists(inner, min_size=1, max_size=3) | SCALARS, max_size=4
    ),
    max_leaves=15,
)


@given(TABLES)
def test_every_key_of_any_document_is_found(document: dict[str, Any]):
    assert_complete(tomlkit.dumps(document))


class Writer:
    """Writes a document one key a line, in a form drawn for each, and keeps the true lines."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.rows: list[str] = []
        self.lines: dict[Path, int] = {}

    def noise(self) -> None:
        noise = st.sampled_from(["", "# x = 1", "  ", '# """', "# [[a]]"])
        self.rows += self.draw(st.lists(noise, max_size=2))

    def table(self, path: Path, header: str, depth: int) -> None:
        for number in range(self.draw(st.integers(0, 3))):
            self.noise()
            key = f"k{number}"
            self.lines[(*path, key)] = len(self.rows) + 1
            self.value(key, (*path, key))
        if depth == 0:
            return
        for number in range(self.draw(st.integers(0, 2))):
            key, inner = f"t{number}", (*path, f"t{number}")
            name = f"{header}.{key}" if header else key
            if self.draw(st.booleans()):
                self.noise()
                self.rows.append(f"[{name}]")
                self.lines[inner] = len(self.rows)
                self.table(inner, name, depth - 1)
                continue
            for index in range(self.draw(st.integers(1, 3))):
                self.noise()
                self.rows.append(f" [[ {name} ]] # again")
                self.lines.setdefault(inner, len(self.rows))
                self.lines[(*inner, index)] = len(self.rows)
                self.table((*inner, index), name, depth - 1)

    def value(self, key: str, path: Path) -> None:
        at = len(self.rows) + 1
        match self.draw(st.integers(0, 3)):
            case 0:
                self.rows.append(f'{key} = "# [" # "')
            case 1:
                self.rows += [f'{key} = """', 'k0 = "', '[t0]"""']
            case 2:
                self.rows += [f"{key} = [", "  # no", "  1,", '  "]",', "]"]
                self.lines |= {(*path, 0): at + 2, (*path, 1): at + 3}
            case 3:
                self.rows.append(f"{key} = {{ a.b = 1, c = [{{ d = 2 }}] }}")
                inside: list[Path] = [("a",), ("a", "b"), ("c",), ("c", 0), ("c", 0, "d")]
                self.lines |= {(*path, *one): at for one in inside}


@given(st.data())
def test_the_line_of_every_key_is_the_one_it_was_written_on(data: Any):
    writer = Writer(data.draw)
    writer.table((), "", 2)
    assert key_lines("\n".join(writer.rows)) == writer.lines
