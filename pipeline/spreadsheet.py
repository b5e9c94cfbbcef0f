"""Sheets -> a workbook: numbers as numbers, texts as texts, never as formulas or links; the same bytes each time.

The only importer of XlsxWriter. Rows go to the disk as they come, so memory does not grow with their number.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

Value = str | int | float

TEXT_MOST = 32_767  # letters of UTF-16 in one cell; limit of the format, as the three below
ROWS_MOST = 1_048_576
COLUMNS_MOST = 16_384
NAME_MOST = 31  # letters in the name of a sheet
WIDTH_LEAST, WIDTH_MOST = 6, 48  # of a column, in characters, as `measure_widths` gives them

_A4 = 9  # as the format numbers papers
_TITLE_MOST = 255
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RESERVED = "history"
_CUT = " … [cut: {} characters in all]"


@dataclass(frozen=True)
class Sheet:
    """One sheet before it is written.

    Attributes:
        name: of the sheet; another one is found where no sheet may be called so, or one is.
        heads: rows at the top, which stay in view; the last one names the columns.
        rows: all others, in order; read once.
        widths: of the columns in characters; a column without one has the usual width.
    """

    name: str
    heads: Sequence[Sequence[str]]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[float] = ()


def write_workbook(
    file: IO[bytes], sheets: Iterable[Sheet], day: dt.date, title: str = "", scratch: Path | None = None
) -> None:
    """Write a workbook. A sheet with too many rows goes on in another; a text that no cell holds is cut, and says so.

    Args:
        file: what it is written into.
        sheets: in order.
        day: that the file says it was made on, instead of the clock's.
        title: of the whole.
        scratch: a folder for what is written on the way; None: that of the system.

    Raises:
        OSError: the disk refuses.
    """
    import xlsxwriter  # heavy: only where a workbook is made

    with tempfile.TemporaryDirectory(prefix="drukwerk-", dir=scratch, ignore_cleanup_errors=True) as folder:
        target = _Target(file)
        book = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": folder})
        made = dt.datetime.combine(day, dt.time())
        book.set_properties({"title": show_controls(title)[:_TITLE_MOST], "created": made})
        writer = _Writer(book)
        try:
            for sheet in sheets:
                writer.write(sheet)
            book.close()
        except Exception as error:
            target.lose()
            cause = error.args[0] if error.args else None
            if isinstance(cause, OSError):  # XlsxWriter wraps it
                raise cause from None
            raise
        finally:
            _discard(book)


def measure_widths(heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[int]:
    """Return widths of columns that show most of what stands in them; a head may take two lines."""
    widths = []
    for column, words in enumerate(heads):
        longest = max((len(str(row[column])) for row in rows), default=0)
        widths.append(min(max(WIDTH_LEAST, longest + 1, len(words) // 2 + 2), WIDTH_MOST))
    return widths


def show_controls(text: str) -> str:
    """Return a text with plain line ends and with control characters as codes, which no program stumbles over."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable():
        return text
    return "".join(f"\\x{ord(it):02x}" if _is_control(it) else it for it in text)


def fits_cell(text: str) -> bool:
    """Say whether a cell holds a text whole."""
    shown = show_controls(text)
    return fit_cell(shown) is shown


def fit_cell(text: str) -> str:
    """Return a text that a cell holds: the text itself, or its beginning with a word on what is missing."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * TEXT_MOST:
        return text
    note = _CUT.format(len(text))
    kept = units[: 2 * (TEXT_MOST - len(note))].decode("utf-16-le", "ignore")  # half a letter at the end goes
    return kept + note


def _is_control(letter: str) -> bool:
    """Say whether XML cannot hold a letter, or a terminal obeys it."""
    return (unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t") or letter in "\ufffe\uffff"


class _Target:
    """The file a workbook is packed into, which is lost when packing fails.

    A ZipFile that failed writes its end when it is collected, and would fail once more where nobody can catch it.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def lose(self) -> None:
        """Write nothing any more."""
        self._file = io.BytesIO()

    def write(self, data: bytes) -> int:
        """Write."""
        return self._file.write(data)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def flush(self) -> None:
        """Write what waits."""
        self._file.flush()


class _Writer:
    """Writes sheets into a book, row by row, as a book of constant memory wants them."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._names: set[str] = set()
        top = {"valign": "top", "text_wrap": True}
        self._head = book.add_format({**top, "bold": True, "bottom": 1})
        self._plain = book.add_format(top)
        self._tenth = book.add_format({"valign": "top", "num_format": "0.0"})

    def write(self, sheet: Sheet) -> None:
        """Write a sheet, and as many more as its rows need."""
        page, row = self._begin(sheet), len(sheet.heads)
        for cells in sheet.rows:
            if row == ROWS_MOST:
                self._end(page, row, sheet)
                page, row = self._begin(sheet), len(sheet.heads)
            for column, value in enumerate(cells[:COLUMNS_MOST]):
                self._write_cell(page, row, column, value)
            row += 1
        self._end(page, row, sheet)

    def _begin(self, sheet: Sheet) -> Any:
        page = self._book.add_worksheet(name_sheet(sheet.name, self._names))
        page.freeze_panes(len(sheet.heads), 1)
        page.set_landscape()
        page.set_paper(_A4)
        page.repeat_rows(0, len(sheet.heads) - 1)
        for column, width in enumerate(sheet.widths[:COLUMNS_MOST]):
            page.set_column(column, column, width)
        for row, cells in enumerate(sheet.heads):
            for column, text in enumerate(cells[:COLUMNS_MOST]):
                if text:
                    page.write_string(row, column, fit_cell(show_controls(text)), self._head)
        return page

    def _end(self, page: Any, row: int, sheet: Sheet) -> None:
        head = len(sheet.heads) - 1
        page.autofilter(head, 0, max(row - 1, head), min(len(sheet.heads[-1]), COLUMNS_MOST) - 1)

    def _write_cell(self, page: Any, row: int, column: int, value: Value) -> None:
        if not isinstance(value, str):
            page.write_number(row, column, value, self._tenth if isinstance(value, float) else self._plain)
        elif value:
            page.write_string(row, column, fit_cell(show_controls(value)), self._plain)


def name_sheet(wanted: str, taken: set[str]) -> str:
    """Return a name that a sheet may have and no other has, and note it; programs do not tell case apart."""
    plain = " ".join(_NO_NAME.sub(" ", wanted).split()).strip("' ") or "-"
    for number in count(1):
        tail = f" {number}" if number > 1 else ""
        name = f"{_cut_name(plain, NAME_MOST - len(tail))}{tail}"
        if name.casefold() not in taken and name.casefold() != _RESERVED:
            break
    taken.add(name.casefold())
    return name


def _cut_name(name: str, most: int) -> str:
    """Return its beginning, counted in UTF-16 as programs do."""
    return name.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").rstrip("' ")


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
