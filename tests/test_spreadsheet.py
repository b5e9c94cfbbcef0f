"""Workbooks: texts stay texts, numbers numbers, names of sheets are safe, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.spreadsheet import (
    COLUMNS_MOST,
    TEXT_MOST,
    Sheet,
    Value,
    fit_cell,
    fits_cell,
    measure_widths,
    name_sheet,
    write_workbook,
)

DAY = dt.date(2026, 11, 23)
TEXTS = [
    '=HYPERLINK("http://x.example","klik")', "+1", "-1+2", "@SUM(A1)", "\t=1", " =1", "\u202e=1", "＝1", "{=1}",
    "http://x.example", "mailto:a@b", "internal:Files!A1", "007", "1e5", "true", "#N/A", "2026-01-01",
    "regel één\nregel twee", "مرحبا \u200f", "🙂 emoji", "  blanks  ", "'al",
]  # fmt: skip


def make(*sheets: Sheet, title: str = "") -> bytes:
    out = io.BytesIO()
    write_workbook(out, sheets, DAY, title)
    return out.getvalue()


def read(raw: bytes) -> dict[str, list[list[Any]]]:
    """Return name of a sheet -> its cells, rows x columns."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    return {it.title: [list(row) for row in it.iter_rows()] for it in book}


def test_every_text_is_a_text_again_and_none_a_formula_or_a_link() -> None:
    ((head, *rows),) = read(make(Sheet("a", [["text"]], [[it] for it in TEXTS]))).values()
    assert (head[0].value, head[0].font.b) == ("text", True)
    assert [row[0].value for row in rows] == TEXTS
    assert {row[0].data_type for row in rows} == {"s"}
    assert not [row for row in rows if row[0].hyperlink]


def test_a_text_that_looks_like_a_code_of_the_format_is_told_apart() -> None:
    ((_, row),) = read(make(Sheet("a", [["a"]], [["_x0041_"]]))).values()
    assert row[0].value == "_x005F_x0041_"  # what the format prescribes; openpyxl does not read codes in cells


def test_numbers_are_numbers_and_means_have_one_decimal() -> None:
    ((_, row),) = read(make(Sheet("a", [["a", "b", "c"]], [(3, 2.25, "")]))).values()
    assert [(it.value, it.data_type) for it in row] == [(3, "n"), (2.25, "n"), (None, "n")]
    assert [it.number_format for it in row[:2]] == ["General", "0.0"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x07c\x1b[31m", "a\\x00b\\x07c\\x1b[31m"),
        ("a\ud83d", "a\\xd83d"),
        ("a\uffff", "a\\xffff"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_what_no_workbook_holds_becomes_a_code(text: str, shown: str) -> None:
    ((head, row),) = read(make(Sheet("a", [[text]], [[text]]))).values()
    assert (head[0].value, row[0].value) == (shown, shown)


@pytest.mark.parametrize("text", ["a" * 200_000, "🙂" * 100_000, "a" * (TEXT_MOST + 1)])
def test_a_text_that_no_cell_holds_is_cut_and_says_so(text: str) -> None:
    ((_, row),) = read(make(Sheet("a", [["text"]], [[text]]))).values()
    assert len(row[0].value.encode("utf-16-le")) // 2 <= TEXT_MOST
    assert row[0].value.endswith(f"[cut: {len(text)} characters in all]")
    assert text.startswith(row[0].value.partition(" … ")[0])
    assert not fits_cell(text)


def test_a_text_that_just_goes_in_is_whole() -> None:
    text = "a" * TEXT_MOST
    assert fits_cell(text)
    assert fit_cell(text) is text
    assert not fits_cell(text[:-1] + "\x07")  # its code takes more room


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("[a]:*?/\\b", "a b"),
        ("'x'", "x"),
        ("", "-"),
        ("History", "History 2"),
        ("y" * 40, "y" * 31),
        ("🙂" * 20, "🙂" * 15),
        ("a\x00\ud800\n", "a"),
    ],
)
def test_any_name_becomes_one_that_a_sheet_may_have(wanted: str, name: str) -> None:
    assert list(read(make(Sheet(wanted, [["a"]], [])))) == [name]


def test_names_are_told_apart_whatever_their_length_and_case() -> None:
    taken: set[str] = set()
    names = [name_sheet(it, taken) for it in ("Long", "long", "LONG", "y" * 31, "y" * 32, "y" * 29 + " 2")]
    assert names == ["Long", "long 2", "LONG 3", "y" * 31, "y" * 29 + " 2", "y" * 29 + " 3"]


def test_sheets_with_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.spreadsheet.ROWS_MOST", 4)
    found = read(make(Sheet("Long", [["file"]], [[f"{it}"] for it in range(7)]), Sheet("long", [["file"]], [])))
    assert [[row[0].value for row in rows] for rows in found.values()] == [
        ["file", "0", "1", "2"], ["file", "3", "4", "5"], ["file", "6"], ["file"],
    ]  # fmt: skip
    assert list(found) == ["Long", "Long 2", "Long 3", "long 4"]


def test_columns_beyond_the_format_are_left_out() -> None:
    names = [f"{it}" for it in range(COLUMNS_MOST + 2)]
    ((head, row),) = read(make(Sheet("wide", [names], [names]))).values()
    assert (len(head), len(row), row[-1].value) == (COLUMNS_MOST, COLUMNS_MOST, str(COLUMNS_MOST - 1))


def test_heads_stay_in_view_and_columns_have_their_widths() -> None:
    rows: list[tuple[Value, ...]] = [("x" * 30, 1)]
    raw = make(Sheet("a", [("", "asked"), ("b", "c")], rows, measure_widths(("b", "c"), rows)), title="Een titel")
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book["a"].freeze_panes == "B3"
    assert book["a"].auto_filter.ref == "A2:B3"
    assert [round(book["a"].column_dimensions[it].width) for it in "AB"] == [32, 7]
    assert book.properties.title == "Een titel"
    assert book.properties.created == dt.datetime(2026, 11, 23)


def test_the_same_sheets_give_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = make(Sheet("a", [["text"]], [[it] for it in TEXTS]))
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    two = make(Sheet("a", [["text"]], [[it] for it in TEXTS]))
    monkeypatch.undo()
    time.tzset()
    assert one == two


class Full(io.BytesIO):
    """A disk that is full after some bytes."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > 1000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def test_a_disk_that_is_full_is_an_error_of_the_system_and_leaves_no_scratch(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        write_workbook(Full(), [Sheet("a", [["text"]], [[it] for it in TEXTS])], DAY, scratch=tmp_path)
    assert caught.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


def test_what_stops_the_rows_stops_the_workbook_and_leaves_no_scratch(tmp_path: Path) -> None:
    def break_off() -> Iterator[Sequence[Value]]:
        yield ["x"]
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        write_workbook(io.BytesIO(), [Sheet("a", [["text"]], break_off())], DAY, scratch=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    import tracemalloc

    def peak(count: int) -> int:
        tracemalloc.start()
        with (tmp_path / "a.xlsx").open("wb") as file:
            write_workbook(file, [Sheet("a", [["t"]], (["x" * 500] for _ in range(count)))], DAY)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(2000) < peak(200) + 200_000  # a tenth of what the rows hold
