"""Records -> `answers.xlsx`: files, all answers in one long sheet, and a wide sheet for each form.

The only importer of XlsxWriter. Every text is written as text, so nothing in it is a formula or a link; rows go to the
disk as they come, and the same records give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.collect.records import Record
from pipeline.collect.tables import (
    FILES,
    HEAD,
    LONG,
    Cell,
    Definitions,
    list_files,
    list_long,
    list_wide,
    plan_wide,
    show_controls,
)

CELL_MOST = 32_767  # letters of UTF-16 in one cell; limit of the format, as the two below
ROWS_MOST = 1_048_576
COLUMNS_MOST = 16_384
_NAME_MOST = 31  # letters in the name of a sheet

_CUT = " … [cut: {} characters, whole in the CSV]"
_WIDTHS = {"file": 34, "organisation": 24, "school": 22, "role": 16, "question": 60, "words": 20, "reason": 60}
_WIDTHS |= {"answer": 24, "field": 16, "form": 24, "next step": 44, "verdict": 16, "instead": 34, "sha256": 20}
_WIDTH = 12


@dataclass(frozen=True)
class Sheet:
    """One sheet before it is written.

    Attributes:
        name: of the sheet.
        heads: rows at the top; the last one names the columns.
        rows: all others.
    """

    name: str
    heads: tuple[tuple[str, ...], ...]
    rows: Iterable[tuple[Cell, ...]]


def write_workbook(
    path: Path, records: Sequence[Record], definitions: Definitions, day: dt.date, scratch: Path
) -> list[tuple[str, str]]:
    """Write the workbook.

    Args:
        path: the file, new.
        records: what was collected.
        definitions: of the forms.
        day: what the file says it was made on.
        scratch: a folder for what is written on the way.

    Returns:
        (file, field) of each text that was cut, since a cell holds no more.

    Raises:
        OSError: the disk refuses.
    """
    wide = plan_wide(records, definitions)
    sheets = [
        Sheet("Files", (FILES,), list_files(records)),
        Sheet("Long", (LONG,), list_long(records, definitions)),
        *(
            Sheet(
                it.form,
                (("",) * len(HEAD) + tuple(label for _, label in it.fields), (*HEAD, *(name for name, _ in it.fields))),
                list_wide(it, definitions),
            )
            for it in wide
        ),
    ]
    return write_sheets(path, sheets, day, scratch)


def write_sheets(path: Path, sheets: Iterable[Sheet], day: dt.date, scratch: Path) -> list[tuple[str, str]]:
    """Write sheets as a workbook; as `write_workbook`. A sheet with too many rows goes on in another."""
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxFileError

    options = {"constant_memory": True, "tmpdir": str(scratch), "strings_to_formulas": False}
    options |= {"strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": dt.datetime(day.year, day.month, day.day), "author": "", "comments": ""})
    writer = _Writer(book)
    try:
        for sheet in sheets:
            writer.write(sheet)
        book.close()
    except XlsxFileError as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else None
        raise cause or OSError(str(error)) from None
    finally:
        _discard(book)
    return list(dict.fromkeys(writer.cut))


def _discard(book: Any) -> None:
    """Close what a book that failed has open, so that its scratch files can go."""
    book.fileclosed = True  # it warns otherwise when it is collected
    for sheet in book.worksheets():
        for name in ("row_data_fh", "fh"):
            file = getattr(sheet, name, None)
            if file is not None:
                try:
                    file.close()
                except OSError:
                    continue


class _Writer:
    """Writes sheets into a book, row by row.

    Attributes:
        cut: (file, field) of each text that was too long.
    """

    def __init__(self, book: Any) -> None:
        self.cut: list[tuple[str, str]] = []
        self._book = book
        self._names: set[str] = set()
        self._head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self._plain = book.add_format({"valign": "top", "text_wrap": True})

    def write(self, sheet: Sheet) -> None:
        """Write a sheet, and as many more as its rows need."""
        page, row = self._begin(sheet), len(sheet.heads)
        columns = sheet.heads[-1]
        for cells in sheet.rows:
            if row == ROWS_MOST:
                self._end(page, row, sheet)
                page, row = self._begin(sheet), len(sheet.heads)
            self._write_row(page, row, cells[:COLUMNS_MOST], columns)
            row += 1
        self._end(page, row, sheet)

    def _begin(self, sheet: Sheet) -> Any:
        page = self._book.add_worksheet(self._name(sheet.name))
        columns = sheet.heads[-1][:COLUMNS_MOST]
        page.freeze_panes(len(sheet.heads), 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.repeat_rows(0, len(sheet.heads) - 1)
        for index, name in enumerate(columns):
            page.set_column(index, index, _WIDTHS.get(name, _WIDTH))
        for row, cells in enumerate(sheet.heads):
            for column, text in enumerate(cells[:COLUMNS_MOST]):
                page.write_string(row, column, show_controls(text), self._head)
        return page

    def _end(self, page: Any, row: int, sheet: Sheet) -> None:
        head = len(sheet.heads) - 1
        page.autofilter(head, 0, max(row - 1, head), min(len(sheet.heads[-1]), COLUMNS_MOST) - 1)

    def _write_row(self, page: Any, row: int, cells: Sequence[Cell], columns: Sequence[str]) -> None:
        for column, it in enumerate(cells):
            if isinstance(it, int):
                page.write_number(row, column, it, self._plain)
            elif it:
                text = show_controls(it)
                short = fit_cell(text)
                if short is not text:
                    name = str(cells[columns.index("field")]) if "field" in columns else columns[column]
                    self.cut.append((str(cells[0]), name))
                page.write_string(row, column, short, self._plain)

    def _name(self, wanted: str) -> str:
        """Return a name for a sheet that no other has; capitals make none of its own."""
        for number in self._count():
            tail = f" {number}" if number > 1 else ""
            name = f"{wanted[: _NAME_MOST - len(tail)]}{tail}"
            if name.lower() not in self._names:
                self._names.add(name.lower())
                return name
        raise AssertionError

    def _count(self) -> Iterator[int]:
        number = 0
        while True:
            number += 1
            yield number


def fit_cell(text: str) -> str:
    """Return a text that a cell holds: the text itself, or its beginning with a word on what is missing."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * CELL_MOST:
        return text
    note = _CUT.format(len(text))
    kept = units[: 2 * (CELL_MOST - len(note))].decode("utf-16-le", "ignore")
    return kept + note
