"""Rows go through: however many there are, few are held."""

import gc
import tracemalloc
from collections.abc import Iterator, Sequence

import pytest

from opsconsole.exports.formats import FORMATS, Format, write
from opsconsole.exports.sheet import Value
from tests.exports.sheets import NIGHT, sheet_for

FEW, MANY = 500, 5_000
KIB = 1024


class Nothing:
    """A sink that keeps nothing."""

    def write(self, content: bytes) -> int:
        return len(content)

    def flush(self) -> None:
        return None


def rows(count: int) -> Iterator[Sequence[Value]]:
    for number in range(count):
        yield [number, NIGHT, number / 7, f"baris {number} " + "x" * 200]


def held(form: Format, count: int) -> int:
    """The most bytes that were held while ``count`` rows were written."""
    gc.collect()
    tracemalloc.start()
    try:
        write(form, sheet_for(rows(count)), Nothing())  # type: ignore[arg-type]
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", FORMATS)
def test_ten_times_the_rows_take_no_more_memory(form: Format) -> None:
    held(form, 1)
    assert held(form, MANY) < held(form, FEW) + 256 * KIB, "all of them are over a megabyte"


@pytest.mark.parametrize("form", ["excel-id", "rfc4180", "jsonl", "csv"])
def test_a_row_is_written_before_the_next_one_is_asked_for(form: Format) -> None:
    seen: list[int] = []

    class Sink(Nothing):
        def write(self, content: bytes) -> int:
            seen.append(content.count(b"baris"))
            return len(content)

    def watched() -> Iterator[Sequence[Value]]:
        for number, row in enumerate(rows(50)):
            assert sum(seen) == number
            yield row

    write(form, sheet_for(watched()), Sink())  # type: ignore[arg-type]
    assert sum(seen) == 50
