"""The formats there are, by name, and writing in one of them. Light: the command line's help reads it."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Literal, get_args

if TYPE_CHECKING:
    from opsconsole.exports.sheet import Sheet, Tally

Format = Literal["excel-id", "rfc4180", "xlsx", "jsonl", "md", "csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: Mapping[Format, str] = {
    "excel-id": "csv", "rfc4180": "csv", "xlsx": "xlsx", "jsonl": "jsonl", "md": "md", "csv": "csv",
    "json": "json",
}  # fmt: skip
HOLDS_ITS_HEAD: frozenset[Format] = frozenset({"xlsx", "md"})
"""Formats that have a place for the audit head; of all others it stands in a side file."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the tally, how many bytes, and their SHA-256 in hexadecimal."""

    tally: "Tally"
    size: int
    sha256: str


def write(form: Format, sheet: "Sheet", sink: BinaryIO) -> Written:
    """Write the sheet as ``form``, row after row: none is kept. Raises what ``sink`` raises."""
    measured = _Measured(sink)
    tally = _writer(form)(sheet, measured)  # type: ignore[arg-type]
    return Written(tally, measured.size, measured.sha256.hexdigest())


def written(form: Format, sheet: "Sheet") -> bytes:
    """The same in memory, for a few rows."""
    sink = io.BytesIO()
    write(form, sheet, sink)
    return sink.getvalue()


def _writer(form: Format) -> "Callable[[Sheet, BinaryIO], Tally]":
    """What writes this format; each is imported when it is used, for openpyxl takes its time."""
    match form:
        case "xlsx":
            from opsconsole.exports.workbook import write_workbook

            return write_workbook
        case "md":
            from opsconsole.exports.markdown import write_markdown

            return write_markdown
        case "jsonl" | "json":
            from opsconsole.exports.jsonlines import write_lines, write_list

            return write_lines if form == "jsonl" else write_list
    from opsconsole.exports.delimited import CSV, EXCEL_ID, RFC4180, write_csv

    return partial(write_csv, {"excel-id": EXCEL_ID, "rfc4180": RFC4180, "csv": CSV}[form])


class _Measured:
    """A sink that counts and hashes what goes through it; nobody can go back in it and write over that."""

    def __init__(self, sink: BinaryIO) -> None:
        import hashlib  # late: costs every command 4 ms

        self._sink = sink
        self.size = 0
        self.sha256 = hashlib.sha256()

    def write(self, content: bytes) -> int:
        """Write all of it."""
        self._sink.write(content)
        self.size += len(content)
        self.sha256.update(content)
        return len(content)

    def flush(self) -> None:
        """Hand on what is held back."""
        self._sink.flush()
